import { createPrivateKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { accountOf } from '@corridor/actors/ledger/transfer';
import type { Database } from '../db/db.ts';
import type { Log } from '../log.ts';
import { Turns } from '../turns/turns.ts';
import type { Writer } from '../writer/writer.ts';
import { Callbacks } from './callbacks.ts';
import { OpenPayments } from './open-payments.ts';
import { OutgoingParts } from './outgoing-parts.ts';
import { checksFrom, type PaymentContext } from './payment-context.ts';
import { ensureRailAccount } from './payments.queries.ts';
import { Payouts } from './payouts.ts';
import { PlatformKeys } from './platform-keys.ts';
import type { PaymentChannel, RailConfig } from './rail-config.ts';
import { Receivers } from './receivers.ts';
import { Reconciliation } from './reconciliation.ts';
import { tellOpenings } from './sandbox-openings.ts';
import { TopUps } from './top-ups.ts';
import { WechatRail } from './wechat-rail.ts';
import type { Merchant } from './wechat-signature.ts';
import { WechatTransport } from './wechat-transport.ts';
import { Withdrawals } from './withdrawals.ts';

export interface PaymentSideOptions {
  readonly config: RailConfig;
  readonly database: Database;
  readonly platformId: string;
  readonly writer: Writer;
  /** By principal: shared with the desk at which it leaves. */
  readonly leaving: Turns;
  readonly wallNowMs: () => number;
  readonly scopeNowMs: () => number;
  /** Address at which the rail reaches this twin, without a slash at its end. */
  readonly callbackUrl: () => string;
  readonly log: Log;
}

/** A file that the rail's configuration names cannot be used. */
export class RailConfigError extends Error {
  readonly code = 'RAIL_CONFIG';
}

const LOOK_MS_MAX = 1_000;
const RECONCILE_MS = 600_000;
const API_V3_KEY_BYTES = 32;
export const CALLBACK_PATH = '/api/v1/payments/callbacks';

/** Everything about money that enters and leaves. */
export class PaymentSide {
  readonly channel: PaymentChannel;
  readonly topUps: TopUps;
  readonly payouts: Payouts;
  readonly withdrawals: Withdrawals;
  readonly receivers: Receivers;
  readonly callbacks: Callbacks;
  readonly reconciliation: Reconciliation;
  readonly openPayments: OpenPayments;
  readonly #context: PaymentContext;
  readonly #transport: WechatTransport;
  readonly #lookMs: number;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #running = new Set<Promise<void>>();
  #openingsTold = false;

  /** @throws RailConfigError in one line */
  constructor(options: PaymentSideOptions) {
    const { config, wallNowMs } = options;
    const merchant = merchantOf(config);
    const keys = new PlatformKeys(config.platformKeysDir);
    const newNonce = () => randomBytes(16).toString('hex');
    const railOptions = {
      channel: config.channel,
      baseUrl: config.url.replace(/\/+$/, ''),
      merchant,
      keys,
      wallNowMs,
      newNonce,
      notifyUrl: () => `${options.callbackUrl()}${CALLBACK_PATH}/${config.channel}`,
    };
    this.channel = config.channel;
    this.#transport = new WechatTransport(railOptions);
    this.#lookMs = Math.min(LOOK_MS_MAX, config.checkMs);
    this.#context = {
      ...options,
      rail: new WechatRail(railOptions, this.#transport),
      turns: new Turns(),
      checkAfterMs: checksFrom(config.checkMs),
    };
    this.topUps = new TopUps(this.#context, config.topUpMaxFen);
    const parts = new OutgoingParts(this.#context);
    this.receivers = new Receivers(this.#context, parts, config.coolingMs);
    this.payouts = new Payouts(this.#context, parts);
    this.withdrawals = new Withdrawals(this.#context, parts);
    this.callbacks = new Callbacks(this.#context, this);
    this.openPayments = new OpenPayments(this.#context, this);
    this.reconciliation = new Reconciliation(this.#context);
  }

  /** Begins to look after what is open. The rail need not be there yet. */
  async start(): Promise<void> {
    const { database, platformId } = this.#context;
    await ensureRailAccount(database.pool, platformId, accountOf.rail(this.channel));
    this.#every(this.#lookMs, 'open payments', async () => {
      await this.#tellOpenings();
      await this.openPayments.look();
    });
    this.#every(LOOK_MS_MAX, 'accounts of receivers', () => this.receivers.look());
    this.#every(RECONCILE_MS, 'the comparison with the bill', () => this.reconciliation.compareYesterday());
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#running);
  }

  async #tellOpenings(): Promise<void> {
    if (this.#openingsTold) return;
    if (this.channel === 'sandbox') await tellOpenings(this.#context, this.#transport);
    this.#openingsTold = true;
  }

  /** One after the other: a look that takes long is not overtaken by the next. */
  #every(ms: number, what: string, work: () => Promise<void>): void {
    let busy = false;
    const once = async () => {
      if (busy) return;
      busy = true;
      try {
        await work();
      } catch (cause) {
        this.#context.log.warn({ err: cause }, `${what}: not this time`);
      } finally {
        busy = false;
      }
    };
    const run = () => {
      const running = once().finally(() => this.#running.delete(running));
      this.#running.add(running);
    };
    run();
    this.#timers.push(setInterval(run, ms));
  }
}

function merchantOf(config: RailConfig): Merchant {
  const read = (name: string, file: string) => {
    try {
      return readFileSync(file);
    } catch (cause) {
      throw new RailConfigError(`${name}: ${file} cannot be read`, { cause });
    }
  };
  const apiV3Key = Buffer.from(read('PAYMENT_RAIL_API_V3_KEY', config.apiV3KeyFile).toString('utf8').trim());
  if (apiV3Key.length !== API_V3_KEY_BYTES)
    throw new RailConfigError(`PAYMENT_RAIL_API_V3_KEY: the key has ${API_V3_KEY_BYTES} characters`);
  const pem = read('PAYMENT_RAIL_MERCHANT_KEY', config.merchantKeyFile);
  try {
    const privateKey = createPrivateKey(pem);
    return { merchantId: config.merchantId, appId: config.appId, serial: config.merchantSerial, privateKey, apiV3Key };
  } catch (cause) {
    throw new RailConfigError('PAYMENT_RAIL_MERCHANT_KEY: it is no private key in PEM', { cause });
  }
}
