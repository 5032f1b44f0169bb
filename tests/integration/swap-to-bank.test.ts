import type { SettlementPeriod } from '@corridor/protocols/agreement/settlement-agreement';
import type { Bill } from '@corridor/protocols/http/scene';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { until } from '@corridor/testkit/until';
import { verifyDatabase } from '@corridor/tools/verify/verify-database';
import { openDatabase } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { railDateOf } from '@corridor/twin/rail/reconciliation';
import { type SandboxedTwin, startSandboxedTwin } from '@corridor/twin/rail/sandboxed-twin.fixture';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { contentHashOf, type Json } from '@corridor/twin/settlement/canonical-json';
import { SettlementSide, type SettlementSideOptions } from '@corridor/twin/settlement/settlement-side';
import type { StatementContent } from '@corridor/twin/settlement/statement-content';
import { expect, it } from 'vitest';

const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
const packAt = (id: string): string => NETWORK.packs.find(({ initial }) => initial.id === id)?.id ?? '';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const OFFSET_MS = 8 * HOUR_MS;

/** 24:00 in Shanghai of the last day of the month after this one. */
function monthEndMs(): number {
  const local = new Date(Date.now() + OFFSET_MS);
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 2, 1) - OFFSET_MS;
}

/** Monday 00:00 in Shanghai of the week that an instant lies in. */
function mondayMs(atMs: number): number {
  const day = Math.floor((atMs + OFFSET_MS) / DAY_MS);
  // 1970-01-01 was a Thursday.
  return (day - ((day + 3) % 7)) * DAY_MS - OFFSET_MS;
}

/** Who the swap pays is settled by another period each; the owner of the returned pack gives rent back, and pays in what it owes. */
const PERIODS: Readonly<Record<string, SettlementPeriod>> = { SO1: 'T0', BO2: 'D1', BO1: 'W1', PF: 'M1_15' };

async function agree({ twin }: SandboxedTwin): Promise<void> {
  for (const [principalId, period] of Object.entries(PERIODS)) {
    const definition = { id: `SA-${principalId}`, principalId, effectiveFrom: '2020-01-01', period, belowZero: 'COLLECT', partners: [] };
    await twin.db.query(
      `insert into settlement_agreement (platform_id, agreement_id, principal_id, effective_from, state, definition, drafted_by, drafted_at, approved_by, approved_at)
       values ('PF', $1, $2, '2020-01-01', 'APPROVED', $3, 'a', now(), 'b', now())`,
      [definition.id, principalId, JSON.stringify(definition)],
    );
  }
}

async function reach({ twin }: SandboxedTwin, atMs: number): Promise<void> {
  const { core, writer } = twin.twin.live;
  core.clock.tick(atMs, 1);
  // After a stall of this process the writer's time stands still until it knows what the stream holds.
  await until('the time of the scope', 240_000, async () => {
    await writer.ask({ type: 'settlement.progress', paidStatementIds: [], settledOrderIds: [] }, 'test');
    return core.network.nowMs >= atMs ? true : null;
  });
}

/** @returns the bill of one swap of carrier C1 */
async function swapOnce({ twin }: SandboxedTwin): Promise<Bill & { orderId: string }> {
  const nc = await twin.nats.connect(await twin.nats.credentials.issueStation('HH1'));
  const gateway = new ScriptedGateway({ stationId: 'HH1', nowMs: () => twin.twin.live.clock().scopeAtMs });
  await gateway.boot(nc);
  const charge = { transactionId: 'tx-1', evseId: 1, packId: packAt('HH1-1'), pvRegisterWh: 0, sohPercent: 90 };
  gateway.event('charge', 'started', { ...charge, gridRegisterWh: 0, socPercent: 50, reason: null });
  gateway.event('charge', 'ended', { ...charge, gridRegisterWh: 130_000, socPercent: 95, reason: 'MAX_SOC' });
  await gateway.settled();
  const outcome = await gateway.swap({
    requestId: 1,
    bayId: 'HH1-B1',
    truck: { id: 'T001', plate: '冀J10000D', rfid: 'E280000001170000', vin: 'LCT4X2BEV26000001' },
    idToken: { idToken: 'CT-090000', type: 'Central' },
    returned: { evseId: 8, serialNumber: packAt('T001'), soC: 22, soH: 95 },
    issued: () => ({ soC: 95, soH: 90 }),
  });
  await gateway.settled();
  gateway.stop();
  await nc.close();
  if (!outcome.started) throw new Error('the swap was refused');
  const { orderId } = outcome;
  return { ...((await twin.get(`/api/v1/orders/${orderId}/bill`)).body as Bill), orderId };
}

