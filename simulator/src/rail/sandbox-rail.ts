import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeFolder } from '@corridor/gateway/journal/make-folder';
import Fastify from 'fastify';
import type { Logger } from 'pino';
import type { BillFault } from './bill-text.ts';
import { type CallbackFaults, CallbackSender } from './callback-sender.ts';
import { cashierRoutes } from './cashier.routes.ts';
import { certifierRoutes } from './certifier.routes.ts';
import { LostAnswers } from './lost-answers.ts';
import { merchantRoutes } from './merchant.routes.ts';
import { RailBooks } from './rail-books.ts';
import { RailKeys } from './rail-keys.ts';
import { RailRefusal } from './rail-refusal.ts';
import { RailStore } from './rail-store.ts';

export interface SandboxRailOptions {
  /** Folder of its keys, merchants and books. */
  readonly dir: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly faults: CallbackFaults;
  readonly wallNowMs: () => number;
  readonly log: Logger;
}

export interface SandboxRail {
  readonly url: string;
  readonly keys: RailKeys;
  /** Mistakes in the bills from now on. */
  falsifyBills(faults: readonly BillFault[]): void;
  /** Accounts of receivers that are closed from now on, and numbers of trades whose payers' accounts are. */
  closeAccounts(closed: readonly string[]): void;
  /** Numbers of trades whose refunds do not arrive from now on; those of the others that did not are paid by hand. */
  makeAbnormal(tradeNos: readonly string[]): void;
  /** Accounts of receivers, and numbers of trades whose payers, are paid a fen less than was asked for, from now on. */
  payShort(short: readonly string[]): void;
  /** Whether the answer to what is asked for first under each number is lost from now on, when it is done. */
  loseAnswers(isLosing: boolean): void;
  stop(): Promise<void>;
}

const FINISH_MS = 200;

/** A payment institution that moves no money, and otherwise is one: it speaks WeChat Pay API v3 and loses callbacks when told to. */
export async function startSandboxRail(options: SandboxRailOptions): Promise<SandboxRail> {
  const { dir, wallNowMs, log } = options;
  makeFolder(dir, 0o700);
  const store = new RailStore(join(dir, 'rail.db'));
  const keys = new RailKeys(join(dir, 'keys'));
  const sender = new CallbackSender({ ...options, store, keys });
  const books = new RailBooks({ store, wallNowMs, onEvent: (event) => sender.add(event) });
  const answers = new LostAnswers();
  let billFaults: readonly BillFault[] = [];
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 64 * 1024 });
  app.setErrorHandler(async (error, _request, reply) => {
    if (error instanceof RailRefusal) return reply.code(error.status).send({ code: error.railCode, message: error.message });
    log.error({ err: error }, 'request failed');
    return reply.code(500).send({ code: 'SYSTEM_ERROR', message: 'try again' });
  });
  await app.register(merchantRoutes, { dir, books, store, keys, wallNowMs, billFaults: () => billFaults, answers });
  await app.register(cashierRoutes, { books });
  await app.register(certifierRoutes);
  await app.listen({ port: options.port, host: '127.0.0.1' });
  sender.start();
  const finishing = setInterval(() => books.finish(), FINISH_MS);
  const stopAll = async () => {
    clearInterval(finishing);
    await app.close();
    await sender.stop();
    store.close();
  };
  let stopping: Promise<void> | null = null;
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    keys,
    falsifyBills(faults) {
      billFaults = faults;
    },
    closeAccounts: (closed) => books.closeAccounts(closed),
    makeAbnormal: (tradeNos) => books.makeAbnormal(tradeNos),
    payShort: (short) => books.payShort(short),
    loseAnswers: (isLosing) => answers.lose(isLosing),
    async stop() {
      stopping ??= stopAll();
      await stopping;
    },
  };
}
