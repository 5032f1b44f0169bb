import type { CommandView } from '@corridor/protocols/http/command-view';
import type { VNode } from 'preact';
import type { Condition } from '../../store/condition.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Chip } from '../figures.tsx';
import { useEvery } from './every.ts';

const ENDED: ReadonlySet<string> = new Set(['REJECTED', 'DONE', 'FAILED', 'EXPIRED']);
const CONDITIONS: Readonly<Record<string, Condition>> = {
  DONE: 'active',
  REJECTED: 'alarm',
  FAILED: 'alarm',
  EXPIRED: 'alarm',
  ACCEPTED: 'wait',
};
const LOOK_EVERY_MS = 1_000;

/** Stage by stage what became of a command that was just sent. */
export function CommandOutcome({ sent }: { sent: CommandView }): VNode {
  const { dispatchApi } = useApp();
  const words = useWords();
  const looked = useEvery(LOOK_EVERY_MS);
  const { value } = useFetched(`${sent.id}/${looked}`, () => dispatchApi.commandNow(sent.id));
  return (
    <p role="status" data-command={sent.id}>
      {words.dispatch.outcome}: <CommandState of={value ?? sent} />
    </p>
  );
}

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
