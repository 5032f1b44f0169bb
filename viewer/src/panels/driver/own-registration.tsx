import { BadgeCheck, BadgeX, Clock } from 'lucide';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Registration } from '../../feed/driver-api.ts';
import { dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { usePolled } from '../polled.ts';
import { SettingsMenu } from '../settings-menu.tsx';
import { OwnRegistrationForm } from './own-registration-form.tsx';
import { startShell } from './shell.ts';

/** So often it is asked how far it is, while the page is looked at [ms]. */
const LOOK_MS = 5_000;
/** In the order in which a registration goes through them. */
const STEPS = ['APPLIED', 'CERTIFIED', 'ACTIVE'];

/** All that a driver has who takes no part yet: his own registration. The page of his truck opens when it is in force. */
export function OwnRegistration(): VNode {
  const { driverApi, session } = useApp();
  const words = useWords();
  const asked = usePolled('own', () => driverApi.ownRegistration().then((registration) => ({ registration })), LOOK_MS);
  const registration = asked.value?.registration ?? null;
  useEffect(startShell, []);
  useEffect(() => {
    if (registration?.state === 'ACTIVE' || registration?.state === 'SUSPENDED') session.registered.value = true;
  }, [registration?.state]);
  const mayApply = registration === null || registration.state === 'REJECTED' || registration.state === 'DEREGISTERED';
  return (
    <div class="driver">
      <header class="driver-head">
        <h1>{words.registration.title}</h1>
        <SettingsMenu />
      </header>
      <main class="driver-body" aria-label={words.registration.title} data-driver-tab="registration">
        {asked.value === null ? (
          <NotFetched state={asked.failed ? 'failed' : 'loading'} retry={asked.again} look="button" tall />
        ) : (
          <>
            {registration === null ? (
              <p class="driver-card" data-registration="none">
                {words.registration.driver.lead}
              </p>
            ) : (
              <HowFar registration={registration} />
            )}
            {mayApply && <OwnRegistrationForm isFirst={registration === null} sent={asked.again} />}
          </>
        )}
      </main>
    </div>
  );
}

function HowFar({ registration }: { registration: Registration }): VNode {
  const words = useWords();
  const { state, reason, identity, changedAt } = registration;
  const at = STEPS.indexOf(state);
  const isOver = at < 0;
  return (
    <section class="driver-card" data-registration={state} role="status">
      <b class={`driver-standing ${isOver ? 'over' : state === 'APPLIED' ? 'ends' : 'ok'}`}>
        <Icon node={isOver ? BadgeX : state === 'APPLIED' ? Clock : BadgeCheck} size={28} />
        {words.registration.state[state] ?? state}
      </b>
      {reason !== null && <b class="alarm-text">{words.registration.reason[reason] ?? reason}</b>}
      <p>{words.registration.driver.next[state]}</p>
      {!isOver && (
        <ol class="driver-steps" aria-label={words.registration.driver.stepsLabel}>
          {words.registration.driver.steps.map((word, index) => (
            <li key={word} class={index <= at ? 'done' : undefined} aria-current={index === at ? 'step' : undefined}>
              {word}
            </li>
          ))}
        </ol>
      )}
      <p class="driver-note">
        {identity?.['realName'] ?? ''} {identity?.['idNumber'] ?? ''} · {dayAndTime(changedAt)}
      </p>
    </section>
  );
}
