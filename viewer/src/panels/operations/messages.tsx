import type { NotificationView } from '@corridor/protocols/http/notification-view';
import type { VNode } from 'preact';
import { openedRows } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { DayTime } from '../figures.tsx';
import { FoldRow, type KeptFold } from '../money/fold-row.tsx';
import { ListTable } from '../money/list-table.tsx';
import { ListFoot, ListHead } from '../money/list-tools.tsx';
import { useSaid } from '../notice-said.ts';
import { Person } from '../person.tsx';
import { openedIn, PagedNotice, usePlace } from '../use-place.tsx';
import { useLivePaged } from './live-paged.ts';
import { WriteMessage } from './write-message.tsx';

const ASKED_EVERY_MS = 5_000;
const PLACE = { open: openedRows };
const COLUMNS = 4;

/** What was written, to whom, and whether it was shown, read and answered. */
export function Messages(): VNode {
  const { dispatchApi } = useApp();
  const words = useWords();
  const place = usePlace(PLACE);
  const keptOf = openedIn(place);
  const list = useLivePaged('messages', (cursor) => dispatchApi.notifications(cursor), ASKED_EVERY_MS);
  return (
    <>
      <section class="money-part" data-part="write">
        <WriteMessage sent={list.refresh} />
      </section>
      <section class="money-part" data-part="messages">
        <ListHead refresh={list.refresh}>{null}</ListHead>
        <PagedNotice wrong={place.wrong} open={place.asked.open} list={list} keyOf={({ no }) => no} />
        <ListTable
          list={list}
          columns={[
            { word: words.dispatch.message },
            { word: words.dispatch.recipient },
            { word: words.dispatch.result },
            { word: words.dispatch.who, look: 'aside' },
          ]}
          row={(message) => <MessageRow key={message.no} message={message} kept={keptOf(message.no)} changed={list.refresh} />}
        />
        <ListFoot list={list} none={words.dispatch.noMessages} />
      </section>
    </>
  );
}

function MessageRow({ message, kept, changed }: { message: NotificationView; kept: KeptFold; changed: () => void }): VNode {
  const { dispatchApi } = useApp();
  const words = useWords();
  const { title, text } = useSaid(message);
  const markRead = (): void => {
    // The list says how it went.
    void dispatchApi.read(message.no).then(changed, changed);
  };
  return (
    <FoldRow
      name="message"
      id={message.no}
      head={message.isReceived && message.readAt === null ? <b>{title}</b> : title}
      below={message.stationId === null ? '' : words.dispatch.advised(message.stationId)}
      columns={COLUMNS}
      kept={kept}
      cells={
        <>
          <td>{message.to.slice(message.to.indexOf(':') + 1)}</td>
          <td>
            <MessageState message={message} />
            <small class="under">
              <DayTime at={message.at} />
            </small>
          </td>
          <td class="aside">{message.sentBy === null ? words.dispatch.bySystem : <Person id={message.sentBy} />}</td>
        </>
      }
      inside={() => (
        <>
          <p class="prose">{text}</p>
          {message.isReceived && message.readAt === null && (
            <button type="button" class="button" data-action="read" onClick={markRead}>
              {words.dispatch.markRead}
            </button>
          )}
        </>
      )}
    />
  );
}

function MessageState({ message: { shown, readAt, stationId, answer } }: { message: NotificationView }): VNode {
  const words = useWords();
  const parts = [
    ...(shown === null ? [] : [words.dispatch.shownState[shown] ?? words.dispatch.notShown]),
    readAt === null ? words.dispatch.unread : words.dispatch.read,
    ...(stationId === null ? [] : [answer === null ? words.dispatch.noAnswer : (words.dispatch.answer[answer] ?? answer)]),
  ];
  return (
    <span data-message-state={`${shown ?? 'NONE'}/${readAt === null ? 'UNREAD' : 'READ'}/${answer ?? 'NONE'}`}>{parts.join(' · ')}</span>
  );
}
