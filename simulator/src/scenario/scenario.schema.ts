import { GRID_REGIONS, TimeOfUseTariff } from '@corridor/protocols/network-file';
import { type Static, Type } from 'typebox';
import { Policies } from '../policies/policies.schema.ts';
import { Ageing } from './ageing.schema.ts';
import { Business } from './business.schema.ts';
import { DurationDistribution } from './distribution.ts';
import { Carbon, Pv } from './energy.schema.ts';
import { Fault } from './faults.schema.ts';
import { Staff } from './staff.schema.ts';
import { Traction } from './traction.schema.ts';
import { WeatherPlan } from './weather.schema.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$', description: 'letters, digits, _ and -' });
const Ratio = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const Percent = (description: string) => Type.Number({ exclusiveMinimum: 0, maximum: 100, description });
const MassKg = (description: string) => Type.Number({ minimum: 5_000, maximum: 100_000, description: `${description} [kg]` });
const Count = (minimum: number, maximum: number, description: string) => Type.Integer({ minimum, maximum, description });

const Site = Type.Object(
  {
    id: Id,
    name: Type.Optional(Type.String({ maxLength: 100 })),
    nameZh: Type.Optional(Type.String({ maxLength: 100 })),
    /** For the map and for PV. */
    lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90, description: 'WGS-84 [°]' })),
    lon: Type.Optional(Type.Number({ minimum: -180, maximum: 180, description: 'WGS-84 [°]' })),
  },
  closed,
);

/** A road between two sites, driven both ways. */
const Road = Type.Object(
  {
    id: Id,
    from: Id,
    to: Id,
    lengthM: Type.Number({ minimum: 100, maximum: 5_000_000, description: 'length [m]' }),
    cruiseKmh: Type.Number({ minimum: 10, maximum: 120, description: 'speed where no grade limits it [km/h]' }),
    elevations: Type.Array(Type.Tuple([Type.Number({ minimum: 0 }), Type.Number({ minimum: -500, maximum: 9_000 })]), {
      minItems: 2,
      maxItems: 10_000,
      description: '[m from the beginning, m above the sea], from 0 to the length of the road',
    }),
  },
  closed,
);

const Station = Type.Object(
  {
    id: Id,
    siteId: Id,
    /** Trips to these sites may swap here; absent: all. One side of a dual carriageway serves one direction. */
    servesTripsTo: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 100 })),
    bays: Count(1, 1_000, 'trucks served at the same time'),
    packs: Count(1, 10_000, 'charged packs on the first day'),
    chargers: Count(1, 10_000, 'packs charged at the same time'),
    chargerPowerW: Type.Number({ minimum: 1_000, maximum: 5_000_000, description: 'power of one charger [W]' }),
    gridLimitW: Type.Number({ minimum: 1_000, maximum: 1_000_000_000, description: 'shared by the chargers [W]' }),
    issueSocPercent: Percent('a pack is given out when it is charged to this [%]'),
    discipline: Type.Union([Type.Literal('wait'), Type.Literal('lost')], {
      description: 'whether a truck that cannot be served at once waits or drives on',
    }),
    swapTime: DurationDistribution,
    /** Absent: by the charge curve. */
    chargeTime: Type.Optional(DurationDistribution),
    /** Who comes when a motion failed; absent: nobody. */
    staff: Type.Optional(Staff),
    /** Whose tariffs hold here; absent: energy has no price here. */
    gridRegion: Type.Optional(Type.Enum([...GRID_REGIONS], { description: 'whose tariffs hold here' })),
    pv: Type.Optional(Pv),
    /** What charging policy `limit-following` keeps to, by hour of the day. */
    limitSignalW: Type.Optional(
      Type.Array(Type.Number({ minimum: 0, maximum: 1_000_000_000, description: 'power asked for [W]' }), {
        minItems: 24,
        maxItems: 24,
        description: 'power asked for by hour of the day [W]',
      }),
    ),
  },
  closed,
);
export type StationPlan = Static<typeof Station>;

const Poisson = Type.Object(
  {
    kind: Type.Literal('poisson'),
    perHour: Type.Number({ exclusiveMinimum: 0, maximum: 10_000, description: 'an hour, the mean of the day' }),
    /** Share of the mean by hour of the day: the mean of the shares is 1. */
    dayProfile: Type.Optional(Type.Array(Type.Number({ minimum: 0, maximum: 24 }), { minItems: 24, maxItems: 24 })),
  },
  closed,
);
const Interval = Type.Object({ kind: Type.Literal('interval'), between: DurationDistribution }, closed);
/** The next trip begins as soon as the truck is back. */
const Continuous = Type.Object(
  {
    kind: Type.Literal('continuous'),
    spreadMs: Type.Number({ minimum: 0, maximum: 86_400_000, description: 'first departures are spread over this [ms]' }),
  },
  closed,
);
const Arrivals = Type.Union([Poisson, Interval]);
export type ArrivalPlan = Static<typeof Arrivals>;

