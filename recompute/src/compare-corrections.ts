import type { Bundle, Correction } from './bundle.ts';
import { compareSharesOf } from './compare-orders.ts';
import { ownAccounts, signedFen } from './compare-transfers.ts';
import { borneFen } from './contract-lines.ts';
import type { Comparison } from './difference.ts';

/** What bills were changed by: shares and commission of each correction again, and that it is booked with what it says. */
export function compareCorrections(bundle: Bundle, comparison: Comparison): void {
  const booked = bookedByCorrection(bundle);
  for (const correction of bundle.corrections) {
    const where = `correction ${correction.correctionId}`;
    compareLines(bundle, correction, comparison);
    compareBorne(bundle, correction, comparison);
    const contract = bundle.agreements.contracts.find(({ id }) => id === correction.contractId);
    if (contract === undefined) comparison.equal(`${where}: contract`, correction.contractId, 'not in the bundle');
    else compareSharesOf(where, { contract, isWhole: bundle.principalKind === 'PLATFORM' }, correction, comparison);
    const total = correction.lines.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n);
    const own = correction.shares.filter(({ principalId }) => principalId === bundle.principalId);
    const due = bundle.principalKind === 'CARRIER' ? -total : own.reduce((sum, { netFen }) => sum + BigInt(netFen), 0n);
    comparison.equal(`${where}: booked`, (booked.get(correction.correctionId) ?? 0n).toString(), due);
    booked.delete(correction.correctionId);
  }
  for (const [id, fen] of booked) comparison.equal(`correction ${id}: booked without a correction`, fen.toString(), 0n);
}

type BilledLine = { lineNo?: number; component: string; amountFen: string };

/** Lines of the bill that a correction changes, as the party sees them; null: it was billed before the bundle begins. */
function correctedLines({ orders, charges }: Bundle, { orderId, chargeId = null }: Correction): readonly BilledLine[] | null {
  if (orderId !== null) return orders.find((each) => each.orderId === orderId)?.lines ?? null;
  return charges?.find((each) => each.chargeId === chargeId)?.lines ?? null;
}

const isOfSameBill = (one: Correction, other: Correction): boolean =>
  one.orderId === other.orderId && (one.chargeId ?? null) === (other.chargeId ?? null);

/** Each line changes one of the same kind, and never turns it into its opposite. */
function compareLines(bundle: Bundle, correction: Correction, comparison: Comparison): void {
  const { correctionId, lines } = correction;
  const billed = correctedLines(bundle, correction);
  if (billed === null) return;
  const earlier = bundle.corrections.filter((each) => isOfSameBill(each, correction) && bookedBefore(each, correction));
  for (const line of lines) {
    const where = `correction ${correctionId} line ${line.lineNo}`;
    const changed = billed.find(({ lineNo }) => lineNo === line.ofLineNo);
    comparison.equal(`${where}: component of line ${line.ofLineNo}`, line.component, changed?.component ?? 'no such line');
    if (changed === undefined || !correctionId.startsWith('dispute:')) continue;
    // A meter that came later may turn service on net energy; a dispute never turns what stood when it was decided.
    const before = standingFen(changed, earlier);
    const after = before + BigInt(line.amountFen);
    const isTurned = before > 0n ? after < 0n : after > 0n;
    comparison.equal(`${where}: is turned into its opposite`, 'no', isTurned ? 'yes' : 'no');
  }
  if (correction.orderId !== null) return;
  // Of a charge no more is given back than was paid for it.
  const standsFen = billed.reduce((sum, line) => sum + standingFen(line, [...earlier, correction]), 0n);
  comparison.equal(`correction ${correctionId}: gives back more than was paid`, 'no', standsFen < 0n ? 'yes' : 'no');
}

/** Who sees the whole bill sees that the issuer bears of a meter's correction what his mode included, and no more. */
function compareBorne(
  { orders, agreements }: Bundle,
  { correctionId, orderId, contractId, lines }: Correction,
  comparison: Comparison,
): void {
  const order = orders.find((each) => each.orderId === orderId);
  const billing = agreements.contracts.find(({ id }) => id === contractId)?.billing;
  if (order === undefined || order.usage === null || billing === undefined || billing.mode === 'PER_KWH') return;
  if (!correctionId.startsWith('meter:') || !order.lines.some(({ component }) => component === 'MODE_ADJUSTMENT')) return;
  const changedFen = (components: readonly string[]) =>
    lines.filter(({ component }) => components.includes(component)).reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n);
  comparison.equal(
    `correction ${correctionId}: borne by the issuer`,
    changedFen(['MODE_ADJUSTMENT']).toString(),
    borneFen(billing, order, changedFen),
  );
}

const bookedBefore = (one: Correction, other: Correction): boolean =>
  one.bookedAt < other.bookedAt || (one.bookedAt === other.bookedAt && one.correctionId < other.correctionId);

/** A line of a bill with what corrections made of it. */
const standingFen = ({ lineNo, amountFen }: BilledLine, earlier: readonly Correction[]): bigint =>
  earlier
    .flatMap(({ lines }) => lines)
    .filter(({ ofLineNo }) => ofLineNo === lineNo)
    .reduce((sum, line) => sum + BigInt(line.amountFen), BigInt(amountFen));

/** Correction -> what it changed on the party's accounts. */
function bookedByCorrection(bundle: Bundle): Map<string, bigint> {
  const own = ownAccounts(bundle);
  const booked = new Map<string, bigint>();
  for (const transfer of bundle.transfers) {
    const [, id] = /^correction:([^:]+:[^:]+):/.exec(transfer.key) ?? [];
    const fen = signedFen(transfer, (account) => own.has(account));
    if (id !== undefined && (fen !== 0n || booked.has(id))) booked.set(id, (booked.get(id) ?? 0n) + fen);
  }
  return booked;
}
