import { type Static, Type } from 'typebox';
import { Geometry } from '../http/scene.ts';
import { Literals } from '../literals.ts';
import { SWAP_STATES } from '../swap-step.ts';
import { VEHICLE_STATES } from '../tele/truck.ts';
import { FenText } from '../units.ts';

/**
 * A recording of a simulated run: gzip of lines of JSON. First a head, then blocks in the order of time, each with the whole state at its
 * beginning and what changed after it, then an end, without which the file was cut (docs/architecture/planner.md, "Recording").
 */
export const RECORDING_FORMAT = 'corridor-recording';
/** Grows with every change of what follows. Another version is refused, never guessed at; only the first, which has less, is read still. */
export const RECORDING_VERSION = 2;
export const FIRST_RECORDING_VERSION = 1;

/** States that an order does not leave by itself; one that is `ABNORMAL` waits for a person. */
export const ENDED_ORDER_STATES: readonly string[] = ['CLEARED', 'SETTLED', 'REJECTED', 'CANCELLED', 'REPAIRED', 'WRITTEN_OFF'];
export const ACCOUNT_KINDS = ['PREPAID', 'HELD', 'DEPOSIT', 'PACKAGE', 'INCOME', 'CLEARING', 'RAIL'] as const;

const closed = { additionalProperties: false } as const;
/** Of the run. */
const AtMs = Type.Integer({ minimum: 0, description: 'ms from the first moment of the run' });
const NullableId = Type.Union([Type.String(), Type.Null()]);

/** A quantity that changes evenly between points in time and keeps the last value after the last one. */
const track = (unit: string) =>
  Type.Array(Type.Tuple([AtMs, Type.Integer()]), { description: `[ms, ${unit}], ascending; even in between`, maxItems: 100 });
export type Track = readonly (readonly [atMs: number, value: number])[];

export const RecordedTruck = Type.Object(
  {
    id: Type.String(),
    state: Literals(VEHICLE_STATES),
    /** Where it is bound for, waits or swaps. */
    stationId: NullableId,
    packId: NullableId,
    /** Empty: nobody knows where it is. */
    chainageM: track('m along the road'),
    isWestbound: Type.Boolean(),
    grossMassKg: Type.Union([Type.Integer(), Type.Null()]),
  },
  closed,
);
export type RecordedTruck = Static<typeof RecordedTruck>;

export const RecordedPack = Type.Object(
  {
    id: Type.String(),
    /** `TRANSFER`: in the bay of that id, out of the rack and not on the truck yet, or the other way round. */
    place: Type.Object({ kind: Literals(['TRUCK', 'SLOT', 'TRANSFER']), id: Type.String() }, closed),
    contentWh: track('Wh in the pack'),
    /** Where packs age; absent: as the head has it. */
    sohPercent: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
  },
  closed,
);
export type RecordedPack = Static<typeof RecordedPack>;

