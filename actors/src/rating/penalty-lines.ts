import type { Penalty, PenaltyKind, PenaltyOf, Waiver } from '@corridor/protocols/agreement/penalty';
import { yuanText } from '../ledger/decimal-text.ts';
import { type Fen, fen } from '../ledger/fen.ts';
import { negateFen } from '../ledger/fen-arithmetic.ts';
import type { PackLeg } from '../network/actor-event.ts';
import { localDateOf } from '../tariff/local-time.ts';
import type { DraftLine } from './bill-line.ts';
import { perCase } from './mode-charge.ts';
import type { PenaltyTerms } from './rating-terms.ts';
import type { SwapUsage } from './swap-usage.ts';

const MINUTE_MS = 60_000;

/** Penalty of the pack that came back, and its waiver. */
export function deepDischargeLines(terms: PenaltyTerms, returned: PackLeg, usage: SwapUsage): DraftLine[] {
  const penalty = penaltyOf(terms, 'DEEP_DISCHARGE');
  if (penalty === null || returned.socPercent >= penalty.belowSocPercent) return [];
  const cause = `${returned.packId} came back at ${returned.socPercent} % SOC, below ${penalty.belowSocPercent} %`;
  return withWaiver(terms, penalty, usage, {
    amountFen: fen(BigInt(penalty.amountFen)),
    beneficiaryId: returned.ownerId,
    packId: returned.packId,
    cause,
  });
}

/** Penalty of a truck that did not come for the pack that was kept for it. */
export function noShowLines(terms: PenaltyTerms): DraftLine[] {
  const penalty = penaltyOf(terms, 'NO_SHOW');
  if (penalty === null) return [];
  const cause = 'a pack was kept, and the truck did not come';
  return stationLines(terms, penalty, fen(BigInt(penalty.amountFen)), cause, null);
}

/** Penalty of a truck that kept the bay after its swap: per block begun after the grace. @param stayedMs after the swap, >= 0 */
export function overstayLines(terms: PenaltyTerms, stayedMs: number): DraftLine[] {
  const penalty = penaltyOf(terms, 'OVERSTAY');
  if (penalty === null) return [];
  const blocks = Math.ceil((stayedMs - penalty.graceMinutes * MINUTE_MS) / (penalty.blockMinutes * MINUTE_MS));
  if (blocks <= 0) return [];
  const cause = `${Math.ceil(stayedMs / MINUTE_MS)} min after the swap, ${penalty.graceMinutes} free: ${blocks} x ${penalty.blockMinutes} min`;
  return stationLines(terms, penalty, fen(BigInt(penalty.amountFen) * BigInt(blocks)), cause, null);
}

function stationLines(terms: PenaltyTerms, penalty: Penalty, amountFen: Fen, cause: string, waitedMs: number | null): DraftLine[] {
  return withWaiver(terms, penalty, { waitedMs }, { amountFen, beneficiaryId: terms.operatorId, packId: null, cause });
}

function penaltyOf<K extends PenaltyKind>({ contract }: PenaltyTerms, kind: K): PenaltyOf<K> | null {
  const found = contract.penalties?.find((penalty): penalty is PenaltyOf<K> => penalty.kind === kind);
  return found ?? null;
}

function withWaiver(
  terms: PenaltyTerms,
  { kind, waivers }: Penalty,
  usage: Pick<SwapUsage, 'waitedMs'>,
  owed: { amountFen: Fen; beneficiaryId: string; packId: string | null; cause: string },
): DraftLine[] {
  const line = (component: 'PENALTY' | 'WAIVER', amountFen: Fen, derivation: string): DraftLine => ({
    component,
    leg: owed.packId === null ? 'NONE' : 'IN',
    description: `${component === 'PENALTY' ? 'Penalty' : 'Penalty waived'}, ${kind}`,
    ...perCase(amountFen),
    taxRateBasisPoints: terms.tax.PENALTY,
    beneficiaryId: owed.beneficiaryId,
    period: null,
    packId: owed.packId,
    derivation: () => derivation,
  });
  const penalty = line('PENALTY', owed.amountFen, `${owed.cause}: ${yuanText(owed.amountFen)} yuan; contract ${terms.contract.id}`);
  const waiver = waivers.find((each) => isWaived(each, terms, usage.waitedMs));
  return waiver === undefined ? [penalty] : [penalty, line('WAIVER', negateFen(owed.amountFen), waiverText(waiver))];
}

function isWaived(waiver: Waiver, { atMs, stationId }: PenaltyTerms, waitedMs: number | null): boolean {
  switch (waiver.rule) {
    case 'INTRODUCTION':
      return localDateOf(atMs) <= waiver.until;
    case 'STATIONS':
      return waiver.stationIds.includes(stationId);
    case 'WAITED':
      return waitedMs !== null && waitedMs >= waiver.minutes * MINUTE_MS;
  }
}

function waiverText(waiver: Waiver): string {
  switch (waiver.rule) {
    case 'INTRODUCTION':
      return `waived until ${waiver.until}`;
    case 'STATIONS':
      return `waived at ${waiver.stationIds.join(', ')}`;
    case 'WAITED':
      return `waived for a truck that waited ${waiver.minutes} min`;
  }
}
