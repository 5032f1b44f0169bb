const DIGITS = 3;
/** Of a number below 1; a difference may have more. */
const FRACTION_DIGITS_MAX = 6;

/** At most three digits that count, with thousands apart; what is unknown is a dash, never 0; below 0 with the sign of minus. */
export function shown(value: number | null | undefined, fractionDigitsMax = 2): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '—';
  const digits = Math.max(0, Math.min(fractionDigitsMax, DIGITS - 1 - Math.floor(Math.log10(Math.max(1e-9, Math.abs(value))))));
  const text = value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : digits });
  return text === '-0' ? '0' : text.replace('-', '−');
}

/** With its sign, for differences: one that is small beside its figure is not 0. */
export function signed(value: number | null | undefined): string {
  const text = shown(value, value !== null && value !== undefined && Math.abs(value) < 0.1 ? FRACTION_DIGITS_MAX : 2);
  return value !== null && value !== undefined && value > 0 && text !== '0' ? `+${text}` : text;
}
