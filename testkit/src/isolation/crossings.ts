import type { NetworkFile } from '@corridor/protocols/network-file';
import { type Database, openDatabase } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import type { Rights } from '@corridor/twin/projection/rights';
import { readAs } from '@corridor/twin/rights/read-as';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import pg from 'pg';
import { startTestTwin, type TestTwin } from '../test-twin.ts';
import { type Draw, MarkedRows, type MarkedWorld } from './marked-rows.ts';
import { markStays } from './marked-stays.ts';
import { type Asker, Marks } from './marks.ts';

export interface CrossingsOptions {
  seed: number;
  /** Requests over all ways together. */
  requests: number;
  /** Marked orders in the world. */
  orders: number;
}
export interface CrossingsResult {
  requests: { http: number; exports: number; ws: number; sql: number };
  leaks: string[];
  /** Marks that each role read, all of them its own: what a test that cannot fail would not have. */
  read: Record<Asker['kind'], number>;
  /** Of them, in bundles. */
  exported: Record<Asker['kind'], number>;
  /** Bundles that each user got. */
  bundles: Record<string, number>;
}

const HOUR_MS = 3_600_000;
/** Of a hundred requests so many are SQL; the others pass HTTP. */
const SQL_PERCENT = 70;
const EXPORT_EVERY = 40;
/** Of so many bundles that a party asks for one is of somebody else. */
const FOREIGN_EVERY = 3;
const EXPORTED_HOURS = 6;
const WS_EVERY = 100;
const AT_ONCE = 8;
/** Insufficient privilege, read-only transaction: refused as a whole. */
const REFUSED: ReadonlySet<string> = new Set(['42501', '25006']);

/** Asks for things of others in every way there is: routes, exports, the scene over WebSocket, SQL as the role that the HTTP side reads as. */
export async function runCrossings({ seed, requests, orders }: CrossingsOptions): Promise<CrossingsResult> {
  const draw = drawsOf(seed);
  const file = readNetworkFile(DEFAULT_NETWORK_FILE);
  const marks = new Marks();
  await using platform = await startTestTwin();
  const database = openDatabase({ url: platform.postgres.url, log: silentLog(), name: 'crossings', connectionsMax: AT_ONCE });
  try {
    const { rows } = await database.pool.query<{ at: Date }>('select max(valid_from) as at from ownership');
    const startMs = (rows[0]?.at.getTime() ?? 0) + 1_000;
    const marked = new MarkedRows({ db: database.pool, file, marks, draw, startMs });
    const world = await marked.write(orders);
    await markStays({ db: database.pool, file, marks, draw, startMs });
    // The scene is filled from the database at the start.
    await platform.restart();
    await marked.writeDrivers();
    await database.pool.query('analyze');
    const run = new Crossings({ platform, database, file, world, marks, draw, startMs });
    return await run.all(requests);
  } finally {
    await database.close();
  }
}

