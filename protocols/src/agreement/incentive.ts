import { type Static, Type } from 'typebox';
import { IdText } from '../ids.ts';
import { NanoYuanPerKwhText } from '../units.ts';
import { HourRange } from './hour-range.ts';

/** A named discount that keeps packs in use; its line on the bill carries the name, its funder pays it. */
const closed = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 120 });

/** All that is stated must hold; what a condition asks and nobody knows (stock of a silent station) does not hold. */
export const IncentiveCondition = Type.Object(
  {
    /** The order began in these local hours. */
    hours: Type.Optional(Type.Array(HourRange, { minItems: 1 })),
    stationIds: Type.Optional(Type.Array(IdText('station'), { minItems: 1 })),
    /** Charged packs that the station could issue when the order reserved one, that one included: more than. */
    readyPacksAbove: Type.Optional(Type.Integer({ minimum: 0, maximum: 500 })),
    /** Fewer than: a pack brought to a station that is short of them. */
    readyPacksBelow: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  closed,
);
export type IncentiveCondition = Static<typeof IncentiveCondition>;

export const Incentive = Type.Object(
  {
    id: IdText('incentive'),
    name: Name,
    nameZh: Name,
    validFrom: Type.String({ format: 'date' }),
    validUntil: Type.String({ format: 'date' }),
    when: IncentiveCondition,
    discount: Type.Union([
      Type.Object({ nanoYuanPerKwh: NanoYuanPerKwhText('off each kWh of net energy') }, closed),
      Type.Object({ fenPerSwap: Type.String({ pattern: '^[1-9]\\d{0,17}$', description: 'off each swap [fen]' }) }, closed),
    ]),
    funderId: IdText('principal that pays it'),
  },
  closed,
);
export type Incentive = Static<typeof Incentive>;
