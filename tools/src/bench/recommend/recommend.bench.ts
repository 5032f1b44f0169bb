import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Prng } from '@corridor/actors/time/prng';
import { assert } from '@corridor/protocols/assert';
import type { Recommendations } from '@corridor/protocols/http/recommendation';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestPlatform, type TestPlatform } from '@corridor/testkit/test-platform';
import { until } from '@corridor/testkit/until';
import type { Bench, BenchContext } from '../metric.ts';
import { largeNetwork, type NetworkSize } from '../workload/large-network.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';

const WHOLE: NetworkSize = { stations: 500, slotsPerStation: 8, trucks: 400, packs: 3_900 };
const SMALL: NetworkSize = { stations: 40, slotsPerStation: 8, trucks: 20, packs: 300 };
const ASKED = 4_000;
const ASKED_WARM = 400;
const ASKED_SMALL = 60;
const GOAL_MS = 50;
const ROAD_M = { from: 5_000, until: 529_000 } as const;
const STARTED_WITHIN_MS = 180_000;
const WITHIN_MS = 60_000;
/** Whoever asks is its carrier, by the sign-in page. */
const CARRIER = 'C1';

/** From a phone's question to the ranked list with its reasons, over HTTP, while every station reports each 5 s. */
export const recommendBench: Bench = {
  name: 'recommend',
  about: 'stations for a truck, ranked with reasons, over HTTP: 500 stations that report, any of 400 trucks',
  async run(context) {
    using folder = temporaryFolder();
    const file = spread(largeNetwork(context.smoke ? SMALL : WHOLE));
    const networkFile = join(folder.path, 'network.json');
    writeFileSync(networkFile, JSON.stringify(file));
    await using platform = await startTestPlatform({ networkFile, readyWithinMs: STARTED_WITHIN_MS });
    await using heartbeat = await startHeartbeat(platform, file);
    await measure(context, { platform, file, heartbeat });
  },
};

/** Stations stand along the whole road, not in ten heaps. */
function spread(file: NetworkFile): NetworkFile {
  const apartM = (ROAD_M.until - ROAD_M.from) / (file.stations.length - 1);
  return {
    ...file,
    stations: file.stations.map((station, index) => ({ ...station, chainageM: Math.round(ROAD_M.from + index * apartM) })),
  };
}

async function measure(
  context: BenchContext,
  { platform, file, heartbeat }: { platform: TestPlatform; file: NetworkFile; heartbeat: Heartbeat },
): Promise<void> {
  const headers = { authorization: `Bearer ${await tokenOf(platform)}` };
  const own = file.trucks.filter(({ carrierId }) => carrierId === CARRIER).map(({ id }) => id);
  const ask = async (truckId: string): Promise<Recommendations> => {
    const response = await fetch(`${platform.url}/api/v1/recommendations?truckId=${truckId}`, { headers });
    assert(response.ok, `${response.status} ${truckId}`);
    return (await response.json()) as Recommendations;
  };
  const look = async () => {
    const answers = await Promise.all([own[0], own.at(-1)].map(async (id) => ask(id ?? '')));
    return answers.every(({ items }) => items.length > 0) ? true : null;
  };
  await until('stations to be known', WITHIN_MS, look, () => platform.twin.output);
  const prng = new Prng(1);
  const times: number[] = [];
  let offered = 0;
  const asked = context.smoke ? ASKED_SMALL : ASKED;
  context.say(`${file.stations.length} stations, ${own.length} trucks, ${asked} questions one after the other`);
  for (let index = context.smoke ? 0 : -ASKED_WARM; index < asked; index += 1) {
    const truckId = own[prng.integer(0, own.length - 1)] ?? '';
    const begunMs = performance.now();
    const { problem, items, passedOver } = await ask(truckId);
    const ms = performance.now() - begunMs;
    assert(problem === null && items.length + passedOver.length > 0, `${truckId}: ${problem}`);
    assert(
      items.every(({ reasons, marginWh }) => reasons.length > 0 || marginWh >= 0),
      `${truckId}: a station without reason`,
    );
    if (index >= 0) times.push(ms);
    if (index >= 0 && items.length > 0) offered += 1;
  }
  assert(offered > asked / 2, 'most trucks are within reach of a station');
  context.say(`${offered} of ${asked} with a station in reach; ${heartbeat.sent()} reports of stations meanwhile`);
  times.sort((one, other) => one - other);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  context.report({ metric: 'p50_ms', value: at(0.5), unit: 'ms' });
  context.report({ metric: 'p99_ms', value: at(0.99), unit: 'ms', goal: GOAL_MS, direction: 'at-most' });
}

async function tokenOf(platform: TestPlatform): Promise<string> {
  const body = JSON.stringify({ userId: `demo-${CARRIER}` });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${platform.url}/api/v1/auth/demo-token`, { method: 'POST', headers, body });
  assert(response.ok, `sign-in: ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}
