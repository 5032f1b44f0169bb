import { type Static, Type } from 'typebox';
import { DurationDistribution } from './distribution.ts';

const closed = { additionalProperties: false } as const;
const StationId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$', description: 'a station' });
/** A century: what breaks less often need not be planned for. */
const MTBF_MS_MAX = 3_153_600_000_000;

/** A station without power, once: no swap begins, nothing is charged. */
const Blackout = Type.Object(
  {
    kind: Type.Literal('blackout'),
    stationId: StationId,
    fromDay: Type.Number({ minimum: 0, maximum: 36_500, description: 'day and part of a day from the beginning [d]' }),
    durationMs: Type.Number({ exclusiveMinimum: 0, maximum: 31_536_000_000, description: 'until power is back [ms]' }),
  },
  closed,
);

/** One charger; one bay with its gantry; the station's connection. */
export const BREAKABLE_PARTS = ['charger', 'bay', 'station'] as const;
export type BreakablePart = (typeof BREAKABLE_PARTS)[number];

/** Parts that break at random: each unit for itself, by the calendar and not by use, from the first instant on. */
const Breakdowns = Type.Object(
  {
    kind: Type.Literal('breakdowns'),
    part: Type.Enum([...BREAKABLE_PARTS], { description: 'what breaks' }),
    /** Absent: all. */
    stationId: Type.Optional(StationId),
    mtbfMs: Type.Number({
      exclusiveMinimum: 0,
      maximum: MTBF_MS_MAX,
      description: 'mean time that a unit works between a repair and its next failure, which is exponential [ms]',
    }),
    /** From the failure until the unit works again. */
    repairTime: DurationDistribution,
  },
  closed,
);
export type BreakdownsPlan = Static<typeof Breakdowns>;

/** Motions with which a station copes by itself when they fail: it tries again, or lets the truck out. */
const RETRIED_MOTIONS = ['POSITION', 'MAKE_SAFE', 'UNLOCK', 'LIFT'] as const;
/** Motions after which people may have to come: a swap stands, a truck has no pack, or a slot is out of use. */
export const STAFFED_MOTIONS = ['MOVE_IN', 'PLACE', 'PICK', 'MOVE_OUT', 'SEAT', 'LOCK', 'SELF_CHECK'] as const;
export const FAILING_MOTIONS = [...RETRIED_MOTIONS, ...STAFFED_MOTIONS] as const;
export type FailingMotion = (typeof FAILING_MOTIONS)[number];

/** Of each try of a motion so many fail (full model). */
const Motions = Type.Object(
  {
    kind: Type.Literal('motions'),
    motion: Type.Enum([...FAILING_MOTIONS], { description: 'which motion fails' }),
    /** Absent: all. */
    stationId: Type.Optional(StationId),
    failureRatio: Type.Number({ minimum: 0, maximum: 1, description: 'share of tries that fail, 0..1' }),
  },
  closed,
);
export type MotionsPlan = Static<typeof Motions>;

export const Fault = Type.Union([Blackout, Breakdowns, Motions]);
