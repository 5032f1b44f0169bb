import { type Static, type TSchema, Type } from 'typebox';
import { Check } from 'typebox/value';
import { CallbackRefusedError, type RailNotification, type SignedMessage } from './payment-rail.ts';
import type { PlatformKeys } from './platform-keys.ts';
import { RefundNotified, ShareNotified, Transaction, tradeOf } from './wechat-answers.ts';
import { answerText, decryptResource, isSigned, type Merchant } from './wechat-signature.ts';
import { SIGNED_AGE_S_MAX } from './wechat-transport.ts';

const Envelope = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  event_type: Type.String(),
  resource: Type.Object({
    algorithm: Type.Literal('AEAD_AES_256_GCM'),
    ciphertext: Type.String(),
    nonce: Type.String({ minLength: 1 }),
    associated_data: Type.Optional(Type.String()),
  }),
});
type Envelope = Static<typeof Envelope>;

export interface CallbackReaderOptions {
  readonly merchant: Pick<Merchant, 'merchantId' | 'appId' | 'apiV3Key'>;
  readonly keys: PlatformKeys;
  readonly wallNowMs: () => number;
}

/** Verifies the bytes as they came, then decrypts. @throws CallbackRefusedError */
export function readWechatCallback(message: SignedMessage, options: CallbackReaderOptions): RailNotification {
  assertSigned(message, options);
  const envelope = envelopeOf(message.body);
  const read = resourceReader(envelope, options);
  const { id } = envelope;
  const [kind] = envelope.event_type.split('.');
  switch (kind) {
    case 'TRANSACTION': {
      const trade = tradeOf(read(Transaction));
      if (trade.merchantId !== options.merchant.merchantId || trade.appId !== options.merchant.appId) throw ofAnother(trade.merchantId);
      return { id, event: 'TRADE', trade };
    }
    case 'REFUND': {
      const refund = read(RefundNotified);
      if (refund.mchid !== options.merchant.merchantId) throw ofAnother(refund.mchid);
      return { id, event: 'REFUND', refundNo: refund.out_refund_no };
    }
    case 'PROFITSHARING': {
      const share = read(ShareNotified);
      if (share.mchid !== options.merchant.merchantId) throw ofAnother(share.mchid);
      return { id, event: 'SHARE', shareNo: share.out_order_no, transactionId: share.transaction_id };
    }
    default:
      throw new CallbackRefusedError('CALLBACK_EVENT_UNKNOWN', `the event ${envelope.event_type} is none that is taken`);
  }
}

const ofAnother = (merchantId: string) =>
  new CallbackRefusedError('CALLBACK_MERCHANT_MISMATCH', `it is of another merchant or app: ${merchantId}`);

function assertSigned({ headers, body }: SignedMessage, { keys, wallNowMs }: CallbackReaderOptions): void {
  const named = (name: string) => {
    const value = headers[`wechatpay-${name}`];
    return typeof value === 'string' ? value : '';
  };
  const [serial, signature, timestamp, nonce] = [named('serial'), named('signature'), named('timestamp'), named('nonce')];
  if (serial === '' || signature === '' || nonce === '' || !/^\d{1,12}$/.test(timestamp))
    throw new CallbackRefusedError('CALLBACK_HEADERS_MISSING', 'Wechatpay-Serial, -Signature, -Timestamp and -Nonce are needed');
  if (Math.abs(wallNowMs() / 1_000 - Number(timestamp)) > SIGNED_AGE_S_MAX)
    throw new CallbackRefusedError('CALLBACK_TIMESTAMP_OLD', `signed at ${timestamp}, more than ${SIGNED_AGE_S_MAX} s from now`);
  const key = keys.key(serial);
  if (key === null) throw new CallbackRefusedError('CALLBACK_SERIAL_UNKNOWN', 'signed with a key that is not known');
  if (!isSigned(answerText({ timestamp, nonce, body }), signature, key))
    throw new CallbackRefusedError('CALLBACK_SIGNATURE_INVALID', 'the signature is not that of these bytes');
}

function envelopeOf(body: string): Envelope {
  const value = jsonOf(body, 'CALLBACK_BODY_INVALID');
  if (!Check(Envelope, value)) throw new CallbackRefusedError('CALLBACK_BODY_INVALID', 'it is no notification');
  return value;
}

function resourceReader({ resource }: Envelope, { merchant }: CallbackReaderOptions): <T extends TSchema>(schema: T) => Static<T> {
  let text: string;
  try {
    const { ciphertext, nonce } = resource;
    text = decryptResource({ ciphertext, nonce, associatedData: resource.associated_data ?? '' }, merchant.apiV3Key);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new CallbackRefusedError('CALLBACK_NOT_DECRYPTABLE', 'the resource is not encrypted for this merchant');
  }
  const value = jsonOf(text, 'CALLBACK_BODY_INVALID');
  return (schema) => {
    if (!Check(schema, value)) throw new CallbackRefusedError('CALLBACK_BODY_INVALID', 'the resource is not what its event says');
    return value;
  };
}

function jsonOf(text: string, code: 'CALLBACK_BODY_INVALID'): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new CallbackRefusedError(code, 'it is no JSON');
  }
}
