import type { OrderRow } from '@corridor/actors/network/effect';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { Scene } from '@corridor/protocols/http/scene';
import { describe, expect, it } from 'vitest';
import { OwnershipBook } from '../rights/ownership-book.ts';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '../seed/network-files.ts';
import { ENDED_ORDERS_SHOWN, Facts, nothingTouched } from './facts.ts';
import { LatestReports, type Report } from './latest-reports.ts';
import type { LiveFacts } from './live-facts.ts';
import { LiveScene } from './live-scene.ts';
import { ALL_RIGHTS, type Rights } from './rights.ts';

const FILE = readNetworkFile(DEFAULT_NETWORK_FILE);
const NOW_MS = Date.parse('2026-11-22T04:00:00Z');

const found = <T>(list: readonly T[], is: (one: T) => boolean): T => {
  const one = list.find(is);
  if (one === undefined) throw new Error('the default network lacks what the test needs');
  return one;
};
const STATION = found(FILE.stations, ({ id }) => id === 'HH1');
const TRUCK = found(FILE.trucks, ({ id }) => id === 'T001');
const DRIVER = found(FILE.drivers, ({ truckIds }) => truckIds.includes('T001'));
/** On the truck. */
const PACK = found(FILE.packs, ({ initial }) => initial.kind === 'TRUCK' && initial.id === 'T001');
/** In a slot of the station, of an owner other than that of the pack on the truck. */
const STORED = found(
  FILE.packs,
  ({ initial, ownerId }) => initial.kind === 'SLOT' && initial.id.startsWith('HH1-') && ownerId !== PACK.ownerId,
);
const kind = (wanted: string, notId: string) => found(FILE.principals, (one) => one.kind === wanted && one.id !== notId).id;

/** Everybody the table of rights names, and for each somebody of the same kind whom the things do not belong to. */
const CALLERS = {
  platform: ALL_RIGHTS,
  operator: { kind: 'STATION_OPERATOR', principalId: STATION.operatorId },
  otherOperator: { kind: 'STATION_OPERATOR', principalId: kind('STATION_OPERATOR', STATION.operatorId) },
  packOwner: { kind: 'BATTERY_OWNER', principalId: PACK.ownerId },
  storedOwner: { kind: 'BATTERY_OWNER', principalId: STORED.ownerId },
  carrier: { kind: 'CARRIER', principalId: TRUCK.carrierId },
  otherCarrier: { kind: 'CARRIER', principalId: kind('CARRIER', TRUCK.carrierId) },
  driver: { kind: 'DRIVER', driverId: DRIVER.id, carrierId: DRIVER.carrierId },
  otherDriver: {
    kind: 'DRIVER',
    driverId: found(FILE.drivers, ({ id, carrierId }) => id !== DRIVER.id && carrierId === DRIVER.carrierId).id,
    carrierId: DRIVER.carrierId,
  },
  guest: { kind: 'PUBLIC' },
} as const satisfies Record<string, Rights>;
type Who = keyof typeof CALLERS;
const EVERYBODY = Object.keys(CALLERS) as Who[];

const report = <Data>(data: Data): Report<Data> => ({ atMs: NOW_MS, bootId: 1, seq: 1, q: ['INTERPOLATED'], data });

