import type { VNode } from 'preact';
import type { Account, Movement } from '../../feed/money-api.ts';
import { saveCsv, yuanCell } from '../../format/csv.ts';
import { yuan } from '../../format/money.ts';
import { dayAndTime, instantOfDay } from '../../format/time.ts';
import { localDay, oneOf } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { DayTime } from '../figures.tsx';
import { Link } from '../link.tsx';
import { useInstant } from '../past/instant.ts';
import type { Place } from '../use-place.tsx';
import { ListTable } from './list-table.tsx';
import { Choice, DayEntry, ListFoot, ListHead } from './list-tools.tsx';
import { usePaged } from './paged.ts';

/** What of the address narrows them. */
export const movementFields = (kinds: readonly string[]) => ({ kind: oneOf(['', ...kinds], ''), from: localDay, until: localDay });

/** What moved on an account, newest first. */
export function Movements({ account, place }: { account: Account; place: Place<keyof ReturnType<typeof movementFields>> }): VNode {
  const { moneyApi } = useApp();
  const words = useWords();
  const { kind, from, until } = place.asked;
  const at = useInstant();
  const filter = { kind, from: instantOfDay(from), until: instantOfDay(until, 1), at: at ?? '' };
  const key = JSON.stringify([account.id, filter]);
  const list = usePaged(key, (cursor) => moneyApi.movements(account.id, filter, cursor));
  const { items } = list;
  return (
    <section class="money-part" data-part="movements">
      <h2>
        {words.money.movements}
        <small>{words.money.accountKind[account.kind] ?? account.kind}</small>
      </h2>
      <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv(`${account.id}-movements.csv`, csvRows(items))}>
        <Choice
          name="kind"
          label={words.money.type}
          value={kind}
          choose={(chosen) => place.narrow({ kind: chosen })}
          options={[['', words.money.allKinds], ...Object.entries(words.money.movementKind)]}
        />
        <DayEntry name="from" label={words.money.from} value={from} choose={(day) => place.narrow({ from: day })} />
        <DayEntry name="until" label={words.money.until} value={until} choose={(day) => place.narrow({ until: day })} />
      </ListHead>
      <ListTable
        list={list}
        columns={[
          { word: words.money.time },
          { word: words.money.type },
          { word: words.money.counterAccount, look: 'aside' },
          { word: words.money.order, look: 'aside' },
          { word: words.money.amount, look: 'amount' },
        ]}
        row={(movement) => <MovementRow key={movement.no} movement={movement} />}
      />
      <ListFoot list={list} />
    </section>
  );
}

function MovementRow({ movement }: { movement: Movement }): VNode {
  const words = useWords();
  const cameIn = !movement.amountFen.startsWith('-');
  return (
    <tr data-movement={movement.no}>
      <td>
        <DayTime at={movement.at} />
      </td>
      <td>{words.money.movementKind[movement.kind] ?? movement.kind}</td>
      <td class="aside">
        <AccountName id={movement.counterAccountId} />
      </td>
      <td class="aside">{movement.orderId === null ? '' : <Link kind="order" id={movement.orderId} />}</td>
      <td class={cameIn ? 'amount came-in' : 'amount'}>
        {cameIn ? '+' : ''}
        {yuan(movement.amountFen)}
      </td>
    </tr>
  );
}

/** `C1_prepaid` is said by whose it is and what for, `RAIL_sandbox` by what it is; other names stay as they are. */
function AccountName({ id }: { id: string }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  const at = id.lastIndexOf('_');
  const purpose = words.money.accountKind[id.slice(at + 1).toUpperCase()];
  const name = purpose === undefined || at < 1 ? id : `${names.nameOf(id.slice(0, at), language.chinese)} · ${purpose}`;
  return <span title={id}>{id.startsWith('RAIL_') ? words.money.accountKind['RAIL'] : name}</span>;
}

/** Codes and plain figures: a file is read by programs too. */
function csvRows(items: readonly Movement[]): string[][] {
  const head = ['no', 'time_asia_shanghai', 'type', 'other_account', 'order', 'amount_yuan', 'key'];
  return [
    head,
    ...items.map(({ no, at, kind, counterAccountId, orderId, amountFen, key }) => [
      no,
      dayAndTime(at),
      kind,
      counterAccountId,
      orderId ?? '',
      yuanCell(amountFen),
      key,
    ]),
  ];
}
