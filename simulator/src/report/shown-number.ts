/** At most three digits that count, with thousands apart; what is unknown is a dash, never 0. */
export function shown(value: number | null | undefined, fractionDigitsMax = 2): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '—';
  const digits = Math.max(0, Math.min(fractionDigitsMax, 2 - Math.floor(Math.log10(Math.max(1e-9, Math.abs(value))))));
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : digits });
}

/** With its sign, for differences. */
export const signed = (value: number | null | undefined): string =>
  value !== null && value !== undefined && value > 0 ? `+${shown(value)}` : shown(value).replace('-', '−');
