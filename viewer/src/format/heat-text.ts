import type { Dictionary } from '../i18n/en.ts';
import type { Heat, HeatKind } from '../scene/heat-scale.ts';
import { unitPrice } from './money.ts';
import { duration, percent, power, type Quantity, UNKNOWN } from './quantity.ts';

/** A quantity of a station as its label and the small map say it: with its unit, unknown as `—`. */
export function heatText(kind: HeatKind, { value }: Heat, words: Dictionary): string {
  const text = (of: Quantity): string => (of.unit === '%' || of.unit === '' ? `${of.figure}${of.unit}` : `${of.figure} ${of.unit}`);
  switch (kind) {
    case 'soc':
      return text(percent(value));
    case 'wait':
      return value === 0 ? words.layers.noWait : text(duration(value));
    case 'power':
      return text(power(value));
    case 'price':
      return value === null ? UNKNOWN : `${unitPrice(String(value))}/kWh`;
  }
}
