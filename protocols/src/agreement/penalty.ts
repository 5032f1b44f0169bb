import { type Static, Type } from 'typebox';
import { IdText } from '../ids.ts';
import { SocPercent } from '../units.ts';

/** What a carrier owes for what it should not have done, and when it is waived. */
const closed = { additionalProperties: false } as const;
const amountFen = Type.String({ pattern: '^[1-9]\\d{0,17}$', description: 'per case, tax included [fen]' });

export const Waiver = Type.Union([
  /** The rule is new. */
  Type.Object({ rule: Type.Literal('INTRODUCTION'), until: Type.String({ format: 'date', description: 'last local date' }) }, closed),
  Type.Object({ rule: Type.Literal('STATIONS'), stationIds: Type.Array(IdText('station'), { minItems: 1 }) }, closed),
  /** The truck had to wait: the station's doing, not the driver's. */
  Type.Object(
    { rule: Type.Literal('WAITED'), minutes: Type.Integer({ minimum: 1, maximum: 1_440, description: 'at least [min]' }) },
    closed,
  ),
]);
export type Waiver = Static<typeof Waiver>;
const waivers = Type.Array(Waiver);

export const Penalty = Type.Union([
  /** The pack came back below a SOC; to the owner of that pack. */
  Type.Object({ kind: Type.Literal('DEEP_DISCHARGE'), belowSocPercent: SocPercent('returned'), amountFen, waivers }, closed),
  /** A truck did not come for the pack that was kept for it; to the station's operator. */
  Type.Object({ kind: Type.Literal('NO_SHOW'), amountFen, waivers }, closed),
  /** A truck stayed in the bay after its swap; per started block, to the station's operator. */
  Type.Object(
    {
      kind: Type.Literal('OVERSTAY'),
      graceMinutes: Type.Integer({ minimum: 0, maximum: 1_440 }),
      blockMinutes: Type.Integer({ minimum: 1, maximum: 1_440 }),
      amountFen,
      waivers,
    },
    closed,
  ),
]);
export type Penalty = Static<typeof Penalty>;
export type PenaltyKind = Penalty['kind'];
export type PenaltyOf<K extends PenaltyKind> = Extract<Penalty, { kind: K }>;
