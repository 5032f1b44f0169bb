import type { Bundle } from './bundle.ts';
import { compareCharges } from './compare-charges.ts';
import { compareCorrections } from './compare-corrections.ts';
import { compareOrders } from './compare-orders.ts';
import { compareStatements } from './compare-statements.ts';
import { compareTransfers } from './compare-transfers.ts';
import { Comparison, type Difference } from './difference.ts';

export interface Recomputed {
  readonly principalId: string;
  readonly orders: number;
  readonly lines: number;
  readonly transfers: number;
  /** Figures that were computed and compared. */
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/** Computes everything in a bundle again. */
export function recompute(bundle: Bundle): Recomputed {
  const comparison = new Comparison();
  compareOrders(bundle, comparison);
  compareCharges(bundle, comparison);
  compareTransfers(bundle, comparison);
  compareCorrections(bundle, comparison);
  compareStatements(bundle, comparison);
  return {
    principalId: bundle.principalId,
    orders: bundle.orders.length,
    lines: bundle.orders.reduce((sum, { lines }) => sum + lines.length, 0),
    transfers: bundle.transfers.length,
    compared: comparison.compared,
    differences: comparison.differences,
  };
}