interface Statement {
  id: string;
  state: string;
  period: string;
  from: string;
  until: string;
  payableAt: string;
  totalFen: string;
  contentHash: string;
}

it('takes a swap to the bank over every period, month end and crash, and what the rail refuses by the second try', async () => {
  await using world = await startSandboxedTwin({ seed: 7, doubledRatio: 0.5 });
  const { twin, rail } = world;
  const { live, settlement, payments } = twin.twin;
  if (payments === null) throw new Error('the twin has no payment rail');
  // Every look is this test's own, each by somebody who remembers nothing: as after a restart.
  await settlement.stop();
  const sideOf = (payouts: SettlementSideOptions['payouts']) =>
    new SettlementSide({
      database,
      platformId: 'PF',
      reference: live.core.reference,
      writer: live.writer,
      payouts,
      scopeNowMs: () => live.clock().scopeAtMs,
      wallNowMs: Date.now,
      log: silentLog(),
    });
  const database = openDatabase({ url: twin.postgres.url, log: silentLog(), name: 'settle', connectionsMax: 2 });
  await using _closed = { [Symbol.asyncDispose]: () => database.close() };
  const look = () => sideOf(payments.payouts).look();
  const statement = async (principalId: string): Promise<Statement | undefined> =>
    ((await twin.get(`/api/v1/statements?principalId=${principalId}`)).body as { items: Statement[] }).items[0];
  const stateOfOrder = async () => ((await twin.get(`/api/v1/orders/${orderId}`)).body as { state: string }).state;
  const failures = async (of = 'PAYOUT_FAILED') =>
    ((await twin.get('/api/v1/alarms?open=true')).body as { items: { code: string }[] }).items.filter(({ code }) => code === of);
  const span = (fromMs: number, untilMs: number) => ({ from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString() });

  await until('the rail knows the opening balances', 30_000, async () =>
    (await twin.db.query("select 1 from payment where state = 'CONFIRMED' and provider_ref is null")).rows.length === 0 ? true : null,
  );
  const days = new Set([railDateOf(Date.now())]);
  await agree(world);
  const endMs = monthEndMs();
  await reach(world, endMs - 10 * MINUTE_MS);
  const bill = await swapOnce(world);
  const { orderId } = bill;
  const due = Map.groupBy(bill.clearing, ({ principalId }) => principalId);
  const netOf = (principalId: string) => (due.get(principalId) ?? []).reduce((sum, { netFen }) => sum + BigInt(netFen), 0n);
  expect([...due.keys()].toSorted()).toEqual(Object.keys(PERIODS).toSorted());

  // The month is not over: nothing is closed. Then everything that ends with it is, at its own bounds.
  rail.closeAccounts(['sandbox-SO1']);
  await look();
  expect(await statement('SO1')).toBeUndefined();
  await reach(world, endMs);
  await look();
  expect(await statement('SO1')).toMatchObject({ period: 'T0', state: 'FROZEN', ...span(endMs - HOUR_MS, endMs) });
  expect(await statement('BO2')).toMatchObject({ period: 'D1', state: 'DUE', ...span(endMs - DAY_MS, endMs), totalFen: `${netOf('BO2')}` });
  const month = span(Date.parse(`${railDateOf(endMs - 1).slice(0, 7)}-01T00:00:00+08:00`), endMs);
  expect(await statement('PF')).toMatchObject({
    period: 'M1_15',
    state: 'FROZEN',
    ...month,
    payableAt: new Date(endMs + 15 * DAY_MS).toISOString(),
  });
  expect(await statement('C1')).toMatchObject({ period: 'M1', state: 'PAID', ...month });
  for (const principalId of ['SO1', 'BO2', 'PF', 'C1']) {
    const { id, contentHash } = (await statement(principalId)) ?? { id: '', contentHash: '' };
    const { content } = (await twin.get(`/api/v1/statements/${id}`)).body as { content: StatementContent };
    expect(contentHashOf(content as Json)).toBe(contentHash);
  }

  // The rail does not pay the operator: an alarm, until it is mended and begun anew.
  const payoutId = `payout:${(await statement('SO1'))?.id}`;
  await world.stateOf(payoutId, 'FAILED');
  expect(await failures()).toMatchObject([{ scopeId: 'SO1_income', args: { reason: 'ACCOUNT_ABNORMAL' }, state: 'UNACKNOWLEDGED' }]);
  rail.closeAccounts([]);
  expect(await twin.post(`/api/v1/payments/${payoutId}/retry`, {})).toMatchObject({ status: 200 });
  await world.stateOf(payoutId, 'CONFIRMED');
  expect(await failures()).toEqual([]);

  // The owner of the returned pack pays in what it owes, once.
  const { id: dueId = '' } = (await statement('BO2')) ?? {};
  const collect = (as: string) => twin.post('/api/v1/payments/collections', { statementId: dueId }, as);
  expect(await collect('SO1')).toMatchObject({ status: 404 });
  const asked = await collect('BO2');
  expect(asked).toMatchObject({ status: 201, body: { id: `statement:${dueId}:collect:1`, amountFen: `${-netOf('BO2')}` } });
  expect((await collect('BO2')).body).toEqual(asked.body);
  await world.pay(asked.body);
  await world.stateOf(`statement:${dueId}:collect:1`, 'CONFIRMED');
  await look();
  expect([(await statement('SO1'))?.state, (await statement('BO2'))?.state]).toEqual(['PAID', 'PAID']);
  expect(await collect('BO2')).toMatchObject({ status: 409, body: { code: 'STATEMENT_NOT_DUE' } });

  // The week of the other owner ends; the platform's month is not paid before its fifteenth day.
  const sundayMs = mondayMs(endMs - 1) + 7 * DAY_MS;
  await reach(world, Math.max(sundayMs, endMs + 2 * DAY_MS));
  await look();
  expect(await statement('BO1')).toMatchObject({ period: 'W1', ...span(sundayMs - 7 * DAY_MS, sundayMs) });
  await world.stateOf(`payout:${(await statement('BO1'))?.id}`, 'CONFIRMED');
  await look();
  expect([(await statement('BO1'))?.state, (await statement('PF'))?.state, await stateOfOrder()]).toEqual(['PAID', 'FROZEN', 'CLEARED']);

  // The payout ends in the middle between freezing and the rail: an alarm. Whoever starts next does it, once, and that is over.
  await reach(world, endMs + 15 * DAY_MS);
  const killed = { payOut: () => Promise.reject(new Error('killed')), tellFailed: () => Promise.reject(new Error('killed')) };
  await sideOf(killed).look();
  const { id: platformsId = '', state } = (await statement('PF')) ?? {};
  expect(state).toBe('FROZEN');
  const args = { step: 'PAY_STATEMENT', id: platformsId, reason: 'UNEXPECTED' };
  expect(await failures('SETTLEMENT_FAILED')).toMatchObject([{ scopeId: 'PF_clearing', args }]);
  await Promise.all([look(), look()]);
  expect(await failures('SETTLEMENT_FAILED')).toEqual([]);
  await world.stateOf(`payout:${(await statement('PF'))?.id}`, 'CONFIRMED');
  await look();
  await look();
  expect([(await statement('PF'))?.state, await stateOfOrder()]).toEqual(['PAID', 'SETTLED']);

  // Ledger, rail and bill of the day say the same, and nobody is owed anything.
  const { rows: paid } = await twin.db.query<{ key: string; debit: string; fen: string }>(
    "select key, debit_account_id as debit, amount_fen as fen from transfer where kind = 'SETTLEMENT_OUT' or key like 'statement:%' order by key",
  );
  const out = await Promise.all(
    ['SO1', 'BO1', 'PF'].map(async (id) => ({
      key: `payout:${(await statement(id))?.id}`,
      debit: `${id}_income`,
      fen: `${netOf(id)}`,
    })),
  );
  const byKey = (rows: readonly { key: string }[]) => rows.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  expect(byKey(paid.filter(({ key }) => key.startsWith('payout:')))).toEqual(byKey(out));
  expect(paid.filter(({ key }) => key.startsWith('statement:'))).toEqual([
    { key: `statement:${dueId}:collect:1`, debit: 'RAIL_sandbox', fen: `${-netOf('BO2')}` },
  ]);
  const { rows: owed } = await twin.db.query("select account_id from account where kind in ('INCOME', 'CLEARING') and balance_fen <> 0");
  expect(owed).toEqual([]);
  for (const day of days.add(railDateOf(Date.now()))) expect(await payments.reconciliation.compare(day)).toEqual([]);
  expect((await verifyDatabase(database)).findings).toEqual([]);
}, 600_000);
