import { NOON_MS, smallFile, startCorridor, type TestCorridor } from '@corridor/actors/network/corridor.fixture';
import { refOf } from '@corridor/actors/network/entity-ref';
import type { StepBatch } from '@corridor/actors/network/step-batch';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { startTestDatabase, type TestDatabase } from '@corridor/testkit/test-database';
import { inTransaction } from '../db/db.ts';
import { silentLog } from '../log.ts';
import { registeredOf } from '../seed/registered-of.ts';
import { seedPapers } from '../seed/seed-papers.ts';
import { PostgresBatchStore } from '../writer/postgres-batch-store.ts';
import { ScopeClock } from '../writer/scope-clock.ts';
import { Sequencer } from '../writer/sequencer.ts';
import { Suspects } from '../writer/suspects.ts';
import { Writer } from '../writer/writer.ts';
import type { ReceivedEvent } from '../writer/writer-batch.ts';
import { carrierBooksOf } from './carrier-books.ts';
import { ChargeSide, type ChargeSideOptions } from './charge-side.ts';

/** A corridor at noon whose writer writes into a database: nothing happens in it but what is asked of it. */
export interface WrittenCorridor extends AsyncDisposable, Pick<TestDatabase, 'database'> {
  readonly corridor: TestCorridor;
  readonly writer: Writer;
  /** @param writer between this corridor and whoever looks for what is due */
  chargeSide(writer?: ChargeSideOptions['writer']): ChargeSide;
  /** A truck of a carrier that did not come, written as if it had happened; in the order of `incurredAt`. */
  noShow(orderIds: readonly string[], about: { carrierId: string; incurredAt: string }): Promise<void>;
  /** Charges of a carrier in the books, by id. */
  charged(carrierId: string): Promise<{ chargeId: string; payableFen: bigint }[]>;
  prepaidFen(carrierId: string): Promise<bigint>;
  /** Lets the clock of writer and scope go on; it stands else. */
  pass(ms: number): void;
}

/** Trucks that do not come cost every carrier so much. */
export const NO_SHOW_FEN = 5_000n;
const withPenalties = (file: NetworkFile): NetworkFile => ({
  ...file,
  contracts: file.contracts.map((contract) => ({
    ...contract,
    penalties: [{ kind: 'NO_SHOW', amountFen: NO_SHOW_FEN.toString(), waivers: [] }],
  })),
});

export async function startWrittenCorridor(): Promise<WrittenCorridor> {
  await using built = new AsyncDisposableStack();
  const test = built.use(await startTestDatabase());
  const { database } = test;
  const corridor = startCorridor({ file: withPenalties(smallFile()) });
  const { file, network, reference } = corridor;
  const { platformId } = file;
  const store = new PostgresBatchStore({ database, platformId, scope: 'live', log: silentLog() });
  await inTransaction(database, async (client) => {
    await seedPapers(client, file, NOON_MS);
    await store.writeInto(client, { ...BEGIN, step: beginOf(corridor), registered: registeredOf(file), requestedBy: askedBy(corridor) });
  });
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  let intents = 0;
  let nowMs = NOON_MS;
  const writer = new Writer({
    network,
    clock: new ScopeClock({ wallNowMs: () => nowMs, storedScopeMs: NOON_MS, driven: false }),
    sequencer: new Sequencer<ReceivedEvent>([]),
    store,
    log: silentLog(),
    batchNo: BEGIN.batchNo + 1,
    streamSeq: 0,
    onCommitted: () => undefined,
    onFatal: (cause) => failed.reject(cause),
    suspects: new Suspects([], () => NOON_MS),
    monotonicNowMs: () => 0,
    newIntentId: () => `intent-${(intents += 1)}`,
  });
  built.defer(() => Promise.race([writer.stop(), failed.promise]));
  const kept = built.move();
  return {
    database,
    corridor,
    writer,
    chargeSide: (between = writer) =>
      new ChargeSide({
        database,
        platformId,
        reference,
        writer: between,
        booksOf: (carrierId) => carrierBooksOf(network, carrierId),
        scopeNowMs: () => nowMs,
        wallNowMs: () => nowMs,
        log: silentLog(),
      }),
    async noShow(orderIds, { carrierId, incurredAt }) {
      await database.pool.query({
        text: `insert into penalty_incident (platform_id, kind, order_id, station_id, truck_id, carrier_id, rated_at, incurred_at)
               select $1, 'NO_SHOW', order_id, $3, $4, $5, $6::timestamptz, $6::timestamptz from unnest($2::text[]) order_id`,
        values: [platformId, orderIds, file.stations[0]?.id, corridor.truck(0).id, carrierId, incurredAt],
      });
    },
    async charged(carrierId) {
      const { rows } = await database.pool.query<{ charge_id: string; payable_fen: bigint }>({
        text: 'select charge_id, payable_fen from charge where platform_id = $1 and carrier_id = $2 order by charge_id',
        values: [platformId, carrierId],
      });
      return rows.map(({ charge_id, payable_fen }) => ({ chargeId: charge_id, payableFen: payable_fen }));
    },
    async prepaidFen(carrierId) {
      const { rows } = await database.pool.query<{ balance_fen: bigint }>({
        text: "select balance_fen from account where platform_id = $1 and principal_id = $2 and kind = 'PREPAID'",
        values: [platformId, carrierId],
      });
      return rows[0]?.balance_fen ?? 0n;
    },
    pass(ms) {
      nowMs += ms;
      // There is no stream that could be behind: time goes on.
      writer.streamAtEnd();
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const BEGIN = {
  batchNo: 1,
  scopeAtMs: NOON_MS,
  driven: false,
  evidence: [],
  cleared: [],
  passedOver: [],
  positions: new Map(),
  forgottenSources: [],
  streamSeq: 0,
  commandUpdates: [],
  audits: [],
};

/** Who asked for the opening top-ups, by key. */
const askedBy = ({ effects }: TestCorridor) =>
  new Map(effects.flatMap((effect) => (effect.type === 'ledger.posted' ? effect.transfers.map(({ key }) => [key, 'test'] as const) : [])));

/** All that the network did when it was registered, as one step. */
const beginOf = ({ effects, stored }: TestCorridor): StepBatch => ({
  effects,
  transitions: [],
  changed: new Map([...stored.values()].map((each) => [refOf(each.machine, each.id), each])),
  retired: new Set(),
  undelivered: [],
});
