import { parseRoadProfile } from '@corridor/actors/road/road-profile';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { ScriptedStation } from '@corridor/testkit/scripted-station';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { openDatabase } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { restoreCore } from '@corridor/twin/restore/restore-core';
import { corridorTexts, DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenRules, prepareRules } from '../../test/axe-rules.ts';
import { browserTestsRun } from '../../test/chromium.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { ViewerTab } from '../../test/viewer-tab.ts';

const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
const HOUR_MS = 3_600_000;
const REGISTERED_BEFORE_MS = 26 * HOUR_MS;

/** A network that was registered yesterday, so that there is a past. */
async function registered(url: string): Promise<void> {
  const database = openDatabase({ url, log: silentLog(), name: 'registered' });
  try {
    await restoreCore({
      database,
      scope: 'live',
      networkFile: null,
      road: parseRoadProfile(corridorTexts().profileCsv),
      wallNowMs: () => Date.now() - REGISTERED_BEFORE_MS,
      log: silentLog(),
      onRetry: () => undefined,
    });
  } finally {
    await database.close();
  }
}

type Page = ViewerTab['page'];
/** What is on the screen. */
const swapsToday = (page: Page) => page.locator('[data-kpi="swapsToday"] .kpi-value');
const atOf = (page: Page): string | null => new URL(page.url()).searchParams.get('at');
const backTo = (page: Page, atMs: number) => page.goto(`${new URL(page.url()).origin}/?at=${new Date(atMs).toISOString()}`);