function theWorld(): LiveScene {
  const reference = new ReferenceStore('PF', () => null);
  reference.apply(FILE);
  const facts = new Facts();
  const reports = new LatestReports();
  for (const pack of FILE.packs) {
    facts.putPlace(pack.id, pack.initial, nothingTouched());
    reports.pack.set(
      pack.id,
      report({
        packId: pack.id,
        location: pack.initial,
        socPercent: 61,
        sohPercent: 93,
        energyWh: 150_000,
        voltageV: 620,
        currentA: -120,
        powerW: -74_000,
        cellTmaxC: 31,
        cellTminC: 27,
        cycles: 812,
        throughputWh: 1,
      } as never),
    );
  }
  reports.truck.set(
    'T001',
    report({
      truckId: 'T001',
      vin: null,
      plate: TRUCK.plate,
      lat: 38.371_4,
      lon: 117.339_2,
      altM: 5,
      chainageM: 20_400,
      direction: 'WEST',
      speedKmh: 78,
      headingDeg: 268,
      odometerM: 98_001,
      vehicleState: 'DRIVING',
      grossMassKg: 48_700,
      packId: PACK.id,
      socPercent: 61,
      socSource: 'BMS',
      packVoltageV: 620,
      packCurrentA: -120,
      motorPowerW: 121_000,
      auxPowerW: 4_000,
      ambientC: 3,
      alarmBits: 0,
      alarmLevel: 0,
      destinationStationId: 'HH1',
      tripId: 'trip-1',
    }),
  );
  reports.station.set(
    'HH1',
    report({
      state: 'OPERATIVE',
      readyPacks: 4,
      chargingPacks: 2,
      emptySlots: 1,
      queueLength: 3,
      estWaitMs: 600_000,
      gridPowerW: 481_000,
      gridLimitW: 900_000,
      pvPowerW: 12_000,
      auxPowerW: 9_000,
      ambientC: 3,
      windMps: 2,
    } as never),
  );
  reports.lastSeenMs.set('station:HH1', NOW_MS);
  const crane = { craneXM: 1, craneYM: 2, craneZM: 3, loadKg: 0 };
  const lockSensors = { l1: 'LOCKED', l2: 'LOCKED', l3: 'UNLOCKED', l4: 'UNKNOWN' } as const;
  const sensors = { ...crane, lockSensors, hvOff: true, wheelChock: true, personDetected: false };
  const bay = { stationId: 'HH1', bayId: 'HH1-B1', bayState: 'OCCUPIED', truckId: 'T001', step: 'POSITIONING' } as const;
  reports.bay.set('HH1-B1', report({ ...bay, ...sensors }));
  reports.slot.set(STORED.initial.id, report({ slotState: 'CHARGING', chargingState: 'CC', packId: STORED.id, powerW: 71_000 } as never));
  facts.putOrder(ORDER, nothingTouched());
  facts.apply(
    {
      type: 'alarm.raised',
      alarmId: 'a-pack',
      code: 'PACK_HOT',
      level: 2,
      scope: 'pack',
      scopeId: PACK.id,
      detail: 'hot',
      args: {},
      atMs: NOW_MS,
    },
    nothingTouched(),
  );
  facts.apply(
    {
      type: 'alarm.raised',
      alarmId: 'a-slot',
      code: 'SLOT_FAULT',
      level: 2,
      scope: 'slot',
      scopeId: STORED.initial.id,
      detail: 'fault',
      args: {},
      atMs: NOW_MS,
    },
    nothingTouched(),
  );
  const owners = new OwnershipBook(reference);
  const live: LiveFacts = {
    reference,
    facts,
    reports,
    owners,
    nowMs: () => NOW_MS,
    stateOf: (entity) => (entity === 'gateway' ? 'online' : 'inService'),
    isSetAside: () => false,
    road: { startM: 0, endM: 600_000 },
  };
  return new LiveScene(live);
}

const ORDER: OrderRow = {
  orderId: 'order-1',
  state: 'CLEARED',
  reason: null,
  initiation: 'LOCAL',
  stationId: 'HH1',
  bayId: 'HH1-B1',
  requestId: 1,
  truckId: 'T001',
  driverId: DRIVER.id,
  carrierId: TRUCK.carrierId,
  returnPackId: PACK.id,
  issuePackId: null,
  quotedFen: 29_057n,
  heldFen: 33_000n,
  payableFen: 27_551n,
  releasedFen: 5_449n,
  energyInWh: 90_000,
  energyOutWh: 270_000,
  createdAtMs: NOW_MS,
  updatedAtMs: NOW_MS,
};

interface Row {
  readonly what: 'stations' | 'slots' | 'packs' | 'trucks' | 'orders' | 'alarms';
  readonly id: string;
  /** Whoever sees the thing at all. */
  readonly seenBy: readonly Who[];
  /** Fields and who reads them; of all others the caller gets null, an empty list or `unknown`. `*`: all fields. */
  readonly fields: Readonly<Record<string, readonly Who[]>>;
  /** Read by all who see the thing: what names it. */
  readonly open: readonly string[];
}