/** Numbers from a seed (mulberry32): the same seed asks the same. */
function drawsOf(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

interface CrossingsContext {
  platform: TestTwin;
  database: Database;
  file: NetworkFile;
  world: MarkedWorld;
  marks: Marks;
  draw: Draw;
  startMs: number;
}

const NOTHING: CrossingsResult['read'] = { ALL: 0, STATION_OPERATOR: 0, BATTERY_OWNER: 0, CARRIER: 0, DRIVER: 0, PUBLIC: 0 };

class Crossings {
  readonly #context: CrossingsContext;
  readonly #askers: readonly Asker[];
  readonly #tokens = new Map<string, string>();
  readonly #result: CrossingsResult = {
    requests: { http: 0, exports: 0, ws: 0, sql: 0 },
    leaks: [],
    read: { ...NOTHING },
    exported: { ...NOTHING },
    bundles: {},
  };
  /** One at a time: as many as may be written at once are not what is asked about here. */
  #exporting: Promise<void> = Promise.resolve();

  constructor(context: CrossingsContext) {
    this.#context = context;
    this.#askers = askersOf(context.file);
  }

  async all(requests: number): Promise<CrossingsResult> {
    for (const { user } of this.#askers) this.#tokens.set(user, await this.#context.platform.token(user));
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let no = next++; no < requests; no = next++) await this.#one(no);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return this.#result;
  }

  async #one(no: number): Promise<void> {
    const { draw } = this.#context;
    const asker = this.#pick(this.#askers);
    if (no % EXPORT_EVERY === 0) return this.#export(no / EXPORT_EVERY);
    if (no % WS_EVERY === 1) return this.#scene(asker);
    return draw(100) < SQL_PERCENT ? this.#sql(asker) : this.#http(asker);
  }

  #pick<T>(from: readonly T[]): T {
    const one = from[this.#context.draw(from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  #judge(what: string, answer: string, asker: Asker): void {
    const { own, leaked } = this.#context.marks.judge(answer, asker);
    this.#result.read[asker.kind] += own.length;
    if (what.startsWith('/bundles')) {
      this.#result.exported[asker.kind] += own.length;
      this.#result.bundles[asker.user] = (this.#result.bundles[asker.user] ?? 0) + 1;
    }
    if (leaked.length > 0) this.#result.leaks.push(`${asker.user}: ${what} shows ${leaked.length} marks of others`);
  }

  async #ask(path: string, asker: Asker): Promise<void> {
    const response = await fetch(`${this.#context.platform.twin.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${this.#tokens.get(asker.user)}` },
    });
    const text = await response.text();
    if (response.status >= 500 && response.status !== 503) this.#result.leaks.push(`${asker.user}: ${path} failed with ${response.status}`);
    // A refusal repeats the path, and with it the id that was asked for.
    if (response.ok) this.#judge(path, text, asker);
  }

  async #http(asker: Asker): Promise<void> {
    this.#result.requests.http += 1;
    const { world, startMs } = this.#context;
    const order = this.#pick(world.orders);
    const span = `from=${new Date(startMs).toISOString()}&until=${new Date(startMs + 25 * HOUR_MS).toISOString()}&limit=500`;
    const path = this.#pick([
      `/orders/${order}`,
      `/orders/${order}/bill`,
      `/orders/${order}/events`,
      `/actors/order:${order}`,
      `/actors/order:${order}/transitions`,
      '/orders?limit=500',
      `/orders?carrierId=${this.#pick(this.#context.file.principals).id}&limit=500`,
      `/orders?stationId=${this.#pick(world.stations)}&packId=${this.#pick(world.packs)}`,
      '/accounts',
      `/accounts/${this.#pick(world.accounts)}`,
      `/accounts/${this.#pick(world.accounts)}/movements?limit=500`,
      `/accounts/${this.#pick(world.accounts)}/balance`,
      `/packs/${this.#pick(world.packs)}/history?${span}`,
      `/trucks/${this.#pick(world.trucks)}/history?${span}`,
      `/stations/${this.#pick(world.stations)}/history?${span}`,
      `/packs/${this.#pick(world.packs)}/track`,
      `/packs/${this.#pick(world.packs)}/soh`,
      `/trucks/${this.#pick(world.trucks)}/curves?${span}`,
      `/trucks/${this.#pick(world.trucks)}/completeness?hours=720`,
      `/stations/${this.#pick(world.stations)}/completeness?hours=720`,
      '/completeness',
      '/equipment?kind=pack',
      '/alarms?limit=500',
      '/audit?limit=500',
      `/audit?entityKind=pack&entityId=${this.#pick(world.packs)}`,
      '/notifications?limit=500',
      '/scene',
      '/statements?limit=500',
      `/statements/${this.#pick(world.statements)}`,
      `/statements/${this.#pick(world.statements)}/csv`,
      `/statements/${this.#pick(world.statements)}/page?lang=en`,
      '/settlement-agreements',
      '/disputes?limit=500',
      '/charges?limit=500',
      `/disputes/${this.#pick(world.disputes)}`,
      '/clearing?limit=500',
      `/clearing?principalId=${this.#pick(this.#context.file.principals).id}&limit=500`,
      `/payments/${this.#pick(world.payments)}`,
      '/payments?limit=500',
      `/recommendations?truckId=${this.#pick(world.trucks)}`,
      '/commands?limit=500',
      '/drivers?limit=500',
      '/registrations?limit=500',
      `/registrations/DRIVER/${this.#pick(world.drivers)}`,
      '/ownership-offers?limit=500',
      '/audit?entityKind=principal&limit=500',
    ]);
    await this.#ask(path, asker);
  }

  /** Everybody in turn, so that each party's bundle is read as often: its own, and at times that of another. */
  async #export(turn: number): Promise<void> {
    this.#result.requests.exports += 1;
    const { startMs, file, draw } = this.#context;
    const asker = this.#askers[turn % this.#askers.length];
    if (asker === undefined) throw new Error('nobody asks');
    const isForeign = Math.floor(turn / this.#askers.length) % FOREIGN_EVERY === FOREIGN_EVERY - 1;
    const principalId = isForeign ? this.#pick(file.principals).id : (asker.id ?? asker.user);
    const fromMs = startMs + draw(24 - EXPORTED_HOURS) * HOUR_MS;
    const span = `from=${new Date(fromMs).toISOString()}&until=${new Date(fromMs + EXPORTED_HOURS * HOUR_MS).toISOString()}`;
    this.#exporting = this.#exporting.then(async () => this.#ask(`/bundles?principalId=${principalId}&${span}`, asker));
    return this.#exporting;
  }

  /** The first message of the scene; what changes later passes the same projection. */
  async #scene(asker: Asker): Promise<void> {
    this.#result.requests.ws += 1;
    const { url } = this.#context.platform.twin;
    const answer = await fetch(`${url}/api/v1/tickets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#tokens.get(asker.user)}` },
    });
    // Limited per caller: then there is nothing to see, which is no leak.
    if (!answer.ok) return;
    const { ticket } = (await answer.json()) as { ticket: string };
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?ticket=${ticket}`);
    const message = await new Promise<string>((resolve, reject) => {
      socket.addEventListener('message', ({ data }) => resolve(String(data)), { once: true });
      socket.addEventListener('error', () => reject(new Error('the WebSocket broke')), { once: true });
    });
    socket.close();
    this.#judge('/ws', message, asker);
  }

  async #sql(asker: Asker): Promise<void> {
    this.#result.requests.sql += 1;
    const { database, world } = this.#context;
    const order = pg.escapeLiteral(this.#pick(world.orders));
    const account = pg.escapeLiteral(this.#pick(world.accounts));
    const skip = this.#context.draw(200);
    const text = this.#pick([
      `select * from ${this.#pick(TABLES)} limit 60 offset ${skip}`,
      `select * from seen_order where order_id = ${order}`,
      `select payable_fen from swap_order where order_id = ${order}`,
      `select order_id, station_id, truck_id from swap_order limit 60 offset ${skip}`,
      `select * from order_line where order_id = ${order}`,
      `select basis from seen_order_basis where order_id = ${order}`,
      `select * from clearing_entry where order_id = ${order} or true limit 40 offset ${skip}`,
      `select * from swap_event where swap_id like '%' limit 40 offset ${skip}`,
      `select * from transfer where ${account} in (debit_account_id, credit_account_id) limit 60`,
      'select o.*, l.derivation, t.key from seen_order o left join order_line l using (order_id) left join transfer t using (order_id) limit 60',
      `select * from seen_telemetry_pack where pack_id = ${pg.escapeLiteral(this.#pick(world.packs))}`,
      `select * from seen_telemetry_truck where truck_id = ${pg.escapeLiteral(this.#pick(world.trucks))}`,
      `select * from seen_telemetry_station where station_id = ${pg.escapeLiteral(this.#pick(world.stations))}`,
      `select * from seen_actor_transition where machine = 'order' limit 60 offset ${skip}`,
      `select * from seen_actor_transition where machine = 'swap' limit 60 offset ${skip}`,
      `select * from seen_order_split where order_id = ${order}`,
      `select a.*, w.reason from swap w left join alarm a on a.scope_id = w.order_id where w.order_id = ${order}`,
      `select * from audit_log where entity_kind = 'order' and entity_id = ${order}`,
      'select id_token, definition from driver limit 5',
      'select * from registration limit 60',
      `select kind, entity_id, reason, identity_shown from registration limit 60 offset ${skip % 60}`,
      `select order_id, reason, carrier_id from correction limit 60 offset ${skip}`,
      'select payable_fen from correction limit 60',
      'select * from telemetry_pack limit 60',
      `update account set blocked_at = now() where account_id = ${account}`,
    ]);
    try {
      const { rows } = await readAs(database, rightsOf(asker)).query({ text });
      this.#judge(
        text,
        JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
        asker,
      );
    } catch (cause) {
      if (!(cause instanceof pg.DatabaseError && REFUSED.has(cause.code ?? ''))) throw cause;
    }
  }
}

