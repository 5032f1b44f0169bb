import { NOON_MS } from '@corridor/actors/network/corridor.fixture';
import { refOf } from '@corridor/actors/network/entity-ref';
import type { StepBatch } from '@corridor/actors/network/step-batch';
import { assert } from '@corridor/protocols/assert';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { type Database, inTransaction, openDatabase } from '@corridor/twin/db/db';
import { migrate } from '@corridor/twin/db/migrate';
import { silentLog } from '@corridor/twin/log';
import { registeredOf } from '@corridor/twin/seed/registered-of';
import { seedPapers } from '@corridor/twin/seed/seed-papers';
import { CommitLine } from '@corridor/twin/writer/commit-line';
import { PostgresBatchStore } from '@corridor/twin/writer/postgres-batch-store';
import type { ReceivedEvent, WriterBatch } from '@corridor/twin/writer/writer-batch';
import type { Bench, BenchContext } from '../metric.ts';
import { largeNetwork } from '../workload/large-network.ts';
import { OrderSource } from './order-steps.ts';

const SIZE = { stations: 60, slotsPerStation: 40, trucks: 1_200, packs: 3_000, warmUp: 150 };
const SMALL = { stations: 60, slotsPerStation: 6, trucks: 80, packs: 380, warmUp: 10 };
const GOALS = { alone: 0.3, batched: 0.5 };
/** Orders that are under way at once, as in a network of that size at its busiest. */
const AT_ONCE = 60;

/**
 * Orders from their trucks' arrival to cleared money, against commits of one row on the same server and connection. What is compared
 * with a raw commit is a step: a report of the station on a swap, with all that comes of it in actors, books and commands. An order has 16.
 * As in the writer, two transactions are at the database at most, one behind the other, and what comes next is computed meanwhile; an
 * order's own next step is never taken before its last is committed. 60 orders are under way. `alone` takes them in turn and commits each
 * step by itself; `batched` the steps of 30 of them together. Orders a second beside raw commits are told too.
 */
export const settleBench: Bench = {
  name: 'settle',
  about: 'steps of orders a second, each durable, beside single-row commits',
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
      // What has run for a minute: Node has compiled what it does all the time, and the server knows its tables. The first seconds of both,
      // and plans made for empty tables, would be measured else.
      await books.batched(size.warmUp);
      await books.alone(size.warmUp);
      await database.pool.query('vacuum analyze');
      for (const [name, orders] of [
        ['alone', size.trucks / 5],
        ['batched', size.trucks / 2],
      ] as const) {
        const before = await rawCommitsPerS(database, rawMs);
        const pace = name === 'alone' ? await books.alone(orders) : await books.batched(orders);
        const raw = (before + (await rawCommitsPerS(database, rawMs))) / 2;
        report(context, name, pace, raw);
      }
      await books.check();
    } finally {
      await database.close();
    }
  },
};

function report(context: BenchContext, name: 'alone' | 'batched', { ordersPerS, stepsPerS }: Pace, rawPerS: number): void {
  context.report({ case: name, metric: 'orders_per_s', value: ordersPerS, unit: '1/s' });
  context.report({ case: name, metric: 'steps_per_s', value: stepsPerS, unit: '1/s' });
  context.report({ case: name, metric: 'raw_commits_per_s', value: rawPerS, unit: '1/s' });
  context.report({ case: name, metric: 'orders_per_raw_commit', value: ordersPerS / rawPerS, unit: 'orders per commit' });
  context.report({
    case: name,
    metric: 'ratio_to_raw_commit',
    value: stepsPerS / rawPerS,
    unit: 'steps per commit',
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

interface Pace {
  ordersPerS: number;
  /** Reports of stations, each with all that came of it committed. */
  stepsPerS: number;
}

/** Orders whose steps are taken together. */
interface Group {
  swaps: Generator<ReceivedEvent>[];
  /** Commit of the last steps. */
  last: Promise<void>;
}

/** The network of actors and the store of the writer, in the order in which the writer uses them. */
class Books {
  readonly #source: OrderSource;
  readonly #line: CommitLine;
  readonly #database: Database;
  #batchNo = 1;
  #streamSeq = 0;
  #orders = 0;

  private constructor(source: OrderSource, store: PostgresBatchStore, database: Database) {
    this.#source = source;
    this.#line = new CommitLine(store);
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

  /** Each order's step by itself; the next one is taken when the last one is committed. */
  async alone(orders: number): Promise<Pace> {
    return this.#inTurn(orders, 1);
  }

  /** Orders of many stations in two groups; what each group comes to next is one batch. */
  async batched(orders: number): Promise<Pace> {
    return this.#inTurn(orders, AT_ONCE / 2);
  }

  /** Groups of orders in turn: while the steps of one are at the database, those of the next are computed. */
  async #inTurn(orders: number, together: number): Promise<Pace> {
    return this.#timed(orders, async () => {
      let left = orders;
      const groups: Group[] = Array.from({ length: AT_ONCE / together }, () => ({ swaps: [], last: Promise.resolve() }));
      for (let turn = 0; left > 0 || groups.some(({ swaps }) => swaps.length > 0); turn += 1) {
        const group = groups[turn % groups.length];
        assert(group !== undefined, 'no group');
        if (group.swaps.length === 0) {
          group.swaps = Array.from({ length: Math.min(together, left) }, () => this.#source.nextSwap());
          left -= group.swaps.length;
        }
        // A station hears of its last step before it takes the next.
        await group.last;
        const evidence = group.swaps.flatMap((swap) => swap.next().value ?? []);
        if (evidence.length === 0) group.swaps = [];
        else await this.#commit(group, evidence);
      }
      await this.#line.settled();
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

  async #timed(orders: number, work: () => Promise<void>): Promise<Pace> {
    this.#orders += orders;
    const [beginMs, stepsBefore] = [performance.now(), this.#streamSeq];
    await work();
    const tookS = (performance.now() - beginMs) / 1_000;
    return { ordersPerS: orders / tookS, stepsPerS: (this.#streamSeq - stepsBefore) / tookS };
  }

  /** Resolves when the batch is sent; `group.last` then stands for its commit. */
  async #commit(group: Group, evidence: readonly ReceivedEvent[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    group.last = promise;
    this.#batchNo += 1;
    const batch = this.#batch(this.#source.drain(), evidence);
    await this.#line.take(batch, { committed: resolve, failed: () => reject(new Error(`batch ${batch.batchNo} is refused`)) });
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
