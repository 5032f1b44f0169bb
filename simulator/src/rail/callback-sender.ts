import { randomUUID } from 'node:crypto';
import { Prng } from '@corridor/actors/time/prng';
import type { Logger } from 'pino';
import { registeredMerchant } from './merchant-registry.ts';
import { encryptedResource, signedHeaders } from './rail-crypto.ts';
import type { RailKeys } from './rail-keys.ts';
import type { Outgoing, RailStore } from './rail-store.ts';

/** What goes wrong with callbacks, by chance of a seed. */
export interface CallbackFaults {
  readonly seed: number;
  /** Share of callbacks that are never sent. */
  readonly lostRatio: number;
  /** Share that is sent twice, under one id. */
  readonly doubledRatio: number;
  /** Each waits up to so long, wall ms, so that they overtake each other. */
  readonly lateMsMax: number;
}
export const NO_CALLBACK_FAULTS: CallbackFaults = { seed: 1, lostRatio: 0, doubledRatio: 0, lateMsMax: 0 };

export interface CallbackSenderOptions {
  readonly dir: string;
  readonly store: RailStore;
  readonly keys: RailKeys;
  readonly faults: CallbackFaults;
  readonly wallNowMs: () => number;
  readonly log: Logger;
}

/** Waits between tries, wall ms; after the last one it is given up, and the merchant has to ask. */
export const RETRY_MS = [1_000, 2_000, 5_000, 15_000, 30_000, 60_000, 300_000, 600_000];
const ANSWER_MS_MAX = 5_000;
const LOOK_MS = 100;

/** Sends what happened to the merchants, signed and encrypted, again and again until one answers with success. */
export class CallbackSender {
  readonly #options: CallbackSenderOptions;
  readonly #prng: Prng;
  readonly #underWay = new Set<string>();
  readonly #sending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: CallbackSenderOptions) {
    this.#options = options;
    this.#prng = new Prng(options.faults.seed);
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await Promise.all(this.#sending);
  }

  /** Puts a callback on its way, inside the transaction of what it tells. */
  add(event: { mchid: string; notifyUrl: string; eventType: string; originalType: string; content: object }): void {
    const { store, faults, dir, wallNowMs } = this.#options;
    const chance = this.#prng.fork(`callback:${store.next('callback')}`);
    const [isLost, isDoubled, lateMs] = [
      chance.chance(faults.lostRatio),
      chance.chance(faults.doubledRatio),
      chance.uniform(0, faults.lateMsMax),
    ];
    const merchant = registeredMerchant(dir, event.mchid);
    if (isLost || merchant === null) return;
    const id = randomUUID();
    const { mchid, notifyUrl, eventType } = event;
    const dueAtMs = Math.floor(wallNowMs() + lateMs);
    const resource = JSON.stringify(encryptedResource(event.content, merchant.apiV3Key, event.originalType));
    const body: Outgoing = { id, mchid, notifyUrl, eventType, resource, tries: 0, dueAtMs };
    store.saveOutgoing(body);
    if (isDoubled) store.saveOutgoing({ ...body, id: `${id}#2`, dueAtMs: Math.floor(dueAtMs + chance.uniform(0, 1_000)) });
  }

  #look(): void {
    const { store, wallNowMs } = this.#options;
    for (const outgoing of store.outgoingDue(wallNowMs())) {
      if (this.#underWay.has(outgoing.id)) continue;
      this.#underWay.add(outgoing.id);
      const sending = this.#send(outgoing).finally(() => {
        this.#underWay.delete(outgoing.id);
        this.#sending.delete(sending);
      });
      this.#sending.add(sending);
    }
  }

  async #send(outgoing: Outgoing): Promise<void> {
    const { store, keys, wallNowMs, log } = this.#options;
    const { id, eventType, notifyUrl, resource, tries } = outgoing;
    const body = JSON.stringify({
      id: id.replace(/#2$/, ''),
      create_time: new Date(wallNowMs()).toISOString(),
      resource_type: 'encrypt-resource',
      event_type: eventType,
      summary: eventType,
      resource: JSON.parse(resource) as unknown,
    });
    const headers = { 'content-type': 'application/json', ...signedHeaders(body, keys.current, wallNowMs()) };
    let answer: string;
    try {
      const response = await fetch(notifyUrl, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
      await response.arrayBuffer();
      if (response.ok) {
        store.dropOutgoing(id);
        return;
      }
      answer = String(response.status);
    } catch (cause) {
      answer = cause instanceof Error ? cause.message : String(cause);
    }
    const waitMs = RETRY_MS[tries];
    log.info({ id, eventType, answer, tries, waitMs }, waitMs === undefined ? 'callback given up' : 'callback will be sent again');
    if (waitMs === undefined) store.dropOutgoing(id);
    else store.saveOutgoing({ ...outgoing, tries: tries + 1, dueAtMs: wallNowMs() + waitMs });
  }
}
