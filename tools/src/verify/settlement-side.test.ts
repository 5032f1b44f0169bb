import { NOON_MS, smallFile, startCorridor } from '@corridor/actors/network/corridor.fixture';
import { refOf } from '@corridor/actors/network/entity-ref';
import type { Intent } from '@corridor/actors/network/input';
import type { StepBatch } from '@corridor/actors/network/step-batch';
import { collectionIdOf } from '@corridor/actors/settlement/frozen-statement';
import { startTestDatabase } from '@corridor/testkit/test-database';
import { type Database, inTransaction } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { insertPayment } from '@corridor/twin/rail/payments.queries';
import { registeredOf } from '@corridor/twin/seed/registered-of';
import { seedPapers } from '@corridor/twin/seed/seed-papers';
import { SettlementSide, type SettlementSideOptions } from '@corridor/twin/settlement/settlement-side';
import { PostgresBatchStore } from '@corridor/twin/writer/postgres-batch-store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { batchOf } from './booked-month.fixture.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const AGAIN_MS = 60_000;
const at = (days: number) => new Date(NOON_MS + days * DAY_MS).toISOString();

/** The network in memory, its books in a database by the real store, and what is told of payouts. */
async function startBooks() {
  await using built = new AsyncDisposableStack();
  const { database } = built.use(await startTestDatabase());
  const corridor = startCorridor();
  const { file, reference, network } = corridor;
  const store = new PostgresBatchStore({ database, platformId: file.platformId, scope: 'live', log: silentLog() });
  await inTransaction(database, async (client) => {
    await seedPapers(client, smallFile(), NOON_MS);
    const step: StepBatch = {
      effects: corridor.effects,
      transitions: [],
      changed: new Map([...corridor.stored.values()].map((stored) => [refOf(stored.machine, stored.id), stored])),
      retired: new Set(),
      undelivered: [],
    };
    await store.writeInto(client, { ...batchOf(1, NOON_MS, step), registered: registeredOf(file) });
  });
  const clock = { scopeMs: NOON_MS, wallMs: 0 };
  const corrected: string[] = [];
  const told: string[] = [];
  const paid: string[] = [];
  let batchNo = 1;
  const ask = async (intent: Intent, by: string) => {
    batchNo += 1;
    const intentId = `test-${batchNo}`;
    network.step({ kind: 'intent', atMs: clock.scopeMs, intentId, by, intent });
    const step = corridor.drain();
    await store.commit(batchOf(batchNo, clock.scopeMs, step));
    const answer = step.effects.find((effect) => effect.type === 'intent.answered' && effect.intentId === intentId);
    if (answer?.type !== 'intent.answered') throw new Error(`${intent.type} was not answered`);
    return answer;
  };
  const payouts: NonNullable<SettlementSideOptions['payouts']> = {
    payOut: ({ statementId }) => {
      paid.push(statementId);
      // What the rail's side does is tested with the rail.
      return Promise.reject(new Error('no rail'));
    },
    tellFailed: ({ statement_id }, reason) => {
      told.push(`${statement_id} ${reason}`);
      return Promise.resolve();
    },
  };
  const log = silentLog();
  log.warn = (said: object) => {
    if ('orderId' in said) corrected.push(String(said.orderId));
  };
  const side = () =>
    new SettlementSide({
      database,
      platformId: 'PF',
      reference,
      writer: { ask },
      payouts,
      scopeNowMs: () => clock.scopeMs,
      wallNowMs: () => clock.wallMs,
      log,
    });
  const kept = built.move();
  return { database, clock, corrected, told, paid, side, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

let books: Awaited<ReturnType<typeof startBooks>>;
beforeAll(async () => {
  books = await startBooks();
}, 60_000);
afterAll(() => books[Symbol.asyncDispose]());

const alarmsOf = async ({ pool }: Database) => {
  const { rows } = await pool.query<{ alarm_id: string; detail: string }>(
    "select alarm_id, detail from alarm where code = 'SETTLEMENT_FAILED' and cleared_at is null order by 1",
  );
  return rows;
};
const earn = ({ pool }: Database, principalId: string, key: string, day = 0) =>
  pool.query(
    `insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no)
     values ('PF', $1, 'CORRECTION', 'C1_prepaid', $2, 500, $3, 1)`,
    [key, `${principalId}_income`, at(day)],
  );

it('closes the periods of everybody else while one cannot be closed, which is an alarm until it is', async () => {
  const { database, clock, side } = books;
  // One shares by a rule that cannot be computed, and comes first; of another entries and ledger differ.
  await earn(database, 'SO1', 'test:SO1');
  await earn(database, 'SO2', 'order:none:SO2');
  await earn(database, 'SO3', 'test:SO3');
  const agreement = { id: 'SA', principalId: 'SO1', effectiveFrom: '2020-01-01', period: 'D1' };
  const broken = { ...agreement, partners: [{ kind: 'PV_OWNER', partnerId: 'BO1', priceNanoYuanPerKwh: 'none' }] };
  await database.pool.query(
    `insert into settlement_agreement (platform_id, agreement_id, principal_id, effective_from, state, definition, drafted_by, drafted_at, approved_by, approved_at)
     values ('PF', 'SA', 'SO1', '2020-01-01', 'APPROVED', $1, 'a', now(), 'b', now())`,
    [JSON.stringify(broken)],
  );
  clock.scopeMs = NOON_MS + 2 * DAY_MS;
  const first = side();
  await first.look();
  const closed = async () =>
    (
      await database.pool.query<{ principal_id: string }>("select principal_id from statement where principal_id like 'SO%' order by 1")
    ).rows.map(({ principal_id }) => principal_id);
  expect(await closed()).toEqual(['SO3']);
  expect(await alarmsOf(database)).toMatchObject([
    { alarm_id: 'SETTLEMENT_FAILED-CLOSE_PERIOD-SO1', detail: expect.stringContaining('UNEXPECTED') },
    { alarm_id: 'SETTLEMENT_FAILED-CLOSE_PERIOD-SO2', detail: expect.stringContaining('STATEMENT_UNBALANCED') },
    { alarm_id: expect.stringContaining('PAY_STATEMENT-') },
  ]);
  // Whoever asks for it by hand is told why.
  const SO2 = { id: 'SO2', kind: 'STATION_OPERATOR', name: 'SO2', nameZh: 'SO2' } as const;
  expect(await first.closePeriodsOf(SO2, { byHand: true })).toEqual({ closed: 0, failure: 'STATEMENT_UNBALANCED' });
  await first.closePeriods();
  // Mended: whoever looks next, also after a restart, closes it, and the alarm is over.
  const mended = { ...agreement, partners: [] };
  await database.pool.query("update settlement_agreement set definition = $1 where agreement_id = 'SA'", [JSON.stringify(mended)]);
  await side().look();
  expect(await closed()).toEqual(['SO1', 'SO3']);
  expect((await alarmsOf(database)).map(({ alarm_id }) => alarm_id)).not.toContain('SETTLEMENT_FAILED-CLOSE_PERIOD-SO1');
});

const order = ({ pool }: Database, orderId: string) =>
  pool.query(
    `insert into swap_order (platform_id, order_id, state, initiation, station_id, truck_id, carrier_id, created_at, updated_at)
     values ('PF', $1, 'CLEARED', 'LOCAL', 'HH1', 'T001', 'C1', $2, $2)`,
    [orderId, at(0)],
  );

it('books no correction of a dispute that is not open any more: the database itself refuses it', async () => {
  const { pool } = books.database;
  await order(books.database, 'O-disputed');
  const uphold = () => pool.query("select uphold_dispute('PF', 'D-1', now(), 'test', 'so', 'dispute:D-1')");
  const dispute = (state: string) =>
    pool.query({
      text: `insert into dispute (platform_id, dispute_id, order_id, principal_id, raised_by, reason, state, raised_at)
             values ('PF', 'D-1', 'O-disputed', 'C1', 'C1-office', 'twice', $1, now()) on conflict (platform_id, dispute_id) do update set state = $1`,
      values: [state],
    });
  const refused = { code: '23001', message: 'dispute D-1 is not open: correction dispute:D-1 refused' };
  await expect(uphold()).rejects.toMatchObject(refused);
  for (const state of ['WITHDRAWN', 'DISMISSED', 'UPHELD']) {
    await dispute(state);
    await expect(uphold(), state).rejects.toMatchObject(refused);
  }
  await dispute('OPEN');
  await uphold();
  const { rows } = await pool.query("select state, correction_id from dispute where dispute_id = 'D-1'");
  expect(rows).toEqual([{ state: 'UPHELD', correction_id: 'dispute:D-1' }]);
});

it('looks at every difference of a meter in turn, however many wait for credit', async () => {
  const { database, clock, corrected, side } = books;
  const ids = Array.from({ length: 120 }, (_, index) => `X${String(index).padStart(3, '0')}`);
  for (const id of ids) {
    await order(database, id);
    await database.pool.query(
      `insert into meter_difference (platform_id, order_id, metered_wh, billed_wh, nominal_wh, found_at) values ('PF', $1, 100, 0, 100, $2)`,
      [id, at(0)],
    );
  }
  const one = side();
  for (let look = 0; look < 3; look += 1) {
    await one.bookMeterCorrections();
    // Those of before may be tried again already, and are not, before the others were.
    clock.wallMs += AGAIN_MS;
  }
  expect(corrected).toEqual(ids);
});

it('corrects an order by its meter while nobody else changes what it cost', async () => {
  const { database, corrected, side } = books;
  await order(database, 'X-locked');
  // Found before all others.
  await database.pool.query(
    "insert into meter_difference (platform_id, order_id, metered_wh, billed_wh, nominal_wh, found_at) values ('PF', 'X-locked', 100, 0, 100, '2020-01-01')",
  );
  corrected.splice(0);
  const one = side();
  const decided = Promise.withResolvers<void>();
  const deciding = one.bills.run('X-locked', () => decided.promise);
  const booking = one.bookMeterCorrections();
  // Who does not wait for it is through before this is.
  const meanwhile = async () => {
    for (let query = 0; query < 50; query += 1) await database.pool.query('select 1');
  };
  await Promise.race([booking, meanwhile()]);
  expect(corrected).toEqual([]);
  decided.resolve();
  await Promise.all([deciding, booking]);
  expect(corrected[0]).toBe('X-locked');
});

it('holds what is earned after a statement that is due, tells the platform when it is overdue, and lets it hold up no order of another', async () => {
  const { database, clock, paid, told, side } = books;
  const statement = (id: string, principalId: string, state: string, fromDay: number, totalFen: number) =>
    database.pool.query(
      `insert into statement (platform_id, statement_id, principal_id, period, period_from, period_until, payable_at, state, total_fen, content, content_hash, frozen_at)
       values ('PF', $1, $2, 'D1', $4, $5, $5, $3, $6, '{}', '', $5)`,
      [id, principalId, state, at(fromDay), at(fromDay + 1), totalFen],
    );
  await statement('B-0', 'BO1', 'FROZEN', 10, 100);
  await statement('B-1', 'BO1', 'DUE', 11, -300);
  await statement('B-2', 'BO1', 'FROZEN', 12, 900);
  await statement('B-3', 'BO1', 'PAID', 13, 900);
  await statement('C-1', 'BO2', 'FROZEN', 12, 900);
  await statement('C-3', 'BO2', 'PAID', 13, 900);
  const cleared: readonly [id: string, day: number, payees: readonly string[]][] = [
    ['O-of-the-due', 11.5, ['BO1']],
    ['O-of-a-frozen', 12.5, ['BO1', 'BO2']],
    ['O-of-paid', 13.5, ['BO1', 'BO2']],
    ['O-not-closed', 14.5, ['BO1']],
  ];
  for (const [id, day, payees] of cleared) {
    await order(database, id);
    for (const payee of payees) {
      await database.pool.query(
        `insert into clearing_entry (platform_id, order_id, principal_id, role, gross_fen, commission_fen, net_fen, cleared_at)
         values ('PF', $1, $2, 'BATTERY_OWNER', 5, 0, 5, $3)`,
        [id, payee, at(day)],
      );
    }
  }
  paid.length = 0;
  told.length = 0;
  clock.wallMs += AGAIN_MS;
  clock.scopeMs = NOON_MS + 14 * DAY_MS;
  await side().look();
  expect([paid.filter((id) => /^[BC]-/.test(id)), told]).toEqual([['B-0', 'C-1'], ['B-2 STATEMENT_DUE']]);
  const overdue = async () => (await alarmsOf(database)).filter(({ detail }) => detail.includes('STATEMENT_OVERDUE'));
  expect(await overdue()).toEqual([]);
  const { rows } = await database.pool.query("select order_id from swap_order where state = 'SETTLED'");
  expect(rows).toEqual([{ order_id: 'O-of-paid' }]);
  clock.scopeMs = NOON_MS + 15 * DAY_MS;
  await side().look();
  expect(await overdue()).toMatchObject([{ alarm_id: 'SETTLEMENT_FAILED-COLLECT_STATEMENT-B-1' }]);
});

it('closes by a version that was agreed meanwhile, as it would after a restart', async () => {
  const { database, clock, side } = books;
  await earn(database, 'BO3', 'test:BO3', 16);
  clock.scopeMs = NOON_MS + 16 * DAY_MS + HOUR_MS;
  const standing = side();
  const close = () => standing.closePeriodsOf({ id: 'BO3', kind: 'BATTERY_OWNER', name: 'BO3', nameZh: 'BO3' }, { byHand: true });
  // By the day, which is not over.
  expect(await close()).toMatchObject({ closed: 0 });
  const hourly = { id: 'SA-BO3', principalId: 'BO3', effectiveFrom: '2020-01-01', period: 'T0', partners: [] };
  await database.pool.query(
    `insert into settlement_agreement (platform_id, agreement_id, principal_id, effective_from, state, definition, drafted_by, drafted_at, approved_by, approved_at)
     values ('PF', 'SA-BO3', 'BO3', '2020-01-01', 'APPROVED', $1, 'a', now(), 'b', now())`,
    [JSON.stringify(hourly)],
  );
  standing.noteAgreed('BO3');
  expect(await close()).toMatchObject({ closed: 1 });
});

it('takes up what is carried, however often its principal asks to pay it in, and not once it is paid', async () => {
  const { database, clock, side } = books;
  const { pool } = database;
  const carried = (id: string, day: number) =>
    pool.query({
      text: `insert into statement (platform_id, statement_id, principal_id, period, period_from, period_until, payable_at, state, total_fen, content, content_hash, frozen_at)
             values ('PF', $1, 'BO2', 'D1', $2, $3, $3, 'CARRIED', -200, '{}', '', $3)`,
      values: [id, at(day), at(day + 1)],
    });
  const asked = async (statementId: string, attempt: number) => {
    const paymentId = collectionIdOf(statementId, attempt);
    const payment = { paymentId, principalId: 'BO2', direction: 'TOP_UP', channel: 'sandbox', amountFen: 200n, tradeNo: null } as const;
    const about = { statementId, requestedBy: 'BO2', requestedScopeMs: clock.scopeMs, expiresWallMs: null, nextCheckWallMs: 0 };
    await insertPayment(pool, 'PF', { ...payment, ...about });
    return paymentId;
  };
  const stated = async () =>
    (
      await pool.query<{ said: string }>({
        text: "select state || ' ' || total_fen as said from statement where principal_id = 'BO2' and period_from >= $1 order by period_from",
        values: [at(30)],
      })
    ).rows.map(({ said }) => said);
  await carried('BO2-1', 30);
  await asked('BO2-1', 1);
  await earn(database, 'BO2', 'test:BO2:1', 32);
  clock.scopeMs = NOON_MS + 34 * DAY_MS;
  await side().closePeriods();
  expect(await stated()).toEqual(['CARRIED -200', 'FROZEN 300']);
  // One that is paid: it waits for the note of that, and takes nothing up.
  await carried('BO2-3', 33);
  const paid = await asked('BO2-3', 1);
  await pool.query("update payment set state = 'CONFIRMED' where payment_id = $1", [paid]);
  await earn(database, 'BO2', 'test:BO2:2', 35);
  clock.scopeMs = NOON_MS + 37 * DAY_MS;
  const looking = side();
  await looking.closePeriods();
  expect(await stated()).toEqual(['CARRIED -200', 'FROZEN 300', 'CARRIED -200']);
  await looking.progress();
  await looking.closePeriods();
  expect(await stated()).toEqual(['CARRIED -200', 'FROZEN 300', 'PAID -200', 'FROZEN 500']);
});
