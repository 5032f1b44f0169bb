import type { VNode } from 'preact';
import type { ClearingShare } from '../../feed/settlement-api.ts';
import { saveCsv, yuanCell } from '../../format/csv.ts';
import { sumFen, yuan } from '../../format/money.ts';
import { figure } from '../../format/quantity.ts';
import { dayAndTime, instantOfDay } from '../../format/time.ts';
import { anyText, localDay, oneOf, openedRows, type PlaceFields } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { DayTime } from '../figures.tsx';
import { Link } from '../link.tsx';
import { openedIn, PagedNotice, usePlace } from '../use-place.tsx';
import { Composition } from './composition.tsx';
import { FoldRow, type KeptFold } from './fold-row.tsx';
import { ListTable } from './list-table.tsx';
import { Choice, DayEntry, ListFoot, ListHead } from './list-tools.tsx';
import { usePaged } from './paged.ts';

const FIELDS = { principal: anyText, from: localDay, until: localDay, open: openedRows };
/** Everybody but the platform sees the own shares alone. */
const FIELDS_OF_ONE: PlaceFields<keyof typeof FIELDS> = { ...FIELDS, principal: oneOf([''], '') };
const COLUMNS = 5;

/** Who got what of each order, newest first, with what it is made of, and the sums of what is shown. */
export function Clearing(): VNode {
  const { settlementApi, names, language, session } = useApp();
  const words = useWords();
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const place = usePlace(isPlatform ? FIELDS : FIELDS_OF_ONE);
  const { principal, from, until, open } = place.asked;
  const keptOf = openedIn(place);
  const filter = { principalId: principal, from: instantOfDay(from), until: instantOfDay(until, 1) };
  const list = usePaged(JSON.stringify(filter), (cursor) => settlementApi.clearing(filter, cursor));
  const { items } = list;
  return (
    <section class="money-part" data-part="clearing">
      <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv('clearing.csv', csvRows(items))}>
        {isPlatform && (
          <Choice
            name="principal"
            label={words.money.party}
            value={principal}
            choose={(chosen) => place.narrow({ principal: chosen, open: '' })}
            options={[['', words.money.allParties], ...names.ids().map((id) => [id, names.nameOf(id, language.chinese)] as const)]}
          />
        )}
        <DayEntry name="from" label={words.money.from} value={from} choose={(day) => place.narrow({ from: day, open: '' })} />
        <DayEntry name="until" label={words.money.until} value={until} choose={(day) => place.narrow({ until: day, open: '' })} />
      </ListHead>
      <PagedNotice wrong={place.wrong} open={open} list={list} keyOf={keyOf} />
      {items !== null && items.length > 0 && <Sums shares={items} />}
      <ListTable
        list={list}
        columns={[
          { word: words.money.order },
          { word: words.money.party },
          { word: words.field.gross, look: 'amount aside' },
          { word: words.field.commission, look: 'amount aside' },
          { word: words.field.net, look: 'amount' },
        ]}
        row={(share) => <ShareRow key={keyOf(share)} share={share} kept={keptOf(keyOf(share))} />}
      />
      <ListFoot list={list} />
    </section>
  );
}

const keyOf = ({ orderId, correctionId, principalId, role }: ClearingShare): string =>
  `${orderId}/${correctionId ?? ''}/${principalId}/${role}`;

/** Of what is shown; a carrier's expense is no share and stands apart from them. */
function Sums({ shares }: { shares: readonly ClearingShare[] }): VNode {
  const words = useWords();
  const earned = shares.filter(({ role }) => role !== 'CARRIER');
  const part = earned.length === 0 ? shares : earned;
  const sum = (key: 'grossFen' | 'commissionFen' | 'netFen'): string => yuan(sumFen(part.map((share) => share[key])));
  const figures: readonly (readonly [word: string, amount: string])[] =
    earned.length === 0
      ? [[words.money.expense, sum('netFen')]]
      : [
          [words.field.gross, sum('grossFen')],
          [words.field.commission, sum('commissionFen')],
          [words.field.net, sum('netFen')],
        ];
  return (
    <div class="sums" data-sums="clearing">
      <small>{words.money.sumOfShown(figure(part.length))}</small>
      <dl class="sum-figures">
        {figures.map(([word, amount]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{amount}</dd>
          </div>
        ))}
      </dl>
      <Composition lines={part.flatMap(({ lines }) => lines)} />
    </div>
  );
}

function ShareRow({ share, kept }: { share: ClearingShare; kept: KeptFold }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <FoldRow
      name="share"
      kept={kept}
      id={share.orderId}
      head={<DayTime at={share.at} />}
      below={share.correctionId === null ? share.orderId : `${share.orderId} · ${words.money.correction}`}
      columns={COLUMNS}
      cells={
        <>
          <td>
            {names.nameOf(share.principalId, language.chinese)}
            <small class="under">{language.codeWord(share.role)}</small>
          </td>
          <td class="amount aside">{yuan(share.grossFen)}</td>
          <td class="amount aside">{yuan(share.commissionFen)}</td>
          <td class="amount">{yuan(share.netFen)}</td>
        </>
      }
      inside={() => (
        <>
          {share.lines.length > 0 ? <Composition lines={share.lines} /> : <p class="nothing">{words.money.commissionOnly}</p>}
          <Link kind="order" id={share.orderId}>
            {words.money.openOrder}
          </Link>
        </>
      )}
    />
  );
}

/** Codes and plain figures: a file is read by programs too. */
function csvRows(items: readonly ClearingShare[]): string[][] {
  return [
    ['order', 'correction', 'time_asia_shanghai', 'station', 'party', 'role', 'gross_yuan', 'commission_yuan', 'net_yuan'],
    ...items.map((share) => [
      share.orderId,
      share.correctionId ?? '',
      dayAndTime(share.at),
      share.stationId,
      share.principalId,
      share.role,
      yuanCell(share.grossFen),
      yuanCell(share.commissionFen),
      yuanCell(share.netFen),
    ]),
  ];
}
