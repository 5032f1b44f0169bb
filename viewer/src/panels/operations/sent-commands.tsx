import type { VNode } from 'preact';
import type { ListFilter } from '../../feed/money-api.ts';
import { useApp, useWords } from '../app-context.ts';
import { DayTime } from '../figures.tsx';
import { Person } from '../person.tsx';
import { usePolled } from '../polled.ts';
import { CommandState } from './command-state.tsx';
import { commandText } from './command-text.ts';

const SHOWN = 5;
const LOOK_EVERY_MS = 2_000;

/** What becomes of the command that was just sent: its station may refuse it yet. */
export function SentNow({ of, id }: { of: ListFilter; id: string | null }): VNode {
  const { dispatchApi } = useApp();
  const words = useWords();
  const { value } = usePolled(JSON.stringify(of), () => dispatchApi.commands({ byPeople: 'true', ...of }, null), LOOK_EVERY_MS, id ?? '');
  const sent = value?.items.find((command) => command.id === id);
  return (
    <>
      {words.dispatch.sentNow} {sent !== undefined && <CommandState of={sent} />}
    </>
  );
}

/**
 * The last commands that people sent to a thing, and what became of each, as long as one looks.
 * @param of filter of the list of commands   @param newestId of the one that was just sent: it is looked for at once
 */
export function SentCommands({ of, newestId }: { of: ListFilter; newestId: string | null }): VNode | null {
  const { dispatchApi } = useApp();
  const words = useWords();
  const { value } = usePolled(
    JSON.stringify(of),
    () => dispatchApi.commands({ byPeople: 'true', ...of }, null),
    LOOK_EVERY_MS,
    newestId ?? '',
  );
  if (value === null || value.items.length === 0) return null;
  return (
    <>
      <h4 class="under-title">{words.dispatch.sentBefore}</h4>
      <ul class="sent-commands" aria-live="polite">
        {value.items.slice(0, SHOWN).map((command) => (
          <li key={command.id} data-command={command.id}>
            <b>{commandText(command, words)}</b>
            <CommandState of={command} />
            <small>
              <DayTime at={command.issuedAt} />
              {command.issuedBy !== null && (
                <>
                  {' · '}
                  <Person id={command.issuedBy} />
                </>
              )}
              {command.note !== null && ` · ${command.note}`}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}
