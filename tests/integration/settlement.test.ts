import { readFileSync } from 'node:fs';
import { yuanText } from '@corridor/actors/ledger/decimal-text';
import type { Bill } from '@corridor/protocols/http/scene';
import { subject } from '@corridor/protocols/subject';
import { reachScopeTime } from '@corridor/testkit/scope-time';
import { ScriptedGateway, type SwapScript } from '@corridor/testkit/scripted-gateway';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { until } from '@corridor/testkit/until';
import { verifyDatabase } from '@corridor/tools/verify/verify-database';
import { type Database, openDatabase } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { contentHashOf, type Json } from '@corridor/twin/settlement/canonical-json';
import { Disputes, type DisputesOptions } from '@corridor/twin/settlement/disputes';
import type { StatementContent } from '@corridor/twin/settlement/statement-content';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { expect, it } from 'vitest';

const NETWORK = JSON.parse(readFileSync(new URL('../../data/corridor/network.json', import.meta.url), 'utf8')) as {
  packs: { id: string; initial: { kind: string; id: string } }[];
};
const TRUCK: SwapScript['truck'] = { id: 'T001', plate: '冀J10000D', rfid: 'E280000001170000', vin: 'LCT4X2BEV26000001' };
const packAt = (id: string): string => NETWORK.packs.find(({ initial }) => initial.id === id)?.id ?? '';
const DAY_MS = 86_400_000;
const AGREEMENT = {
  id: 'SA-SO1-1',
  principalId: 'SO1',
  effectiveFrom: '2020-01-01',
  period: 'D1',
  partners: [{ kind: 'SITE_OWNER', partnerId: 'BO2', basisPoints: 600 }],
};

/** One swap of carrier C1 at a station of SO1. @returns its order */
async function swapOnce(platform: TestTwin): Promise<string> {
  const { creds, inboxPrefix, natsUrl } = (await platform.post('/api/v1/stations/HH1/credentials', {})).body as Record<string, string>;
  const nc = await connect({
    servers: natsUrl ?? '',
    inboxPrefix: inboxPrefix ?? '',
    authenticator: credsAuthenticator(new TextEncoder().encode(creds)),
  });
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(nc);
  const transaction = { transactionId: 'tx-1', evseId: 1, packId: packAt('HH1-1'), pvRegisterWh: 0, sohPercent: 90, reason: null };
  gateway.event('charge', 'started', { ...transaction, gridRegisterWh: 0, socPercent: 50 });
  gateway.event('charge', 'ended', { ...transaction, gridRegisterWh: 130_000, socPercent: 95, reason: 'MAX_SOC' });
  await gateway.settled();
  const outcome = await gateway.swap({
    requestId: 1,
    bayId: 'HH1-B1',
    truck: TRUCK,
    idToken: { idToken: 'CT-090000', type: 'Central' },
    returned: { evseId: 8, serialNumber: packAt('T001'), soC: 22, soH: 95 },
    issued: () => ({ soC: 95, soH: 90 }),
  });
  await gateway.settled();
  await nc.close();
  if (!outcome.started) throw new Error('the swap was refused');
  return outcome.orderId;
}

/** The clock of the scope goes on by days. */
async function letDaysPass(platform: TestTwin, days: number): Promise<void> {
  const { creds } = await platform.nats.credentials.issueService('clock', 'clock');
  const nc = await connect({ servers: platform.nats.url, authenticator: credsAuthenticator(new TextEncoder().encode(creds)) });
  const targetMs = platform.twin.live.clock().scopeAtMs + days * DAY_MS;
  const at = new Date(targetMs).toISOString();
  nc.publish(subject.clock('live'), JSON.stringify({ scopeAt: at, wallAt: at, factor: 1 }));
  await nc.flush();
  await reachScopeTime(platform.twin.live, targetMs);
  await nc.close();
}

