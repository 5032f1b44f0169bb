import { NOON_MS } from '@corridor/actors/network/corridor.fixture';
import { refOf } from '@corridor/actors/network/entity-ref';
import type { StepBatch } from '@corridor/actors/network/network';
import { assert } from '@corridor/protocols/assert';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { type Database, inTransaction, openDatabase } from '@corridor/twin/db/db';
import { migrate } from '@corridor/twin/db/migrate';
import { silentLog } from '@corridor/twin/log';
import { registeredOf } from '@corridor/twin/seed/registered-of';
import { seedPapers } from '@corridor/twin/seed/seed-papers';
import { PostgresBatchStore } from '@corridor/twin/writer/postgres-batch-store';
import type { ReceivedEvent, WriterBatch } from '@corridor/twin/writer/writer-batch';
import type { Bench, BenchContext } from '../metric.ts';
import { largeNetwork } from '../workload/large-network.ts';
import { OrderSource } from './order-steps.ts';

const SIZE = { stations: 60, slotsPerStation: 40, trucks: 1_200, packs: 3_000 };
const SMALL = { stations: 60, slotsPerStation: 6, trucks: 80, packs: 380 };
const GOALS = { alone: 0.3, batched: 0.5 };
/** Orders that are under way at once, as in a network of that size at its busiest. */
const AT_ONCE = 60;

/** An order from its truck's arrival to cleared money, against commits of one row on the same server and connection. */
export const settleBench: Bench = {
  name: 'settle',
  about: 'orders a second with every step durable, beside single-row commits',
  async run(context) {
    const size = context.smoke ? SMALL : SIZE;
    const file = charged(largeNetwork(size));
    await using postgres = await startTestPostgres({ durable: true });
    // One writer, one connection: the raw commits get as many.
    const database = openDatabase({ url: postgres.url, log: silentLog(), name: 'settle', connectionsMax: 1 });
    try {
      await migrate(database);
      const books = await Books.open(database, file);
      const rawMs = context.smoke ? 200 : 3_000;
      // A server that has run for a minute knows its tables; plans made for empty ones would be measured else.
      await books.batched(AT_ONCE / 3);
      await database.pool.query('vacuum analyze');
      for (const [name, orders] of [
        ['alone', size.trucks / 5],
        ['batched', size.trucks / 2],
      ] as const) {
        const before = await rawCommitsPerS(database, rawMs);
        const ordersPerS = name === 'alone' ? await books.alone(orders) : await books.batched(orders);
        const raw = (before + (await rawCommitsPerS(database, rawMs))) / 2;
        report(context, name, ordersPerS, raw);
      }
      await books.check();
    } finally {
      await database.close();
    }
  },
};

function report(context: BenchContext, name: 'alone' | 'batched', ordersPerS: number, rawPerS: number): void {
  context.report({ case: name, metric: 'orders_per_s', value: ordersPerS, unit: '1/s' });
  context.report({ case: name, metric: 'raw_commits_per_s', value: rawPerS, unit: '1/s' });
  context.report({
    case: name,
    metric: 'ratio_to_raw_commit',
    value: ordersPerS / rawPerS,
    unit: 'orders per commit',
    goal: GOALS[name],
    direction: 'at-least',
  });
}

/** Packs in racks are full, those on trucks wait to be swapped. */
const charged = (file: NetworkFile): NetworkFile => ({
  ...file,
  packs: file.packs.map((pack) => ({ ...pack, initialSocPercent: pack.initial.kind === 'SLOT' ? 95 : 40 })),
});

async function rawCommitsPerS(database: Database, durationMs: number): Promise<number> {
  await database.pool.query(
    'create table if not exists raw_commit (no bigint generated always as identity primary key, note text not null)',
  );
  const beginMs = performance.now();
  let commits = 0;
  while (performance.now() - beginMs < durationMs) {
    await database.pool.query({ name: 'raw_commit', text: 'insert into raw_commit (note) values ($1)', values: ['one row'] });
    commits += 1;
  }
  return (commits * 1_000) / (performance.now() - beginMs);
}

/** The network of actors and the store of the writer, in the order in which the writer uses them. */
class Books {
  readonly #source: OrderSource;
  readonly #store: PostgresBatchStore;
  readonly #database: Database;
  #batchNo = 1;
  #streamSeq = 0;
  #orders = 0;

  private constructor(source: OrderSource, store: PostgresBatchStore, database: Database) {
    this.#source = source;
    this.#store = store;
    this.#database = database;
  }

