import { type Static, Type } from 'typebox';
import { Literals } from '../literals.ts';
import { TariffPeriodKind } from '../tariff-period.ts';
import { PACK_LOCATIONS } from '../tele/packs.ts';
import { CHARGING_STATES, SLOT_STATES } from '../tele/slots.ts';
import { DIRECTIONS, VEHICLE_STATES } from '../tele/truck.ts';
import { BayView } from './bay-view.ts';

/**
 * The scene: what `/api/v1/scene`, `/ws` and the entity lists show. One view per entity; every view is what the caller's
 * role may see. Unknown is null, never 0. Money is fen as text. Times are RFC 3339 in scope time.
 */
const N = Type.Union([Type.Number(), Type.Null()]);
const S = Type.Union([Type.String(), Type.Null()]);
const Count = Type.Union([Type.Integer(), Type.Null()]);

export const CONNECTIVITY = ['ONLINE', 'OFFLINE', 'BACKFILLING', 'NEVER_SEEN'] as const;

export const StationView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nameZh: Type.String(),
  operatorId: S,
  lat: Type.Number(),
  lon: Type.Number(),
  chainageM: Type.Number(),
  /** Which carriageway it serves. */
  direction: Literals(['BOTH', 'WEST', 'EAST']),
  /** Actor state of the station machine. */
  state: Type.String(),
  connectivity: Literals(CONNECTIVITY),
  lastSeenAt: S,
  queueLength: N,
  estWaitMs: N,
  readyPacks: N,
  chargingPacks: N,
  emptySlots: N,
  gridPowerW: N,
  gridLimitW: N,
  pvPowerW: N,
  ambientC: N,
  /** Energy from the grid and service at this hour, without the rent of the pack [nano-yuan/kWh]. */
  priceNanoYuanPerKwh: S,
  /** Period of the time-of-use tariff that is in force there now. */
  tariffPeriod: Type.Union([TariffPeriodKind, Type.Null()]),
  bays: Type.Array(BayView),
});
export type StationView = Static<typeof StationView>;

export const SlotView = Type.Object({
  id: Type.String(),
  stationId: Type.String(),
  evseId: Type.Integer(),
  /** Actor state of the slot machine. */
  state: Type.String(),
  slotState: Type.Union([Literals(SLOT_STATES), Type.Null()]),
  chargingState: Type.Union([Literals(CHARGING_STATES), Type.Null()]),
  packId: S,
  socPercent: N,
  powerW: N,
  reservedFor: S,
});
export type SlotView = Static<typeof SlotView>;

export const PackView = Type.Object({
  id: Type.String(),
  typeCode: Type.String(),
  ownerId: S,
  state: Type.String(),
  location: Type.Object({ kind: Literals(PACK_LOCATIONS), id: Type.String() }),
  socPercent: N,
  sohPercent: N,
  energyWh: N,
  tempMaxC: N,
  powerW: N,
  voltageV: N,
  currentA: N,
  cycles: N,
  q: Type.Array(Type.String()),
  updatedAt: S,
});
export type PackView = Static<typeof PackView>;

export const TruckView = Type.Object({
  id: Type.String(),
  plate: S,
  carrierId: S,
  state: Type.String(),
  vehicleState: Type.Union([Literals(VEHICLE_STATES), Type.Null()]),
  connectivity: Type.Union([Literals(CONNECTIVITY), Type.Null()]),
  /** true: shown from a recording, never dispatched. */
  replayed: Type.Boolean(),
  lat: N,
  lon: N,
  altM: N,
  chainageM: N,
  direction: Type.Union([Literals(DIRECTIONS), Type.Null()]),
  speedKmh: N,
  headingDeg: N,
  odometerM: N,
  grossMassKg: N,
  packId: S,
  socPercent: N,
  motorPowerW: N,
  destinationStationId: S,
  /** When it reaches its station, as far as its last report tells. */
  etaAt: S,
  orderId: S,
  q: Type.Array(Type.String()),
  /** Scope time of the report these values come from. */
  reportedAt: S,
});
export type TruckView = Static<typeof TruckView>;

