import type { NetworkFile } from '@corridor/protocols/network-file';
import { until } from '@corridor/testkit/until';
import { startSandboxedTwin } from '@corridor/twin/rail/sandboxed-twin.fixture';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { keepToppedUp } from './top-ups.ts';
import { twinApi } from './twin-api.ts';

it('asks for a payment when a balance is low, and pays it at the cashier, once', async () => {
  await using world = await startSandboxedTwin();
  const { twin } = world;
  const token = await twin.token('PF');
  const before = await world.prepaidFen();
  const amountFen = before * 4n + 4n;
  const ending = new AbortController();
  const keeping = keepToppedUp({
    api: twinApi(twin.twin.url, () => token),
    network: { openingTopUps: [{ carrierId: 'C1', amountFen: amountFen.toString() }] } as NetworkFile,
    signal: ending.signal,
    log: pino({ level: 'silent' }),
  });
  await until('the balance is up', 30_000, async () => ((await world.prepaidFen()) === before + amountFen ? true : null));
  ending.abort();
  await keeping;
  const { rows } = await twin.db.query("select 1 from payment where principal_id = 'C1' and payment_id not like '%opening%'");
  expect(rows).toHaveLength(1);
});
