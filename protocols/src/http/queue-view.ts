import { type Static, Type } from 'typebox';

const N = Type.Union([Type.String(), Type.Null()]);

/** Who waits at a station and who comes, with what is there for them. */
export const QueueView = Type.Object({
  stationId: Type.String(),
  /** Packs that can be issued now and are kept for nobody; null: it has not said. */
  readyNow: Type.Union([Type.Integer(), Type.Null()]),
  waiting: Type.Array(
    Type.Object({
      truckId: Type.String(),
      plate: N,
      position: Type.Integer({ description: '1 is next' }),
      since: Type.Union([Type.String(), Type.Null()], { description: 'null: not known' }),
      reservedPackId: Type.Union([Type.String(), Type.Null()], { description: 'pack that is kept for it' }),
    }),
    { description: 'longest first' },
  ),
  underWay: Type.Array(
    Type.Object({
      truckId: Type.String(),
      plate: N,
      etaAt: Type.String(),
      distanceM: Type.Union([Type.Number(), Type.Null()], {
        description: 'on the road, by the turn at its end when it drives away from the station; null to who may not see where it is',
      }),
      socPercent: Type.Union([Type.Number(), Type.Null()]),
      reservedPackId: N,
      packsLeft: Type.Union([Type.Integer(), Type.Null()], {
        description:
          'ready then, without those that the trucks before it take; 0 or less: none for it. null: not known, or one is kept for it',
      }),
    }),
    { description: 'next first' },
  ),
  nextReady: Type.Array(Type.Object({ evseId: Type.Integer(), packId: Type.String(), at: Type.String() }), {
    description: 'packs that are charging, by when they are ready as the charge curve has it',
  }),
});
export type QueueView = Static<typeof QueueView>;
