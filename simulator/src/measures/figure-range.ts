/** Differences and balances; all others are counts, times, energies, shares or prices, and never below 0. */
const SIGNED: ReadonlySet<string> = new Set(['savedNetKgCo2PerDay', 'energyImbalanceWh', 'ledgerSumFen']);
/** A party's books: it may pay more than it gets. */
const SIGNED_BEGINNING = 'incomeFenPerDay.';

/** What a figure can be at all, by its name; both ends belong to it. */
export function rangeOf(kpi: string): { low: number; high: number } {
  const isSigned = SIGNED.has(kpi) || kpi.startsWith(SIGNED_BEGINNING);
  return { low: isSigned ? Number.NEGATIVE_INFINITY : 0, high: kpi.endsWith('Ratio') ? 1 : Number.POSITIVE_INFINITY };
}
