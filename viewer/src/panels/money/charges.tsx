import { ArrowLeft } from 'lucide';
import type { VNode } from 'preact';
import { CHARGE_KINDS, type Charge } from '../../feed/charge-api.ts';
import { saveCsv, yuanCell } from '../../format/csv.ts';
import { sumFen, yuan } from '../../format/money.ts';
import { percentText } from '../../format/quantity.ts';
import { dayAndTime } from '../../format/time.ts';
import { derivationText } from '../../i18n/derivation.ts';
import type { Dictionary } from '../../i18n/en.ts';
import { oneOf, openedRows } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { DayTime, Field } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { Link } from '../link.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { openedIn, PagedNotice, usePlace } from '../use-place.tsx';
import { type Column, DataTable, TableHead } from './data-table.tsx';
import { FoldRow, type KeptFold } from './fold-row.tsx';
import { ListTable } from './list-table.tsx';
import { Choice, ListFoot, ListHead } from './list-tools.tsx';
import { usePaged } from './paged.ts';
import { RaiseDispute } from './raise-dispute.tsx';

const FIELDS = { kind: oneOf(['', ...CHARGE_KINDS], ''), open: openedRows };
const COLUMNS = 4;

/** What is owed beside swaps, newest first: rents of months, trucks that did not come or kept the bay. */
export function Charges(): VNode {
  const { moneyItem } = useApp();
  return moneyItem.value === null ? <ChargeList /> : <OneCharge id={moneyItem.value} />;
}

function ChargeList(): VNode {
  const { chargeApi } = useApp();
  const words = useWords();
  const place = usePlace(FIELDS);
  const { kind, open } = place.asked;
  const keptOf = openedIn(place);
  const list = usePaged(kind, (cursor) => chargeApi.charges({ kind }, cursor));
  const { items } = list;
  return (
    <section class="money-part" data-part="charges">
      <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv('charges.csv', csvRows(items))}>
        <Choice
          name="charge-kind"
          label={words.money.type}
          value={kind}
          choose={(chosen) => place.narrow({ kind: chosen, open: '' })}
          options={[['', words.money.allKinds], ...CHARGE_KINDS.map((one) => [one, words.charge.kind[one]] as const)]}
        />
      </ListHead>
      <PagedNotice wrong={place.wrong} open={open} list={list} keyOf={keyOf} />
      <ListTable
        list={list}
        columns={columnsOf(words)}
        row={(charge) => <ChargeRow key={charge.id} charge={charge} kept={keptOf(charge.id)} />}
      />
      <ListFoot list={list} none={words.charge.noCharges} />
    </section>
  );
}

/** The one that a link leads to, opened. */
function OneCharge({ id }: { id: string }): VNode {
  const { chargeApi, moneyItem } = useApp();
  const words = useWords();
  const { value, state, retry } = useFetched(id, () => chargeApi.charge(id));
  return (
    <section class="money-part" data-part="charge">
      <div class="list-head">
        <button type="button" class="button" data-action="close-charge" onClick={() => (moneyItem.value = null)}>
          <Icon node={ArrowLeft} size={14} />
          {words.charge.allCharges}
        </button>
      </div>
      {value === null ? (
        <NotFetched state={state} retry={retry} tall />
      ) : (
        <table class="money-table">
          <TableHead columns={columnsOf(words)} />
          <tbody>
            <ChargeRow key={value.id} charge={value} />
          </tbody>
        </table>
      )}
    </section>
  );
}

const columnsOf = (words: Dictionary): Column[] => [
  { word: words.charge.booked },
  { word: words.money.carrier, look: 'aside' },
  { word: words.field.truck },
  { word: words.money.amount, look: 'amount' },
];

const amountOf = ({ lines }: Charge): string | null => sumFen(lines.map(({ amountFen }) => amountFen));
/** Signed; null: nothing was corrected. */
const correctedFen = ({ corrections }: Charge, lineNo: number | null = null): string | null => {
  const lines = corrections.flatMap((each) => each.lines).filter(({ ofLineNo }) => lineNo === null || ofLineNo === lineNo);
  return lines.length === 0 ? null : sumFen(lines.map(({ amountFen }) => amountFen));
};

const keyOf = ({ id }: Charge): string => id;

