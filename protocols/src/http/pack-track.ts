import { type Static, Type } from 'typebox';
import { Literals } from '../literals.ts';
import { PACK_LOCATIONS } from '../tele/packs.ts';

/** As long as readings are asked for at once. */
export const PACK_TRACK_HOURS_MAX = 31 * 24;
export const PACK_TRACK_POINTS_MAX = 1_000;
/** A pack is moved some eight times a day: eight times of what a span has. */
export const STAYS_MAX = 2_000;

const TextOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
const NumberOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

/** One place that a pack was at, as far as the caller may know of it. */
export const PackStay = Type.Object({
  from: Type.String({ description: 'scope time, RFC 3339; before the span, where the stay began before it' }),
  until: TextOrNull('not included; null: it was still there when the span ended'),
  place: Type.Object({ kind: Literals(PACK_LOCATIONS), id: Type.String() }),
  stationId: TextOrNull('of a slot or bay'),
  plate: TextOrNull('of a truck; null for who may not see it'),
  fromSocPercent: NumberOrNull('first reading of the stay; null: there is none'),
  untilSocPercent: NumberOrNull('last reading of the stay'),
  orderId: TextOrNull('of the swap that brought it here'),
  at: Type.Array(Type.String(), { description: 'on a truck: when it was where, oldest first' }),
  chainageM: Type.Array(Type.Number({ description: 'm along the corridor from its port end; to a kilometre for the owner of the pack' })),
});
export type PackStay = Static<typeof PackStay>;

/** Where a pack was, oldest first. */
export const PackTrack = Type.Object({
  packId: Type.String(),
  from: Type.String({ description: 'scope time, RFC 3339' }),
  until: Type.String({ description: 'scope time, RFC 3339; what was reported later is not in it' }),
  widthMs: Type.Integer({ description: 'of several readings of a truck within this time the first stands' }),
  stays: Type.Array(PackStay),
  truncated: Type.Boolean({ description: 'only the last are told' }),
});
export type PackTrack = Static<typeof PackTrack>;
