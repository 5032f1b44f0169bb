import { assert } from '@corridor/protocols/assert';
import type { Fen } from '../ledger/fen.ts';
import { sumFen } from '../ledger/fen-arithmetic.ts';
import { accountOf, type Transfer, type TransferKind } from '../ledger/transfer.ts';
import type { BillLine, ClearingShare } from '../order/bill.ts';
import type { DraftLine } from '../rating/bill-line.ts';
import { type ClearingTerms, clearingShares, netByPrincipal } from '../rating/clearing-shares.ts';

/** What a carrier owes beside its swaps. */
export const CHARGE_KINDS = ['MONTHLY_RENT', 'NO_SHOW', 'OVERSTAY'] as const;
export type ChargeKind = (typeof CHARGE_KINDS)[number];

/** What a charge was made of, to compute it again. */
export type ChargeBasis =
  | { readonly month: string; readonly days: number; readonly daysOfMonth: number; readonly packId: string; readonly nominalWh: number }
  /** `ratedAtMs`: its waivers go by that day; `stayedMs`: in the bay after the swap. */
  | { readonly ratedAtMs: number; readonly stayedMs: number | null };

/** A bill of its own, which no swap has: lines, shares, and what it was made of. */
export interface Charge {
  /** `rent:<contract>:<truck>:<month>`, of a truck that came back within it with `:2` and so on, `no-show:<order>`, `overstay:<order>`: once each. */
  readonly chargeId: string;
  readonly kind: ChargeKind;
  readonly carrierId: string;
  readonly truckId: string;
  /** null: of no station. */
  readonly stationId: string | null;
  readonly orderId: string | null;
  readonly contractId: string;
  readonly basis: ChargeBasis;
  readonly lines: readonly BillLine[];
  readonly shares: readonly ClearingShare[];
  /** Sum of the lines and of the nets, >= 0; 0: waived. */
  readonly payableFen: Fen;
}

/** @throws InvariantError when it does not balance, or would pay the carrier: a bug */
export function chargeOf(
  about: Omit<Charge, 'lines' | 'shares' | 'payableFen'>,
  drafts: readonly DraftLine[],
  terms: ClearingTerms,
): Charge {
  const lines = drafts.map((draft, index) => ({ ...draft, lineNo: index + 1, derivation: draft.derivation() }));
  const payableFen = sumFen(lines.map(({ amountFen }) => amountFen));
  const shares = clearingShares(lines, terms);
  const netFen = sumFen(shares.map((share) => share.netFen));
  assert(netFen === payableFen && payableFen >= 0n, `nets of ${about.chargeId} sum to ${netFen} fen of ${payableFen}`);
  return { ...about, lines, shares, payableFen };
}

/** From the prepaid balance through clearing to everybody's income; clearing ends as it began. */
export function chargeTransfers(charge: Charge, platformId: string): Transfer[] {
  const { chargeId, kind, carrierId, payableFen } = charge;
  const clearing = accountOf.clearing(platformId);
  const [expense, income] = (kind === 'MONTHLY_RENT' ? ['SWAP_EXPENSE', 'SWAP_INCOME'] : ['PENALTY', 'PENALTY']) satisfies TransferKind[];
  // Which order it is about stands with the charge: transfers of an order are those of its own bill.
  const move = (name: string, how: TransferKind, from: string, to: string, amountFen: Fen): Transfer => ({
    key: `charge:${chargeId}:${name}`,
    kind: how,
    debitAccountId: from,
    creditAccountId: to,
    amountFen,
    orderId: null,
  });
  if (payableFen === 0n) return [];
  const paid = [...netByPrincipal(charge.shares)].map(([principalId, netFen]) => {
    assert(netFen > 0n, `${principalId} would pay ${netFen} fen of ${chargeId}`);
    return move(`income:${principalId}`, income ?? 'PENALTY', clearing, accountOf.income(principalId), netFen);
  });
  return [move('expense', expense ?? 'PENALTY', accountOf.prepaid(carrierId), clearing, payableFen), ...paid];
}
