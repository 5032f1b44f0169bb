import { describe, expect, it } from 'vitest';
import { sumFen, unitPrice, yuan } from './money.ts';
import { chainage, duration, energy, energyExact, figure, percent, power, quantity, shortFigure } from './quantity.ts';
import { clockTime, dayAndTime, period, withZone } from './time.ts';

describe('quantities', () => {
  it('shows what is unknown as a dash without a unit, never as zero', () => {
    for (const unknown of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(figure(unknown)).toBe('—');
      expect(quantity(unknown, 'km/h')).toEqual({ figure: '—', unit: '' });
      expect(power(unknown)).toEqual({ figure: '—', unit: '' });
      expect(duration(unknown)).toEqual({ figure: '—', unit: '' });
      expect(chainage(unknown)).toBe('—');
    }
    expect(figure(0)).toBe('0');
  });

  it('chooses the unit so that three digits are enough', () => {
    expect(power(0)).toEqual({ figure: '0', unit: 'W' });
    expect(power(240_000)).toEqual({ figure: '240', unit: 'kW' });
    expect(power(1_432_100)).toEqual({ figure: '1.43', unit: 'MW' });
    expect(power(-12_340)).toEqual({ figure: '−12.3', unit: 'kW' });
    expect(power(999_600)).toEqual({ figure: '1.00', unit: 'MW' });
    expect(energy(18_400_000)).toEqual({ figure: '18.4', unit: 'MWh' });
  });

  it('keeps every watt-hour of a bill', () => {
    expect(energyExact(263_952)).toEqual({ figure: '263.952', unit: 'kWh' });
  });

  it('does not write minus zero', () => {
    expect(figure(-0.2)).toBe('0');
    expect(figure(-0.04, 1)).toBe('0.0');
  });

  it('writes a kilometre post', () => {
    expect(chainage(126_400.4)).toBe('K126+400');
    expect(chainage(4_800)).toBe('K4+800');
    expect(chainage(999.6)).toBe('K1+000');
  });

  it('writes times as minutes and hours', () => {
    expect(duration(245_000)).toEqual({ figure: '4:05', unit: 'min' });
    expect(duration(4_800_000)).toEqual({ figure: '1:20', unit: 'h' });
    expect(shortFigure(123.456)).toBe('123');
    expect(percent(86.44, 1)).toEqual({ figure: '86.4', unit: '%' });
  });
});

describe('money', () => {
  it('has two decimals, thousands and a true minus', () => {
    expect(yuan('28900')).toBe('¥289.00');
    expect(yuan('-1359')).toBe('−¥13.59');
    expect(yuan('5')).toBe('¥0.05');
    expect(yuan('123456789012345678')).toBe('¥1,234,567,890,123,456.78');
  });

  it('refuses what is not an amount', () => {
    for (const bad of [null, undefined, '', '1.5', 'abc', '1e3']) expect(yuan(bad)).toBe('—');
    expect(sumFen(['100', 'x'])).toBeNull();
  });

  it('adds without a float', () => {
    expect(sumFen(['9007199254740993', '1', '-2'])).toBe('9007199254740992');
  });

  it('shows a unit price with the decimals it needs', () => {
    expect(unitPrice('650000000')).toBe('¥0.65');
    expect(unitPrice('291000000')).toBe('¥0.291');
    expect(unitPrice('10000000000')).toBe('¥10.00');
  });
});

describe('time', () => {
  it('is the local time of the corridor, whatever the zone of the machine', () => {
    expect(clockTime('2026-11-22T02:20:00Z')).toBe('10:20:00');
    expect(dayAndTime('2026-11-22T17:00:00Z')).toBe('2026-11-23 01:00:00');
    expect(clockTime('2026-11-22T16:00:00Z')).toBe('00:00:00');
    expect(withZone('2026-11-22T02:20:00Z')).toContain('Asia/Shanghai');
    expect(clockTime(null)).toBe('—');
    expect(clockTime('not a time')).toBe('—');
  });
});

it('says a period by its local days, one day once, and by its times when it is shorter', () => {
  expect(period('2026-11-21T16:00:00Z', '2026-11-22T16:00:00Z')).toBe('2026-11-22');
  expect(period('2026-10-31T16:00:00Z', '2026-11-30T16:00:00Z')).toBe('2026-11-01 – 2026-11-30');
  expect(period('2026-11-22T02:00:00Z', '2026-11-22T03:00:00Z')).toBe('2026-11-22 10:00 – 11:00');
  expect(period('2026-11-22T15:00:00Z', '2026-11-22T16:00:00Z')).toBe('2026-11-22 23:00 – 24:00');
  expect(period('2026-11-22T15:00:00Z', '2026-11-23T03:00:30Z')).toBe('2026-11-22 23:00 – 2026-11-23 11:00:30');
});