const USERS: readonly Who[] = ['carrier', 'otherCarrier', 'driver', 'otherDriver'];
const ROWS: readonly Row[] = [
  {
    what: 'stations',
    id: 'HH1',
    seenBy: EVERYBODY,
    open: ['id', 'name', 'nameZh', 'operatorId', 'lat', 'lon', 'chainageM', 'direction', 'state', 'connectivity'],
    fields: {
      '*': ['platform', 'operator'],
      queueLength: USERS,
      estWaitMs: USERS,
      readyPacks: USERS,
      priceNanoYuanPerKwh: USERS,
      tariffPeriod: USERS,
    },
  },
  {
    what: 'slots',
    id: STORED.initial.id,
    seenBy: ['platform', 'operator', 'storedOwner'],
    open: ['id'],
    fields: { '*': ['platform', 'operator', 'storedOwner'] },
  },
  {
    what: 'packs',
    id: PACK.id,
    seenBy: ['platform', 'packOwner', 'carrier', 'driver'],
    open: ['id', 'typeCode', 'ownerId', 'state', 'location', 'socPercent', 'tempMaxC', 'q', 'updatedAt'],
    fields: { '*': ['platform', 'packOwner'] },
  },
  {
    what: 'packs',
    id: STORED.id,
    seenBy: ['platform', 'operator', 'storedOwner'],
    open: ['id'],
    fields: { '*': ['platform', 'operator', 'storedOwner'] },
  },
  {
    what: 'trucks',
    id: 'T001',
    seenBy: ['platform', 'operator', 'packOwner', 'carrier', 'driver'],
    open: ['id', 'replayed'],
    fields: {
      '*': ['platform', 'carrier', 'driver'],
      plate: ['operator'],
      etaAt: ['operator'],
      destinationStationId: ['operator'],
      lat: ['packOwner'],
      lon: ['packOwner'],
      chainageM: ['packOwner'],
      packId: ['packOwner'],
      socPercent: ['packOwner'],
      reportedAt: ['packOwner'],
    },
  },
  {
    what: 'orders',
    id: 'order-1',
    seenBy: ['platform', 'operator', 'packOwner', 'carrier', 'driver'],
    open: [
      'id',
      'state',
      'reason',
      'stationId',
      'bayId',
      'truckId',
      'carrierId',
      'requestId',
      'initiation',
      'returnPackId',
      'issuePackId',
      'swapState',
      'createdAt',
      'updatedAt',
    ],
    fields: { '*': ['platform', 'carrier', 'driver'] },
  },
  {
    what: 'alarms',
    id: 'a-pack',
    seenBy: ['platform', 'packOwner', 'carrier', 'driver'],
    // What one may do with it, and who did, is for who may act.
    open: [
      'id',
      'code',
      'level',
      'scope',
      'scopeId',
      'detail',
      'args',
      'state',
      'raisedAt',
      'escalatedAt',
      'clearedAt',
      'acknowledgedAt',
      'closedAt',
    ],
    fields: { '*': ['platform', 'packOwner'] },
  },
  { what: 'alarms', id: 'a-slot', seenBy: ['platform', 'operator'], open: ['id'], fields: { '*': ['platform', 'operator'] } },
];

const CLOCK = { scopeAtMs: NOW_MS, factor: 1 };
const viewIn = (scene: Scene, { what, id }: Row): Record<string, unknown> | undefined => scene[what].find((view) => view.id === id);
/** Says nothing: what an entity without a report would show too. */
function isHidden(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((each) => isHiddenBay(each));
  return value === null || value === 'unknown';
}
const isHiddenBay = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.entries(value).every(([name, inner]) => name === 'id' || isHidden(inner));

describe.each(ROWS)('$what $id', (row) => {
  const scene = theWorld();
  const whole = viewIn(scene.sceneFor(ALL_RIGHTS, CLOCK), row) ?? {};

  it.each(EVERYBODY)('as %s sees it', (who) => {
    const view = viewIn(scene.sceneFor(CALLERS[who], CLOCK), row);
    expect(view !== undefined, 'is seen').toBe(row.seenBy.includes(who));
    if (view === undefined) return;
    expect(Object.keys(view).toSorted()).toEqual(Object.keys(whole).toSorted());
    for (const [field, value] of Object.entries(view)) {
      const isRead = row.open.includes(field) || row.fields['*']?.includes(who) === true || row.fields[field]?.includes(who) === true;
      if (!isRead) expect({ field, isHidden: isHidden(value) }).toEqual({ field, isHidden: true });
      else if (who !== 'packOwner' || row.what !== 'trucks') expect({ field, value }).toEqual({ field, value: whole[field] });
    }
  });
});