export const RecordedStation = Type.Object(
  {
    id: Type.String(),
    /** Trucks that wait, the longest first. */
    queue: Type.Array(Type.String()),
    /** Charged packs that no truck was promised. */
    readyPacks: Type.Integer({ minimum: 0 }),
    isDark: Type.Boolean({ description: 'without power' }),
    swaps: Type.Integer({ minimum: 0, description: 'since the first moment' }),
    bays: Type.Array(
      Type.Object(
        {
          truckId: NullableId,
          isDown: Type.Boolean({ description: 'out of order' }),
          /** null: a free bay, or a model without steps. */
          step: Type.Union([Literals(SWAP_STATES), Type.Null()]),
          /** The slot that this step is about. */
          evseId: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type RecordedStation = Static<typeof RecordedStation>;

const NullableFen = (description: string) => Type.Union([FenText(description), Type.Null()]);

/** A swap order as its row in the platform's books; the step of its swap is that of its bay. */
export const RecordedOrder = Type.Object(
  {
    id: Type.String(),
    /** Of the order machine. An order whose state is one of `ENDED_ORDER_STATES` is told once more, and never again. */
    state: Type.String({ pattern: '^[A-Z_]+$' }),
    reason: NullableId,
    initiation: Literals(['LOCAL', 'REMOTE']),
    stationId: Type.String(),
    bayId: NullableId,
    requestId: Type.Union([Type.Integer(), Type.Null()]),
    truckId: Type.String(),
    carrierId: NullableId,
    returnPackId: NullableId,
    issuePackId: NullableId,
    quotedFen: NullableFen('quoted'),
    heldFen: NullableFen('held for it'),
    payableFen: NullableFen('billed'),
    /** Content of the issued pack less that of the returned one [Wh], of those that moved; null: not billed yet. */
    energyWh: Type.Union([Type.Integer(), Type.Null()]),
    createdMs: AtMs,
    /** When this was first seen. */
    updatedMs: AtMs,
  },
  closed,
);
export type RecordedOrder = Static<typeof RecordedOrder>;

/** An account of the ledger. All of them together have nothing, at any instant. */
export const RecordedAccount = Type.Object(
  { id: Type.String(), principalId: NullableId, kind: Literals(ACCOUNT_KINDS), balanceFen: FenText('balance') },
  closed,
);
export type RecordedAccount = Static<typeof RecordedAccount>;

/** Money that is held for an order; 0: no more, and it is not told again. */
export const RecordedHold = Type.Object(
  { orderId: Type.String(), principalId: Type.String(), heldFen: FenText('held'), sinceMs: AtMs },
  closed,
);
export type RecordedHold = Static<typeof RecordedHold>;

/** What the sun gives at a station that has PV [W, AC], used or not. */
export const RecordedSun = Type.Object({ id: Type.String(), powerW: Type.Integer({ minimum: 0 }) }, closed);
export type RecordedSun = Static<typeof RecordedSun>;

/** Whole records replace those of the same id. Trucks, packs, stations and accounts are never taken away: who has left is parked. */
const records = {
  trucks: Type.Optional(Type.Array(RecordedTruck)),
  packs: Type.Optional(Type.Array(RecordedPack)),
  stations: Type.Optional(Type.Array(RecordedStation)),
  orders: Type.Optional(Type.Array(RecordedOrder)),
  accounts: Type.Optional(Type.Array(RecordedAccount)),
  holds: Type.Optional(Type.Array(RecordedHold)),
  sun: Type.Optional(Type.Array(RecordedSun)),
};
export const RecordedChange = Type.Object({ atMs: AtMs, ...records }, closed);
export type RecordedChange = Static<typeof RecordedChange>;

export const RecordingBlock = Type.Object(
  {
    kind: Type.Literal('block'),
    atMs: AtMs,
    /** Everything at that moment. */
    whole: Type.Object(records, closed),
    changes: Type.Array(RecordedChange),
  },
  closed,
);
export type RecordingBlock = Static<typeof RecordingBlock>;

const RecordedPrincipal = Type.Object({ id: Type.String(), name: Type.String(), nameZh: Type.String() }, closed);

export const RecordingHead = Type.Object(
  {
    format: Type.Literal(RECORDING_FORMAT),
    version: Type.Literal(RECORDING_VERSION),
    /** Whose accounts there are; null: a model without orders and money, or a recording of the first version. */
    principals: Type.Union([Type.Array(RecordedPrincipal), Type.Null()]),
    scenario: Type.Object(
      { name: Type.String(), model: Literals(['coarse', 'full']), sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) },
      closed,
    ),
    seed: Type.Integer(),
    /** The first moment, unix ms. */
    startsAtMs: Type.Integer(),
    /** false: the scenario has no date; only the time of day and the number of the day mean something. */
    hasDate: Type.Boolean(),
    toMs: AtMs,
    /** States are true at whole multiples of this. */
    everyMs: Type.Integer({ minimum: 1 }),
    /** Energy from the grid for each Wh that comes into a pack. */
    gridWhPerContentWh: Type.Number({ minimum: 1 }),
    pack: Type.Object({ typeCode: Type.String(), capacityWh: Type.Number({ exclusiveMinimum: 0 }), sohPercent: Type.Number() }, closed),
    stations: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          name: Type.String(),
          nameZh: Type.String(),
          lat: Type.Number(),
          lon: Type.Number(),
          chainageM: Type.Integer(),
          direction: Literals(['BOTH', 'WEST', 'EAST']),
          slots: Type.Integer({ minimum: 1 }),
          gridLimitW: Type.Number(),
          /** Of one swap, to tell how long a queue takes. */
          meanSwapMs: Type.Number(),
        },
        closed,
      ),
    ),
    geometry: Geometry,
  },
  closed,
);
export type RecordingHead = Static<typeof RecordingHead>;

/** Of the first version, which has neither orders nor money nor sun. */
export const FirstRecordingHead = Type.Object(
  { ...Type.Omit(RecordingHead, ['principals']).properties, version: Type.Literal(FIRST_RECORDING_VERSION) },
  closed,
);

export const RecordingEnd = Type.Object({ kind: Type.Literal('end'), blocks: Type.Integer(), changes: Type.Integer() }, closed);
export type RecordingEnd = Static<typeof RecordingEnd>;
