import type { CommandView } from '@corridor/protocols/http/command-view';
import type { VNode } from 'preact';
import type { Condition } from '../../store/condition.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip } from '../figures.tsx';

const ENDED: ReadonlySet<string> = new Set(['REJECTED', 'DONE', 'FAILED', 'EXPIRED']);
const CONDITIONS: Readonly<Record<string, Condition>> = {
  DONE: 'active',
  REJECTED: 'alarm',
  FAILED: 'alarm',
  EXPIRED: 'alarm',
  ACCEPTED: 'wait',
};

/** How far a command is, with why it was refused. */
export function CommandState({ of: { state, detail } }: { of: Pick<CommandView, 'state' | 'detail'> }): VNode {
  const { language } = useApp();
  const words = useWords();
  const says = detail !== null && detail !== state && ENDED.has(state) && state !== 'DONE';
  return (
    <span data-command-state={state}>
      <Chip condition={CONDITIONS[state] ?? 'normal'}>{words.dispatch.state[state] ?? state}</Chip>
      {says && <small> {language.codeWord(detail)}</small>}
    </span>
  );
}
