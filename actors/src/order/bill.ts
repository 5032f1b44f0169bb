import type { Component } from '@corridor/protocols/agreement/component';
import type { TariffPeriodKind } from '@corridor/protocols/tariff-period';
import type { Fen } from '../ledger/fen.ts';

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

/** Share of a principal in an order: gross, commission, net (first clearing). */
export interface ClearingShare {
  principalId: string;
  role: 'STATION_OPERATOR' | 'BATTERY_OWNER' | 'PLATFORM';
  grossFen: Fen;
  /** Signed as it changes the share: negative is paid to the platform. */
  commissionFen: Fen;
  netFen: Fen;
}

/** Lines sum to payable; nets sum to payable. */
export interface Bill {
  payableFen: Fen;
  energyOutWh: number;
  energyInWh: number;
  lines: readonly BillLine[];
  shares: readonly ClearingShare[];
}
