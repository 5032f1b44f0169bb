import { BELOW_ZERO_RULES, SETTLEMENT_PERIODS } from '@corridor/protocols/agreement/settlement-agreement';
import { Alliance, BatteryRate, Contract, Principal, StationRate } from '@corridor/protocols/network-file';
import { FenText } from '@corridor/protocols/units';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$', description: 'letters, digits, _ and -' });
const list = <T extends Parameters<typeof Type.Array>[0]>(item: T, description: string) =>
  Type.Array(item, { minItems: 1, maxItems: 10_000, description });

/** When a principal gets its statements, and what becomes of one below zero: taken off the next one, or paid in at once. */
const Settlement = Type.Object(
  {
    principalId: Id,
    period: Type.Enum([...SETTLEMENT_PERIODS], { description: 'hours, days, weeks, months, or months paid 15 days later' }),
    belowZero: Type.Enum([...BELOW_ZERO_RULES], { description: 'what becomes of a statement below zero' }),
  },
  closed,
);
export type SettlementPlan = Static<typeof Settlement>;

/**
 * Who owns what and what was agreed, for the full model: the agreements are those that a live platform registers. Tariffs stand in the
 * scenario itself.
 */
export const Business = Type.Object(
  {
    platformId: Id,
    principals: list(Principal, 'platform, station operators, battery owners and carriers'),
    alliances: list(Alliance, 'whose stations and packs carriers may use'),
    contracts: list(Contract, 'of the carriers'),
    stationRates: list(StationRate, 'of every station'),
    batteryRates: list(BatteryRate, 'of every battery owner'),
    stationOperators: list(Type.Object({ stationId: Id, operatorId: Id }, closed), 'one for each station'),
    /** In turn, pack by pack. */
    packOwnerIds: list(Id, 'owners of the packs, in turn'),
    /** In turn, truck by truck. */
    fleetCarriers: list(
      Type.Object({ fleetId: Id, carrierIds: list(Id, 'carriers of its trucks, in turn') }, closed),
      'carriers of each fleet',
    ),
    /** Each carrier pays in at once when its balance falls below. */
    topUp: Type.Object({ belowFen: FenText('balance'), amountFen: FenText('paid in') }, closed),
    /** When those who earn are paid; absent: never, their income stays on their accounts. */
    settlements: Type.Optional(list(Settlement, 'one for the platform, each station operator and each battery owner')),
  },
  closed,
);
export type Business = Static<typeof Business>;