const TABLES = [
  'seen_order',
  'swap_order',
  'order_line',
  'order_basis',
  'seen_order_basis',
  'clearing_entry',
  'transfer',
  'account',
  'swap',
  'swap_event',
  'reservation',
  'alarm',
  'alarm_past',
  'order_change',
  'notification',
  'custody',
  'energy_lot',
  'payment',
  'statement',
  'audit_log',
  'outbox',
  'actor_snapshot',
  'actor_transition',
  'telemetry_truck',
  'telemetry_station',
  'seen_telemetry_slot',
  'seen_telemetry_truck_1h',
  'flagged_telemetry_pack',
  'pack_soh',
  'pack_rest',
  'lane_boot',
  'lane_gap',
  'lane_hour',
  'dispute',
  'correction',
  'correction_line',
  'correction_entry',
  'charge',
  'charge_line',
  'charge_entry',
  'meter_difference',
  'settlement_split',
  'settlement_agreement',
  'payment_share',
  'payment_receiver',
  'payment_receiver_draft',
  'payment_reconciliation',
  'registration',
  'ownership_offer',
  'ownership',
  'contract',
  'tariff',
  'seen_agreement',
  'agreement_approval',
];

function askersOf({ principals, drivers }: NetworkFile): Asker[] {
  const kinds = { PLATFORM: 'ALL', STATION_OPERATOR: 'STATION_OPERATOR', BATTERY_OWNER: 'BATTERY_OWNER', CARRIER: 'CARRIER' } as const;
  const firstDrivers = principals.flatMap(({ id }) => drivers.find(({ carrierId }) => carrierId === id) ?? []);
  return [
    ...principals.map(({ id, kind }): Asker => ({ user: id, kind: kinds[kind], id: kind === 'PLATFORM' ? null : id })),
    ...firstDrivers.map(({ id }): Asker => ({ user: id, kind: 'DRIVER', id })),
    { user: 'guest', kind: 'PUBLIC', id: null },
  ];
}

function rightsOf({ kind, id }: Asker): Rights {
  if (kind === 'ALL' || kind === 'PUBLIC' || id === null) return { kind: kind === 'ALL' ? 'ALL' : 'PUBLIC' };
  return kind === 'DRIVER' ? { kind, driverId: id, carrierId: '' } : { kind, principalId: id };
}
