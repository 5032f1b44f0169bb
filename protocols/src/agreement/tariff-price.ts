import { type Static, Type } from 'typebox';
import { TariffPeriodKind } from '../tariff-period.ts';
import { NanoYuanPerKwhText } from '../units.ts';
import { HourRange } from './hour-range.ts';

const closed = { additionalProperties: false } as const;
const IsoDate = Type.String({ format: 'date' });

/** Hours of one period in a day. */
export const PeriodHours = Type.Object({ period: TariffPeriodKind, ranges: Type.Array(HourRange, { minItems: 1 }) }, closed);
export type PeriodHours = Static<typeof PeriodHours>;

/** Price of a period: a figure, or its factor in the tariff's formula. */
export const PeriodPrice = Type.Union([
  Type.Object({ period: TariffPeriodKind, priceNanoYuanPerKwh: NanoYuanPerKwhText('price') }, closed),
  Type.Object(
    { period: TariffPeriodKind, factorBasisPoints: Type.Integer({ minimum: 0, maximum: 1_000_000, description: '10,000 = flat' }) },
    closed,
  ),
]);
export type PeriodPrice = Static<typeof PeriodPrice>;

/**
 * `price = (fixed + base x factor) / efficiency`, rounded once to the nano-yuan. Purchase and line loss float with the
 * period; transmission, system operation and government funds do not. Without an efficiency the energy is counted where
 * the price is: 9,300 turns a price at the meter into one in the pack.
 */
export const PriceFormula = Type.Object(
  {
    fixedNanoYuanPerKwh: NanoYuanPerKwhText('does not float'),
    baseNanoYuanPerKwh: NanoYuanPerKwhText('floats'),
    efficiencyBasisPoints: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'meter to pack' })),
  },
  closed,
);
export type PriceFormula = Static<typeof PriceFormula>;

/** Dates with hours of their own. */
export const TariffHoliday = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    dates: Type.Array(IsoDate, { minItems: 1 }),
    /** true: these hours are the whole day; false: the hours that they do not name stay those of the month. */
    isWholeDay: Type.Boolean(),
    hours: Type.Array(PeriodHours, { minItems: 1 }),
    source: Type.Optional(Type.String()),
    unconfirmed: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type TariffHoliday = Static<typeof TariffHoliday>;
