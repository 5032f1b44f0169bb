import { type Static, Type } from 'typebox';

/** More hours of one truck than a picture can show. */
export const TRACK_HOURS_MAX = 24;
export const TRACK_POINTS_MAX = 1_000;

/** Where a truck was, oldest first, one list for each field: at most so many points, evenly over the time. */
export const TruckTrack = Type.Object({
  truckId: Type.String(),
  from: Type.String({ description: 'scope time, RFC 3339' }),
  until: Type.String({ description: 'scope time, RFC 3339; what was reported later is not in it' }),
  widthMs: Type.Integer({ description: 'of several readings within this time the first stands; 0: all are there' }),
  at: Type.Array(Type.String()),
  chainageM: Type.Array(Type.Number({ description: 'm along the corridor from its port end' })),
});
export type TruckTrack = Static<typeof TruckTrack>;