export const OrderSummary = Type.Object({
  id: Type.String(),
  state: Type.String(),
  reason: S,
  stationId: Type.String(),
  bayId: S,
  truckId: S,
  carrierId: S,
  requestId: Type.Union([Type.Integer(), Type.Null()]),
  initiation: Literals(['LOCAL', 'REMOTE']),
  returnPackId: S,
  issuePackId: S,
  quotedFen: S,
  heldFen: S,
  payableFen: S,
  swapState: S,
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
export type OrderSummary = Static<typeof OrderSummary>;

/**
 * After ISA-18.2. `RETURNED`: normal again, and nobody has acknowledged it. `ENDED`: normal again and acknowledged, or closed by a person. Put
 * aside while it stands: `SHELVED` by a person for a time, `SUPPRESSED` as a consequence of another that stands, `OUT_OF_SERVICE` with what it
 * concerns, which a person took out of use.
 */
export const ALARM_STATES = ['UNACKNOWLEDGED', 'ACKNOWLEDGED', 'SHELVED', 'SUPPRESSED', 'OUT_OF_SERVICE', 'RETURNED', 'ENDED'] as const;
export type AlarmState = (typeof ALARM_STATES)[number];
export const ALARM_ACTS = ['ACKNOWLEDGE', 'CLOSE', 'SHELVE', 'UNSHELVE'] as const;
export type AlarmAct = (typeof ALARM_ACTS)[number];

export const AlarmView = Type.Object({
  id: Type.String(),
  code: Type.String(),
  level: Type.Integer({ minimum: 1, maximum: 3 }),
  scope: Type.String(),
  scopeId: Type.String(),
  detail: Type.String({ description: 'English' }),
  args: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
    description: 'what the detail says, by name, to be worded in any language; empty: only the detail says it',
  }),
  state: Literals(ALARM_STATES),
  raisedAt: Type.String(),
  escalatedAt: Type.Union([Type.String(), Type.Null()], {
    description: 'when its level rose to what it is, and had to be acknowledged again; null: it was raised with it',
  }),
  clearedAt: Type.Union([Type.String(), Type.Null()], { description: 'when it returned to normal' }),
  acknowledgedAt: S,
  acknowledgedBy: Type.Union([Type.String(), Type.Null()], { description: 'null also to who may not act on it' }),
  closedAt: S,
  closedBy: S,
  closeReason: S,
  stationId: Type.Union([Type.String(), Type.Null()], { description: 'station at which it is; null: at none' }),
  shelf: Type.Union(
    [
      Type.Object({
        since: Type.String(),
        until: Type.String({ description: 'when it returns by itself' }),
        by: Type.Union([Type.String(), Type.Null()], { description: 'null to who may not act on it' }),
        reason: Type.String(),
      }),
      Type.Null(),
    ],
    { description: 'that somebody put it aside for a time; null: nobody has' },
  ),
  suppressedBy: Type.Union([Type.String(), Type.Null()], { description: 'alarm that it is a consequence of' }),
  acts: Type.Array(Literals(ALARM_ACTS), { description: 'what the caller may do with it now' }),
});
export type AlarmView = Static<typeof AlarmView>;

/** Over what the caller may see; null where his role sees none of it. */
export const Kpis = Type.Object({
  scopeAt: Type.String(),
  trucksOnRoad: Count,
  /** To a station operator: in the queues of his stations. */
  trucksWaiting: Count,
  stationsOnline: Type.Integer(),
  /** To a battery owner: his own. */
  packsReady: Count,
  swapsToday: Count,
  /** Of the stations; null to whom they do not belong. */
  swapsTotal: Count,
  ordersAbnormal: Count,
  billedTodayFen: S,
  energyTodayWh: N,
  gridPowerW: N,
  pvPowerW: N,
  meanWaitMs: N,
  /** Raised in the last ten minutes of scope time, also those that are over; null where nobody counted them. */
  alarmsRaisedLately: Count,
});
export type Kpis = Static<typeof Kpis>;

/** Everything on the screen at one instant. */
export const Scene = Type.Object({
  scopeAt: Type.String(),
  factor: Type.Number(),
  stations: Type.Array(StationView),
  slots: Type.Array(SlotView),
  packs: Type.Array(PackView),
  trucks: Type.Array(TruckView),
  orders: Type.Array(OrderSummary),
  alarms: Type.Array(AlarmView),
  kpis: Kpis,
});
export type Scene = Static<typeof Scene>;

/** Balances of the caller's accounts and money that is held for orders, of one instant. */
export const Books = Type.Object({
  accounts: Type.Array(Type.Object({ id: Type.String(), principalId: S, kind: Type.String(), balanceFen: Type.String() })),
  holds: Type.Array(Type.Object({ orderId: Type.String(), principalId: Type.String(), heldFen: Type.String(), since: Type.String() })),
});
export type Books = Static<typeof Books>;

/** A scene of a past instant, with the books of that instant; its `factor` is 0, because it stands still. */
export const PastScene = Type.Object({ ...Scene.properties, books: Books });
export type PastScene = Static<typeof PastScene>;

/** Instants of which there are scenes. */
export const SceneSpan = Type.Object({
  from: Type.String({ description: 'first instant that can be shown' }),
  until: Type.String({ description: 'now, scope time' }),
});
export type SceneSpan = Static<typeof SceneSpan>;

export const SCENE_EVENT_KINDS = ['ALARM', 'SWAP', 'ABNORMAL'] as const;
export type SceneEventKind = (typeof SCENE_EVENT_KINDS)[number];

/** What one jumps to. `ALARM`: raised; `SWAP`: begun; `ABNORMAL`: an order became so. */
export const SceneEvent = Type.Object({
  at: Type.String(),
  kind: Literals(SCENE_EVENT_KINDS),
  /** Of the alarm, the swap or the order. */
  id: Type.String(),
  /** Code of the alarm, reason of the order; null of a swap. */
  code: S,
  /** What it is about: kind and id of an entity. */
  scope: Type.String(),
  scopeId: Type.String(),
  level: Type.Union([Type.Integer({ minimum: 1, maximum: 3 }), Type.Null()], { description: 'of an alarm' }),
});
export type SceneEvent = Static<typeof SceneEvent>;

