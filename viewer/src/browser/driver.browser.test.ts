import type { NotificationView } from '@corridor/protocols/http/notification-view';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { encodeQR } from 'qr';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserTestsRun } from '../../test/chromium.ts';
import type { FixtureServer } from '../../test/fixture-server.ts';
import { lookedAt } from '../../test/looked-at.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { ViewerTab, WAIT_MS } from '../../test/viewer-tab.ts';

const PHONE = { user: null, width: 390, height: 844 };
const RESERVED_NOTICE: NotificationView = {
  no: '9',
  to: 'truck:T001',
  title: 'A pack is kept for you at BD1',
  text: 'It was reserved for you.',
  at: new Date(0).toISOString(),
  sentBy: null,
  sentFor: null,
  stationId: null,
  shown: null,
  readAt: null,
  readBy: null,
  answer: null,
  answeredAt: null,
  answeredBy: null,
  isReceived: true,
  notice: { code: 'PACK_RESERVED', orderId: 'O-STAGED', stationId: 'BD1' },
};

describe.skipIf(!browserTestsRun('driver'))("a driver's page in a browser", { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;
  let server: FixtureServer;

  beforeAll(async () => {
    opened = await openBrowser({ draws: false });
    ({ server } = opened);
    tab = await ViewerTab.open(opened);
    await tab.page.addInitScript(axe.source);
  }, 240_000);

  afterEach(async () => {
    server.stage(null);
    server.operations.writeToDriver(null);
    server.refuseTickets(false);
    await tab.leaveInPeace();
  });

  afterAll(() => opened?.[Symbol.asyncDispose]());

  async function asDriver(visit: { hash?: string; dark?: boolean } = {}): Promise<Page> {
    const page = await tab.show({ ...PHONE, ...visit });
    await page.locator('[data-user="d1"]').click();
    await page.locator('[data-driver-part="truck"]').waitFor();
    return page;
  }

  it('recommends one station in big type with what speaks for it, and says why not the others', async () => {
    const page = await asDriver();
    const card = page.locator('[data-driver-part="next"]');
    await card.waitFor();
    expect(await page.locator('canvas').count()).toBe(0);
    expect(await card.getAttribute('data-station')).toBe('BD1');
    expect(await card.locator('[data-reason]').allTextContents()).toEqual(['正驶往此站', '可达最远，停靠最少', '无需排队', '可换电池最多']);
    await card.locator('.figure', { hasText: '¥221.93' }).waitFor();
    await page.locator('[data-driver-part="passed-over"] summary').click();
    expect(await page.locator('[data-passed="RC1"]').textContent()).toContain('电量不够到达');
    await page.locator('[data-driver-part="others"] summary').click();
    await page.locator('[data-other="FP1"]').click();
    await page.locator('[data-driver-part="next"][data-station="FP1"] .warning', { hasText: '保底电量' }).waitFor();
    const before = server.charges.acts.length;
    await page.locator('[data-action="quote"]').click();
    await expect
      .poll(() => server.charges.acts.slice(before))
      .toMatchObject([
        { path: '/api/v1/orders', body: { truckId: 'T001', stationId: 'FP1', key: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown } },
      ]);
  });

  it.each(['light', 'dark'] as const)(
    'breaks no rule of accessibility at any step, fits a phone, and is hit with gloves: %s',
    async (theme) => {
      const found: string[] = [];
      for (const stage of [null, 'quoted', 'kept', 'lifting', 'suspended']) {
        server.stage(stage);
        const page = await asDriver({ dark: theme === 'dark' });
        await page.locator(stage === null ? '[data-driver-part="next"]' : '[data-order="O-STAGED"]').waitFor();
        found.push(...(await lookedAt(page, stage ?? 'choosing')));
        if (stage !== null) continue;
        await page.locator('[data-action="scan"]').click();
        await page.locator('[data-driver-part="scan"]').waitFor();
        found.push(...(await lookedAt(page, 'scanning')));
        for (const part of ['bills', 'me']) {
          await page.locator(`.driver-tabs [data-tab="${part}"]`).click();
          await page
            .locator(part === 'bills' ? '[data-bill-part]' : '[data-driver-part="papers"]')
            .first()
            .waitFor();
          found.push(...(await lookedAt(page, part)));
        }
      }
      expect(found).toEqual([]);
    },
  );

  it('follows the swap to its bill, and tells what ended it otherwise and what to do', async () => {
    server.stage('lifting');
    const page = await asDriver();
    await page.locator('[data-step="LIFTING"] .driver-sentence', { hasText: '吊起亏电电池' }).waitFor();
    await page.locator('[data-pose="LIFTING"] .pack.old').waitFor();
    server.stage('carrying');
    await page.locator('[data-step="TRANSFER_OUT"] [data-pose="TRANSFER_OUT"]').waitFor();
    server.stage('done');
    const ended = page.locator('[data-driver-part="ended"][data-stage="DONE"]');
    await ended.locator('tfoot td', { hasText: '¥289.00' }).waitFor();
    // What was asked first is beside it, with why it is not the bill.
    await ended.locator('[data-above-quote="-157"]', { hasText: '¥290.57' }).waitFor();
    expect(await ended.locator('[data-bill-part] td').allTextContents()).toEqual(['¥126.50', '¥65.60', '¥96.90']);
    server.stage('refused');
    await page.locator('[data-stage="REFUSED"] [data-refusal="NO_CREDIT"]', { hasText: '余额不足' }).waitFor();
    await page.locator('[data-action="pay-in"]').click();
    // What was short, in whole hundreds.
    expect(await page.locator('[name="pay-amount"]').inputValue()).toBe('300');
    const another = page.context().waitForEvent('page');
    await page.locator('[data-action="ask-pay-in"]').click();
    await (await another).waitForURL('**/cashier/**');
    server.stage('abnormal');
    await page.locator('[data-stage="ABNORMAL"]', { hasText: '不会扣款' }).waitFor();
  });

  it('reads the code of a bay from a photo, says when it is of another station, and takes a typed one', async () => {
    server.stage('kept');
    const page = await asDriver();
    await page.locator('[data-driver-part="kept"] [data-kept-until] time').waitFor();
    await page.locator('[data-driver-part="kept"] [data-action="scan"]').click();
    await page.locator('[name="bay-photo"]').setInputFiles(await photoOf(page, 'https://corridor.example/#/bay/HH1-B1'));
    await page.locator('[data-bay="HH1-B1"] [data-bay-says="other"]', { hasText: '保定西行站' }).waitFor();
    await page.locator('[data-action="drive-on"]').click();
    await page.locator('[data-driver-part="kept"] [data-action="scan"]').click();
    await page.locator('[name="bay-photo"]').setInputFiles(await photoOf(page, 'https://elsewhere.example/pay'));
    await page.locator('[data-driver-part="scan"] [role="alert"]:not(:empty)').waitFor();
    await page.locator('[name="bay-code"]').fill('<script>alert(1)</script>');
    await page.locator('[data-action="typed-bay"]').click();
    await page.locator('[data-driver-part="scan"] [role="alert"]', { hasText: '这不是工位编号' }).waitFor();
    await page.locator('[name="bay-code"]').fill('bd1-b1');
    await page.locator('[data-action="typed-bay"]').click();
    await page.locator('[data-bay="BD1-B1"] [data-bay-says="right"]').waitFor();
  });

  it("opens at the bay that a phone's own camera read, and says so when there is no such station", async () => {
    const page = await asDriver({ hash: '#/bay/HH1-B1' });
    const before = server.charges.acts.length;
    await page.locator('[data-bay="HH1-B1"] [data-action="swap-here"]').click();
    await expect.poll(() => server.charges.acts.slice(before)).toMatchObject([{ path: '/api/v1/orders', body: { stationId: 'HH1' } }]);
    const lost = await asDriver({ hash: '#/bay/XX9-B1' });
    await lost.locator('[data-bay="XX9-B1"]', { hasText: '没有 XX9 站' }).waitFor();
    expect(await lost.locator('[data-action="swap-here"]').count()).toBe(0);
    await lost.locator('[data-driver-part="next"]').waitFor();
    // The address that the scene gives a bay is the same to him, and stays in the address bar.
    const sent = await asDriver({ hash: '#bay/HH1-B1' });
    await sent.locator('[data-bay="HH1-B1"] [data-action="swap-here"]').waitFor();
    expect(new URL(sent.url()).hash).toBe('#bay/HH1-B1');
    await sent.locator('[data-action="forget-bay"]').click();
    await sent.locator('[data-bay="HH1-B1"]').waitFor({ state: 'detached' });
    await sent.locator('[data-driver-part="next"]').waitFor();
    expect(await sent.locator('canvas').count()).toBe(0);
  });

  it('stays signed in where a camera opens a link in a new tab, until he signs out in any tab; others are asked in each', async () => {
    const page = await asDriver();
    const opens = async (hash: string): Promise<Page> => {
      const another = await page.context().newPage();
      await another.goto(`${server.url}/${hash}`);
      return another;
    };
    const scanned = await opens('#/bay/HH1-B1');
    await scanned.locator('[data-bay="HH1-B1"] [data-action="swap-here"]').waitFor();
    // What the twin refuses is removed for all tabs, and the bay waits for him.
    server.expireTokens();
    for (const open of [page, scanned]) await open.locator('.sign-in').waitFor();
    await scanned.reload();
    await scanned.locator('[data-user="d1"]').click();
    await scanned.locator('[data-bay="HH1-B1"] [data-action="swap-here"]').waitFor();
    const third = await opens('#/bay/BD1-B1');
    await third.locator('[data-bay="BD1-B1"]').waitFor();
    await third.locator('[data-menu="settings"]').click();
    await third.locator('[data-action="sign-out"]').click();
    for (const open of [third, scanned]) await open.locator('.sign-in').waitFor();
    await page.locator('[data-user="ops"]').click();
    await page.locator('[data-connection="live"]').waitFor();
    await (await opens('#/bay/HH1-B1')).locator('.sign-in').waitFor();
    expect(await page.locator('.sign-in').count()).toBe(0);
  });

  it('is told in his own language that others reserved for him, never why, and may give the pack back', async () => {
    server.stage('kept');
    server.operations.writeToDriver([RESERVED_NOTICE]);
    const page = await asDriver();
    const notice = page.locator('[data-notice="9"]');
    await notice.locator('h2', { hasText: '已在保定西行站为您预留电池' }).waitFor();
    expect(await notice.locator('button').evaluateAll((all) => all.map((each) => each.getAttribute('data-action')))).toEqual([
      'notice-read',
      'notice-give-back',
    ]);
    const before = server.charges.acts.length;
    await notice.locator('[data-action="notice-give-back"]').click();
    await notice.waitFor({ state: 'detached' });
    expect(server.charges.acts.slice(before)).toMatchObject([{ path: '/api/v1/orders/O-STAGED/cancel' }]);
    expect(server.operations.acts.map(({ path }) => path)).toEqual(['/api/v1/notifications/9/read']);
  });

  it('says that the line is down, asks again with the same key, and never orders twice', async () => {
    const page = await asDriver();
    await page.locator('[data-driver-part="next"]').waitFor();
    const keys: string[] = [];
    await page.route('**/api/v1/orders', async (route) => {
      keys.push((route.request().postDataJSON() as { key: string }).key);
      // The first two answers are lost on the way.
      if (keys.length <= 2) await route.abort();
      else await route.continue();
    });
    server.refuseTickets(true);
    server.cut();
    await page.locator('.driver-lost').first().waitFor();
    await page.locator('[data-action="quote"]').click();
    await page.locator('[data-retrying]').waitFor();
    await expect.poll(() => keys.length, { timeout: WAIT_MS }).toBe(3);
    expect(new Set(keys).size).toBe(1);
    await page.unroute('**/api/v1/orders');
    server.refuseTickets(false);
    await page.locator('[data-connection="live"]').waitFor();
  });

  it('shows a script in a plate as text', async () => {
    const page = await tab.show({ ...PHONE });
    await page.routeWebSocket('**/ws?*', (socket) => {
      const upstream = socket.connectToServer();
      upstream.onMessage((message) => socket.send(String(message).replaceAll('冀J10001D', '<img src=x onerror=alert(1)>')));
    });
    await page.locator('[data-user="d1"]').click();
    await page.locator('.driver-plate', { hasText: '<img src=x' }).waitFor();
    expect(await page.locator('.driver-plate img').count()).toBe(0);
  });

  it('goes back to the sign-in page when the token has expired, and says why', async () => {
    const page = await asDriver();
    await page.locator('[data-driver-part="next"]').waitFor();
    server.expireTokens();
    await page.locator('.sign-in .notice.wait').waitFor();
  });

  it('can be put on the home screen, and starts without a network', async () => {
    const page = await asDriver();
    await page.evaluate(async () => navigator.serviceWorker.ready);
    const manifest = (await (await fetch(`${server.url}/manifest.webmanifest`)).json()) as {
      icons: { src: string; type: string; sizes: string }[];
      display: string;
    };
    expect(manifest.display).toBe('standalone');
    const touchIcon = (await page.locator('link[rel="apple-touch-icon"]').getAttribute('href')) ?? '';
    for (const { src, type, sizes } of [...manifest.icons, { src: touchIcon, type: 'image/png', sizes: '180x180' }]) {
      const answer = await fetch(`${server.url}${src}`);
      expect(answer.headers.get('content-type'), src).toBe(type);
      if (type !== 'image/png') continue;
      // Width and height stand in the first chunk of the file, after its eight bytes of signature.
      const png = new DataView(await answer.arrayBuffer());
      expect([png.getUint32(0).toString(16), `${png.getUint32(16)}x${png.getUint32(20)}`], src).toEqual(['89504e47', sizes]);
    }
    const kept = () => page.evaluate(async () => (await (await caches.open('shell-1')).keys()).map(({ url }) => new URL(url).pathname));
    await expect.poll(async () => (await kept()).some((path) => path.includes('/assets/driver-page-'))).toBe(true);
    expect((await kept()).filter((path) => path.startsWith('/api/'))).toEqual([]);
    await page.context().setOffline(true);
    await page.reload();
    await page.locator('.driver').waitFor();
    await page.context().setOffline(false);
    await page.evaluate(async () => {
      for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
      await caches.delete('shell-1');
    });
  });
});

/** A code as a camera sees it: grey on grey, a little turned. */
async function photoOf(page: Page, text: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const rows = encodeQR(text, 'raw', { border: 4 });
  const url = await page.evaluate((modules) => {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 640;
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.fillStyle = '#b8bcc0';
    context.fillRect(0, 0, 640, 640);
    context.translate(320, 320);
    context.rotate(0.12);
    const size = 420 / modules.length;
    modules.forEach((row, y) => {
      row.forEach((isDark, x) => {
        context.fillStyle = isDark ? '#202428' : '#e6e8ea';
        context.fillRect(-210 + x * size, -210 + y * size, size + 0.5, size + 0.5);
      });
    });
    return canvas.toDataURL('image/png');
  }, rows);
  return { name: 'bay.png', mimeType: 'image/png', buffer: Buffer.from(url.split(',')[1] ?? '', 'base64') };
}
