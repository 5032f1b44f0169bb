import { type Static, Type } from 'typebox';
import { IdText } from '../ids.ts';
import { Literals } from '../literals.ts';
import { NanoYuanPerKwhText } from '../units.ts';
import { COMPONENTS } from './component.ts';

/**
 * When a principal is settled, and with whom it shares what it earned (secondary clearing, docs/domain/settlement.md).
 * Versions are never edited: a new one begins at its date.
 */
const closed = { additionalProperties: false } as const;

/** T0: each clock hour; D1: each day; W1: Monday to Sunday; M1: each month; M1_15: each month, paid 15 days after its end. */
export const SETTLEMENT_PERIODS = ['T0', 'D1', 'W1', 'M1', 'M1_15'] as const;
export type SettlementPeriod = (typeof SETTLEMENT_PERIODS)[number];

/** What a share is a share of: all gross, all net, or the gross of one component. */
export const SHARE_BASES = ['GROSS', 'NET', ...COMPONENTS] as const;
export type ShareBase = (typeof SHARE_BASES)[number];

/**
 * When a statement is below zero: CARRY takes it off the next one; COLLECT has the principal pay it in through the rail. Who agreed on
 * nothing is carried over.
 */
export const BELOW_ZERO_RULES = ['CARRY', 'COLLECT'] as const;
export type BelowZeroRule = (typeof BELOW_ZERO_RULES)[number];
export const BELOW_ZERO_DEFAULT: BelowZeroRule = 'CARRY';

const partnerId = IdText('principal that is paid');
const basisPoints = Type.Integer({ minimum: 0, maximum: 10_000, description: 'of the base' });
/** Absent: all stations. */
const stationIds = Type.Optional(Type.Array(IdText('station'), { minItems: 1, uniqueItems: true }));

export const PartnerRule = Type.Union([
  /** Energy of PV lots charged at these stations, issued less returned, at a price. */
  Type.Object(
    { kind: Type.Literal('PV_OWNER'), partnerId, stationIds, priceNanoYuanPerKwh: NanoYuanPerKwhText('per kWh in the pack') },
    closed,
  ),
  /** Part of the service fee of these stations. */
  Type.Object({ kind: Type.Literal('SITE_OWNER'), partnerId, stationIds, basisPoints }, closed),
  Type.Object({ kind: Type.Literal('REVENUE_SHARE'), partnerId, stationIds, base: Literals(SHARE_BASES), basisPoints }, closed),
  /** A pool shared by what each player's stations are worth to the journeys that pass them (Shapley value). */
  Type.Object(
    {
      kind: Type.Literal('SHAPLEY'),
      base: Literals(SHARE_BASES),
      basisPoints,
      players: Type.Array(
        Type.Object({ partnerId, stationIds: Type.Array(IdText('station'), { minItems: 1, uniqueItems: true }) }, closed),
        {
          minItems: 1,
          // Coalitions are bits of a 32-bit number.
          maxItems: 30,
        },
      ),
    },
    closed,
  ),
]);
export type PartnerRule = Static<typeof PartnerRule>;

export const SettlementAgreement = Type.Object(
  {
    id: IdText('version of the agreement'),
    principalId: IdText('who is settled'),
    effectiveFrom: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'first local day' }),
    period: Literals(SETTLEMENT_PERIODS),
    /** Absent in a draft: it is written into it as the stated default. */
    belowZero: Type.Optional(Literals(BELOW_ZERO_RULES)),
    partners: Type.Array(PartnerRule, { maxItems: 32 }),
  },
  closed,
);
export type SettlementAgreement = Static<typeof SettlementAgreement>;
