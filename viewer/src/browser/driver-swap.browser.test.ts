import type { Bill, OrderSummary, Scene, TruckView } from '@corridor/protocols/http/scene';
import type { TestTwin } from '@corridor/testkit/test-twin';
import { until } from '@corridor/testkit/until';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserTestsRun } from '../../test/chromium.ts';
import { drivenTwin } from '../../test/driven-twin.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { ViewerTab } from '../../test/viewer-tab.ts';

const FACTOR = 50;
const SEED = 11;
const MINUTE_MS = 60_000;
/** Time enough to sign in and reserve before the truck is there, 18 s of a busy machine, and not too long to wait [scope ms]. */
const ETA_MS = { min: 15 * MINUTE_MS, max: 35 * MINUTE_MS } as const;
const FOUND_WITHIN_MS = 120_000;
/** What a truck under way needs to its bay and through it, with room for a queue. */
const SWAPPED_WITHIN_MS = 240_000;
const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);

/** A driver of the sign-in page whose truck is on its way to a station that it reaches soon. */
async function driverUnderWay(twin: TestTwin): Promise<{ driverId: string; truckId: string; stationId: string }> {
  const { demoUsers } = (await (await fetch(`${twin.twin.url}/api/v1/auth/config`)).json()) as {
    demoUsers: { id: string; role: string }[];
  };
  const drivers = NETWORK.drivers.filter(({ id }) => demoUsers.some((user) => user.id === `demo-${id}`));
  return until('a driver who heads for a station', FOUND_WITHIN_MS, async () => {
    const { items } = (await twin.get('/api/v1/trucks?limit=500')).body as { items: TruckView[] };
    const nowMs = twin.twin.live.clock().scopeAtMs;
    for (const { id: driverId, truckIds } of drivers) {
      const truck = items.find(({ id }) => truckIds.includes(id));
      if (!truck?.etaAt || truck.destinationStationId === null || truck.orderId !== null) continue;
      const leftMs = Date.parse(truck.etaAt) - nowMs;
      if (leftMs >= ETA_MS.min && leftMs <= ETA_MS.max) return { driverId, truckId: truck.id, stationId: truck.destinationStationId };
    }
    return null;
  });
}

/** The chart of an actor that is opened lights the state that the twin tells of it. */
async function litAsTold(page: Page, twin: TestTwin, actor: string, inspected = `actor/${actor}`): Promise<void> {
  const lit = page.locator(`[data-inspects="${inspected}"] .machine-chart .node.current`);
  await lit.first().waitFor();
  await until(`the chart of ${actor} is as the twin tells`, FOUND_WITHIN_MS, async () => {
    const { state } = (await twin.get(`/api/v1/actors/${actor}`)).body as { state: string };
    const shown = await lit.evaluateAll((all) => all.map((each) => each.getAttribute('data-state')));
    return shown.length === 1 && shown[0] === state ? true : null;
  });
}

