import { type Static, Type } from 'typebox';
import { Literals } from '../literals.ts';
import { PACK_LOCATIONS } from '../tele/packs.ts';

/** What the live data console shows. Unknown is null, never 0; powers and currents are positive into the pack. */
const N = Type.Union([Type.Number(), Type.Null()]);
const S = Type.Union([Type.String(), Type.Null()]);

export const SohEstimateView = Type.Object({
  estimatedAt: Type.String(),
  method: Type.String({ description: 'REST_PAIRS_ML: energy and open-circuit voltage between rests, by maximum likelihood' }),
  sohPercent: Type.Number(),
  lowPercent: Type.Number({ description: 'of the interval that holds 95 %' }),
  highPercent: Type.Number(),
  pairs: Type.Integer({ description: 'of rests that it is made from' }),
});
export type SohEstimateView = Static<typeof SohEstimateView>;

export const PackRestView = Type.Object({
  at: Type.String({ description: 'end of the rest' }),
  restedMs: Type.Number(),
  socPercent: Type.Number({ description: 'that the voltage of the resting cells told' }),
  sigmaPercent: Type.Number({ description: 'its standard deviation' }),
  energyWh: Type.Union([Type.Number(), Type.Null()], {
    description: 'stored since the rest before, positive into the pack; null: readings are missing',
  }),
});
export type PackRestView = Static<typeof PackRestView>;
export const PackSohView = Type.Object({
  estimates: Type.Array(SohEstimateView, { description: 'oldest first' }),
  rests: Type.Array(PackRestView, { description: 'that the last estimate is made from, oldest first' }),
});
export type PackSohView = Static<typeof PackSohView>;

export const EQUIPMENT_KINDS = ['pack', 'slot', 'meter', 'truck'] as const;
export type EquipmentKind = (typeof EQUIPMENT_KINDS)[number];
/** `STALE`: its source is heard, and says nothing of it. */
export const PRESENCES = ['ONLINE', 'STALE', 'OFFLINE', 'NEVER_SEEN'] as const;
export type Presence = (typeof PRESENCES)[number];

/** One piece of key equipment with its last report. */
export const EquipmentRow = Type.Object({
  kind: Literals(EQUIPMENT_KINDS),
  id: Type.String(),
  /** Principal whose it is; null: not for the caller. */
  ownerId: S,
  /** Where it is: a truck, slot or bay; of a slot or meter its station. */
  place: Type.Union([Type.Object({ kind: Literals([...PACK_LOCATIONS, 'STATION']), id: Type.String() }), Type.Null()]),
  /** Actor state; of a meter what it measures. */
  state: Type.String(),
  presence: Literals(PRESENCES),
  tempC: N,
  voltageV: N,
  currentA: N,
  powerW: N,
  /** Content of a pack; register of a meter or charger. */
  energyWh: N,
  socPercent: N,
  /** As the BMS reports. */
  sohPercent: N,
  sohEstimate: Type.Union([SohEstimateView, Type.Null()]),
  reportedAt: S,
  q: Type.Array(Type.String()),
});
export type EquipmentRow = Static<typeof EquipmentRow>;
/** Of the row above, in the order in which they are shown. */
export const EQUIPMENT_COLUMNS = [
  'id',
  'presence',
  'state',
  'place',
  'tempC',
  'voltageV',
  'currentA',
  'powerW',
  'energyWh',
  'socPercent',
  'sohPercent',
  'sohEstimate',
  'ownerId',
  'reportedAt',
  'q',
] as const;
export type EquipmentColumn = (typeof EQUIPMENT_COLUMNS)[number];
export const EquipmentList = Type.Object({
  scopeAt: Type.String(),
  items: Type.Array(EquipmentRow),
  nextCursor: S,
  found: Type.Integer({ description: 'rows that were asked for, on all pages' }),
  total: Type.Integer({ description: 'rows of the kind that the caller may see' }),
});
export type EquipmentList = Static<typeof EquipmentList>;

/** Of the values of one point in time; the same number of each. */
const Column = Type.Object({ mean: Type.Array(N), low: Type.Array(N), high: Type.Array(N) });
export const Curves = Type.Object({
  /** What it was made from: readings, or means of minutes or hours. */
  resolution: Literals(['RAW', '1m', '1h']),
  at: Type.Array(Type.String(), { description: 'beginning of each point' }),
  widthMs: Type.Number({ description: 'time that a point stands for; 0: single readings' }),
  series: Type.Record(Type.String(), Column),
  gaps: Type.Array(Type.Object({ from: Type.String(), until: Type.String() }), { description: 'times without any reading' }),
  flags: Type.Array(Type.Object({ from: Type.String(), until: Type.String(), q: Type.Array(Type.String()), readings: Type.Integer() }), {
    description: 'times with readings that something is wrong with',
  }),
});
export type Curves = Static<typeof Curves>;
