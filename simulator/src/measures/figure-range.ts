/** Differences and balances; all others are counts, times, energies, shares or prices, and never below 0. */
const SIGNED: ReadonlySet<string> = new Set([
  'savedNetKgCo2PerDay',
  'energyImbalanceWh',
  'ledgerSumFen',
  // A pack that comes back without another one going out is credited.
  'payableFenPerDay',
  'payableFenPerBill',
]);
/** A party's books: it may pay more than it gets, and owe instead of being owed; loads that wait may become fewer. */
const SIGNED_BEGINNINGS = ['incomeFenPerDay.', 'owedFenAtEnd.', 'loadsWaitingGrowthPerDay.'];

/** What a figure can be at all, by its name; both ends belong to it. */
export function rangeOf(kpi: string): { low: number; high: number } {
  const isSigned = SIGNED.has(kpi) || SIGNED_BEGINNINGS.some((beginning) => kpi.startsWith(beginning));
  return { low: isSigned ? Number.NEGATIVE_INFINITY : 0, high: kpi.split('.')[0]?.endsWith('Ratio') ? 1 : Number.POSITIVE_INFINITY };
}
