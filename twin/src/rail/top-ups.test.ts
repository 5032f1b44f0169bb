import { until } from '@corridor/testkit/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paidTrade, type SandboxedTwin, type Sent, startSandboxedTwin } from './sandboxed-twin.fixture.ts';
import { tradeNumberOf } from './trade-number.ts';

/** One twin and one rail for several tests, each with payments of its own. */
function inOneWorld(faults: Parameters<typeof startSandboxedTwin>[0]): () => SandboxedTwin {
  let world: SandboxedTwin;
  beforeAll(async () => {
    world = await startSandboxedTwin(faults);
  });
  afterAll(async () => world[Symbol.asyncDispose]());
  return () => world;
}

it('has ended when the rail refuses it, and is refused again with its key', async () => {
  // Ours is above the provider's.
  await using world = await startSandboxedTwin({}, { env: { PAYMENT_TOP_UP_MAX_FEN: '500000000000' } });
  const ask = (amountFen: string, key: string) =>
    world.twin.post('/api/v1/payments/top-ups', { carrierId: 'C1', amountFen, channel: 'sandbox', key }, 'C1');
  for (const attempt of ['first', 'second'])
    expect(await ask('500000000000', 'huge'), attempt).toMatchObject({ status: 422, body: { code: 'RAIL_REFUSED' } });
  expect(await world.payment('topup:C1:huge')).toMatchObject({
    state: 'FAILED',
    cashierUrl: null,
    detail: expect.stringContaining('PARAM'),
  });
  const rail = { channel: 'sandbox', topUpFenMax: '500000000000' };
  expect(await world.twin.get('/api/v1/payments/rail', 'C1')).toMatchObject({ status: 200, body: rail });
  // Above our own limit the rail is not asked, and nothing is kept of it.
  const above = '500000000001 fen (5000000000.01 yuan): one payment is 500000000000 fen (5000000000.00 yuan) at most';
  expect(await ask('500000000001', 'above')).toMatchObject({ status: 422, body: { code: 'AMOUNT_ABOVE_LIMIT', detail: above } });
  expect((await world.twin.get('/api/v1/payments/topup:C1:above')).status).toBe(404);
  // One that the rail took, and whose answer was lost, is open whatever the rail says to the second try.
  const asked = await world.topUp('lost-answer', '500');
  await world.pay(asked);
  await world.stateOf(asked.id, 'CONFIRMED');
  // A look that began before it was paid would book it again.
  await world.twin.twin.payments?.stop();
  await world.twin.db.query(
    "update payment set state = 'REQUESTED', cashier_url = null, provider_ref = null, paid_at = null, transfer_key = null, settled_at = null, next_check_at = null where payment_id = $1",
    [asked.id],
  );
  expect(await ask('500', 'lost-answer')).toMatchObject({ status: 422, body: { code: 'RAIL_REFUSED' } });
  expect((await world.payment(asked.id)).state).toBe('REQUESTED');
});

it('counts once, however callbacks are doubled, late and out of order', async () => {
  await using world = await startSandboxedTwin({ seed: 7, doubledRatio: 0.7, lostRatio: 0.2, lateMsMax: 1_500 });
  const before = await world.prepaidFen();
  const asked = await Promise.all(Array.from({ length: 40 }, (_, index) => world.topUp(`k${index}`, String(100 + index))));
  await Promise.all(asked.map((payment) => world.pay(payment)));
  for (const { id } of asked) await world.stateOf(id, 'CONFIRMED');
  // The first of them again: the account remembers its last keys only, and these were more.
  const [first] = asked;
  const content = paidTrade(tradeNumberOf(first?.id ?? ''), Number(first?.amountFen));
  expect(await world.send({ content, id: 'again' })).toEqual({ status: 409, code: 'PROVIDER_REF_USED' });
  expect((await world.prepaidFen()) - before).toBe(asked.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n));
});

