import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '@corridor/protocols/assert';
import { NodeProcess } from '@corridor/testkit/node-process';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestPlatform, type TestPlatform } from '@corridor/testkit/test-platform';
import pg from 'pg';
import type { Bench } from '../metric.ts';
import { largeNetwork } from '../workload/large-network.ts';
import type { Carried, CarryTask } from './carry-swaps.ts';

/** Two stations or more at each site, so that no truck is refused for its range; 20 swaps a second are 72,000 an hour. */
const SIZE = { stations: 60, slotsPerStation: 40, trucks: 1_200, packs: 3_000 };
const SMALL = { stations: 20, slotsPerStation: 6, trucks: 60, packs: 160 };
const GOAL_MS = 500;

/** From `battery_out` as its gateway sends it to the commit of its cleared order. */
export const billBench: Bench = {
  name: 'bill',
  about: 'battery_out published to order CLEARED committed',
  async run(context) {
    const size = context.smoke ? SMALL : SIZE;
    const task: CarryTask = context.smoke ? { swaps: 20, perS: 10 } : { swaps: 1_200, perS: 20 };
    const file = largeNetwork(size);
    await using built = new AsyncDisposableStack();
    const { networkFile, platform } = await startOn(file, built);
    const credentials: Record<string, { creds: string; inboxPrefix: string }> = {};
    for (const { id } of file.stations) credentials[id] = await platform.nats.credentials.issueStation(id);
    const credsFile = join(platform.dir, 'stations.json');
    writeFileSync(credsFile, JSON.stringify(credentials), { mode: 0o600 });
    const carrier = new NodeProcess({
      name: 'carry-swaps',
      script: new URL('./carry-swaps.ts', import.meta.url),
      args: [platform.nats.url, networkFile, credsFile],
    });
    built.defer(async () => {
      await carrier.stop();
    });
    carrier.start();
    await carrier.message();
    context.say(`${size.stations} gateways are online, ${task.perS} swaps a second`);
    carrier.send({ swaps: task.swaps / 10, perS: task.perS } satisfies CarryTask);
    await carrier.message();
    carrier.send(task);
    const carried = (await carrier.message()) as Carried;
    const { started, refused } = carried;
    context.say(`${started} swaps, refused ${JSON.stringify(refused)}`);
    assert(started > task.swaps * 0.9, `only ${started} of ${task.swaps} swaps were authorised: ${JSON.stringify(refused)}`);
    const { p50Ms, p99Ms, bills } = await delays(platform, started);
    assert(bills === started, `${bills} bills of ${started} swaps`);
    context.report({ metric: 'p50_ms', value: p50Ms, unit: 'ms' });
    context.report({ metric: 'p99_ms', value: p99Ms, unit: 'ms', goal: GOAL_MS, direction: 'at-most' });
  },
};

async function startOn(file: ReturnType<typeof largeNetwork>, built: AsyncDisposableStack) {
  const folder = built.use(temporaryFolder());
  const networkFile = join(folder.path, 'network.json');
  const rich = file.openingTopUps.map((topUp) => ({ ...topUp, amountFen: '100000000000' }));
  writeFileSync(networkFile, JSON.stringify({ ...file, openingTopUps: rich }));
  const platform = built.use(await startTestPlatform({ networkFile, durable: true, postgresFlags: ['track_commit_timestamp=on'] }));
  return { networkFile, platform };
}

/** Of the last bills, by the server's own record of commits; the gateway stamps an event when it sends it. */
async function delays(platform: TestPlatform, last: number): Promise<{ p50Ms: number; p99Ms: number; bills: number }> {
  const client = new pg.Client({ connectionString: platform.postgres.adminUrl.replace(/\/postgres$/, '/corridor') });
  await client.connect();
  try {
    const { rows } = await client.query<{ ms: number[]; bills: string }>(
      `with billed as (
         select o.order_id, extract(epoch from pg_xact_commit_timestamp(c.xmin) - e.ts_event)::float8 * 1000 as ms, e.ts_event
           from swap_order o
           join swap_event e on e.platform_id = o.platform_id and e.swap_id = o.station_id || '-' || o.request_id
                            and e.subject like '%.evt.swap.battery_out'
           join (select order_id, min(xmin::text)::xid as xmin from clearing_entry group by order_id) c on c.order_id = o.order_id
          where o.state = 'CLEARED' order by e.ts_event desc limit $1)
       select percentile_disc(array[0.5, 0.99]) within group (order by ms) as ms, count(*)::text as bills from billed`,
      [last],
    );
    const [p50Ms, p99Ms] = rows[0]?.ms ?? [];
    assert(p50Ms !== undefined && p99Ms !== undefined, 'no bills');
    return { p50Ms, p99Ms, bills: Number(rows[0]?.bills) };
  } finally {
    await client.end();
  }
}