/** @param props.kept absent: it stands alone, opened */
function ChargeRow({ charge, kept }: { charge: Charge; kept?: KeptFold }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  const corrected = correctedFen(charge);
  return (
    <FoldRow
      name="charge"
      id={charge.id}
      head={<DayTime at={charge.bookedAt} />}
      below={words.charge.kind[charge.kind]}
      columns={COLUMNS}
      {...(kept === undefined ? { open: true } : { kept })}
      billed
      cells={
        <>
          <td class="aside">{names.nameOf(charge.carrierId, language.chinese)}</td>
          <td>
            <Link kind="truck" id={charge.truckId} />
          </td>
          <td class="amount">
            {yuan(amountOf(charge))}
            {corrected !== null && (
              <small class="under">
                {words.charge.corrected} <span class="figure">{yuan(corrected)}</span>
              </small>
            )}
          </td>
        </>
      }
      inside={() => <ChargeInside charge={charge} />}
    />
  );
}

function ChargeInside({ charge }: { charge: Charge }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  const { stationId, orderId } = charge;
  return (
    <>
      <DataTable
        columns={[
          { word: words.money.component },
          { word: words.field.derivation, look: 'aside' },
          { word: words.field.beneficiary, look: 'aside' },
          { word: words.field.tax, look: 'amount aside' },
          { word: words.money.amount, look: 'amount' },
        ]}
        rows={charge.lines.map((line, i) => ({
          key: String(i),
          cells: [
            <>
              {language.codeWord(line.component)}
              <small class="under narrow-only">{names.nameOf(line.beneficiaryId, language.chinese)}</small>
              <code class="narrow-only">{derivationText(line.derivation, language)}</code>
            </>,
            <code>{derivationText(line.derivation, language)}</code>,
            names.nameOf(line.beneficiaryId, language.chinese),
            percentText(line.taxRateBasisPoints),
            yuan(line.amountFen),
          ],
        }))}
      />
      <dl class="fields">
        {stationId !== null && (
          <Field label={words.field.station}>
            <Link kind="station" id={stationId} />
          </Field>
        )}
        {orderId !== null && (
          <Field label={words.field.order} wide>
            <Link kind="order" id={orderId} />
          </Field>
        )}
        <Field label={words.charge.contract}>{charge.contractId}</Field>
      </dl>
      {charge.corrections.length > 0 && <Corrections charge={charge} />}
      <RaiseDispute bill={{ orderId: null, chargeId: charge.id }} />
    </>
  );
}

/** The reason stands above the sum. */
const withoutReason = (derivation: string, reason: string): string =>
  derivation.endsWith(`; ${reason}`) ? derivation.slice(0, -reason.length - 2) : derivation;

/** What was given back, with why; by line where there are several. */
function Corrections({ charge }: { charge: Charge }): VNode {
  const { language } = useApp();
  const words = useWords();
  return (
    <DataTable
      caption={words.money.corrections}
      columns={[{ word: words.money.time }, { word: words.money.reason }, { word: words.money.amount, look: 'amount' }]}
      rows={charge.corrections.flatMap(({ id, bookedAt, reason, lines }) =>
        lines.map(({ ofLineNo, amountFen, derivation }) => ({
          key: `${id}/${ofLineNo}`,
          cells: [
            <DayTime at={bookedAt} />,
            <>
              {reason}
              <code class="under">{derivationText(withoutReason(derivation, reason), language)}</code>
            </>,
            yuan(amountFen),
          ],
        })),
      )}
    />
  );
}

function csvRows(items: readonly Charge[]): string[][] {
  return [
    ['charge', 'kind', 'booked_asia_shanghai', 'carrier', 'truck', 'station', 'order', 'component', 'to', 'amount_yuan', 'corrected_yuan'],
    ...items.flatMap((charge) =>
      charge.lines.map((line) => [
        charge.id,
        charge.kind,
        dayAndTime(charge.bookedAt),
        charge.carrierId,
        charge.truckId,
        charge.stationId ?? '',
        charge.orderId ?? '',
        line.component,
        line.beneficiaryId,
        yuanCell(line.amountFen),
        yuanCell(correctedFen(charge, line.lineNo) ?? '0'),
      ]),
    ),
  ];
}
