import { BadgeCheck, BadgeX, Download } from 'lucide';
import type { VNode } from 'preact';
import type { Driver, Registration } from '../../feed/driver-api.ts';
import { dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Field } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { DriverPayments } from './driver-payments.tsx';
import { PayIn } from './pay-in.tsx';
import { installer } from './shell.ts';

/** So long before its end a certification is told of: a renewal takes days [ms]. */
const SOON_MS = 30 * 86_400_000;

/** Who the driver is to the platform, what he paid in, and the page on his phone. */
export function Papers(): VNode {
  const { driverApi } = useApp();
  const { value, state, retry } = useFetched('papers', () => driverApi.papers());
  return (
    <>
      {value === null ? <NotFetched state={state} retry={retry} look="button" tall /> : <Paper {...value} />}
      <section class="driver-card">
        <PayIn amountFen={null} />
      </section>
      <DriverPayments />
      <Install />
    </>
  );
}

function Paper({ driver, registration }: { driver: Driver | null; registration: Registration | null }): VNode {
  const { names, language, clock, store } = useApp();
  const words = useWords();
  const nowMs = clock.known ? clock.nowMs(performance.now()) : Date.now();
  // The day is included, in the zone of the corridor.
  const endsMs = driver === null ? null : Date.parse(`${driver.certifiedUntil}T23:59:59+08:00`);
  const isSuspended = registration?.state === 'SUSPENDED';
  const standing = isSuspended
    ? 'suspended'
    : endsMs === null
      ? 'none'
      : endsMs < nowMs
        ? 'over'
        : endsMs - nowMs < SOON_MS
          ? 'ends'
          : 'ok';
  const plates = (driver?.truckIds ?? []).map((id) => store.records.trucks.get(id)?.plate ?? id);
  return (
    <section class="driver-card" data-driver-part="papers" data-standing={standing}>
      <h2>{words.driver.papers}</h2>
      <b class={`driver-standing ${standing}`}>
        <Icon node={standing === 'ok' || standing === 'ends' ? BadgeCheck : BadgeX} size={28} />
        {words.driver.paper[standing]}
      </b>
      {isSuspended && <p class="driver-refusal">{words.registration.driver.next['SUSPENDED']}</p>}
      <dl class="driver-list">
        {driver !== null && (
          <>
            <Field label={words.driver.name}>{registration?.identity?.['realName'] ?? driver.name}</Field>
            {registration?.identity?.['idNumber'] !== undefined && (
              <Field label={words.driver.identity}>{registration.identity['idNumber']}</Field>
            )}
            <Field label={words.driver.until}>{driver.certifiedUntil}</Field>
            <Field label={words.driver.carrier}>{names.nameOf(driver.carrierId, language.chinese)}</Field>
            <Field label={words.driver.trucks}>{plates.join(', ')}</Field>
          </>
        )}
        {registration !== null && (
          <Field label={words.driver.application}>
            {words.registration.state[registration.state] ?? registration.state} · {dayAndTime(registration.changedAt)}
            {registration.reason !== null && (
              <b class="alarm-text"> {words.registration.reason[registration.reason] ?? registration.reason}</b>
            )}
          </Field>
        )}
      </dl>
      <p class="driver-note">{words.driver.papersNote}</p>
    </section>
  );
}

/** Only where the browser offers it, and it is not done. */
function Install(): VNode | null {
  const words = useWords();
  const offer = installer.value;
  if (offer === null) return null;
  return (
    <section class="driver-card" data-driver-part="install">
      <button type="button" class="button" data-action="install" onClick={() => void offer()}>
        <Icon node={Download} size={20} />
        {words.driver.install}
      </button>
      <p class="driver-note">{words.driver.installNote}</p>
    </section>
  );
}
