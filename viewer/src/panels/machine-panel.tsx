import type { VNode } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import { type Selected, selectedOfActor } from '../store/selection.ts';
import { isLive, useApp, useWords } from './app-context.ts';
import { useFetched } from './fetched.ts';
import { DayTime } from './figures.tsx';
import { Link } from './link.tsx';
import { NotFetched } from './not-fetched.tsx';
import { useEvery } from './operations/every.ts';
import { Section } from './section.tsx';
import { useStateWord } from './state-word.ts';
import { type TransitionEntry, transitionsOf } from './timeline.ts';

const MachineChart = lazy(() => import('./machine-chart.tsx').then((module) => ({ default: module.MachineChart })));

const TRANSITIONS_SHOWN = 8;
/** What goes on inside of a state the scene does not tell: it is asked for. */
const LOOK_EVERY_MS = 3_000;

/**
 * The actor behind what is inspected: its chart with the current state lit, and how it came there.
 * @param state as the scene tells it, to be shown until the twin has told what goes on inside of it; null: the scene does not know it
 */
export function MachinePanel({ machine, actorId, state }: { machine: string; actorId: string; state: string | null }): VNode | null {
  const words = useWords();
  const app = useApp();
  const wordOf = useStateWord();
  const looked = useEvery(LOOK_EVERY_MS);
  const untilMs = app.past.value?.atMs.value ?? null;
  // While the past plays it is asked now and then; a pause asks for that very instant.
  const isPlaying = app.past.value?.playing.value === true;
  const when = isLive(app) || isPlaying ? `${looked}` : `${untilMs}`;
  const isKnown = app.recording.value === null;
  const { value, state: fetching } = useFetched(
    isKnown ? `${machine}/${actorId}` : null,
    () => app.api.actor(machine, actorId, untilMs),
    `${state}/${when}`,
  );
  // The twin knows its own actors only, and none of a recording.
  if (!isKnown) return null;
  const inner = value?.state ?? null;
  const shown = inner !== null && (state === null || isInside(inner, state)) ? inner : state;
  if (shown === null)
    return fetching === 'failed' ? <p class="nothing padded">{words.notAvailable}</p> : <div class="skeleton" aria-busy="true" />;
  return (
    <>
      <Section title={words.section.chart} extra={wordOf(shown)} name="chart">
        <Suspense fallback={<div class="skeleton" aria-busy="true" />}>
          <MachineChart machine={machine} state={shown} />
        </Suspense>
      </Section>
      <Section title={words.section.transitions} name="transitions">
        <Transitions machine={machine} actorId={actorId} state={shown} when={isLive(app) || isPlaying ? '' : `${untilMs}`} />
      </Section>
    </>
  );
}

const isInside = (inner: string, state: string): boolean => {
  const [told, known] = [inner.toLowerCase(), state.toLowerCase()];
  return told === known || told.startsWith(`${known}.`);
};

function Transitions({ machine, actorId, state, when }: { machine: string; actorId: string; state: string; when: string }): VNode {
  const { api, past } = useApp();
  const words = useWords();
  const wordOf = useStateWord();
  const untilMs = past.value?.atMs.value ?? null;
  const {
    value,
    state: fetching,
    retry,
  } = useFetched(`${machine}/${actorId}`, () => api.transitions(machine, actorId, untilMs), `${state}/${when}`);
  if (value === null) return <NotFetched state={fetching} retry={retry} />;
  const hasBeen = ({ at }: TransitionEntry): boolean => untilMs === null || at === null || Date.parse(at) <= untilMs;
  const entries = transitionsOf(value).filter(hasBeen).slice(0, TRANSITIONS_SHOWN);
  if (entries.length === 0) return <p class="nothing">{words.noTransitions}</p>;
  return (
    <ol class="timeline">
      {entries.map((entry, i) => (
        <li key={`${entry.at ?? ''}-${i}`} class={i === 0 ? 'now' : ''}>
          <span>{wordOf(entry.to)}</span>
          <small>
            <code>{entry.event}</code> · <Cause of={entry} />
          </small>
          {entry.at !== null && <DayTime at={entry.at} />}
        </li>
      ))}
    </ol>
  );
}

/** Who or what moved it: another actor, which is a way to go on looking; its own timer; a reading; or something from outside. */
function Cause({ of: { by, event } }: { of: TransitionEntry }): VNode {
  const words = useWords();
  if (by !== null) {
    const [machine, id] = splitRef(by);
    const word = words.chart.machine[machine] ?? machine;
    const selected: Selected | null = id === null ? null : selectedOfActor(machine, id);
    return (
      <>
        {words.chart.toldBy} {word}{' '}
        {selected !== null && (
          <Link kind={selected.kind} id={selected.id}>
            {id}
          </Link>
        )}
      </>
    );
  }
  if (event.startsWith('xstate.after')) return <>{words.chart.byTimer}</>;
  return <>{event.startsWith('signal.') ? words.chart.bySignal : words.chart.byOutside}</>;
}

/** `order:O-1`; the kind alone of what one may not see. */
function splitRef(ref: string): [machine: string, id: string | null] {
  const colon = ref.indexOf(':');
  return colon < 0 ? [ref, null] : [ref.slice(0, colon), ref.slice(colon + 1)];
}
