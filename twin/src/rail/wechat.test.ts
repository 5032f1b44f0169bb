import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { yuan } from '@corridor/simulator/rail/bill-text';
import { encryptedResource, isRequestSigned, readAuthorization, signedHeaders } from '@corridor/simulator/rail/rail-crypto';
import { newKey } from '@corridor/simulator/rail/rail-keys';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTwinConfig } from '../config.ts';
import { PlatformKeys } from './platform-keys.ts';
import { tradeNumberOf } from './trade-number.ts';
import { Nothing } from './wechat-answers.ts';
import { fenOf, readShareBill, readTradeBill } from './wechat-bill.ts';
import { WechatRail } from './wechat-rail.ts';
import { answerText, authorization, decryptResource, requestText } from './wechat-signature.ts';
import { WechatTransport } from './wechat-transport.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const apiV3Key = '0123456789abcdef0123456789abcdef';
const merchant = { merchantId: '1900000001', appId: 'wx1', serial: 'ABC', privateKey, apiV3Key: Buffer.from(apiV3Key) };

it.each([429, 500, 503])('a rail that answers %i has refused nothing: it is asked again', async (status) => {
  const server = createServer((_request, response) => response.writeHead(status).end('{"code":"RATELIMIT_EXCEEDED"}'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = new PlatformKeys('none');
  const transport = new WechatTransport({ baseUrl, merchant, keys, wallNowMs: () => 0, newNonce: () => 'n' });
  await expect(transport.call('POST', '/v3/pay/transactions/native', Nothing, {})).rejects.toMatchObject({ code: 'RAIL_UNREACHABLE' });
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

it('believes no answer to another question, signed as it is', async () => {
  using folder = temporaryFolder();
  const key = newKey();
  writeFileSync(join(folder.path, `${key.serial}.pem`), key.publicPem);
  const refund = { refund_id: 'R', out_refund_no: 'OTHER', status: 'SUCCESS', amount: { refund: 1, currency: 'CNY' } };
  const receivers = [{ account: 'A', amount: 1, result: 'SUCCESS' }];
  const share = { transaction_id: 'T', out_order_no: 'OTHER', order_id: 'S', state: 'FINISHED', receivers };
  const trade = { appid: 'wx1', mchid: '1900000001', out_trade_no: 'OTHER', trade_state: 'SUCCESS', amount: { total: 1, currency: 'CNY' } };
  const server = createServer((request, response) => {
    const { url = '' } = request;
    const body = JSON.stringify(url.includes('refund') ? refund : url.includes('profitsharing') ? share : trade);
    response.writeHead(200, signedHeaders(body, key, Date.now())).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { baseUrl, merchant, keys: new PlatformKeys(folder.path), wallNowMs: Date.now, newNonce: () => 'n' };
  const rail = new WechatRail({ ...options, channel: 'wechatpay', notifyUrl: () => '' }, new WechatTransport(options));
  const order = { tradeNo: 'MINE', amountFen: 1n, totalFen: 1n, reason: '' };
  const asked = [
    () => rail.trade('MINE'),
    () => rail.refundState('MINE'),
    () => rail.refund({ ...order, refundNo: 'MINE' }),
    () => rail.shareState({ shareNo: 'MINE', transactionId: 'T' }),
    () => rail.share({ shareNo: 'MINE', transactionId: 'T', receiver: { account: 'A', name: 'A' }, amountFen: 1n, description: '' }),
  ];
  for (const ask of asked) await expect(ask(), ask.toString()).rejects.toMatchObject({ code: 'RAIL_ANSWER_FORGED' });
  await expect(rail.refundState('OTHER')).resolves.toMatchObject({ state: 'SUCCESS', amountFen: 1n, currency: 'CNY' });
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

describe('signatures', () => {
  it('sign lines that each end in a line feed, an empty body too', () => {
    const request = {
      method: 'GET',
      target: '/v3/certificates',
      timestampS: 1554208460,
      nonce: '593BEC0C930BF1AFEB40B4A08C8FB242',
      body: '',
    };
    expect(requestText(request)).toBe('GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n');
    expect(answerText({ timestamp: '1', nonce: 'n', body: '{}' })).toBe('1\nn\n{}\n');
  });

  it('are taken by the other side as they are, and not when anything was changed', () => {
    const registered = { mchid: merchant.merchantId, appid: 'wx1', serial: 'ABC', publicKey, apiV3Key };
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.webPath(),
        fc.constantFrom('body', 'target', 'method', 'time', 'serial'),
        (text, target, what) => {
          const body = text.toWellFormed();
          const request = { method: 'POST', target, timestampS: 1_000, nonce: 'n1', body };
          const given = readAuthorization(authorization(request, merchant));
          if (given === null) throw new Error('no authorization');
          const seen = { method: 'POST', target, body, wallNowMs: 1_000_000 };
          expect(isRequestSigned(given, registered, seen)).toBe(true);
          const other = {
            body: { ...seen, body: `${body} ` },
            target: { ...seen, target: `${target}?a` },
            method: { ...seen, method: 'PUT' },
            time: { ...seen, wallNowMs: 1_301_000 },
            serial: seen,
          }[what];
          expect(isRequestSigned(given, what === 'serial' ? { ...registered, serial: 'DEF' } : registered, other)).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('no byte of an encrypted resource can be changed', () => {
    const content = { a: '分账' };
    const { ciphertext, nonce, associated_data: associatedData } = encryptedResource(content, apiV3Key, 'transaction');
    expect(decryptResource({ ciphertext, nonce, associatedData }, merchant.apiV3Key)).toBe(JSON.stringify(content));
    const bytes = Buffer.from(ciphertext, 'base64');
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => decryptResource({ ciphertext: changed.toString('base64'), nonce, associatedData }, merchant.apiV3Key)).toThrow();
    }
    expect(() => decryptResource({ ciphertext, nonce, associatedData: 'refund' }, merchant.apiV3Key)).toThrow();
    expect(() => decryptResource({ ciphertext: 'AA==', nonce, associatedData }, merchant.apiV3Key)).toThrow(RangeError);
  });
});

describe('bills', () => {
  it('name amounts in yuan, read to the fen', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (amountFen) => fenOf(yuan(amountFen)) === BigInt(amountFen)));
    for (const bad of ['', '-1.00', '1.234', '1e3', '1,000.00']) expect(() => fenOf(bad)).toThrow('amount');
  });

  it('are refused when lines are missing or are of another form', () => {
    const sums = '`1,`1.00';
    expect(() => readTradeBill('head\r\n')).toThrow('no sums');
    expect(() => readTradeBill(`head\r\nsum head\r\n${sums}\r\n`)).toThrow('announces 1');
    expect(() => readShareBill(`head\r\n\`a,\`b\r\nsum head\r\n${sums}\r\n`)).toThrow('2 fields');
  });
});

describe('numbers', () => {
  it('fit the rail and are the same each time', () => {
    fc.assert(fc.property(fc.string(), (id) => /^[0-9a-f]{32}$/.test(tradeNumberOf(id))));
    expect(tradeNumberOf('topup:C1:a')).toBe(tradeNumberOf('topup:C1:a'));
    expect(tradeNumberOf('topup:C1:a')).not.toBe(tradeNumberOf('topup:C1:b'));
  });
});

describe('configuration', () => {
  const base = { NATS_URL: 'nats://n:4222', DATABASE_URL: 'postgres://u:long-one@d/c' };
  const rail = {
    PAYMENT_RAIL: 'wechatpay',
    PAYMENT_RAIL_URL: 'https://rail.example',
    PAYMENT_RAIL_MERCHANT_ID: '1900000001',
    PAYMENT_RAIL_APP_ID: 'wx1',
    PAYMENT_RAIL_MERCHANT_SERIAL: 'ABC',
    PAYMENT_RAIL_MERCHANT_KEY: '/keys/merchant.pem',
    PAYMENT_RAIL_API_V3_KEY: '/keys/api-v3',
    PAYMENT_RAIL_PLATFORM_KEYS: '/keys/platform',
    PAYMENT_RAIL_CALLBACK_URL: 'https://twin.example',
  };
  const production = {
    NODE_ENV: 'production',
    NATS_CREDS: '/c',
    JWKS_URL: 'https://id.example/k',
    JWT_ISSUER: 'https://id.example',
  };

  it('takes a provider in production, and no sandbox', () => {
    expect(readTwinConfig({ ...base, ...production, ...rail }).rail).toMatchObject({
      channel: 'wechatpay',
      callbackUrl: 'https://twin.example',
      checkMs: 2_000,
    });
    expect(readTwinConfig({ ...base, ...rail, PAYMENT_RAIL_CHECK_MS: '50' }).rail?.checkMs).toBe(50);
    expect(() => readTwinConfig({ ...base, ...rail, PAYMENT_RAIL_CHECK_MS: '0' })).toThrow('a number from 20');
    expect(readTwinConfig({ ...base, ...rail }).rail?.topUpMaxFen).toBe(100_000_000_000n);
    expect(readTwinConfig({ ...base, ...rail, PAYMENT_TOP_UP_MAX_FEN: '5000000' }).rail?.topUpMaxFen).toBe(5_000_000n);
    for (const bad of ['0', '-1', '1.5', '1000000000000', 'much'])
      expect(() => readTwinConfig({ ...base, ...rail, PAYMENT_TOP_UP_MAX_FEN: bad }), bad).toThrow('PAYMENT_TOP_UP_MAX_FEN');
    expect(readTwinConfig({ ...base, ...production }).rail).toBeNull();
    expect(() => readTwinConfig({ ...base, ...production, ...rail, PAYMENT_RAIL: 'sandbox' })).toThrow('out of nothing');
    expect(() => readTwinConfig({ ...base, ...production, ...rail, PAYMENT_RAIL_URL: 'http://rail.example' })).toThrow('https');
    expect(() => readTwinConfig({ ...base, ...production, ...rail, PAYMENT_RAIL_CALLBACK_URL: '' })).toThrow('has to reach');
  });

  it('takes all of it or nothing', () => {
    expect(() => readTwinConfig({ ...base, ...rail, PAYMENT_RAIL_API_V3_KEY: '' })).toThrow('PAYMENT_RAIL_API_V3_KEY is missing');
    expect(() => readTwinConfig({ ...base, ...rail, PAYMENT_RAIL: '' })).toThrow('means nothing');
  });
});