const Trips = Type.Object(
  {
    kind: Type.Literal('trips'),
    id: Id,
    trucks: Count(1, 100_000, 'trucks of the fleet'),
    /** Round trips from here … */
    from: Id,
    /** … to there and back. */
    to: Id,
    departures: Type.Union([Poisson, Interval, Continuous]),
    loadedMassOutKg: MassKg('gross mass on the way out'),
    loadedMassBackKg: MassKg('gross mass on the way back'),
    emptyMassKg: MassKg('gross mass without a load'),
    emptyTripRatio: Ratio('share of ways without a load'),
    turnTime: DurationDistribution,
    /** Each leg's energy and time vary by up to this, evenly. */
    legVariationRatio: Type.Number({ minimum: 0, maximum: 0.5, description: '0..0.5' }),
    towTime: DurationDistribution,
    startSocPercent: Percent('of the packs on board on the first day [%]'),
  },
  closed,
);
export type TripsPlan = Static<typeof Trips>;

/** Trucks from elsewhere that swap once and are gone: an open queue. */
const Visits = Type.Object(
  {
    kind: Type.Literal('visits'),
    id: Id,
    stationId: Id,
    arrivals: Arrivals,
    arriveSocPercent: Percent('of the pack that is brought [%]'),
  },
  closed,
);
export type VisitsPlan = Static<typeof Visits>;

/** So many trucks that are away for some time and come back to the same station: a closed queue. */
const Cycle = Type.Object(
  {
    kind: Type.Literal('cycle'),
    id: Id,
    stationId: Id,
    trucks: Count(1, 100_000, 'trucks of the fleet'),
    awayTime: DurationDistribution,
    arriveSocPercent: Percent('of the pack that is brought [%]'),
  },
  closed,
);
export type CyclePlan = Static<typeof Cycle>;
export type FleetPlan = TripsPlan | VisitsPlan | CyclePlan;

/** What `npm run simulate` runs (docs/architecture/planner.md). Everything is said, nothing is assumed: only what is marked may be left out. */
export const Scenario = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    about: Type.Optional(Type.String({ maxLength: 4_000 })),
    model: Type.Union([Type.Literal('coarse'), Type.Literal('full')], {
      description: 'the corridor as queues, or with the machines, procedure and books of the live platform',
    }),
    days: Type.Number({ exclusiveMinimum: 0, maximum: 36_500, description: 'horizon, warm-up included [d]' }),
    warmUpDays: Type.Number({ minimum: 0, maximum: 36_500, description: 'not counted in the results [d]' }),
    seeds: Type.Object({ first: Type.Integer({ minimum: 0, maximum: 2_000_000_000 }), count: Count(1, 100_000, 'runs') }, closed),
    eventsMax: Count(1, 10_000_000_000, 'a run that needs more is stopped'),
    pack: Type.Object(
      {
        type: Id,
        nominalWh: Type.Number({ minimum: 10_000, maximum: 2_000_000, description: 'capacity when new [Wh]' }),
        sohPercent: Percent('state of health of all packs, on the first day where they age [%]'),
        /** In a climate it is told there. */
        cellTempC: Type.Optional(Type.Number({ minimum: -40, maximum: 60, description: 'cells while they are charged [°C]' })),
        ageing: Type.Optional(Ageing),
      },
      closed,
    ),
    weather: WeatherPlan,
    traction: Type.Optional(Traction),
    /** Local date of the first midnight; tariffs, PV and a climate need it. */
    startsOn: Type.Optional(Type.String({ format: 'date', description: 'a date such as 2026-07-01' })),
    sites: Type.Array(Site, { minItems: 1, maxItems: 10_000 }),
    roads: Type.Array(Road, { maxItems: 10_000 }),
    stations: Type.Array(Station, { minItems: 1, maxItems: 10_000 }),
    fleets: Type.Array(Type.Union([Trips, Visits, Cycle]), { minItems: 1, maxItems: 1_000 }),
    tariffs: Type.Optional(Type.Array(TimeOfUseTariff, { minItems: 1, maxItems: 1_000 })),
    carbon: Type.Optional(Carbon),
    policies: Type.Optional(Policies),
    faults: Type.Optional(Type.Array(Fault, { maxItems: 10_000 })),
    /** Parties and agreements: the full model needs them, the coarse one has no use for them. */
    business: Type.Optional(Business),
  },
  closed,
);
export type Scenario = Static<typeof Scenario>;
