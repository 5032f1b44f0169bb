import type { Books } from '@corridor/protocols/http/scene';
import { X } from 'lucide';
import type { VNode } from 'preact';
import { yuan } from '../../format/money.ts';
import { useApp, useWords } from '../app-context.ts';
import { Time } from '../figures.tsx';
import { IconButton } from '../icon-button.tsx';
import { Link } from '../link.tsx';

export interface BooksPanelProps {
  /** Of the instant that is shown; null: they are on their way. */
  books: Books | null;
  /** That instant in words. */
  at: string;
  /** In place of books that there are none of, or below them. */
  note?: string;
  onClose: () => void;
}

/** Balances and open holds of the instant that is shown. */
export function BooksPanel({ books, at, note, onClose }: BooksPanelProps): VNode {
  const words = useWords();
  const title = words.past.booksAt(at);
  return (
    <aside class="books-panel panel" aria-label={title}>
      <div class="inspector-bar">
        <span class="grow figure">{title}</span>
        <IconButton icon={X} name={words.recording.close} onClick={onClose} />
      </div>
      {/* A region that scrolls is reached by keyboard. */}
      <div class="books-body" role="region" aria-label={title} tabIndex={0}>
        {books !== null && <BookTables books={books} />}
        {note !== undefined ? <p class="nothing">{note}</p> : books === null && <div class="skeleton" aria-busy="true" />}
      </div>
    </aside>
  );
}

function BookTables({ books: { accounts, holds } }: { books: Books }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <>
      <h3>{words.past.accounts}</h3>
      {accounts.length === 0 ? (
        <p class="nothing">{words.past.noAccounts}</p>
      ) : (
        <table>
          <tbody>
            {accounts.map(({ id, principalId, kind, balanceFen }) => (
              <tr key={id} data-account={id}>
                <th scope="row">{principalId === null ? id : names.nameOf(principalId, language.chinese)}</th>
                <td>{words.money.accountKind[kind] ?? kind}</td>
                <td class="figure amount">{yuan(balanceFen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h3>{words.past.holds}</h3>
      {holds.length === 0 ? (
        <p class="nothing">{words.past.noHolds}</p>
      ) : (
        <table>
          <tbody>
            {holds.map(({ orderId, principalId, heldFen, since }) => (
              <tr key={orderId} data-hold={orderId}>
                <th scope="row">
                  <Link kind="order" id={orderId} />
                </th>
                <td>
                  {names.nameOf(principalId, language.chinese)}, {words.past.since} <Time at={since} />
                </td>
                <td class="figure amount">{yuan(heldFen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
