import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { clearingTransfers } from '@corridor/actors/order/clearing-transfers';
import { NO_DRAFTS, trialOf } from '@corridor/actors/rerate/draft-reference';
import { rerateOrder } from '@corridor/actors/rerate/rerate-order';
import { Prng } from '@corridor/actors/time/prng';
import { assert } from '@corridor/protocols/assert';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { startTestDatabase } from '@corridor/testkit/test-database';
import { type Database, inTransaction } from '@corridor/twin/db/db';
import { rerateSpan } from '@corridor/twin/rerate/rerate-span';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { seedPapers } from '@corridor/twin/seed/seed-papers';
import { jsonOf } from '@corridor/twin/writer/json-rows';
import type { Bench, BenchContext } from '../metric.ts';
import { type BasisOfTruck, randomBasis, SPAN } from './random-bases.ts';

/** The record day of the busiest network. */
const SWAPS = 158_290;
const SMOKE_SWAPS = 2_000;
const GOALS = { computeS: 5, fromDbS: 15 };
const SEED = 158_290;
const CHUNK = 5_000;

/** All swaps of a record day rated and cleared again: in memory, and from the database and back into it. */
export const reclearBench: Bench = {
  name: 'reclear',
  about: '158,290 swaps rated and cleared again, in memory and from and to the database',
  async run(context) {
    const file = readNetworkFile(DEFAULT_NETWORK_FILE);
    const reference = ReferenceStore.of(file, () => null);
    const random = new Prng(SEED);
    const swaps = context.smoke ? SMOKE_SWAPS : SWAPS;
    const bases = Array.from({ length: swaps }, () => randomBasis(random, file));
    reclear(reference, bases.slice(0, SMOKE_SWAPS)); // compiled as a process that has run for a while
    const beginMs = performance.now();
    const transfers = reclear(reference, bases);
    report(context, 'compute_s', performance.now() - beginMs, GOALS.computeS);
    context.say(`${transfers} transfers of ${swaps} swaps`);

    await using test = await startTestDatabase();
    await inTransaction(test.database, (client) => seedPapers(client, file, Date.parse(SPAN.from)));
    await fill(test.database, file, reference, bases);
    await test.database.pool.query('vacuum analyze');
    const readMs = performance.now();
    await fromDatabase(test.database, file, reference, swaps);
    report(context, 'from_db_s', performance.now() - readMs, GOALS.fromDbS);
  },
};

function report(context: BenchContext, metric: string, durationMs: number, goal: number): void {
  context.report({ metric, value: durationMs / 1_000, unit: 's', goal, direction: 'at-most' });
}

function reclear(reference: ReferenceStore, bases: readonly BasisOfTruck[]): number {
  let transfers = 0;
  const trial = trialOf(reference, NO_DRAFTS);
  for (const [index, { basis }] of bases.entries()) {
    const rerated = rerateOrder(trial, basis);
    assert(rerated.ok, `order ${index} cannot be rated`);
    const { platformId } = reference;
    transfers += clearingTransfers({ orderId: `O${index}`, carrierId: basis.carrierId, platformId, bill: rerated.bill }).length;
  }
  return transfers;
}

/** The day as its writer stored it. */
async function fill(
  database: Database,
  { platformId }: NetworkFile,
  reference: ReferenceStore,
  bases: readonly BasisOfTruck[],
): Promise<void> {
  const trial = trialOf(reference, NO_DRAFTS);
  for (let from = 0; from < bases.length; from += CHUNK) {
    const rows = bases.slice(from, from + CHUNK).map(({ basis, truckId }, index) => {
      const rerated = rerateOrder(trial, basis);
      assert(rerated.ok, `order ${index} cannot be rated`);
      const { payableFen, shares } = rerated.bill;
      const at = new Date(basis.ratedAtMs).toISOString();
      return {
        order_id: `O${from + index}`,
        basis,
        shares,
        at,
        station_id: basis.stationId,
        truck_id: truckId,
        carrier_id: basis.carrierId,
        payable_fen: payableFen,
      };
    });
    await inTransaction(database, async (client) => {
      const values = [platformId, jsonOf(rows)];
      const record = `json_to_recordset($2::json) as r(order_id text, basis json, shares json, at timestamptz, station_id text, truck_id text,
                        carrier_id text, payable_fen bigint)`;
      await client.query({
        text: `insert into swap_order (platform_id, order_id, state, initiation, station_id, truck_id, carrier_id, payable_fen, created_at, updated_at)
               select $1, order_id, 'CLEARED', 'LOCAL', station_id, truck_id, carrier_id, payable_fen, at, at from ${record}`,
        values,
      });
      await client.query({
        text: `insert into order_basis (platform_id, order_id, basis, billed_at) select $1, order_id, basis, at from ${record}`,
        values,
      });
      await client.query({
        text: `insert into clearing_entry (platform_id, order_id, principal_id, role, gross_fen, commission_fen, net_fen, cleared_at)
               select $1, r.order_id, s."principalId", s.role, s."grossFen", s."commissionFen", s."netFen", r.at
                 from ${record}, json_to_recordset(r.shares) as s("principalId" text, role text, "grossFen" bigint, "commissionFen" bigint, "netFen" bigint)`,
        values,
      });
    });
  }
}

/** Reads what every bill was made of, rates and clears it, writes the outcome of each; nothing may have changed. */
async function fromDatabase(database: Database, { platformId }: NetworkFile, reference: ReferenceStore, swaps: number): Promise<void> {
  await database.pool.query('create unlogged table reclear_outcome (order_id text primary key, before_fen bigint, after_fen bigint)');
  const totals = await rerateSpan(database.pool, { platformId, ...SPAN }, { reference, drafts: NO_DRAFTS }, async (done) => {
    await database.pool.query({
      text: `insert into reclear_outcome select * from json_to_recordset($1::json) as r("orderId" text, "beforeFen" bigint, "afterFen" bigint)`,
      values: [jsonOf(done)],
    });
  });
  assert(totals.orders === swaps, `${totals.orders} of ${swaps} orders were cleared again`);
  for (const { kind, id, beforeFen, afterFen } of totals.rows()) {
    assert(beforeFen === afterFen, `${kind} ${id} differs: ${beforeFen} and ${afterFen} fen`);
  }
}
