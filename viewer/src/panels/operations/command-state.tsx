import type { CommandView } from '@corridor/protocols/http/command-view';
import type { VNode } from 'preact';
import type { Condition } from '../../store/condition.ts';
import { isLive, useApp, useWords } from '../app-context.ts';
import { Chip } from '../figures.tsx';

const ENDED: ReadonlySet<string> = new Set(['REJECTED', 'DONE', 'FAILED', 'EXPIRED']);
const UNANSWERED: ReadonlySet<string> = new Set(['PENDING', 'SENT']);
const AWAY: ReadonlySet<string> = new Set(['OFFLINE', 'NEVER_SEEN']);
const CONDITIONS: Readonly<Record<string, Condition>> = {
  DONE: 'active',
  REJECTED: 'alarm',
  FAILED: 'alarm',
  EXPIRED: 'alarm',
  ACCEPTED: 'wait',
};

/** How far a command is, with why it was refused; of one that its station cannot have heard, that it is told later. */
export function CommandState({ of }: { of: Pick<CommandView, 'state' | 'detail' | 'source' | 'sourceId'> }): VNode {
  const { language } = useApp();
  const words = useWords();
  const isLater = useIsUnheard(of);
  const { state, detail } = of;
  const says = detail !== null && detail !== state && ENDED.has(state) && state !== 'DONE';
  return (
    <span data-command-state={state}>
      {isLater ? (
        <Chip condition="wait">{words.dispatch.toldLater}</Chip>
      ) : (
        <Chip condition={CONDITIONS[state] ?? 'normal'}>{words.dispatch.state[state] ?? state}</Chip>
      )}
      {says && <small> {language.codeWord(detail)}</small>}
    </span>
  );
}

/** Whether it was not answered, and its station is known to be away now. */
export function useIsUnheard({ state, source, sourceId }: Pick<CommandView, 'state' | 'source' | 'sourceId'>): boolean {
  const app = useApp();
  const { version, records } = app.store;
  const station = version.stations.value >= 0 && source === 'station' ? records.stations.get(sourceId) : undefined;
  return UNANSWERED.has(state) && isLive(app) && station !== undefined && AWAY.has(station.connectivity);
}
