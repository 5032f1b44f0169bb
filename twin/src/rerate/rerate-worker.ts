import { parentPort, workerData } from 'node:worker_threads';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { Drafts } from '@corridor/actors/rerate/draft-reference';
import type { LeftOut, RerateRow } from '@corridor/actors/rerate/rerate-totals';
import { inTransaction, openDatabase } from '../db/db.ts';
import { createLog } from '../log.ts';
import { loadReference } from '../restore/load-reference.ts';
import { rerateSpan } from './rerate-span.ts';
import { type BilledSpan, countBilled } from './stored-orders.ts';

/** What the thread is given. */
export interface RerateTask {
  readonly databaseUrl: string;
  readonly span: BilledSpan;
  readonly drafts: Drafts;
}
/** What it tells: how far it is, and at last the result. */
export type RerateReport =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | {
      readonly kind: 'result';
      readonly orders: number;
      readonly leftOut: readonly LeftOut[];
      readonly rows: readonly RerateRow[];
    };

/** Rates a span again beside the event loop that serves the network: reads one state of the database, writes nothing. */
async function rerate({ databaseUrl, span, drafts }: RerateTask, tell: (report: RerateReport) => void): Promise<void> {
  const database = openDatabase({
    url: databaseUrl,
    log: createLog({ name: 'rerate', level: 'error' }),
    name: 'rerate',
    connectionsMax: 1,
  });
  try {
    await inTransaction(database, async (client) => {
      await client.query('set transaction isolation level repeatable read, read only');
      const reference = new ReferenceStore(span.platformId, () => null);
      reference.apply(await loadReference(client, span.platformId));
      const total = await countBilled(client, span);
      let done = 0;
      const totals = await rerateSpan(client, span, { reference, drafts }, (page) => {
        done += page.length;
        tell({ kind: 'progress', done, total });
      });
      tell({ kind: 'result', orders: totals.orders, leftOut: totals.leftOut(), rows: totals.rows() });
    });
  } finally {
    await database.close();
  }
}

const port = parentPort;
if (port !== null) await rerate(workerData as RerateTask, (report) => port.postMessage(report));