describe('a top-up that no callback tells of', () => {
  const worldOf = inOneWorld({ lostRatio: 1 });

  it('is found by asking when the callback is lost', async () => {
    const world = worldOf();
    const asked = await world.topUp('lost', '5000');
    await world.pay(asked);
    await world.stateOf(asked.id, 'CONFIRMED');
    expect(await world.transfers(asked.id)).toBe(1);
  });

  it('is booked when the rail says that it was paid after we gave it up', async () => {
    const world = worldOf();
    const asked = await world.topUp('late', '5000');
    await world.twin.db.query("update payment set state = 'CLOSED', next_check_at = null where payment_id = $1", [asked.id]);
    const content = paidTrade(tradeNumberOf(asked.id), 5_000);
    expect(await world.send({ content, id: 'late' })).toEqual({ status: 204, code: null });
    expect(await world.send({ content, id: 'late' })).toEqual({ status: 204, code: null });
    expect(await world.send({ content, id: 'late again' })).toEqual({ status: 204, code: null });
    expect([(await world.payment(asked.id)).state, await world.transfers(asked.id)]).toEqual(['CONFIRMED', 1]);
  });

  it('changes nothing for a callback that is forged, old, of another, or of another amount, each with its code', async () => {
    const world = worldOf();
    const asked = await world.topUp('forged', '5000');
    const no = tradeNumberOf(asked.id);
    const content = paidTrade(no, 5_000);
    const other = await world.topUp('other', '5000');
    const before = await world.prepaidFen();
    const bad: [code: string, status: number, sent: Sent][] = [
      ['CALLBACK_HEADERS_MISSING', 400, { content, headers: { 'wechatpay-signature': '' } }],
      ['CALLBACK_HEADERS_MISSING', 400, { content, headers: { 'wechatpay-timestamp': 'now' } }],
      ['CALLBACK_TIMESTAMP_OLD', 401, { content, ageMs: 301_000 }],
      ['CALLBACK_TIMESTAMP_OLD', 401, { content, ageMs: -360_000 }],
      ['CALLBACK_SERIAL_UNKNOWN', 401, { content, headers: { 'wechatpay-serial': 'ABC' } }],
      ['CALLBACK_SERIAL_UNKNOWN', 401, { content, headers: { 'wechatpay-serial': '../merchant-key' } }],
      ['CALLBACK_SIGNATURE_INVALID', 401, { content, tamper: (body) => body.replace('"N1"', '"N9"') }],
      ['CALLBACK_SIGNATURE_INVALID', 401, { content, tamper: (body) => `${body} ` }],
      ['CALLBACK_SIGNATURE_INVALID', 401, { content, headers: { 'wechatpay-nonce': 'other' } }],
      ['CALLBACK_SIGNATURE_INVALID', 401, { content, headers: { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abc' } }],
      ['CALLBACK_NOT_DECRYPTABLE', 400, { content, apiV3Key: 'x'.repeat(32) }],
      ['CALLBACK_BODY_INVALID', 400, { content: { out_trade_no: no } }],
      ['CALLBACK_EVENT_UNKNOWN', 422, { content, eventType: 'COUPON.USE' }],
      ['CALLBACK_MERCHANT_MISMATCH', 422, { content: { ...content, mchid: '1999999999' } }],
      ['CALLBACK_MERCHANT_MISMATCH', 422, { content: { ...content, appid: 'wxother' } }],
      ['PAYMENT_UNKNOWN', 404, { content: paidTrade('0'.repeat(32), 5_000) }],
      [
        'PAYMENT_UNKNOWN',
        404,
        { content: { ...content, out_order_no: 'nobody1', transaction_id: 'x' }, eventType: 'PROFITSHARING.SUCCESS' },
      ],
      ['AMOUNT_MISMATCH', 422, { content: paidTrade(no, 5_001) }],
      ['AMOUNT_MISMATCH', 422, { content: paidTrade(no, 0) }],
      ['CURRENCY_UNSUPPORTED', 422, { content: paidTrade(no, 5_000, { amount: { total: 5_000, currency: 'USD' } }) }],
      ['CALLBACK_BODY_INVALID', 400, { content: paidTrade(no, 5_000.5) }],
      ['CALLBACK_BODY_INVALID', 400, { content: paidTrade(no, -5_000) }],
    ];
    for (const [code, status, sent] of bad) expect([code, await world.send(sent)]).toEqual([code, { status, code }]);
    expect([(await world.payment(asked.id)).state, await world.prepaidFen()]).toEqual(['REQUESTED', before]);
    const refused = await fetch(`${world.twin.twin.url}/api/v1/payments/callbacks/wechatpay`, { method: 'POST' });
    expect(refused.status).toBe(404);
    // What is said of an unpaid trade moves nothing; the same id may then say more.
    expect(await world.send({ content: { ...content, trade_state: 'NOTPAY' }, id: 'N3' })).toMatchObject({ status: 204 });
    expect(await world.send({ content, id: 'N4' })).toEqual({ status: 204, code: null });
    // The rail's number of one payment does for no other.
    const stolen = { ...paidTrade(tradeNumberOf(other.id), 5_000), transaction_id: content.transaction_id };
    expect(await world.send({ content: stolen, id: 'N5' })).toEqual({ status: 409, code: 'PROVIDER_REF_USED' });
    expect((await world.prepaidFen()) - before).toBe(5_000n);
  });
});

describe('a top-up', () => {
  const worldOf = inOneWorld({});

  it('is asked for, paid at the cashier, told by a callback, and booked once', async () => {
    const world = worldOf();
    const before = await world.prepaidFen();
    const asked = await world.topUp('first', '123456');
    expect(asked).toMatchObject({ id: 'topup:C1:first', state: 'REQUESTED', amountFen: '123456', requestedBy: 'demo-C1' });
    expect(await world.topUp('first', '123456')).toEqual(asked);
    expect(await world.prepaidFen()).toBe(before);
    expect(await (await fetch(asked.cashierUrl ?? '')).text()).toContain('¥ 1234.56');
    expect([await world.pay(asked), await world.pay(asked)]).toEqual([200, 200]);
    await world.stateOf(asked.id, 'CONFIRMED');
    expect((await world.prepaidFen()) - before).toBe(123_456n);
    expect(await world.transfers('topup:C1:first')).toBe(1);
    expect(await world.topUp('first', '123456')).toMatchObject({ state: 'CONFIRMED', cashierUrl: null });
    const { twin } = world;
    const again = { carrierId: 'C1', amountFen: '1', channel: 'sandbox', key: 'first' };
    expect(await twin.post('/api/v1/payments/top-ups', again, 'C1')).toMatchObject({
      status: 409,
      body: { code: 'KEY_USED_WITH_OTHER_AMOUNT' },
    });
    expect(await twin.post('/api/v1/payments/top-ups', { ...again, channel: 'wechatpay' }, 'C1')).toMatchObject({
      status: 422,
      body: { code: 'CHANNEL_UNAVAILABLE' },
    });
    expect((await twin.get('/api/v1/payments/topup:C1:first', 'C2')).status).toBe(404);
    const { rows } = await twin.db.query(
      "select 1 from payment where requested_by = 'demo-C1' and transfer_key = payment_id and settled_at is not null",
    );
    expect(rows).toHaveLength(1);

    // The platform changed its rail since: what was asked for at the one before is not asked for again at the present one.
    await twin.db.query("update payment set channel = 'wechatpay' where payment_id = $1", [asked.id]);
    expect(await twin.post('/api/v1/payments/top-ups', { ...again, amountFen: '123456' }, 'C1')).toMatchObject({
      status: 409,
      body: { code: 'KEY_USED_WITH_OTHER_CHANNEL' },
    });
    expect(await world.transfers('topup:C1:first')).toBe(1);
  });

  it('is closed at the rail when nobody paid in time, and cannot be paid then', async () => {
    const world = worldOf();
    const asked = await world.topUp('unpaid', '5000');
    await world.twin.db.query("update payment set expires_at = now() - interval '1 s', next_check_at = now() where payment_id = $1", [
      asked.id,
    ]);
    await world.stateOf(asked.id, 'CLOSED');
    expect(await world.pay(asked)).toBe(400);
    expect(await world.transfers(asked.id)).toBe(0);
  });

  it('goes on when the rail signs with a new key, and believes none that it was not given', async () => {
    const world = worldOf();
    const { serial } = world.rail.keys.current;
    world.rail.keys.rotate();
    expect(world.rail.keys.current.serial).not.toBe(serial);
    const answer = await world.twin.post(
      '/api/v1/payments/top-ups',
      { carrierId: 'C1', amountFen: '5', channel: 'sandbox', key: 'r' },
      'C1',
    );
    expect(answer).toMatchObject({ status: 503, body: { code: 'RAIL_ANSWER_FORGED' } });
    world.shareKey();
    const asked = await world.topUp('r', '5');
    await world.pay(asked);
    await world.stateOf(asked.id, 'CONFIRMED');
  });

  it('says that there is no rail, or that it does not answer, and keeps the key', async () => {
    const world = worldOf();
    await until('openings are told', 30_000, async () => {
      const { rows } = await world.twin.db.query("select 1 from payment where state = 'CONFIRMED' and provider_ref is null");
      return rows.length === 0 ? true : null;
    });
    await world.rail.stop();
    const answer = await world.twin.post(
      '/api/v1/payments/top-ups',
      { carrierId: 'C1', amountFen: '5', channel: 'sandbox', key: 'u' },
      'C1',
    );
    expect(answer).toMatchObject({ status: 503, body: { code: 'RAIL_UNREACHABLE' } });
    expect(await world.payment('topup:C1:u')).toMatchObject({ state: 'REQUESTED', cashierUrl: null });
  });
});
