import type { VNode } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import { useApp, useWords } from './app-context.ts';
import { useFetched } from './fetched.ts';
import { Time } from './figures.tsx';
import { NotFetched } from './not-fetched.tsx';
import { Section } from './section.tsx';
import { type TransitionEntry, transitionsOf } from './timeline.ts';

const MachineChart = lazy(() => import('./machine-chart.tsx').then((module) => ({ default: module.MachineChart })));

const TRANSITIONS_SHOWN = 8;

/** The actor behind what is inspected: its chart with the current state lit, and how it came there. */
export function MachinePanel({ machine, actorId, state }: { machine: string; actorId: string; state: string }): VNode | null {
  const words = useWords();
  const app = useApp();
  const { language } = app;
  // The twin knows its own actors only, and none of a recording.
  if (app.recording.value !== null) return null;
  return (
    <>
      <Section title={words.section.chart} extra={language.codeWord(state)} name="chart">
        <Suspense fallback={<div class="skeleton" aria-busy="true" />}>
          <MachineChart machine={machine} state={state} />
        </Suspense>
      </Section>
      <Section title={words.section.transitions} name="transitions">
        <Transitions machine={machine} actorId={actorId} state={state} />
      </Section>
    </>
  );
}

function Transitions({ machine, actorId, state }: { machine: string; actorId: string; state: string }): VNode {
  const { api, language, past } = useApp();
  const words = useWords();
  const untilMs = past.value?.atMs.value ?? null;
  // While the past plays they are asked for anew when the state changes; a pause asks for those of its very instant.
  const isHeld = past.value?.playing.value === false;
  const turn = `${state}${isHeld ? `/${untilMs}` : ''}`;
  const { value, state: fetching, retry } = useFetched(`${machine}/${actorId}`, () => api.transitions(machine, actorId, untilMs), turn);
  if (value === null) return <NotFetched state={fetching} retry={retry} />;
  const hasBeen = ({ at }: TransitionEntry): boolean => untilMs === null || at === null || Date.parse(at) <= untilMs;
  const entries = transitionsOf(value).filter(hasBeen).slice(0, TRANSITIONS_SHOWN);
  if (entries.length === 0) return <p class="nothing">{words.noTransitions}</p>;
  return (
    <ol class="timeline">
      {entries.map((entry, i) => (
        <li key={`${entry.at ?? ''}-${i}`} class={i === 0 ? 'now' : ''}>
          <span>{language.codeWord(entry.to)}</span>
          <small>{entry.event}</small>
          <Time at={entry.at} />
        </li>
      ))}
    </ol>
  );
}
