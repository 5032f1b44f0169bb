import type { VNode } from 'preact';
import type { Payment } from '../../feed/money-api.ts';
import { saveCsv, yuanCell } from '../../format/csv.ts';
import { yuan } from '../../format/money.ts';
import { dayAndTime } from '../../format/time.ts';
import type { Condition } from '../../store/condition.ts';
import { oneOf, openedRows } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip, DayTime } from '../figures.tsx';
import { openedIn, PagedNotice, usePlace } from '../use-place.tsx';
import { FoldRow, type KeptFold } from './fold-row.tsx';
import { ListTable } from './list-table.tsx';
import { Choice, ListFoot, ListHead } from './list-tools.tsx';
import { usePaged } from './paged.ts';
import { PaymentInside } from './payment-inside.tsx';
import { Receivers } from './receivers.tsx';
import { WaitingApprovals } from './waiting-approvals.tsx';
import { Withdraw } from './withdraw.tsx';

const DIRECTIONS = ['TOP_UP', 'WITHDRAWAL', 'PAYOUT'] as const;
const STATES = ['DRAFTED', 'REQUESTED', 'CONFIRMED', 'CLOSED', 'FAILED'] as const;
const PAYMENT_CONDITION: Record<Payment['state'], Condition> = {
  DRAFTED: 'wait',
  REQUESTED: 'wait',
  CONFIRMED: 'active',
  CLOSED: 'normal',
  FAILED: 'alarm',
};
const FIELDS = { direction: oneOf(['', ...DIRECTIONS], ''), state: oneOf(['', ...STATES], ''), open: openedRows };
const COLUMNS = 4;

/** Money that came in and went out through the payment provider, newest first; carriers take balance back here. */
export function Payments(): VNode {
  const { moneyApi, session } = useApp();
  const words = useWords();
  const place = usePlace(FIELDS);
  const { direction, state, open } = place.asked;
  const keptOf = openedIn(place);
  const filter = { direction, state };
  const list = usePaged(JSON.stringify(filter), (cursor) => moneyApi.payments(filter, cursor));
  const { items } = list;
  const changed = (): void => {
    // What was done with a row may take it out of what is listed.
    if (state !== '') place.narrow({ open: '' });
    list.refresh();
  };
  const roles = session.person?.roles ?? [];
  return (
    <>
      <WaitingApprovals at="payments" changed={list.refresh} />
      <section class="money-part" data-part="payments">
        <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv('payments.csv', csvRows(items))}>
          <Choice
            name="direction"
            label={words.money.type}
            value={direction}
            choose={(chosen) => place.narrow({ direction: chosen, open: '' })}
            options={[['', words.money.allKinds], ...DIRECTIONS.map((one) => [one, words.money.direction[one]] as const)]}
          />
          <Choice
            name="payment-state"
            label={words.field.state}
            value={state}
            choose={(chosen) => place.narrow({ state: chosen, open: '' })}
            options={[['', words.money.allStates], ...STATES.map((one) => [one, words.money.paymentState[one]] as const)]}
          />
        </ListHead>
        <PagedNotice wrong={place.wrong} open={open} list={list} keyOf={keyOf} />
        <ListTable
          list={list}
          columns={[
            { word: words.money.requestedAt },
            { word: words.money.party, look: 'aside' },
            { word: words.field.state },
            { word: words.money.amount, look: 'amount' },
          ]}
          row={(payment) => <PaymentRow key={payment.id} payment={payment} changed={changed} kept={keptOf(payment.id)} />}
        />
        <ListFoot list={list} />
      </section>
      {(roles.includes('CARRIER') || roles.includes('PLATFORM_OPERATOR')) && <Withdraw done={list.refresh} />}
      {!roles.includes('CARRIER') && <Receivers />}
    </>
  );
}

const keyOf = ({ id }: Payment): string => id;

function PaymentRow({ payment, changed, kept }: { payment: Payment; changed: () => void; kept: KeptFold }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <FoldRow
      name="paid"
      kept={kept}
      id={payment.id}
      head={<DayTime at={payment.requestedAt} />}
      below={words.money.direction[payment.direction]}
      columns={COLUMNS}
      cells={
        <>
          <td class="aside">{names.nameOf(payment.principalId, language.chinese)}</td>
          <td>
            <Chip condition={PAYMENT_CONDITION[payment.state]}>{words.money.paymentState[payment.state]}</Chip>
            <small class="under narrow-only">{names.nameOf(payment.principalId, language.chinese)}</small>
          </td>
          <td class="amount">{yuan(payment.amountFen)}</td>
        </>
      }
      inside={() => <PaymentInside payment={payment} changed={changed} />}
    />
  );
}

function csvRows(items: readonly Payment[]): string[][] {
  return [
    ['payment', 'direction', 'party', 'state', 'requested_asia_shanghai', 'paid_asia_shanghai', 'statement', 'provider_ref', 'amount_yuan'],
    ...items.map((each) => [
      each.id,
      each.direction,
      each.principalId,
      each.state,
      dayAndTime(each.requestedAt),
      each.paidAt === null ? '' : dayAndTime(each.paidAt),
      each.statementId ?? '',
      each.providerRef ?? '',
      yuanCell(each.amountFen),
    ]),
  ];
}
