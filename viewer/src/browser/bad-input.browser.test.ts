import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueueView } from '@corridor/protocols/http/queue-view';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestNats } from '@corridor/testkit/test-nats';
import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { TwinProcess } from '@corridor/testkit/twin-process';
import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { brokenRules, prepareRules } from '../../test/axe-rules.ts';
import { browserTestsRun } from '../../test/chromium.ts';
import type { FixtureServer } from '../../test/fixture-server.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { startProxy } from '../../test/proxied-twin.ts';
import { ViewerTab, WAIT_MS } from '../../test/viewer-tab.ts';

const SCRIPT = '<img src=x onerror=document.title=1>';
/** A slow third-generation line: latency one way [ms], bytes a second. */
const SLOW = { offline: false, latency: 400, downloadThroughput: 200_000, uploadThroughput: 60_000 };

describe.skipIf(!browserTestsRun('bad input'))('what goes wrong around the pages', { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;
  let server: FixtureServer;

  beforeAll(async () => {
    opened = await openBrowser({ draws: false });
    ({ server } = opened);
    tab = await ViewerTab.open(opened);
    await prepareRules(tab.page);
  }, 240_000);

  afterEach(() => tab.leaveInPeace());

  afterAll(() => opened?.[Symbol.asyncDispose]());

  it('keeps what is shown while the twin is killed, says so, and is live again by itself when it is back', async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(temporaryFolder());
    const postgres = stack.use(await startTestPostgres({ migrated: true }));
    const nats = stack.use(await startTestNats());
    const twin = await TwinProcess.create({ nats, databaseUrl: postgres.url, dataDir: join(folder.path, 'twin') });
    stack.defer(async () => void (await twin.stop()));
    twin.start();
    await twin.ready();
    const { url: base } = stack.use(await startProxy({ dist: opened.dist, twinUrl: twin.url }));
    const page = await tab.show({ base, user: 'demo-PF', hash: '#station/HH1' });
    await page.locator('[data-inspects="station/HH1"]').waitFor();
    const rows = await page.locator('.rail .row').count();
    await twin.kill9();
    await page.locator('[data-connection="offline"]').waitFor();
    expect(await page.locator('.rail .row').count()).toBe(rows);
    expect(await page.locator('.console.aged [data-inspects="station/HH1"]').count()).toBe(1);
    // What is asked for meanwhile says that it is not there, and the rest goes on.
    await page.locator('[data-kpi="packsReady"]').click();
    await page.locator('.kpi-curve').waitFor();
    await page.locator('.kpi-curve button').click();
    twin.start();
    await twin.ready();
    await page.locator('[data-connection="live"]').waitFor();
    expect(await page.locator('.console.aged, .sign-in').count()).toBe(0);
    await page.locator('[data-inspects="station/HH1"]').waitFor();
    await tab.leaveInPeace();
  });

  it('works over a slow line, and marks old values as stale when the line falls silent', async () => {
    const { page } = tab;
    const line = await page.context().newCDPSession(page);
    await line.send('Network.enable');
    let isSilent = false;
    try {
      await line.send('Network.emulateNetworkConditions', SLOW);
      await page.routeWebSocket('**/ws?*', (socket) => {
        const upstream = socket.connectToServer();
        upstream.onMessage((message) => {
          if (!isSilent) socket.send(message);
        });
      });
      await tab.show({ hash: '#/money/orders', user: 'c1' });
      await page.locator('.order-fold').first().waitFor();
      await page.locator('[data-money-tab="statements"]').click();
      await page.locator('[data-action="open-statement"]').first().waitFor();
      await page.locator('[data-connection="live"]').waitFor();
      isSilent = true;
      await page.locator('[data-connection="stale"]').waitFor();
      expect(await page.locator('.console.aged').count()).toBe(1);
      isSilent = false;
      await page.locator('[data-connection="live"]').waitFor();
    } finally {
      await line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
      await line.detach();
      await page.unrouteAll();
    }
  });

  /** A page of its own, whose clock goes on when it is told to. */
  const clockedPage = async (hash: string): Promise<Page> => {
    const page = await opened.browser.newPage({ locale: 'en' });
    page.setDefaultTimeout(WAIT_MS);
    await page.clock.install();
    await page.goto(`${server.url}/${hash}`);
    await page.locator('[data-user="ops"]').click();
    return page;
  };

  it('shows answers that take longer than it is until it asks again, and writes to whom one sees chosen', async () => {
    const page = await clockedPage('#/operations/alarms');
    await page.locator('[data-part="alarms"]').waitFor();
    const held: Route[] = [];
    await page.route('**/api/v1/queues', (route) => void held.push(route));
    await page.locator('[data-operations-tab="queue"]').click();
    await expect.poll(() => held.length, { timeout: WAIT_MS }).toBe(1);
    for (let time = 0; time < 2; time++) await page.clock.fastForward(6_000);
    expect(held).toHaveLength(1);
    await held[0]?.continue();
    await page.locator('[data-queue="BD1"] .order-fold').click();
    // Neither a truck nor a station is chosen beforehand: a driver goes where he is sent.
    await page.locator('[name="advise-text"]').fill('less of a queue there');
    await page.locator('[data-action="advise"]').click();
    await page.locator('[data-form="advise"] .alarm-text').waitFor();
    expect(await page.locator('[name="advise-truck"]').inputValue()).toBe('');
    await page.locator('[name="advise-truck"]').selectOption('T007');
    await page.locator('[name="advise-station"] option').nth(1).waitFor({ state: 'attached' });
    // Nor is he sent where he does not get to, or away to where he is: what the twin passes over is not offered.
    const offered = await page
      .locator('[name="advise-station"] option')
      .evaluateAll((all) => all.map((each) => each.getAttribute('value')));
    expect(offered).toEqual(['', 'HJ1', 'FP1']);
    await page.locator('[name="advise-station"]').selectOption({ index: 1 });

    // He leaves the queue while one writes to him.
    await page.clock.fastForward(6_000);
    await expect.poll(() => held.length, { timeout: WAIT_MS }).toBe(2);
    const answer = (await (await held[1]?.fetch())?.json()) as { items: QueueView[] };
    await held[1]?.fulfill({ json: { items: answer.items.map((queue) => ({ ...queue, waiting: [] })) } });
    await page.locator('[data-queue="BD1"] td.amount', { hasText: '0' }).first().waitFor();
    expect(await page.locator('[name="advise-truck"]').inputValue()).toBe('T007');
    const written = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/notifications'));
    await page.locator('[data-action="advise"]').click();
    expect((await written).postDataJSON()).toMatchObject({ to: 'truck:T007' });
    await page.close();
  });

  it('names a part that there is not, and never shows the figures of one span as those of another', async () => {
    const page = await tab.show({ hash: '#/operations/figures' });
    await page.locator('.place-notice[data-wrong="operations/figures"]').waitFor();
    await page.locator('[data-part="alarms"]').waitFor();
    await page.locator('[data-operations-tab="alarm-figures"]').click();
    await page.locator('.place-notice').waitFor({ state: 'detached' });
    const tiles = page.locator('.alarm-tiles');
    await tiles.waitFor();
    await page.route('**/api/v1/alarms/figures?*', (route) => route.abort());
    try {
      const spans = page.locator('[name="span"]');
      await spans.selectOption({ index: (await spans.locator('option').count()) - 1 });
      await page.locator('[data-part="alarm-figures"] [data-action="retry"]').waitFor();
      expect(await tiles.count()).toBe(0);
    } finally {
      await page.unrouteAll();
    }
    await page.locator('[data-part="alarm-figures"] [data-action="retry"]').click();
    await tiles.waitFor();
  });

  it('keeps what was looked at through an expired session', async () => {
    const page = await tab.show({ hash: '#truck/T012' });
    await page.locator('[data-inspects="truck/T012"]').waitFor();
    server.expireTokens();
    await page.locator('.sign-in .notice.wait').waitFor();
    expect(new URL(page.url()).hash).toBe('#truck/T012');
    await page.locator('[data-user="ops"]').click();
    await page.locator('[data-inspects="truck/T012"]').waitFor();
  });

  it('shows a script in a plate and in a name as text, and none runs as a formula in what is saved', async () => {
    const { page } = tab;
    await page.routeWebSocket('**/ws?*', (socket) => {
      const upstream = socket.connectToServer();
      upstream.onMessage((message) => socket.send(String(message).replaceAll('冀J10001D', SCRIPT)));
    });
    const evil = { kind: 'DRIVER', id: 'D-EVIL', state: 'ACTIVE', principalId: 'C1', reason: '=HYPERLINK("//x")', appliedBy: SCRIPT };
    const at = new Date().toISOString();
    const more = { appliedAt: at, changedAt: at, definition: { name: SCRIPT }, identity: { realName: SCRIPT } };
    await page.route('**/api/v1/registrations?*', (route) => route.fulfill({ json: { items: [{ ...evil, ...more }], nextCursor: null } }));
    try {
      await tab.show({ hash: '#truck/T001' });
      await page.locator('[data-inspects="truck/T001"]', { hasText: SCRIPT }).waitFor();
      await page.locator('[data-tab="trucks"]').click();
      await page.locator('.rail .row', { hasText: SCRIPT }).first().waitFor();
      await page.evaluate(() => {
        location.hash = '#/money/registrations';
      });
      await page.locator('[data-registration="DRIVER/D-EVIL"] .order-fold').click();
      await expect.poll(() => page.getByText(SCRIPT).count(), { timeout: WAIT_MS }).toBeGreaterThanOrEqual(3);
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      expect(await page.title()).not.toBe('1');
      const saved = page.waitForEvent('download');
      await page.locator('[data-part="registrations"] [data-action="csv"]').click();
      const text = readFileSync(await (await saved).path(), 'utf8');
      expect(text).toContain(`"'=HYPERLINK(""//x"")"`);
    } finally {
      await page.unrouteAll();
    }
  });

  it.each(['light', 'dark'] as const)('breaks no rule of WCAG A and AA on any page of the console: %s', async (theme) => {
    const found: string[] = [];
    const look = async (where: string): Promise<void> => {
      found.push(...(await brokenRules(tab.page)).map((rule) => `${where}: ${rule}`));
    };
    const page = await tab.show({ user: null, width: 1_440, height: 900, dark: theme === 'dark' });
    await page.locator('[data-user="ops"]').waitFor();
    await look('sign-in');
    await page.locator('[data-user="ops"]').click();
    await page.locator('[data-connection="live"]').waitFor();
    for (const name of await page
      .locator('.rail [data-tab]')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-tab') ?? ''))) {
      await page.locator(`.rail [data-tab="${name}"]`).click();
      await look(`list of ${name}`);
    }
    for (const place of ['station/BD1', 'slot/BD1-3', 'truck/T012', 'pack/LFP350-0003', 'order/O-1001', 'alarm/A-4']) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `#${place}`);
      await page.locator(`[data-inspects="${place}"]`).waitFor();
      await page.locator('.inspector [aria-busy="true"]').first().waitFor({ state: 'detached' });
      await look(place);
    }
    await page.locator('[data-menu="settings"]').click();
    await look('settings');
    await page.keyboard.press('Escape');
    await page.locator('.top-right [data-action="recording"]').click();
    await page.locator('.drop-zone').waitFor();
    await look('recording');
    expect(found).toEqual([]);
  });
});
