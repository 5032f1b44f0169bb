/** A number set for reading: figure and unit apart, because the unit is lighter. Unknown is `—` without a unit. */
export interface Quantity {
  figure: string;
  unit: string;
}

export const UNKNOWN = '—';

const formatters = new Map<string, Intl.NumberFormat>();

function formatterOf(decimals: number): Intl.NumberFormat {
  const key = String(decimals);
  const known = formatters.get(key);
  if (known !== undefined) return known;
  // Both languages of the page write figures alike: 1,234.5.
  const made = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  formatters.set(key, made);
  return made;
}

/** @param decimals fixed digits after the point, 0..6 */
export function figure(value: number | null | undefined, decimals = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const text = formatterOf(decimals).format(value);
  return /^-0([.]0*)?$/.test(text) ? text.slice(1) : text.replace('-', '−');
}

/** At most three significant digits, for the scene and lists. */
export function shortFigure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  return figure(value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

export function quantity(value: number | null | undefined, unit: string, decimals = 0): Quantity {
  const text = figure(value, decimals);
  return { figure: text, unit: text === UNKNOWN ? '' : unit };
}

/** Watts as W, kW or MW. */
export function power(powerW: number | null | undefined): Quantity {
  return scaled(powerW, ['W', 'kW', 'MW']);
}

/** Watt-hours as Wh, kWh, MWh or GWh. */
export function energy(energyWh: number | null | undefined): Quantity {
  return scaled(energyWh, ['Wh', 'kWh', 'MWh', 'GWh']);
}

/** Full precision in kWh (3 decimals = Wh), as on a bill. */
export function energyExact(energyWh: number | null | undefined): Quantity {
  return quantity(energyWh === null || energyWh === undefined ? null : energyWh / 1000, 'kWh', 3);
}

export function percent(value: number | null | undefined, decimals = 0): Quantity {
  return quantity(value, '%', decimals);
}

/** Metres along the road as a kilometre post: K126+400. */
export function chainage(chainageM: number | null | undefined): string {
  if (chainageM === null || chainageM === undefined || !Number.isFinite(chainageM)) return UNKNOWN;
  const metres = Math.round(chainageM);
  return `K${Math.floor(metres / 1000)}+${String(((metres % 1000) + 1000) % 1000).padStart(3, '0')}`;
}

/** Milliseconds as minutes and seconds or hours and minutes: 4:05, 1:20 h. */
export function duration(durationMs: number | null | undefined): Quantity {
  if (durationMs === null || durationMs === undefined || !Number.isFinite(durationMs)) return { figure: UNKNOWN, unit: '' };
  const seconds = Math.max(Math.round(durationMs / 1000), 0);
  const pad = (n: number): string => String(n).padStart(2, '0');
  if (seconds < 3600) return { figure: `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`, unit: 'min' };
  return { figure: `${Math.floor(seconds / 3600)}:${pad(Math.floor((seconds % 3600) / 60))}`, unit: 'h' };
}

function scaled(value: number | null | undefined, units: readonly string[]): Quantity {
  if (value === null || value === undefined || !Number.isFinite(value)) return { figure: UNKNOWN, unit: '' };
  let size = value;
  let at = 0;
  while (Math.abs(size) >= 999.5 && at < units.length - 1) {
    size /= 1000;
    at++;
  }
  const decimals = at === 0 || Math.abs(size) >= 100 ? 0 : Math.abs(size) >= 10 ? 1 : 2;
  return { figure: figure(size, decimals), unit: units[at] ?? '' };
}

const BASIS_POINTS_PER_PERCENT = 100;

/** A rate in basis points as `5 %` or `2.75 %`. */
export function percentText(basisPoints: number): string {
  return `${figure(basisPoints / BASIS_POINTS_PER_PERCENT, basisPoints % BASIS_POINTS_PER_PERCENT === 0 ? 0 : 2)} %`;
}