export const SCENE_KINDS = ['stations', 'slots', 'packs', 'trucks', 'orders', 'alarms'] as const;
export type SceneKind = (typeof SCENE_KINDS)[number];

/**
 * Why the twin ends a connection to `/ws` (RFC 6455 and its private range). `notAdmitted`: the ticket does not count, or its holder takes no part
 * any more. `tokenEnded`: the token that the ticket was got with has ended; with another one goes on at once.
 */
export const WS_CLOSE = { notAdmitted: 4_401, tokenEnded: 4_402, tooMany: 1_013, stops: 1_001 } as const;

/**
 * What `/ws` sends: one `snapshot`, then `diff`s flushed at least every 50 ms while anything changes. Whole views replace. Slots and packs of a
 * large network follow their snapshot in `rest`s, before any diff.
 */
export const WsMessage = Type.Union([
  Type.Object({
    type: Type.Literal('snapshot'),
    seq: Type.Integer(),
    /** Slots and packs that are not in it and follow at once; without it the scene is whole. */
    left: Type.Optional(Type.Integer({ minimum: 1 })),
    scene: Scene,
  }),
  Type.Object({
    type: Type.Literal('rest'),
    /** Of its snapshot. */
    seq: Type.Integer(),
    /** Slots and packs that follow still; 0: the scene is whole. */
    left: Type.Integer({ minimum: 0 }),
    slots: Type.Array(SlotView),
    packs: Type.Array(PackView),
  }),
  Type.Object({
    type: Type.Literal('diff'),
    seq: Type.Integer(),
    scopeAt: Type.String(),
    factor: Type.Number(),
    upsert: Type.Object({
      stations: Type.Optional(Type.Array(StationView)),
      slots: Type.Optional(Type.Array(SlotView)),
      packs: Type.Optional(Type.Array(PackView)),
      trucks: Type.Optional(Type.Array(TruckView)),
      orders: Type.Optional(Type.Array(OrderSummary)),
      alarms: Type.Optional(Type.Array(AlarmView)),
    }),
    remove: Type.Object({
      orders: Type.Optional(Type.Array(Type.String())),
      alarms: Type.Optional(Type.Array(Type.String())),
      trucks: Type.Optional(Type.Array(Type.String())),
      packs: Type.Optional(Type.Array(Type.String())),
      slots: Type.Optional(Type.Array(Type.String())),
    }),
    kpis: Type.Optional(Kpis),
  }),
]);
export type WsMessage = Static<typeof WsMessage>;

/** `/api/v1/geometry`: what does not move. */
export const Geometry = Type.Object({
  /** Road points in order of chainage, from the port westwards. */
  road: Type.Array(
    Type.Object({
      chainageM: Type.Number(),
      lat: Type.Number(),
      lon: Type.Number(),
      altM: Type.Number(),
      road: Type.String(),
      tunnel: Type.Boolean(),
    }),
  ),
  sites: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      nameZh: Type.String(),
      lat: Type.Number(),
      lon: Type.Number(),
      chainageM: Type.Number(),
    }),
  ),
  /** Regular grid of heights, row-major from the south-west corner: rows go north, columns east. */
  terrain: Type.Object({
    lat0: Type.Number(),
    lon0: Type.Number(),
    latStep: Type.Number(),
    lonStep: Type.Number(),
    rows: Type.Integer(),
    columns: Type.Integer(),
    altM: Type.Array(Type.Number()),
  }),
  attribution: Type.Array(Type.String()),
});
export type Geometry = Static<typeof Geometry>;

/** `/api/v1/orders/{id}/bill`. */
export const Bill = Type.Object({
  orderId: Type.String(),
  state: Type.String(),
  currency: Type.Literal('CNY'),
  payableFen: Type.String(),
  quotedFen: S,
  heldFen: S,
  releasedFen: S,
  energyOutWh: N,
  energyInWh: N,
  lines: Type.Array(
    Type.Object({
      lineNo: Type.Integer(),
      component: Type.String(),
      description: Type.String(),
      /** Signed: negative credits. */
      quantity: Type.String(),
      unit: Type.String(),
      /** nano-yuan per unit; null on a line that sums several. */
      unitPriceNanoYuan: S,
      amountFen: Type.String(),
      taxRateBasisPoints: Type.Integer(),
      beneficiaryId: S,
      period: S,
      packId: S,
      /** How the amount comes about, to recompute by hand. */
      derivation: Type.String(),
    }),
  ),
  clearing: Type.Array(
    Type.Object({
      principalId: Type.String(),
      role: Type.String(),
      grossFen: Type.String(),
      commissionFen: Type.String(),
      netFen: Type.String(),
    }),
  ),
});
export type Bill = Static<typeof Bill>;
