import type { VNode } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import { isLive, useApp, useWords } from './app-context.ts';
import { useFetched } from './fetched.ts';
import { Time } from './figures.tsx';
import { NotFetched } from './not-fetched.tsx';
import { Section } from './section.tsx';
import { transitionsOf } from './timeline.ts';

const MachineChart = lazy(() => import('./machine-chart.tsx').then((module) => ({ default: module.MachineChart })));

const TRANSITIONS_SHOWN = 8;

/** The actor behind what is inspected: its chart with the current state lit, and how it came there. */
export function MachinePanel({ machine, actorId, state }: { machine: string; actorId: string; state: string }): VNode | null {
  const words = useWords();
  const app = useApp();
  const { language } = app;
  // The twin knows its own actors only, and tells how they came to where they are now.
  if (!isLive(app)) return null;
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
  const { api, language } = useApp();
  const words = useWords();
  const { value, state: fetching, retry } = useFetched(`${machine}/${actorId}/${state}`, () => api.transitions(machine, actorId));
  if (value === null) return <NotFetched state={fetching} retry={retry} />;
  const entries = transitionsOf(value).slice(0, TRANSITIONS_SHOWN);
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
