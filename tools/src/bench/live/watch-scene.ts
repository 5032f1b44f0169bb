import { setTimeout as sleep } from 'node:timers/promises';
import type { WsMessage } from '@corridor/protocols/http/scene';
import { build } from 'hdr-histogram-js';

/** What the process is told: forget what was seen so far, or say it. */
export type WatchTask = { kind: 'begin' } | { kind: 'report' };

export interface Watched {
  views: number;
  messages: number;
  bytes: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** Who watches, in turn: each class of rights is serialised for itself. */
const USERS = ['demo-PF', 'demo-guest', 'demo-C1', 'demo-SO1', 'demo-BO1'];
const CLIENTS = 20;
/** All messages of all clients are timed by their arrival; of each client every 20th is looked into. */
const LOOK_EVERY = CLIENTS;

const [url = ''] = process.argv.slice(2);
const histogram = build({ lowestDiscernibleValue: 1, highestTrackableValue: 600_000, numberOfSignificantValueDigits: 3 });
let seen = { views: 0, messages: 0, bytes: 0 };

async function call(path: string, token: string | null, body: object): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, string>;
}

function take(text: string, arrivedMs: number): void {
  const message = JSON.parse(text) as WsMessage;
  if (message.type !== 'diff') return;
  for (const { updatedAt } of message.upsert.packs ?? []) {
    if (updatedAt === null) continue;
    // Sender and receiver share one clock; a view that was due in this very millisecond took less than one.
    histogram.recordValue(Math.max(1, arrivedMs - Date.parse(updatedAt)));
    seen.views += 1;
  }
}

async function watch(index: number): Promise<void> {
  const { token } = await call('/api/v1/auth/demo-token', null, { userId: USERS[index % USERS.length] ?? '' });
  const { ticket } = await call('/api/v1/tickets', token ?? '', {});
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?ticket=${ticket}`);
  const opened = Promise.withResolvers<void>();
  let count = index;
  socket.addEventListener('message', ({ data }) => {
    const arrivedMs = Date.now();
    const text = String(data);
    count += 1;
    seen.messages += 1;
    seen.bytes += text.length;
    if (count % LOOK_EVERY === 0) take(text, arrivedMs);
    opened.resolve();
  });
  socket.addEventListener('close', ({ code, reason }) => {
    process.stderr.write(`client ${index} was closed: ${code} ${reason}\n`);
    process.exit(1);
  });
  await opened.promise;
}

for (let index = 0; index < CLIENTS; index += 1) await watch(index);

process.on('message', (task: WatchTask) => {
  if (task.kind === 'begin') {
    histogram.reset();
    seen = { views: 0, messages: 0, bytes: 0 };
    return;
  }
  const of = (percentile: number) => histogram.getValueAtPercentile(percentile);
  process.send?.({ ...seen, p50Ms: of(50), p99Ms: of(99), maxMs: histogram.maxValue } satisfies Watched);
});
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
// The snapshots are behind them.
await sleep(1_000);
process.send?.({ ready: true });
