import type { CommandView } from '@corridor/protocols/http/command-view';
import type { VNode } from 'preact';
import { saveCsv } from '../../format/csv.ts';
import { dayAndTime } from '../../format/time.ts';
import { oneOf } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { DayTime } from '../figures.tsx';
import { Link } from '../link.tsx';
import { ListTable } from '../money/list-table.tsx';
import { Choice, ListFoot, ListHead } from '../money/list-tools.tsx';
import { Person } from '../person.tsx';
import { PlaceNotice, usePlace } from '../use-place.tsx';
import { CommandState } from './command-state.tsx';
import { commandText } from './command-text.ts';
import { useLivePaged } from './live-paged.ts';

const ASKED_EVERY_MS = 5_000;
const BY = oneOf(['people', 'all'], 'people');
const STATES = ['PENDING', 'ACCEPTED', 'REJECTED', 'DONE', 'FAILED', 'EXPIRED'];

/** Commands to gateways: who, why, and what became of them. */
export function Commands(): VNode {
  const { dispatchApi } = useApp();
  const words = useWords();
  const place = usePlace({ state: oneOf(['', ...STATES], ''), verb: oneOf(['', ...Object.keys(words.dispatch.verb)], ''), by: BY });
  const { state, verb, by } = place.asked;
  const asked = { state, verb, byPeople: by === 'people' ? 'true' : '' };
  const list = useLivePaged(JSON.stringify(asked), (cursor) => dispatchApi.commands(asked, cursor), ASKED_EVERY_MS);
  const { items } = list;
  return (
    <section class="money-part" data-part="commands">
      <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv('commands.csv', csvRows(items))}>
        <Choice
          name="state"
          label={words.dispatch.result}
          value={asked.state}
          options={[['', words.dispatch.all], ...STATES.map((each) => [each, words.dispatch.state[each] ?? each] as const)]}
          choose={(chosen) => place.narrow({ state: chosen })}
        />
        <Choice
          name="verb"
          label={words.dispatch.command}
          value={asked.verb}
          options={[['', words.dispatch.all], ...Object.entries(words.dispatch.verb)]}
          choose={(chosen) => place.narrow({ verb: chosen })}
        />
        <Choice
          name="by-people"
          label={words.dispatch.byPeople}
          value={by}
          options={[
            ['people', words.dispatch.people],
            ['all', words.dispatch.everybody],
          ]}
          choose={(chosen) => place.narrow({ by: chosen })}
        />
      </ListHead>
      <PlaceNotice wrong={place.wrong} />
      <ListTable
        list={list}
        columns={[
          { word: words.dispatch.command },
          { word: words.dispatch.to },
          { word: words.dispatch.result },
          { word: words.dispatch.who, look: 'aside' },
          { word: words.dispatch.why, look: 'aside' },
        ]}
        row={(command) => <CommandRow key={command.id} command={command} />}
      />
      <ListFoot list={list} none={words.dispatch.noCommands} />
    </section>
  );
}

function CommandRow({ command }: { command: CommandView }): VNode {
  const words = useWords();
  const evseId = command.args['evseId'];
  const isSlot = command.source === 'station' && typeof evseId === 'number';
  return (
    <tr data-command={command.id}>
      <td>
        {commandText(command, words)}
        <small class="under">
          <DayTime at={command.issuedAt} />
        </small>
      </td>
      <td>
        {isSlot ? (
          <Link kind="slot" id={`${command.sourceId}-${evseId}`} />
        ) : (
          <Link kind={command.source === 'truck' ? 'truck' : 'station'} id={command.sourceId} />
        )}
      </td>
      <td>
        <CommandState of={command} />
      </td>
      <td class="aside">{command.issuedBy === null ? '—' : <Person id={command.issuedBy} />}</td>
      <td class="aside">{command.note ?? '—'}</td>
    </tr>
  );
}

function csvRows(items: readonly CommandView[]): string[][] {
  return [
    ['command', 'verb', 'to', 'state', 'detail', 'issued', 'replied', 'ended', 'by', 'why'],
    ...items.map((command) => [
      command.id,
      command.verb,
      `${command.source}:${command.sourceId}`,
      command.state,
      command.detail ?? '',
      dayAndTime(command.issuedAt),
      dayAndTime(command.repliedAt),
      dayAndTime(command.endedAt),
      command.issuedBy ?? '',
      command.note ?? '',
    ]),
  ];
}