describe.skipIf(!browserTestsRun('driver-swap'))("a driver's whole swap in a browser", { timeout: 480_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;

  beforeAll(async () => {
    opened = await openBrowser({ draws: false });
    tab = await ViewerTab.open(opened);
  }, 240_000);

  afterAll(() => opened?.[Symbol.asyncDispose]());

  it('goes from the recommendation to the bill with real gateways, trucks that drive, and money that moves', async () => {
    await using world = await drivenTwin(opened.dist, { factor: FACTOR, seed: SEED });
    const { twin } = world;
    const { driverId, truckId, stationId } = await driverUnderWay(twin);
    const page = await tab.show({ base: twin.twin.url, user: null, width: 390, height: 844 });
    await page.locator(`[data-user="demo-${driverId}"]`).click();
    // Where the truck heads for is offered, and why.
    await page.locator('[data-driver-part="next"]').waitFor();
    if ((await page.locator(`[data-driver-part="next"][data-station="${stationId}"]`).count()) === 0) {
      await page.locator('[data-driver-part="others"] summary').click();
      await page.locator(`[data-other="${stationId}"]`).click();
    }
    const card = page.locator(`[data-driver-part="next"][data-station="${stationId}"]`);
    await card.locator('[data-reason="HEADING_FOR"]').waitFor();
    await card.locator('.driver-map .route').waitFor({ state: 'attached' });
    await card.locator('[data-action="quote"]').click();
    const quote = page.locator('[data-driver-part="quote"]');
    expect(await quote.locator('.driver-price').textContent()).toMatch(/^¥\d{2,4}\.\d{2}$/);
    await quote.locator('[data-action="take"]').click();
    const kept = page.locator('[data-driver-part="kept"]');
    await kept.waitFor();
    const orderId = (await kept.getAttribute('data-order')) ?? '';
    expect(await kept.locator('[data-action="navigate"]').getAttribute('href')).toMatch(/^geo:38\.\d{6},11\d\.\d{6}\?q=/);
    // The robot's work is told step by step.
    await page.locator('[data-driver-part="under-way"] .driver-sentence').waitFor({ timeout: SWAPPED_WITHIN_MS });
    const ended = page.locator(`[data-driver-part="ended"][data-order="${orderId}"]`);
    await ended.locator('[data-bill-part]').first().waitFor({ timeout: SWAPPED_WITHIN_MS });
    expect(await ended.getAttribute('data-stage')).toBe('DONE');
    const fenOf = (text: string): bigint => BigInt(text.replaceAll(/[¥,.]/g, '').replace('−', '-'));
    const parts = (await ended.locator('[data-bill-part] td').allTextContents()).map(fenOf);
    const order = (await twin.get(`/api/v1/orders/${orderId}`)).body as OrderSummary;
    expect(order).toMatchObject({ truckId, stationId, initiation: 'REMOTE' });
    expect(parts).toHaveLength(3);
    expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(BigInt(order.payableFen ?? 0));
    // To the fen, each line; as many as the driver's own bill has.
    await ended.locator('.driver-lines summary').click();
    const bill = (await twin.get(`/api/v1/orders/${orderId}/bill`, driverId)).body as Bill;
    const lines = (await ended.locator('.driver-lines td').allTextContents()).map(fenOf);
    expect(lines).toEqual(bill.lines.map(({ amountFen }) => BigInt(amountFen)));
    await ended.locator('[data-action="close"]').click();
    await page.locator('[data-tab="bills"]').click();
    await page.locator(`[data-bill="${orderId}"]`).waitFor();
    await looksAtActors(order);
    await tab.leaveInPeace();

    /** The platform finds in the order which actor moved it, and goes on from there. */
    async function looksAtActors({ id, carrierId }: OrderSummary): Promise<void> {
      const platform = await tab.show({ base: twin.twin.url, hash: `#order/${id}`, user: 'demo-PF' });
      const { items } = (await twin.get(`/api/v1/actors/order:${id}/transitions?limit=8`)).body as { items: { by: string | null }[] };
      const swap = items.find(({ by }) => by?.startsWith('swap:'))?.by ?? 'nothing that a swap told';
      const causes = platform.locator(`[data-inspects="order/${id}"] [data-section="transitions"] .link`);
      await causes.getByText(swap.slice('swap:'.length), { exact: true }).first().click();
      await litAsTold(platform, twin, swap);
      const go = (hash: string) => platform.evaluate((next) => void (location.hash = next), hash);
      await go(`#station/${stationId}`);
      await platform.locator(`[data-inspects="station/${stationId}"] .chip .link`).click();
      await litAsTold(platform, twin, `gateway:${stationId}`);
      const { stations } = (await twin.get('/api/v1/scene')).body as Scene;
      const bay = stations.find((each) => each.id === stationId)?.bays[0];
      await go(`#bay/${bay?.id}`);
      await litAsTold(platform, twin, `bay:${bay?.id}`, `bay/${bay?.id}`);
      await go(`#actor/account:${carrierId}`);
      await litAsTold(platform, twin, `account:${carrierId}`);
    }
  });
});
