import type { Bundle, Charge, Contract, Transfer } from './bundle.ts';
import { BundleError } from './bundle-error.ts';
import type { Comparison } from './difference.ts';
import { dividedBy, fractionOf, rounded, times } from './fraction.ts';
import { chinaTime } from './tariff-hour.ts';

const MINUTE_MS = 60_000;

/** Rents and penalties: what the contract makes of what happened, that it sums up, and that it is booked so. */
export function compareCharges(bundle: Bundle, comparison: Comparison): void {
  const charges = bundle.charges ?? [];
  for (const charge of charges) compareCharge(bundle, charge, comparison);
  compareBookings(bundle, charges, comparison);
}

function compareCharge({ agreements, principalKind }: Bundle, charge: Charge, comparison: Comparison): void {
  const { chargeId, lines, shares, payableFen, contractId } = charge;
  const where = `charge ${chargeId}`;
  const total = lines.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n);
  for (const { principalId, grossFen, commissionFen, netFen } of shares) {
    comparison.equal(`${where}: net of ${principalId}`, netFen, BigInt(grossFen) + BigInt(commissionFen));
  }
  if (payableFen === null) return;
  comparison.equal(`${where}: payable`, payableFen, total);
  if (principalKind === 'PLATFORM') comparison.equal(`${where}: sum of nets`, payableFen, sumOf(shares.map(({ netFen }) => netFen)));
  const contract = agreements.contracts.find(({ id }) => id === contractId);
  const expected = contract === undefined ? null : expectedFen(contract, charge);
  comparison.equal(`${where}: lines`, lines.map(({ amountFen }) => amountFen).join(' '), expected?.join(' ') ?? `contract ${contractId}`);
}

const sumOf = (amounts: readonly string[]): bigint => amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);

/** Amounts of the lines, in their order. */
function expectedFen(contract: Contract, { kind, basis, stationId }: Charge): bigint[] {
  if (kind === 'MONTHLY_RENT') {
    const fee = contract.billing?.feeNanoYuanPerKwhMonth;
    const part = dividedBy(
      times(fractionOf(given(basis.nominalWh, 'nominalWh')), fractionOf(given(basis.days, 'days'))),
      fractionOf(given(basis.daysOfMonth, 'daysOfMonth')),
    );
    // 1 kWh = 1,000 Wh, 1 fen = 10,000,000 nano-yuan.
    return [rounded(dividedBy(times(fractionOf(given(fee, 'feeNanoYuanPerKwhMonth')), part), fractionOf(10_000_000_000n)))];
  }
  const penalty = contract.penalties?.find((one) => one.kind === kind);
  if (penalty === undefined) return [];
  const blocks = kind === 'NO_SHOW' ? 1 : blocksOf(given(basis.stayedMs, 'stayedMs'), penalty);
  const owedFen = BigInt(penalty.amountFen) * BigInt(blocks);
  const { date } = chinaTime(new Date(given(basis.ratedAtMs, 'ratedAtMs')).toISOString());
  const isWaived = penalty.waivers.some(
    ({ rule, until = '', stationIds = [] }) =>
      (rule === 'INTRODUCTION' && date <= until) || (rule === 'STATIONS' && stationId !== null && stationIds.includes(stationId)),
  );
  return isWaived ? [owedFen, -owedFen] : [owedFen];
}

/** What a charge is computed from is never taken as 0. @throws BundleError when it is missing */
function given<T>(value: T | null | undefined, name: string): T {
  if (value === null || value === undefined) throw new BundleError(`A charge is computed from ${name}, which the bundle does not have.`);
  return value;
}

/** Blocks begun after the grace. */
const blocksOf = (stayedMs: number, { graceMinutes, blockMinutes }: { graceMinutes?: number; blockMinutes?: number }): number =>
  Math.ceil((stayedMs - given(graceMinutes, 'graceMinutes') * MINUTE_MS) / (given(blockMinutes, 'blockMinutes') * MINUTE_MS));

/** Each charge is booked with what it says, and nothing is booked as a charge without one. */
function compareBookings(
  { principalId, principalKind, accounts, transfers }: Bundle,
  charges: readonly Charge[],
  comparison: Comparison,
): void {
  const own = new Set(accounts.map(({ id }) => id).filter((id) => id.endsWith(principalKind === 'CARRIER' ? '_prepaid' : '_income')));
  const chargeOf = ({ key }: Transfer) => /^charge:(.*):(?:expense|income:[^:]+)$/.exec(key)?.[1] ?? null;
  const booked = new Map<string, bigint>();
  for (const transfer of transfers) {
    const chargeId = chargeOf(transfer);
    if (chargeId === null) continue;
    const { debitAccountId, creditAccountId, amountFen } = transfer;
    const fen = (own.has(creditAccountId) ? BigInt(amountFen) : 0n) - (own.has(debitAccountId) ? BigInt(amountFen) : 0n);
    booked.set(chargeId, (booked.get(chargeId) ?? 0n) + fen);
  }
  for (const { chargeId, carrierId, payableFen, shares } of charges) {
    const net = sumOf(shares.filter((share) => share.principalId === principalId).map(({ netFen }) => netFen));
    const due = carrierId === principalId ? -BigInt(given(payableFen, 'payableFen')) : net;
    comparison.equal(`charge ${chargeId}: booked`, (booked.get(chargeId) ?? 0n).toString(), due);
    booked.delete(chargeId);
  }
  for (const [chargeId, fen] of booked) comparison.equal(`charge ${chargeId}: booked without a bill`, fen.toString(), 0n);
}