  static async open(database: Database, file: NetworkFile): Promise<Books> {
    const source = new OrderSource(file);
    const { effects, stored } = source.corridor;
    const changed = new Map([...stored.values()].map((one) => [refOf(one.machine, one.id), one]));
    const store = new PostgresBatchStore({ database, platformId: file.platformId, scope: 'live', log: silentLog() });
    const step: StepBatch = { effects: [...effects], transitions: [], changed, retired: new Set(), undelivered: [] };
    const first = { ...new Books(source, store, database).#batch(step, []), batchNo: 1, registered: registeredOf(file) };
    await inTransaction(database, async (client) => {
      await seedPapers(client, file, NOON_MS);
      await store.writeInto(client, first);
    });
    return new Books(source, store, database);
  }

  /** One order after the other; each step that changes an order or moves money is committed before the next is taken. */
  async alone(orders: number): Promise<number> {
    return this.#timed(orders, async () => {
      for (let no = 0; no < orders; no += 1) {
        let evidence: ReceivedEvent[] = [];
        for (const event of this.#source.nextSwap()) {
          evidence.push(event);
          const step = this.#source.corridor.drain();
          this.#later.push(step);
          if (!step.effects.some(({ type }) => type === 'order.changed' || type === 'ledger.posted')) continue;
          await this.#commit(evidence);
          evidence = [];
        }
        await this.#commit(evidence);
      }
    });
  }

  /** Orders of many stations at once: what came while the last batch was written is the next one. */
  async batched(orders: number): Promise<number> {
    return this.#timed(orders, async () => {
      for (let no = 0; no < orders; no += AT_ONCE) {
        const underWay = Array.from({ length: Math.min(AT_ONCE, orders - no) }, () => this.#source.nextSwap());
        for (;;) {
          const evidence = underWay.flatMap((swap) => {
            const { value } = swap.next();
            return value === undefined ? [] : [value];
          });
          if (evidence.length === 0) break;
          this.#later.push(this.#source.corridor.drain());
          await this.#commit(evidence);
        }
      }
    });
  }

  /** @throws InvariantError when an order is not cleared or the chain is not written: then the figures say nothing */
  async check(): Promise<void> {
    const { rows } = await this.#database.pool.query<{ cleared: bigint; chained: bigint }>(
      `select (select count(*) from swap_order where state = 'CLEARED') as cleared,
              (select sum(transfers) from ledger_batch) - (select count(*) from transfer) as chained`,
    );
    assert(
      rows[0]?.cleared === BigInt(this.#orders) && rows[0].chained === 0n,
      `${rows[0]?.cleared} of ${this.#orders} orders are cleared`,
    );
  }

  /** Steps that are not committed yet. */
  readonly #later: StepBatch[] = [];

  async #timed(orders: number, work: () => Promise<void>): Promise<number> {
    this.#orders += orders;
    const beginMs = performance.now();
    await work();
    return (orders * 1_000) / (performance.now() - beginMs);
  }

  async #commit(evidence: readonly ReceivedEvent[]): Promise<void> {
    this.#batchNo += 1;
    const step = merged(this.#later.splice(0));
    await this.#store.commit(this.#batch(step, evidence));
  }

  #batch(step: StepBatch, evidence: readonly ReceivedEvent[]): WriterBatch {
    this.#streamSeq += evidence.length;
    return {
      batchNo: this.#batchNo,
      scopeAtMs: this.#source.corridor.network.nowMs,
      driven: false,
      step,
      evidence,
      cleared: [],
      passedOver: [],
      positions: new Map(evidence.map(({ source, bootId, seq }) => [source, { bootId, seq }])),
      forgottenSources: [],
      streamSeq: this.#streamSeq,
      registered: [],
      commandUpdates: [],
      audits: [],
      requestedBy: new Map(
        step.effects.flatMap((effect) =>
          effect.type === 'ledger.posted' ? effect.transfers.map(({ key }) => [key, 'bench'] as const) : [],
        ),
      ),
    };
  }
}

function merged(steps: readonly StepBatch[]): StepBatch {
  const whole: StepBatch = { effects: [], transitions: [], changed: new Map(), retired: new Set(), undelivered: [] };
  for (const { effects, transitions, changed, retired } of steps) {
    whole.effects.push(...effects);
    whole.transitions.push(...transitions);
    for (const [ref, snapshot] of changed) whole.changed.set(ref, snapshot);
    for (const ref of retired) {
      whole.changed.delete(ref);
      whole.retired.add(ref);
    }
  }
  return whole;
}
