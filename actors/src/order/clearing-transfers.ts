import { type Fen, fen } from '../ledger/fen.ts';
import { accountOf, type Transfer, type TransferKind } from '../ledger/transfer.ts';
import { type BillAmounts, type ClearingShare, cashFenOf } from './bill.ts';

/**
 * First clearing in the books, after capture and package put the payable amount into the clearing account: first who gives back,
 * then who is paid, then a refund to the carrier, so that clearing never goes below zero and ends at zero; then commission
 * between income accounts. Amounts of zero move nothing.
 */
export function clearingTransfers(order: { orderId: string; carrierId: string; platformId: string; bill: BillAmounts }): Transfer[] {
  const { orderId, carrierId, platformId, bill } = order;
  const clearing = accountOf.clearing(platformId);
  const transfers: Transfer[] = [];
  const move = (name: string, kind: TransferKind, from: string, to: string, amountFen: bigint) => {
    if (amountFen === 0n || from === to) return;
    transfers.push({
      key: `order:${orderId}:${name}`,
      kind,
      debitAccountId: from,
      creditAccountId: to,
      amountFen: fen(amountFen),
      orderId,
    });
  };
  const nameOf = ({ principalId, role }: ClearingShare) => `${role.toLowerCase()}:${principalId}`;
  const earning = bill.shares.filter(({ role }) => role !== 'PLATFORM');
  for (const share of earning.filter(({ grossFen }) => grossFen < 0n)) {
    move(`refund:${nameOf(share)}`, 'REFUND', accountOf.income(share.principalId), clearing, 0n - share.grossFen);
  }
  for (const share of earning.filter(({ grossFen }) => grossFen > 0n)) {
    move(`income:${nameOf(share)}`, 'SWAP_INCOME', clearing, accountOf.income(share.principalId), share.grossFen);
  }
  const cashFen = cashFenOf(bill);
  if (cashFen < 0n) move('refund:carrier', 'REFUND', clearing, accountOf.prepaid(carrierId), 0n - cashFen);
  for (const share of earning) {
    const [payer, payee] = share.commissionFen < 0n ? [share.principalId, platformId] : [platformId, share.principalId];
    const amountFen: Fen = share.commissionFen < 0n ? fen(0n - share.commissionFen) : share.commissionFen;
    move(`commission:${nameOf(share)}`, 'COMMISSION', accountOf.income(payer), accountOf.income(payee), amountFen);
  }
  return transfers;
}