interface Statement {
  id: string;
  state: string;
  totalFen: string;
  contentHash: string;
  content: StatementContent;
}
const statementsOf = async (platform: TestTwin, principalId: string) =>
  (await platform.get('/api/v1/statements', principalId)).body as { items: Statement[] };
const tablesOf = async ({ db }: TestTwin) => {
  const { rows } = await db.query(
    'select (select count(*) from statement) s, (select count(*) from transfer) t, (select count(*) from settlement_split) p',
  );
  return rows[0] as unknown;
};

/**
 * A dispute that is upheld a second time on a line, while its party withdraws it and the meter corrects the same order: the money has begun
 * to move, so neither comes before it.
 */
async function upholdAmongOthers(platform: TestTwin, database: Database, { orderId, lineNo }: { orderId: string; lineNo: number }) {
  const { live, settlement, leaving } = platform.twin;
  const raised = await platform.post(`/api/v1/orders/${orderId}/dispute`, { reason: 'still wrong', principalId: 'C1' });
  const disputeId = (raised.body as { id: string }).id;
  let others: Promise<unknown[]> = Promise.resolve([]);
  const writer: DisputesOptions['writer'] = {
    async ask(intent, by) {
      await database.pool.query(
        `insert into meter_difference (platform_id, order_id, metered_wh, billed_wh, nominal_wh, found_at) values ('PF', $1, 20000, 0, 282000, now())`,
        [orderId],
      );
      const withdrawal = disputes.end({ disputeId, state: 'WITHDRAWN', by: 'C1', decision: 'withdrawn' });
      others = Promise.all([withdrawal, settlement.bookMeterCorrections()]);
      // Whoever does not wait for this one is through before it goes on.
      const meanwhile = async () => {
        for (let query = 0; query < 50; query += 1) await database.pool.query('select 1');
      };
      await Promise.race([others, meanwhile()]);
      return live.writer.ask(intent, by);
    },
  };
  const disputes = new Disputes({
    database,
    platformId: 'PF',
    reference: live.core.reference,
    writer,
    scopeNowMs: () => live.clock().scopeAtMs,
    newId: () => 'D-none',
    bills: settlement.bills,
    leaving,
  });
  const decision = { disputeId, decision: 'agreed' };
  const changes = [{ lineNo, deltaFen: -50n }];
  // Raised for the carrier by a person of the platform, who does not decide it too.
  for (const own of [
    await disputes.uphold({ ...decision, changes, by: 'demo-PF' }),
    await disputes.end({ ...decision, state: 'DISMISSED', by: 'demo-PF' }),
  ])
    expect(own).toMatchObject({ ok: false, reason: 'SECOND_PERSON_NEEDED' });
  const upheld = await disputes.uphold({ ...decision, changes, by: 'demo-PF-2' });
  expect(upheld).toMatchObject({ ok: true, dispute: { state: 'UPHELD' } });
  expect((await others)[0]).toMatchObject({ ok: false, reason: 'DISPUTE_DECIDED' });
  const { rows } = await database.pool.query<{ stands: string; derivation: string }>(
    `select (b.amount_fen - 150)::text as stands, c.derivation from correction_line c join order_line b on b.order_id = $1 and b.line_no = c.of_line_no
      where c.correction_id = 'meter:' || $1 and c.of_line_no = $2`,
    [orderId, lineNo],
  );
  expect(rows[0]?.derivation).toContain(`of the line ${yuanText(BigInt(rows[0]?.stands ?? 0))} of `);
}

