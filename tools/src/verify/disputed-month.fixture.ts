import type { TestCorridor } from '@corridor/actors/network/corridor.fixture';
import type { Intent } from '@corridor/actors/network/input';
import type { StepBatch } from '@corridor/actors/network/step-batch';
import { carrierBooksOf } from '@corridor/twin/charges/carrier-books';
import { ChargeSide } from '@corridor/twin/charges/charge-side';
import type { Database } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { billedCharge } from '@corridor/twin/settlement/billed-charge';
import { billedOrder, disputeCorrection } from '@corridor/twin/settlement/corrections';
import { insertDispute } from '@corridor/twin/settlement/disputes.queries';
import { SettlementSide } from '@corridor/twin/settlement/settlement-side';
import type { IntentAnswer } from '@corridor/twin/writer/intent-answer';
import type { PostgresBatchStore } from '@corridor/twin/writer/postgres-batch-store';
import type { WriterBatch } from '@corridor/twin/writer/writer-batch';
import * as fc from 'fast-check';

const PLATFORM = 'PF';
const DAY_MS = 86_400_000;
/** Of the orders, so many are disputed. */
const DISPUTED_RATIO = 0.4;
const PARTNERS = [
  { kind: 'SITE_OWNER', partnerId: 'BO2', basisPoints: 600 },
  { kind: 'REVENUE_SHARE', partnerId: 'BO1', basisPoints: 150, base: 'NET' },
];

interface Played {
  readonly database: Database;
  readonly store: PostgresBatchStore;
  readonly corridor: TestCorridor;
  readonly seed: number;
  /** The last one that was written. */
  readonly batchNo: number;
  readonly batchOf: (batchNo: number, scopeAtMs: number, step: StepBatch) => WriterBatch;
}

const drawn = (count: number, seed: number) =>
  fc.sample(fc.record({ isDisputed: fc.double({ min: 0, max: 1, noNaN: true }), at: fc.nat(), part: fc.integer({ min: 1, max: 100 }) }), {
    numRuns: count,
    seed,
  });

