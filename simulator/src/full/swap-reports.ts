import { SILENT_MS } from '@corridor/actors/swap/swap.rules';
import type { ProcedureEffect } from '@corridor/gateway/procedure/procedure-effect';
import type { SwapEventName } from '@corridor/protocols/swap-step';

/** Where a bay tells the platform of its swaps. */
export interface ReportingStation {
  /** Somebody reads every row that the platform writes of a swap: it is told of every step. */
  readonly tellsEveryStep: boolean;
  report(event: string, data: unknown): void;
}

type Report = Extract<ProcedureEffect, { kind: 'event' }>;

/** Steps that only the swap itself notes: no order, pack, slot, truck or bay hears of them. */
const OF_NO_CONCERN: ReadonlySet<SwapEventName> = new Set([
  'made_safe',
  'unlocked',
  'lifted',
  'moved_in',
  'picked',
  'moved_out',
  'seated',
  'locked',
  'released',
]);
/** Reports that imply the steps before them. */
const IMPLYING: ReadonlySet<SwapEventName> = new Set(['battery_in', 'battery_out', 'completed']);

/**
 * What a bay tells of a swap. A later step implies the earlier ones, for the platform's swap too (rule W2), and the end all of them: a step
 * that concerns nobody else there is told only when what comes next does not imply it, more than half of all that is told of a swap.
 */
export class SwapReports {
  readonly #station: ReportingStation;
  /** The last step, while nobody was told. */
  #untold: Report | null = null;

  constructor(station: ReportingStation) {
    this.#station = station;
  }

  /** @param swapMs that the whole swap takes when nothing holds it up: one that is longer might be given up as silent, and is told step by step */
  tell(report: Report, swapMs: number): void {
    if (!this.#station.tellsEveryStep && swapMs < SILENT_MS && OF_NO_CONCERN.has(report.event)) {
      this.#untold = report;
      return;
    }
    if (IMPLYING.has(report.event)) this.#untold = null;
    else this.tellUntold();
    this.#station.report(report.event, report.data);
  }

  /** Something holds the swap up: it is told how far it has come. */
  tellUntold(): void {
    const untold = this.#untold;
    if (untold === null) return;
    this.#untold = null;
    this.#station.report(untold.event, untold.data);
  }
}
