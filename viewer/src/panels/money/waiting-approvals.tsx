import type { VNode } from 'preact';
import { AGREEMENT_KINDS, type AgreementKind } from '../../feed/agreement-api.ts';
import type { Waiting } from '../../feed/approval-feed.ts';
import { yuan } from '../../format/money.ts';
import { dayAndTime } from '../../format/time.ts';
import type { MoneyTab } from '../../store/money-place.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { NotFetched } from '../not-fetched.tsx';
import { Person } from '../person.tsx';
import { AgreementInside } from './agreement-inside.tsx';
import { TableHead } from './data-table.tsx';
import { FoldRow } from './fold-row.tsx';
import { PaymentInside } from './payment-inside.tsx';
import { ReceiverDraft } from './receiver-draft.tsx';
import { WaitingOffer } from './waiting-offer.tsx';

/** What of it is counted and listed at which part of the money view. */
export const WAITING_AT: Partial<Record<MoneyTab, readonly Waiting['kind'][]>> = {
  agreements: [...AGREEMENT_KINDS, 'ownership-offers'],
  payments: ['withdrawals', 'receivers'],
};
const COLUMNS = 4;

/** Drafts of others that wait for whoever is signed in, each with what it says and the way to approve it; nothing where there is none. */
export function WaitingApprovals({ at, changed }: { at: MoneyTab; changed: () => void }): VNode | null {
  const { approvals } = useApp();
  const words = useWords();
  const waiting = approvals.waiting.value.filter(({ kind }) => WAITING_AT[at]?.includes(kind));
  if (waiting.length === 0) return null;
  return (
    <section class="money-part waiting" data-part="waiting">
      <h2>{words.approval.title}</h2>
      <table class="money-table">
        <TableHead
          columns={[
            { word: words.approval.what },
            { word: words.agreement.subject },
            { word: words.agreement.draftedBy, look: 'aside' },
            at === 'payments' ? { word: words.money.amount, look: 'amount' } : { word: words.agreement.beginsOn },
          ]}
        />
        <tbody>
          {waiting.map((one) => (
            <WaitingRow key={`${one.kind}/${one.id}`} waiting={one} at={at} changed={changed} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function WaitingRow({ waiting, at, changed }: { waiting: Waiting; at: MoneyTab; changed: () => void }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  const { kind, id, subjectId, beginsOn, amountFen, draftedBy, draftedAt } = waiting;
  return (
    <FoldRow
      name="waiting"
      id={id}
      head={words.approval.kind[kind]}
      below={kind === 'receivers' || kind === 'ownership-offers' ? dayAndTime(draftedAt) : id}
      columns={COLUMNS}
      cells={
        <>
          <td class="wrap">{words.agreement.gridRegion[subjectId] ?? names.nameOf(subjectId, language.chinese)}</td>
          <td class="aside wrap">
            {draftedBy === null ? '—' : <Person id={draftedBy} />}
            <small class="under figure">{dayAndTime(draftedAt)}</small>
          </td>
          {at === 'payments' ? (
            <td class="amount">{amountFen === null ? '' : yuan(amountFen)}</td>
          ) : (
            <td class="figure">{beginsOn ?? (kind === 'ownership-offers' ? words.approval.fromTaking : words.agreement.fromApproval)}</td>
          )}
        </>
      }
      inside={() =>
        kind === 'withdrawals' ? (
          <WaitingPayment id={id} changed={changed} />
        ) : kind === 'receivers' ? (
          <WaitingReceiver principalId={id} changed={changed} />
        ) : kind === 'ownership-offers' ? (
          <WaitingOffer waiting={waiting} changed={changed} />
        ) : (
          <WaitingAgreement kind={kind} id={id} changed={changed} />
        )
      }
    />
  );
}

function WaitingAgreement({ kind, id, changed }: { kind: AgreementKind; id: string; changed: () => void }): VNode {
  const { agreementApi } = useApp();
  const { value, state, retry } = useFetched(`${kind}/${id}`, () => agreementApi.version(kind, id));
  return value === null ? <NotFetched state={state} retry={retry} /> : <AgreementInside version={value} changed={changed} />;
}

function WaitingPayment({ id, changed }: { id: string; changed: () => void }): VNode {
  const { moneyApi } = useApp();
  const { value, state, retry } = useFetched(id, () => moneyApi.payment(id));
  return value === null ? <NotFetched state={state} retry={retry} /> : <PaymentInside payment={value} changed={changed} />;
}

function WaitingReceiver({ principalId, changed }: { principalId: string; changed: () => void }): VNode {
  const { moneyApi } = useApp();
  const words = useWords();
  const { value, state, retry } = useFetched(principalId, () => moneyApi.receivers());
  if (value === null) return <NotFetched state={state} retry={retry} />;
  const receiver = value.find((each) => each.principalId === principalId);
  if (receiver?.draft == null) return <p class="nothing">{words.money.none}</p>;
  return <ReceiverDraft principalId={principalId} draft={receiver.draft} changed={changed} />;
}
