import { type Static, Type } from 'typebox';
import { Billing } from './agreement/billing.ts';
import { CommissionRates, TaxRates } from './agreement/component-rates.ts';
import { Incentive } from './agreement/incentive.ts';
import { Penalty } from './agreement/penalty.ts';
import { PeriodHours, PeriodPrice, PriceFormula, TariffHoliday } from './agreement/tariff-price.ts';
import { IdText } from './ids.ts';
import { Literals } from './literals.ts';
import { IdToken } from './ocpp.ts';
import { DIRECTIONS } from './tele/truck.ts';
import {
  ChainageM,
  DistanceM,
  EnergyWh,
  FenText,
  LatDeg,
  LonDeg,
  MassKg,
  NanoYuanPerKwhText,
  PowerW,
  SocPercent,
  SohPercent,
  VoltageV,
} from './units.ts';

/**
 * A network file: who and what takes part (principals, contracts, tariffs, stations, packs, trucks, drivers). The twin
 * registers it when its database is empty; the traffic simulator builds its plant from the same file.
 */
const closed = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 120 });

export const PRINCIPAL_KINDS = ['PLATFORM', 'STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER'] as const;
export type PrincipalKind = (typeof PRINCIPAL_KINDS)[number];
export const GRID_REGIONS = ['HEBEI_SOUTH', 'SHANXI'] as const;
export type GridRegion = (typeof GRID_REGIONS)[number];

export const Principal = Type.Object({ id: IdText('principal'), kind: Literals(PRINCIPAL_KINDS), name: Name, nameZh: Name }, closed);
export type Principal = Static<typeof Principal>;

export const PackType = Type.Object(
  {
    code: IdText('catalogue code'),
    nominalWh: EnergyWh('nominal content'),
    massKg: MassKg('with frame'),
    nominalVoltageV: VoltageV('nominal'),
    interfaceType: IdText('mechanical and electrical interface'),
  },
  closed,
);
export type PackType = Static<typeof PackType>;

export const StationDefinition = Type.Object(
  {
    id: IdText('station'),
    siteId: IdText('site'),
    name: Name,
    nameZh: Name,
    operatorId: IdText('station operator'),
    direction: Literals(['BOTH', 'WEST', 'EAST']),
    chainageM: ChainageM('along the corridor'),
    lat: LatDeg('latitude'),
    lon: LonDeg('longitude'),
    gridRegion: Literals(GRID_REGIONS),
    bays: Type.Integer({ minimum: 1, maximum: 8 }),
    slots: Type.Integer({ minimum: 2, maximum: 500 }),
    chargerPowerW: PowerW('of one slot'),
    gridLimitW: PowerW('of the connection'),
    pvPeakW: PowerW('installed PV'),
    interfaceTypes: Type.Array(IdText('interface accepted'), { minItems: 1 }),
    targetSocPercent: SocPercent('needed for issue'),
    maxSocPercent: SocPercent('charging stops here'),
  },
  closed,
);
export type StationDefinition = Static<typeof StationDefinition>;

export const PackDefinition = Type.Object(
  {
    id: IdText('serial number'),
    typeCode: IdText('pack type'),
    ownerId: IdText('battery owner'),
    initial: Type.Object({ kind: Literals(['SLOT', 'TRUCK']), id: IdText('slot or truck') }, closed),
    initialSocPercent: SocPercent('at the first start'),
    initialSohPercent: SohPercent('at the first start'),
  },
  closed,
);
export type PackDefinition = Static<typeof PackDefinition>;

export const TruckDefinition = Type.Object(
  {
    id: IdText('truck'),
    vin: Type.String({ minLength: 17, maxLength: 17 }),
    plate: Type.String({ minLength: 1, maxLength: 16 }),
    rfid: Type.String({ minLength: 1, maxLength: 64 }),
    carrierId: IdText('carrier'),
    interfaceType: IdText('interface of the pack it takes'),
    /** Tractor and trailer without pack and load. */
    tareMassKg: MassKg('without pack'),
    initialChainageM: ChainageM('at the first start'),
    initialDirection: Literals(DIRECTIONS),
    /** When it joined: where a price by the kilometre begins to count. */
    initialOdometerM: Type.Optional(DistanceM('odometer at registration')),
    /** true: its telemetry is a recording; it is shown, never dispatched. */
    replayed: Type.Boolean(),
  },
  closed,
);
export type TruckDefinition = Static<typeof TruckDefinition>;

export const DriverDefinition = Type.Object(
  {
    id: IdText('driver'),
    name: Name,
    carrierId: IdText('carrier'),
    idToken: IdToken,
    truckIds: Type.Array(IdText('truck the driver is bound to')),
    certifiedUntil: Type.String({ format: 'date' }),
  },
  closed,
);
export type DriverDefinition = Static<typeof DriverDefinition>;

/** Stations whose owners let each other's customers in: grouped freely, as unions of others, or as a part of another. */
export const Alliance = Type.Object(
  {
    id: IdText('alliance'),
    name: Name,
    stationIds: Type.Array(IdText('station')),
    packOwnerIds: Type.Array(IdText('battery owner')),
    /** It opens what these open, each to all. */
    unionOf: Type.Optional(Type.Array(IdText('alliance'), { maxItems: 50, uniqueItems: true })),
    /** Sub-network: of all this only what that one opens too. */
    withinId: Type.Optional(IdText('alliance around it')),
  },
  closed,
);
export type Alliance = Static<typeof Alliance>;