describe('the truck that carries a pack', () => {
  it('is shown to the owner of the pack on a grid of a kilometre', () => {
    const [truck] = theWorld().sceneFor(CALLERS.packOwner, CLOCK).trucks;
    expect(truck).toMatchObject({ lat: 38.37, lon: 117.34, chainageM: 20_000, plate: null, speedKmh: null });
  });
});

describe('the figures of the day', () => {
  it.each([
    ['platform', '27551'],
    ['carrier', '27551'],
    ['driver', '27551'],
    ['operator', null],
    ['packOwner', null],
    ['otherCarrier', '0'],
    ['otherDriver', '0'],
    ['guest', null],
  ] as const)('tell %s that %s fen were billed', (who, fen) => {
    const scene = theWorld();
    scene.live.facts.rollDay(NOW_MS);
    scene.live.facts.countToday(ORDER);
    expect(scene.kpisFor(CALLERS[who], NOW_MS).billedTodayFen).toBe(fen);
  });
});

describe('the figures of the moment', () => {
  it.each([
    ['platform', ['trucksOnRoad', 'trucksWaiting', 'packsReady', 'swapsToday', 'swapsTotal', 'ordersAbnormal']],
    ['carrier', ['trucksOnRoad', 'trucksWaiting', 'packsReady', 'swapsToday', 'ordersAbnormal']],
    ['driver', ['trucksOnRoad', 'trucksWaiting', 'packsReady', 'swapsToday', 'ordersAbnormal']],
    ['operator', ['trucksWaiting', 'packsReady', 'swapsToday', 'swapsTotal', 'ordersAbnormal']],
    ['packOwner', ['packsReady', 'swapsToday', 'ordersAbnormal']],
    ['guest', []],
  ] as const)('tell %s nothing but %j, and the rest is null, not 0', (who, told) => {
    const { scopeAt: _, stationsOnline: __, ...counts } = theWorld().kpisFor(CALLERS[who], NOW_MS);
    const known = ['trucksOnRoad', 'trucksWaiting', 'packsReady', 'swapsToday', 'swapsTotal', 'ordersAbnormal'] as const;
    expect(known.filter((name) => counts[name] !== null)).toEqual(told);
  });
});

describe('what leaves the sight of a class', () => {
  it('is removed there, and others do not hear of it', () => {
    const scene = theWorld();
    const { operator, otherOperator } = CALLERS;
    for (const rights of [operator, otherOperator]) scene.sceneFor(rights, CLOCK);
    scene.takeTouched();
    scene.touch((touched) => scene.live.facts.putPlace(STORED.id, { kind: 'TRUCK', id: 'T002' }, touched));
    const touched = scene.takeTouched();
    expect(scene.diffFor(operator, touched)?.remove).toEqual({ packs: [STORED.id] });
    expect(scene.diffFor(otherOperator, touched)).toBeNull();
  });

  it('names no order and no alarm that a class never saw', () => {
    const scene = theWorld();
    scene.sceneFor(CALLERS.otherCarrier, CLOCK);
    scene.touch((touched) => {
      touched.removedOrders.add('order-1');
      touched.removedAlarms.add('a-pack');
    });
    expect(scene.diffFor(CALLERS.otherCarrier, scene.takeTouched())).toBeNull();
  });
});

describe('an order of a pack that was sold', () => {
  it('stays with who owned the pack then', () => {
    const scene = theWorld();
    const { owners } = scene.live;
    owners.put('PACK', PACK.id, { principalId: PACK.ownerId, fromMs: 0, untilMs: null });
    owners.put('PACK', PACK.id, { principalId: STORED.ownerId, fromMs: NOW_MS + 1, untilMs: null });
    expect(scene.sceneFor(CALLERS.packOwner, CLOCK).orders).toHaveLength(1);
    expect(scene.sceneFor(CALLERS.storedOwner, CLOCK).orders).toHaveLength(0);
  });
});

