import type { BayView } from '@corridor/protocols/http/bay-view';
import { SWAP_STATES } from '@corridor/protocols/swap-step';
import type { VNode } from 'preact';
import type { Dictionary } from '../i18n/en.ts';
import { useWords } from './app-context.ts';
import { Field } from './figures.tsx';

type Interlocks = NonNullable<BayView['interlocks']>;
type Lock = Interlocks['locks']['l1'];

const LOCKS = ['LOCKED', 'UNLOCKED', 'UNKNOWN'] as const satisfies readonly Lock[];
/** Steps in which locks or gantry work at the truck: nobody may be near, and it may not drive off or be live. */
const WORKED_FROM = SWAP_STATES.indexOf('UNLOCKING');
const WORKED_UNTIL = SWAP_STATES.indexOf('LOCKING');

/** What the sensors say that hold the gantry; what would hold it in this step stands out. */
export function BayInterlocks({ bay: { interlocks, step } }: { bay: BayView }): VNode {
  const words = useWords();
  const { bay } = words;
  const at = SWAP_STATES.findIndex((known) => known === step);
  const isWorkedAt = at >= WORKED_FROM && at <= WORKED_UNTIL;
  return (
    <dl class="fields">
      <Field label={bay.locks} wide>
        {interlocks === null ? '—' : locksText(interlocks.locks, words)}
      </Field>
      <Reading label={bay.highVoltage} is={interlocks?.hvOff} words={bay.voltage} holds={isWorkedAt && interlocks?.hvOff === false} />
      <Reading label={bay.chock} is={interlocks?.wheelChock} words={bay.chocks} holds={isWorkedAt && interlocks?.wheelChock === false} />
      <Reading label={bay.persons} is={interlocks?.personDetected} words={bay.person} holds={interlocks?.personDetected === true} />
    </dl>
  );
}

/** @param words of a reading that is so, and of one that is not */
function Reading(props: { label: string; is: boolean | undefined; words: { yes: string; no: string }; holds: boolean }): VNode {
  return (
    <Field label={props.label}>
      {props.is === undefined ? (
        '—'
      ) : (
        <span class={props.holds ? 'wait-text' : undefined}>{props.is ? props.words.yes : props.words.no}</span>
      )}
    </Field>
  );
}

/** `1–4 closed`, or which of them are what. */
function locksText(locks: Interlocks['locks'], { bay }: Dictionary): string {
  const states = [locks.l1, locks.l2, locks.l3, locks.l4];
  const parts = LOCKS.map((lock) => ({ lock, numbers: states.flatMap((state, i) => (state === lock ? [i + 1] : [])) }));
  return parts
    .filter(({ numbers }) => numbers.length > 0)
    .map(({ lock, numbers }) => `${numbers.length === states.length ? '1–4' : numbers.join(', ')} ${bay.lock[lock]}`)
    .join(' · ');
}