/** Energy on board of a truck that joins or leaves, settled by its whole content. */
export const EnergyDeposit = Type.Object(
  {
    joinNanoYuanPerKwh: NanoYuanPerKwhText('deposited when a truck joins'),
    leaveNanoYuanPerKwh: NanoYuanPerKwhText('charged for what is missing when it leaves'),
  },
  closed,
);
export type EnergyDeposit = Static<typeof EnergyDeposit>;

/**
 * What a carrier agreed: where it may swap, whose packs, how it is charged, and the shares. A version is never edited: the
 * next one is another contract that begins later.
 */
export const Contract = Type.Object(
  {
    id: IdText('contract'),
    carrierId: IdText('carrier'),
    allianceIds: Type.Array(IdText('alliance')),
    validFrom: Type.String({ format: 'date' }),
    validUntil: Type.String({ format: 'date' }),
    splitRule: Literals(['LOTS', 'SWAP_TIME']),
    holdMarginBasisPoints: Type.Integer({ minimum: 0, maximum: 10_000, description: 'hold = quote x (1 + margin)' }),
    holdStepFen: FenText('the hold is rounded up to a multiple of this'),
    commissionServiceBasisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }),
    commissionRentBasisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }),
    settlementPeriod: Literals(['T0', 'D1', 'W1', 'M1', 'M1_15']),
    /** Absent: PER_KWH. */
    billing: Type.Optional(Billing),
    /** Absent: the platform's stated defaults. */
    tax: Type.Optional(TaxRates),
    /** Replaces the two rates above where components differ: they are then of no effect. */
    commission: Type.Optional(CommissionRates),
    penalties: Type.Optional(Type.Array(Penalty)),
    /** Each that holds is a line of its own, in this order. */
    incentives: Type.Optional(Type.Array(Incentive)),
    energyDeposit: Type.Optional(EnergyDeposit),
  },
  closed,
);
export type Contract = Static<typeof Contract>;

/**
 * Hours and prices of the energy in the pack, of a grid region or of one station in it. A station's own tariff wins; within
 * a scope the newest version that has begun.
 */
export const TimeOfUseTariff = Type.Object(
  {
    id: IdText('tariff version'),
    gridRegion: Literals(GRID_REGIONS),
    stationId: Type.Optional(IdText('the only station that it is for')),
    effectiveFrom: Type.String({ format: 'date' }),
    seasons: Type.Array(
      Type.Object(
        {
          months: Type.Array(Type.Integer({ minimum: 1, maximum: 12 }), { minItems: 1 }),
          hours: Type.Array(PeriodHours, { minItems: 1 }),
          /** Of this row, where it is another than the version's. */
          source: Type.Optional(Type.String()),
          unconfirmed: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
      { minItems: 1 },
    ),
    holidays: Type.Optional(Type.Array(TariffHoliday)),
    /** Price of the energy in the pack, by period. */
    prices: Type.Array(PeriodPrice, { minItems: 1 }),
    /** Of the prices that are factors. */
    formula: Type.Optional(PriceFormula),
    source: Type.String(),
    unconfirmed: Type.Boolean(),
  },
  closed,
);
export type TimeOfUseTariff = Static<typeof TimeOfUseTariff>;

/** Station rate (换电站费率). */
export const StationRate = Type.Object(
  {
    id: IdText('rate version'),
    stationId: IdText('station'),
    effectiveFrom: Type.String({ format: 'date' }),
    serviceNanoYuanPerKwh: NanoYuanPerKwhText('on net energy'),
    handlingFen: FenText('per swap'),
    /** Energy in the pack that came from the station's own PV. Absent: it costs what the grid's does in that hour. */
    pvNanoYuanPerKwh: Type.Optional(NanoYuanPerKwhText('PV energy in the pack')),
  },
  closed,
);
export type StationRate = Static<typeof StationRate>;

/** Battery rate (电池费率) of an owner's packs, or of one of them: that one wins. Steps by SOH, highest first. */
export const BatteryRate = Type.Object(
  {
    id: IdText('rate version'),
    ownerId: IdText('battery owner'),
    packId: Type.Optional(IdText('the only pack that it is for')),
    effectiveFrom: Type.String({ format: 'date' }),
    rentNanoYuanPerKwh: NanoYuanPerKwhText('before the SOH factor'),
    sohSteps: Type.Array(
      Type.Object({ minSohPercent: SohPercent('from'), factorBasisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }) }, closed),
      { minItems: 1 },
    ),
  },
  closed,
);
export type BatteryRate = Static<typeof BatteryRate>;

export const NetworkFile = Type.Object(
  {
    platformId: IdText('platform'),
    principals: Type.Array(Principal),
    packTypes: Type.Array(PackType),
    stations: Type.Array(StationDefinition),
    packs: Type.Array(PackDefinition),
    trucks: Type.Array(TruckDefinition),
    drivers: Type.Array(DriverDefinition),
    alliances: Type.Array(Alliance),
    contracts: Type.Array(Contract),
    tariffs: Type.Array(TimeOfUseTariff),
    stationRates: Type.Array(StationRate),
    batteryRates: Type.Array(BatteryRate),
    /** Prepaid balances reached by a first top-up through the payment rail. */
    openingTopUps: Type.Array(Type.Object({ carrierId: IdText('carrier'), amountFen: FenText('top-up') }, closed)),
  },
  closed,
);
export type NetworkFile = Static<typeof NetworkFile>;