/** Upholds disputes on orders drawn by the seed, then charges rents and penalties while the stations are another's, upholds disputes on those, and closes every period, by the product's own means on a network in memory. */
export async function disputeAndSettle({ database, store, corridor, seed, batchNo, batchOf }: Played): Promise<void> {
  const { network, reference } = corridor;
  let written = batchNo;
  let atMs = network.nowMs;
  const ask = async (intent: Intent, by: string): Promise<IntentAnswer> => {
    const intentId = `test-${written}`;
    network.step({ kind: 'intent', atMs, intentId, by, intent });
    const step = corridor.drain();
    written += 1;
    await store.commit(batchOf(written, atMs, step));
    const answer = step.effects.find((effect) => effect.type === 'intent.answered' && effect.intentId === intentId);
    if (answer?.type !== 'intent.answered') throw new Error(`${intent.type} was not answered`);
    return answer;
  };
  const { rows } = await database.pool.query<{ order_id: string }>('select order_id from order_basis order by billed_at, order_id');
  const draws = drawn(rows.length, seed);
  for (const [index, { order_id: orderId }] of rows.entries()) {
    const draw = draws[index];
    const order = await billedOrder(database.pool, PLATFORM, reference, orderId);
    if (draw === undefined || draw.isDisputed > DISPUTED_RATIO || order === null) continue;
    const line = order.lines[draw.at % order.lines.length];
    if (line === undefined) continue;
    const changes = [{ lineNo: line.lineNo, deltaFen: -(line.amountFen * BigInt(draw.part)) / 100n }];
    const found = disputeCorrection(PLATFORM, order, { disputeId: `D${index}`, reason: 'counted twice', by: 'platform-person', changes });
    if (!found.ok) continue;
    const bill = { orderId, chargeId: null };
    const raised = {
      disputeId: `D${index}`,
      bill,
      principalId: order.carrierId,
      by: 'carrier-person',
      reason: 'counted twice',
      evidence: [],
    };
    await insertDispute(database.pool, PLATFORM, { ...raised, at: new Date(atMs).toISOString() });
    await ask({ type: 'correction.book', correction: found.correction }, 'platform-person');
  }
  await database.pool.query(
    `insert into settlement_agreement (platform_id, agreement_id, principal_id, effective_from, state, definition, drafted_by, drafted_at, approved_by, approved_at)
     select $1, 'SA-' || p, p, '2020-01-01', 'APPROVED', jsonb_build_object('id', 'SA-' || p, 'principalId', p, 'effectiveFrom', '2020-01-01', 'period', 'W1',
                        'partners', case p when 'SO1' then $2::jsonb else '[]'::jsonb end), 'a', now(), 'b', now()
       from unnest(array['PF', 'SO1', 'SO2', 'SO3', 'BO1', 'BO2', 'BO3']) p`,
    [PLATFORM, JSON.stringify(PARTNERS)],
  );
  atMs += 40 * DAY_MS;
  const clock = { scopeNowMs: () => atMs, wallNowMs: () => 0 };
  const charges = new ChargeSide({
    database,
    platformId: PLATFORM,
    reference,
    writer: { ask },
    booksOf: (carrierId) => carrierBooksOf(network, carrierId),
    ...clock,
    log: silentLog(),
  });
  // Penalties are whose the station was when they happened, though it is another's while they are booked.
  const stations = [...reference.stations()];
  reference.apply({ stations: stations.map((station) => ({ ...station, operatorId: 'SO3' })) });
  await charges.look();
  reference.apply({ stations });
  await upholdOnCharges({ database, seed, atMs, reference, ask });
  const settlement = new SettlementSide({
    database,
    platformId: PLATFORM,
    reference,
    writer: { ask },
    payouts: null,
    ...clock,
    log: silentLog(),
  });
  while ((await settlement.closePeriods()) > 0);
}

/** Of every second charge a part is given back, and of some of these once more: all that still stands. */
async function upholdOnCharges({
  database,
  seed,
  atMs,
  reference,
  ask,
}: Pick<Played, 'database' | 'seed'> & {
  atMs: number;
  reference: TestCorridor['reference'];
  ask: (intent: Intent, by: string) => Promise<IntentAnswer>;
}): Promise<void> {
  const { rows } = await database.pool.query<{ charge_id: string }>('select charge_id from charge order by booked_at, charge_id');
  const draws = drawn(rows.length, seed);
  for (const [index, { charge_id: chargeId }] of rows.entries()) {
    if (index % 2 === 1) continue;
    for (const [no, part] of [draws[index]?.part ?? 1, 100].entries()) {
      if (no === 1 && index % 4 !== 0) continue;
      const charge = await billedCharge(database.pool, PLATFORM, reference, chargeId);
      const line = charge?.lines[0];
      if (charge === null || line === undefined) throw new Error(`${chargeId} is not there`);
      const standsFen = line.amountFen + (charge.correctedFen.get(line.lineNo) ?? 0n);
      const changes = [{ lineNo: line.lineNo, deltaFen: -(standsFen * BigInt(part)) / 100n }];
      const disputeId = `DC${index}-${no}`;
      const found = disputeCorrection(PLATFORM, charge, { disputeId, reason: 'not owed', by: 'platform-person', changes });
      // What a waiver took back is not paid out besides.
      if (!found.ok) continue;
      const raised = {
        disputeId,
        bill: { orderId: null, chargeId },
        principalId: charge.carrierId,
        by: 'carrier-person',
        reason: 'not owed',
        evidence: [],
      };
      await insertDispute(database.pool, PLATFORM, { ...raised, at: new Date(atMs).toISOString() });
      await ask({ type: 'correction.book', correction: found.correction }, 'platform-person');
    }
  }
}