describe('an order whose offer somebody issued who has neither the station nor a pack', () => {
  const { otherOperator } = CALLERS;
  const share = { principalId: otherOperator.principalId, role: 'ISSUER' as const };
  /** Its bill comes after it was shown. */
  const billed = (scene: LiveScene) =>
    scene.touch((touched) =>
      scene.live.facts.apply({ type: 'order.billed', orderId: 'order-1', bill: { shares: [share] } } as never, touched),
    );

  it('comes into his sight with its bill, without what is paid', () => {
    const scene = theWorld();
    expect(scene.sceneFor(otherOperator, CLOCK).orders).toEqual([]);
    scene.takeTouched();
    billed(scene);
    const shown = { id: 'order-1', truckId: 'T001', payableFen: null, heldFen: null, quotedFen: null };
    expect(scene.diffFor(otherOperator, scene.takeTouched())?.upsert).toMatchObject({ orders: [shown] });
    expect(scene.sceneFor(otherOperator, CLOCK).orders).toMatchObject([shown]);
    expect(scene.sceneFor(CALLERS.otherCarrier, CLOCK).orders).toEqual([]);
  });

  it('is none of those that he counts as his, and its alarms are not for him', () => {
    const scene = theWorld();
    const { facts } = scene.live;
    billed(scene);
    facts.rollDay(NOW_MS);
    facts.countToday(ORDER);
    facts.apply(
      {
        type: 'alarm.raised',
        alarmId: 'a-order',
        code: 'SOC_JUMP',
        level: 2,
        scope: 'order',
        scopeId: 'order-1',
        detail: '',
        args: {},
        atMs: 0,
      },
      nothingTouched(),
    );
    const alarmsOf = (rights: Rights) => scene.sceneFor(rights, CLOCK).alarms.filter(({ id }) => id === 'a-order').length;
    expect([alarmsOf(CALLERS.operator), alarmsOf(otherOperator)]).toEqual([1, 0]);
    expect(scene.kpisFor(CALLERS.operator, NOW_MS)).toMatchObject({ swapsToday: 1, energyTodayWh: 180_000 });
    expect(scene.kpisFor(otherOperator, NOW_MS)).toMatchObject({ swapsToday: 0, energyTodayWh: 0 });
  });

  it('leaves his sight when it leaves the scene', () => {
    const scene = theWorld();
    const { facts } = scene.live;
    billed(scene);
    scene.sceneFor(otherOperator, CLOCK);
    scene.takeTouched();
    scene.touch((touched) => {
      for (let no = 0; no < ENDED_ORDERS_SHOWN; no += 1) facts.putOrder({ ...ORDER, orderId: `later-${no}` }, touched);
    });
    expect(scene.diffFor(otherOperator, scene.takeTouched())?.remove).toEqual({ orders: ['order-1'] });
    expect(facts.earnersOf('order-1')).toEqual([]);
  });

  it('stays in it while an alarm stands for it, so that its parties see that alarm', () => {
    const scene = theWorld();
    const { facts } = scene.live;
    billed(scene);
    const alarm = {
      alarmId: 'a-order',
      code: 'SOC_JUMP',
      level: 2,
      scope: 'order',
      scopeId: 'order-1',
      detail: '',
      args: {},
      atMs: 0,
    } as const;
    facts.apply({ type: 'alarm.raised', ...alarm }, nothingTouched());
    const later = (from: number) => {
      for (let no = 0; no < ENDED_ORDERS_SHOWN; no += 1) facts.putOrder({ ...ORDER, orderId: `later-${from + no}` }, nothingTouched());
    };
    later(0);
    expect(scene.sceneFor(CALLERS.carrier, CLOCK).alarms.map(({ id }) => id)).toContain('a-order');
    facts.apply({ type: 'alarm.cleared', alarmId: 'a-order', atMs: 1 }, nothingTouched());
    later(ENDED_ORDERS_SHOWN);
    expect(facts.orders.has('order-1')).toBe(false);
    expect(facts.orders.size).toBe(ENDED_ORDERS_SHOWN);
  });
});