it('settles a swap: dispute, closed periods, partners, payout, SETTLED, and nothing twice', async () => {
  await using platform = await startTestTwin();
  await platform.db.query(
    `insert into settlement_agreement (platform_id, agreement_id, principal_id, effective_from, state, definition, drafted_by, drafted_at, approved_by, approved_at)
     values ('PF', $1, 'SO1', '2020-01-01', 'APPROVED', $2, 'a', now(), 'b', now())`,
    [AGREEMENT.id, JSON.stringify(AGREEMENT)],
  );
  const player = { partnerId: 'BO2', stationIds: ['HH1'] };
  const twice = { kind: 'SHAPLEY', base: 'GROSS', basisPoints: 500, players: [player, { ...player, stationIds: ['HJ1'] }] };
  const draft = { ...AGREEMENT, id: 'SA-SO1-2', effectiveFrom: '2099-01-01', partners: [twice] };
  expect(await platform.post('/api/v1/settlement-agreements', draft)).toMatchObject({ status: 422, body: { code: 'PLAYER_REPEATED' } });
  // Nor does anybody approve a draft of before the rule.
  await platform.db.query(
    `insert into settlement_agreement (platform_id, agreement_id, principal_id, effective_from, state, definition, drafted_by, drafted_at)
     values ('PF', $1, 'SO1', '2099-01-01', 'DRAFT', $2, 'somebody-else', now())`,
    [draft.id, JSON.stringify(draft)],
  );
  const approved = await platform.post(`/api/v1/settlement-agreements/${draft.id}/approve`, {});
  expect(approved).toMatchObject({ status: 422, body: { code: 'PLAYER_REPEATED' } });
  const drafts = await platform.db.query('select state from settlement_agreement where agreement_id = $1', [draft.id]);
  expect(drafts.rows).toEqual([{ state: 'DRAFT' }]);
  const orderId = await swapOnce(platform);
  const bill = (await platform.get(`/api/v1/orders/${orderId}/bill`)).body as Bill;
  const service = bill.lines.find(({ component }) => component === 'SERVICE');
  const prepaid = async () => BigInt(((await platform.get('/api/v1/accounts/C1_prepaid')).body as { balanceFen: string }).balanceFen);
  const before = await prepaid();

  // A dispute by a party; another's order is not there; two at once are not taken.
  expect(await platform.post(`/api/v1/orders/${orderId}/dispute`, { reason: 'x' }, 'C2')).toMatchObject({ status: 404 });
  // Of a carrier that has left nothing can be given back or taken any more.
  const leftAt = async (at: string) => platform.db.query(`update principal set deregistered_at = ${at} where principal_id = 'C1'`);
  const decided = Promise.withResolvers<void>();
  const leaving = platform.twin.leaving.run('C1', () => decided.promise);
  const meanwhile = platform.post(`/api/v1/orders/${orderId}/dispute`, { reason: 'x' }, 'SO1');
  // One that does not wait until that is over is there before this is.
  await Promise.race([meanwhile, platform.get(`/api/v1/orders/${orderId}`).then(() => platform.get(`/api/v1/orders/${orderId}`))]);
  await leftAt('now()');
  decided.resolve();
  await leaving;
  expect(await meanwhile).toMatchObject({ status: 409, body: { code: 'CARRIER_LEFT' } });
  await leftAt('null');
  const raised = await platform.post(`/api/v1/orders/${orderId}/dispute`, { reason: 'the meter was wrong', evidence: 'photo 1' }, 'C1');
  expect(raised).toMatchObject({ status: 201, body: { state: 'OPEN', principalId: 'C1' } });
  const disputeId = (raised.body as { id: string }).id;
  expect(await platform.post(`/api/v1/orders/${orderId}/dispute`, { reason: 'again' }, 'C1')).toMatchObject({
    status: 409,
    body: { code: 'DISPUTE_EXISTS' },
  });
  const decide = (deltaFen: string, as = 'PF') =>
    platform.post(
      `/api/v1/disputes/${disputeId}/decision`,
      { outcome: 'UPHELD', decision: 'agreed', changes: [{ lineNo: service?.lineNo, deltaFen }] },
      as,
    );
  expect(await decide('-100', 'C1')).toMatchObject({ status: 403 });
  expect(await decide('-9999999')).toMatchObject({ status: 422, body: { code: 'CORRECTION_ABOVE_LINE' } });
  expect(await decide('-100')).toMatchObject({ status: 200, body: { state: 'UPHELD', correctionId: `dispute:${disputeId}` } });
  expect(await decide('-100')).toMatchObject({ status: 409, body: { code: 'DISPUTE_DECIDED' } });
  expect(await prepaid()).toBe(before + 100n);
  // Who paid sees what for, and what came back.
  const cleared = (await platform.get('/api/v1/clearing', 'C1')).body as { items: { role: string; netFen: string; lines: object[] }[] };
  expect(cleared.items).toMatchObject([
    { role: 'CARRIER', orderId, correctionId: `dispute:${disputeId}`, netFen: '100' },
    { role: 'CARRIER', orderId, correctionId: null, netFen: (-BigInt(bill.payableFen)).toString() },
  ]);
  expect(cleared.items[1]?.lines).toHaveLength(bill.lines.length);
  expect((await platform.get('/api/v1/clearing', 'C2')).body).toMatchObject({ items: [] });
  const acts = (await platform.get(`/api/v1/audit?entityKind=order&entityId=${orderId}`, 'C1')).body as { items: { action: string }[] };
  expect(acts.items).toMatchObject([
    { action: 'correction.book', userId: 'demo-PF', before: { disputeState: 'OPEN' }, after: { disputeId, payableFen: '-100' } },
    {
      action: 'dispute.raise',
      userId: 'demo-C1',
      before: null,
      after: { disputeId, principalId: 'C1', state: 'OPEN', evidence: [{ text: 'photo 1' }] },
    },
  ]);
  expect((await platform.get(`/api/v1/orders/${orderId}/bill`)).body).toEqual(bill);

  expect(await platform.post('/api/v1/statements', { principalId: 'SO1' })).toMatchObject({ status: 409, body: { code: 'PERIOD_OPEN' } });
  const { settlement } = platform.twin;
  // Every look is this test's own: one that is under way while time passes may close a partner before who shares with him.
  await settlement.stop();
  await letDaysPass(platform, 3);
  // By hand, because an own look that found nothing to close looks at that principal again a minute later only; who shares comes first.
  for (const id of ['SO1', 'BO1', 'BO2', 'C1', 'PF', 'SO1']) {
    const principal = platform.twin.live.core.reference.principal(id);
    expect(principal && (await settlement.closePeriodsOf(principal, { byHand: true }))).toMatchObject({ failure: null });
  }

  const [listed] = (await statementsOf(platform, 'SO1')).items;
  expect(listed).toMatchObject({ state: 'FROZEN', agreementId: AGREEMENT.id });
  const statement = (await platform.get(`/api/v1/statements/${listed?.id}`, 'SO1')).body as Statement;
  const share = bill.clearing.find(({ principalId }) => principalId === 'SO1');
  const siteFen = (BigInt(service?.amountFen ?? 0) - 100n) * 600n;
  const splitFen = (siteFen + 5_000n) / 10_000n;
  expect(statement.content.totals).toMatchObject({
    ordersFen: share?.netFen,
    correctionsFen: '-95',
    splitsFen: splitFen.toString(),
    totalFen: (BigInt(share?.netFen ?? 0) - 95n - splitFen).toString(),
  });
  expect(contentHashOf(statement.content as Json)).toBe(statement.contentHash);
  const { rows: income } = await platform.db.query(`select balance_fen::text from account where account_id = 'SO1_income'`);
  expect(income).toEqual([{ balance_fen: statement.totalFen }]);
  // Who gets the split has it in a statement of its own; nobody else sees either.
  const [partner] = (await statementsOf(platform, 'BO2')).items;
  const partnerContent = ((await platform.get(`/api/v1/statements/${partner?.id}`, 'BO2')).body as Statement).content;
  expect(partnerContent.received).toMatchObject([{ statementId: statement.id, amountFen: splitFen.toString() }]);
  expect((await platform.get(`/api/v1/statements/${statement.id}`, 'BO2')).status).toBe(404);
  expect((await statementsOf(platform, 'guest')).items).toEqual([]);
  // What is closed stays: by the database itself, and by doing it all again.
  for (const change of ['amount_fen = 0', 'included_in = null', "included_in = 'another'"]) {
    await expect(platform.db.query(`update settlement_split set ${change} where statement_id = $1`, [statement.id])).rejects.toThrow(
      /is frozen/,
    );
  }
  await expect(platform.db.query(`update statement set total_fen = 0 where statement_id = $1`, [statement.id])).rejects.toThrow(
    /is frozen/,
  );
  const made = await tablesOf(platform);
  await settlement.look();
  expect(await platform.post('/api/v1/statements', { principalId: 'SO1' })).toMatchObject({ status: 200, body: { closed: 0 } });
  expect(await tablesOf(platform)).toEqual(made);

  // The rail pays every statement out; then the order is settled.
  const { rows: owed } = await platform.db.query<{ statement_id: string; principal_id: string; total_fen: string }>(
    `select statement_id, principal_id, total_fen from statement where state = 'FROZEN'`,
  );
  for (const { statement_id: id, principal_id: principalId, total_fen: total } of owed) {
    await platform.db.query(
      `insert into payment (platform_id, payment_id, principal_id, direction, channel, amount_fen, state, statement_id, requested_by, requested_at)
       values ('PF', 'payout:' || $1, $2, 'PAYOUT', 'sandbox', $3, 'REQUESTED', $1, 'test', now())`,
      [id, principalId, total],
    );
    const paid = { type: 'payment.paidOut', key: id, principalId, amountFen: BigInt(total), channel: 'sandbox' } as const;
    expect(await platform.twin.live.writer.ask(paid, 'test')).toMatchObject({ ok: true });
  }
  await settlement.progress();
  expect((await statementsOf(platform, 'SO1')).items).toMatchObject([{ state: 'PAID' }]);
  await until('the order is settled', 30_000, async () => {
    await settlement.progress();
    const { state } = (await platform.get(`/api/v1/orders/${orderId}`)).body as { state: string };
    return state === 'SETTLED' ? true : null;
  });
  const database = openDatabase({ url: platform.postgres.url, log: silentLog(), name: 'verify' });
  await upholdAmongOthers(platform, database, { orderId, lineNo: service?.lineNo ?? 0 });
  const { findings } = await verifyDatabase(database);
  expect(findings).toEqual([]);
  // Who can write to the database is found out.
  await database.pool.query(`alter table correction_line disable trigger user; alter table statement disable trigger user;
    alter table settlement_split disable trigger user; update correction_line set amount_fen = amount_fen - 1;
    update settlement_split set amount_fen = amount_fen + 1; update statement set content = jsonb_set(content, '{totals,movedFen}', '"1"')
    where statement_id = '${statement.id}'`);
  const found = (await verifyDatabase(database)).findings.map(({ check }) => check);
  await database.close();
  expect(new Set(found)).toEqual(new Set(['correction-balances', 'statement-splits-are-booked', 'statement-is-its-movements']));
  // A period whose entries are not what the ledger moved is not closed, and whoever asks for that is told so.
  await platform.db.query({
    text: `insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no)
           values ('PF', 'order:none:income', 'CORRECTION', 'C1_prepaid', 'SO2_income', 500, $1, 1)`,
    values: [new Date(platform.twin.live.clock().scopeAtMs).toISOString()],
  });
  await letDaysPass(platform, 2);
  expect(await platform.post('/api/v1/statements', { principalId: 'SO2' })).toMatchObject({
    status: 409,
    body: { code: 'PERIOD_NOT_CLOSED', detail: expect.stringContaining('STATEMENT_UNBALANCED') as unknown },
  });
});
