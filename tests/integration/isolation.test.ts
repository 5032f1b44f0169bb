import { runCrossings } from '@corridor/testkit/isolation/crossings';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { expect, it } from 'vitest';

it('shows nobody anything of others in 10,000 requests over HTTP, WebSocket, exports and SQL', { timeout: 300_000 }, async () => {
  const seed = Number(process.env['ISOLATION_SEED'] ?? 20_261_122);
  const { leaks, read, exported, bundles, requests } = await runCrossings({ seed, requests: 10_000, orders: 100 });
  console.log(`isolation: seed ${seed}, ${JSON.stringify(requests)}, own marks read ${JSON.stringify(read)}`);
  expect(leaks.slice(0, 20)).toEqual([]);
  // Everybody with a part in it read its own: an answer that is always empty leaks nothing either.
  for (const kind of ['ALL', 'STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER', 'DRIVER'] as const)
    expect(read[kind], kind).toBeGreaterThan(100);
  expect(read.PUBLIC).toBe(0);
  for (const { id } of readNetworkFile(DEFAULT_NETWORK_FILE).principals) expect(bundles[id], id).toBeGreaterThan(5);
  // Each mark stands in an order, a leg, a line or a share of its bundle.
  for (const kind of ['STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER'] as const) expect(exported[kind], kind).toBeGreaterThan(100);
});