describe.skipIf(!browserTestsRun('looking back'))('looking back in a browser, at a real twin', { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;
  let platform: TestTwin;
  let gateway: ScriptedGateway;
  let swapBeganMs = 0;

  beforeAll(async () => {
    opened = await openBrowser({ draws: false });
    platform = await startTestTwin({ viewerDir: opened.dist, prepare: registered });
    gateway = new ScriptedGateway({ stationId: 'HH1' });
    await gateway.boot(await platform.nats.connect(await platform.nats.credentials.issueStation('HH1')));
    const station = new ScriptedStation({ gateway, network: NETWORK, onTruck: ScriptedStation.packsOnTrucks(NETWORK) });
    await station.serve('T001');
    await gateway.settled();
    const { rows } = await platform.db.query<{ began_at: Date }>('select began_at from swap');
    swapBeganMs = rows[0]?.began_at.getTime() ?? Number.NaN;
    tab = await ViewerTab.open(opened);
    await prepareRules(tab.page);
  }, 240_000);

  afterAll(async () => {
    gateway?.stop();
    await platform?.[Symbol.asyncDispose]();
    await opened?.[Symbol.asyncDispose]();
  });

  it('slides to a past instant, shows all of it, books too, jumps to the swap, and comes back by one key', async () => {
    const page = await tab.show({ base: platform.twin.url, user: 'demo-PF', width: 1440, height: 900 });
    await expect.poll(() => swapsToday(page).textContent()).toBe('1');
    await page.keyboard.press('h');
    await page.locator('[data-connection="history"]').waitFor();
    await page.locator('[data-time="ready"]').waitFor();
    expect(atOf(page)).not.toBe(null);
    // Before the swap nobody was billed, and the carrier had all that was paid in.
    await page.locator('.time-slider-row [data-field="window"]').selectOption('hour');
    await page.locator('[data-field="instant"]').fill(String(Math.ceil((swapBeganMs - 60_000) / 1_000) * 1_000));
    await expect.poll(() => swapsToday(page).textContent()).toBe('0');
    await page.locator('[data-action="books"]').click();
    const prepaid = page.locator('[data-account="C1_prepaid"] .amount');
    const before = await prepaid.textContent();
    // Nobody acts in the past.
    const track = page.waitForResponse((answer) => answer.url().includes('/trucks/T001/track?hours=6&until='));
    await page.evaluate("location.hash = '#truck/T001'");
    await page.locator('[data-inspects="truck/T001"]').waitFor();
    // Its track ends where one looks.
    expect((await track).status()).toBe(200);
    expect(await page.locator('[data-section="acts"]').count()).toBe(0);
    // Its chart is lit as it was, and how it came there is told up to then.
    await page.locator('[data-section="chart"] .node.current').waitFor();
    const transitions = page.locator('[data-section="transitions"] .timeline li');
    await page.locator('[data-section="transitions"] :is(.timeline, .nothing)').first().waitFor();
    const untilThen = await transitions.count();

    await page.locator('[data-field="event"]').selectOption('SWAP');
    await page.locator('[data-action="next-event"]').click();
    await expect.poll(() => atOf(page)).toBe(new Date(swapBeganMs).toISOString());
    await page.locator('[data-inspects="station/HH1"]').waitFor();
    await page.keyboard.press('.');
    await expect.poll(() => swapsToday(page).textContent()).toBe('1');
    await expect.poll(() => prepaid.textContent()).not.toBe(before);
    await page.evaluate("location.hash = '#truck/T001'");
    await expect.poll(() => transitions.count()).toBeGreaterThan(untilThen);
    // The curve of a figure ends where the slider stands.
    await page.locator('[data-kpi="swapsToday"]').click();
    await page.locator('.kpi-curve', { hasText: '截至所示时刻' }).waitFor();
    await page.locator('.kpi-curve button').click();

    await page.locator('[data-field="speed"]').selectOption('1000');
    await page.locator('[data-action="play"]').click();
    await expect.poll(() => atOf(page) !== new Date(swapBeganMs + 60_000).toISOString()).toBe(true);
    await page.keyboard.press('l');
    await page.locator('[data-connection="live"]').waitFor();
    expect(atOf(page)).toBe(null);
    await expect.poll(() => swapsToday(page).textContent()).toBe('1');
  });

  it('tells where a pack was, drawn and as a list, now and up to the instant, to its owner without the plate', async () => {
    const pack = NETWORK.packs.find(({ initial }) => initial.kind === 'TRUCK' && initial.id === 'T001');
    if (pack === undefined) throw new Error('nothing is on T001');
    const { id: packId, ownerId } = pack;
    const page = await tab.show({ base: platform.twin.url, user: 'demo-PF', width: 1440, height: 900, hash: `#pack/${packId}` });
    const stays = page.locator('[data-inspects] [data-stay]');
    const places = () => stays.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-stay')));
    await stays.first().waitFor();
    // The last place first: it came to the station with the swap, whose order one can open.
    expect((await places())[0]).toMatch(/^SLOT\/HH1-/);
    expect(await places()).toContain('TRUCK/T001');
    await stays.first().locator('.stay-order button').waitFor();
    expect(await page.locator('[data-stay="TRUCK/T001"]').textContent()).toContain('冀');
    expect(Number(await page.locator('.track-choice').getAttribute('data-points'))).toBeGreaterThan(1);
    await page.locator('.track-choice label', { hasText: '7 天' }).click();
    await page.waitForResponse((answer) => answer.url().includes(`/packs/${packId}/track?hours=168`));
    expect(await brokenRules(page)).toEqual([]);
    await backTo(page, swapBeganMs - 60_000);
    await page.evaluate(`location.hash = '#pack/${packId}'`);
    await expect.poll(places).toEqual(['TRUCK/T001']);
    await tab.show({ base: platform.twin.url, user: `demo-${ownerId}`, width: 390, height: 844, dark: true, hash: `#pack/${packId}` });
    await page.locator('[data-stay="TRUCK/T001"]').waitFor();
    expect(await page.locator('[data-stay="TRUCK/T001"]').textContent()).not.toContain('冀');
    expect(await brokenRules(page)).toEqual([]);
  });

  it('shows the money of the instant, says so, and says of pages of now that they do not go back', async () => {
    const page = await tab.show({ base: platform.twin.url, user: 'demo-C1', width: 1440, height: 900 });
    // Live, the space bar holds still what is shown, and P goes to what happened last: the swap, or an alarm since.
    await page.keyboard.press('p');
    await page.locator('[data-time="ready"]').waitFor();
    await page.locator('[data-action="money"]').click();
    await page.locator('.as-of').waitFor();
    const latestMs = Date.now();
    const asOf = () => page.locator('.as-of').getAttribute('data-as-of');
    const go = async (atMs: number): Promise<void> => {
      await page.locator('[data-field="entry"]').fill(new Date(atMs + 8 * HOUR_MS).toISOString().slice(0, 19));
      await page.locator('[data-field="entry"]').blur();
      // Beyond what there was when one began to look back there is nothing: it stops there.
      const reached = (atMsShown: number): boolean =>
        atMsShown === Math.floor(atMs / 1_000) * 1_000 || (atMs === latestMs && atMsShown > swapBeganMs);
      await expect.poll(async () => reached(Date.parse((await asOf()) ?? ''))).toBe(true);
      await page.locator('[data-time="ready"]').waitFor();
    };
    const prepaid = page.locator('[data-account="C1_prepaid"] b');
    const movements = page.locator('[data-movement]');
    await go(latestMs);
    await expect.poll(() => movements.count()).toBeGreaterThan(1);
    const [paid, moved] = [await prepaid.textContent(), await movements.count()];
    await go(swapBeganMs - 60_000);
    await expect.poll(() => movements.count()).toBeLessThan(moved);
    expect(await prepaid.textContent()).not.toBe(paid);
    await page.locator('[data-part="holds"] .nothing').waitFor();
    await page.locator('[data-money-tab="orders"]').click();
    await page.locator('.money-part[data-part="orders"] .nothing').waitFor();
    // A link to it shows the same page of the same instant.
    await page.reload();
    await page.locator('.money-part[data-part="orders"] .nothing').waitFor();
    expect(Date.parse((await asOf()) ?? '')).toBe(Math.floor((swapBeganMs - 60_000) / 1_000) * 1_000);
    await go(latestMs);
    await page.locator('[data-part="orders"] [data-order] .order-fold[data-billed]').click();
    await page.locator('.order-bill .bill').waitFor();
    expect(await page.locator('[data-action="dispute"]').count()).toBe(0);
    // Alarms stand as they stood.
    await page.evaluate("location.hash = '#/operations/alarms'");
    await page.locator('[data-part="alarms"]').waitFor();
    await page.locator('.as-of').waitFor();
    for (const [hash, part] of [
      ['#/money/statements', 'statements'],
      ['#/operations/messages', 'messages'],
    ] as const) {
      await page.evaluate(`location.hash = '${hash}'`);
      await page.locator('[data-part="of-now"]').waitFor();
      expect(await page.locator(`[data-part="${part}"], .as-of`).count()).toBe(0);
    }
    expect(await brokenRules(page)).toEqual([]);
    await page.locator('[data-action="show-now"]').click();
    await page.locator('[data-connection="live"]').waitFor();
    expect(await page.locator('[data-part="of-now"]').count()).toBe(0);
    expect(new URL(page.url()).hash).toBe('#/operations/messages');
  });

  it('shows the queues and the abnormal orders of the instant, in which nobody is advised and nothing repaired', async () => {
    const page = await tab.show({ base: platform.twin.url, user: 'demo-PF', width: 1440, height: 900 });
    await page.keyboard.press('h');
    await page.locator('[data-time="ready"]').waitFor();
    const asked = page.waitForResponse((answer) => answer.url().includes('/queues?at='));
    await page.evaluate("location.hash = '#/operations/queue'");
    expect((await asked).status()).toBe(200);
    await page.locator('.as-of').waitFor();
    await page.locator('[data-queue="HH1"] button').first().click();
    await page.locator('[data-queue="HH1"] + tr').waitFor();
    expect(await page.locator('[data-action="advise"]').count()).toBe(0);
    expect(await brokenRules(page)).toEqual([]);
    const listed = page.waitForResponse((answer) => /\/equipment\?.*at=/.test(answer.url()));
    await page.evaluate("location.hash = '#/data/slot?open=HH1-1'");
    expect((await listed).status()).toBe(200);
    await page.locator('[data-detail="HH1-1"]').waitFor();
    await page.locator('.as-of').waitFor();
    expect(await brokenRules(page)).toEqual([]);
    await page.evaluate("location.hash = '#/data/meter'");
    await page.locator('[data-part="of-now"]').waitFor();
    await page.evaluate("location.hash = '#/money/abnormal'");
    await page.locator('[data-part="abnormal"] .nothing').waitFor();
    await page.locator('.as-of').waitFor();
  });

  it('opens a link to an instant, also after the sign-in, and says of an instant that has no scene why', async () => {
    const page = await tab.show({ base: platform.twin.url, user: null });
    const yesterdayMs = Date.now() - 20 * HOUR_MS;
    await backTo(page, yesterdayMs);
    await page.locator('[data-user="demo-C1"]').click();
    await page.locator('[data-connection="history"]').waitFor();
    await page.locator('[data-time="ready"]').waitFor();
    expect(atOf(page)).toBe(new Date(yesterdayMs).toISOString());
    await page.locator('[data-action="books"]').click();
    await page.locator('[data-account="C1_prepaid"]').waitFor();
    expect(await page.locator('[data-account="C2_prepaid"]').count()).toBe(0);
    for (const [at, code] of [
      [new Date(Date.now() - 2 * REGISTERED_BEFORE_MS).toISOString(), 'BEFORE_HISTORY'],
      [new Date(Date.now() + HOUR_MS).toISOString(), 'INSTANT_AHEAD'],
      ['<script>alert(1)</script>', 'NO_INSTANT'],
    ] as const) {
      await page.goto(`${platform.twin.url}/?at=${encodeURIComponent(at)}`);
      await page.locator(`[data-past-refused="${code}"]`).waitFor();
      await page.locator('[data-connection="live"]').waitFor();
    }
  });

  it.each([
    ['a desk, in Chinese, light', { width: 1440, height: 900, dark: false }, 'zh-CN'],
    ['a phone, in English, dark', { width: 390, height: 844, dark: true }, 'en'],
  ] as const)('breaks no rule of WCAG A and AA on %s', async (_, size, language) => {
    const page = await tab.show({ base: platform.twin.url, user: 'demo-PF', ...size });
    if (language === 'en') await page.evaluate(`document.querySelector('.top-right [data-action="language"]').click()`);
    await page.locator('[data-action="look-back"]').click();
    await page.locator('[data-time="ready"]').waitFor();
    await page.locator('[data-action="books"]').click();
    await page.locator('.books-body table').first().waitFor();
    expect(await brokenRules(page)).toEqual([]);
  });
});
