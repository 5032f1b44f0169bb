import type { Component } from '@corridor/protocols/agreement/component';
import type { TariffPeriodKind } from '@corridor/protocols/tariff-period';
import { type Fen, fen } from '../ledger/fen.ts';

/** One line of a bill; `amountFen` is rounded once, half up on the magnitude, then signed. */
export interface BillLine {
  lineNo: number;
  component: Component;
  /** OUT: of the pack issued; IN: credit for the pack returned; NONE: of the swap itself. */
  leg: 'OUT' | 'IN' | 'NONE';
  description: string;
  /** Signed Wh for energy lines, 1 for per-swap lines. */
  quantity: bigint;
  unit: 'Wh' | 'swap';
  /** nano-yuan per kWh, or per swap. */
  unitPriceNanoYuan: bigint;
  amountFen: Fen;
  taxRateBasisPoints: number;
  beneficiaryId: string;
  period: TariffPeriodKind | null;
  packId: string | null;
  /** The calculation in words and figures, to recompute by hand. */
  derivation: string;
}

export type ShareRole = 'STATION_OPERATOR' | 'BATTERY_OWNER' | 'ISSUER' | 'FUNDER' | 'PLATFORM';

/** Share of a principal in an order: gross, commission, net (first clearing). */
export interface ClearingShare {
  principalId: string;
  /** ISSUER: of the offer that the carrier is billed by; FUNDER: of an incentive. */
  role: ShareRole;
  grossFen: Fen;
  /** Signed as it changes the share: negative is paid to the platform. */
  commissionFen: Fen;
  netFen: Fen;
}

/** Part of a package that a swap used: prepaid, so that only the rest of the payable amount is held and captured. */
export interface PackageDraw {
  packageId: string;
  /** > 0 */
  quantity: bigint;
  unit: 'Wh' | 'swap';
  /** >= 0 */
  amountFen: Fen;
}

/** Lines sum to payable; nets sum to payable. */
export interface Bill {
  payableFen: Fen;
  /** What the swap took from a package of the carrier; null: nothing. */
  packageDraw: PackageDraw | null;
  energyOutWh: number;
  energyInWh: number;
  lines: readonly BillLine[];
  shares: readonly ClearingShare[];
}

/** A bill without its lines: what is paid and who gets it. */
export type BillAmounts = Omit<Bill, 'lines'>;

/** What is held and captured for a bill: the payable amount less what a package paid before. */
export const cashFenOf = ({ payableFen, packageDraw }: BillAmounts): Fen => fen(payableFen - (packageDraw?.amountFen ?? 0n));
