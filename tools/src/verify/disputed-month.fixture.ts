import type { TestCorridor } from '@corridor/actors/network/corridor.fixture';
import type { Intent } from '@corridor/actors/network/input';
import type { StepBatch } from '@corridor/actors/network/network';
import type { Database } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { billedOrder, correctedBefore, disputeCorrection } from '@corridor/twin/settlement/corrections';
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

/** Upholds disputes on orders drawn by the seed, then closes every period, by the product's own means on a network in memory. */
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
  const draws = fc.sample(
    fc.record({ isDisputed: fc.double({ min: 0, max: 1, noNaN: true }), at: fc.nat(), part: fc.integer({ min: 1, max: 100 }) }),
    {
      numRuns: rows.length,
      seed,
    },
  );
  for (const [index, { order_id: orderId }] of rows.entries()) {
    const draw = draws[index];
    const order = await billedOrder(database.pool, PLATFORM, reference, orderId);
    if (draw === undefined || draw.isDisputed > DISPUTED_RATIO || order === null) continue;
    const before = await correctedBefore(database.pool, PLATFORM, orderId);
    const line = order.lines[draw.at % order.lines.length];
    if (line === undefined) continue;
    const changes = [{ lineNo: line.lineNo, deltaFen: -(line.amountFen * BigInt(draw.part)) / 100n }];
    const found = disputeCorrection(PLATFORM, order, { disputeId: `D${index}`, reason: 'counted twice', by: 'test', changes, before });
    if (!found.ok) continue;
    const raised = { disputeId: `D${index}`, orderId, principalId: order.carrierId, by: 'test', reason: 'counted twice', evidence: [] };
    await insertDispute(database.pool, PLATFORM, { ...raised, at: new Date(atMs).toISOString() });
    await ask({ type: 'correction.book', correction: found.correction }, 'test');
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
