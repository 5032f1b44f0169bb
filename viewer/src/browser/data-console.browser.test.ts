import { storePackLife } from '@corridor/testkit/stored-pack-life';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { jetstream } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenRules, prepareRules } from '../../test/axe-rules.ts';
import { browserTestsRun } from '../../test/chromium.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { ViewerTab } from '../../test/viewer-tab.ts';

const PACK = 'LFP350-0001';
type Page = ViewerTab['page'];
const DESK = { width: 1440, height: 900 };

/** A gateway of HH1 that is written from the documents alone, and loses the messages 3 to 5. */
async function report(platform: TestTwin): Promise<void> {
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  const js = jetstream(nc);
  for (const seq of [1, 2, 6, 7]) {
    const kind = seq % 2 === 0 ? 'slots' : 'meter';
    const at = new Date().toISOString();
    const slots = Array.from({ length: 8 }, (_, index) => ({
      evseId: index + 1,
      slotState: 'HOLDS_PACK',
      packId: null,
      chargingState: 'CHARGING',
      setpointW: 240_000,
      powerW: 30_000 * index,
      voltageV: 640,
      currentA: 47 * index,
      meterWh: 1_000_000 + index,
      plugTempC: 21.5 + index,
      smoke: false,
      doorOpen: false,
    }));
    const meters = [{ meterId: 'HH1-GRID', kind: 'GRID', importWh: 5_000_000, exportWh: 0, powerW: 812_000 }];
    const data = kind === 'slots' ? { stationId: 'HH1', slots } : { stationId: 'HH1', meters };
    const envelope = { schema: `tele.${kind}/1`, src: 'HH1', bootId: 1, seq, tsEvent: at, tsSend: at, backfill: false, q: [], data };
    await js.publish(`evs.v1.live.station.HH1.tele.${kind}`, JSON.stringify(envelope), { msgID: `HH1:1:tele:${seq}` });
  }
  await nc.close();
}

const shownIds = (page: Page) =>
  page.locator('[data-equipment]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-equipment')));
const goTo = (page: Page, part: string) => page.evaluate((hash) => void (location.hash = hash), `#/data/${part}`);

describe.skipIf(!browserTestsRun('data console'))('the live data console in a browser, at a real twin', { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;
  let platform: TestTwin;

  beforeAll(async () => {
    opened = await openBrowser({ draws: false });
    platform = await startTestTwin({ viewerDir: opened.dist });
    await storePackLife(platform.db, PACK, 0.86);
    await platform.restart();
    await platform.twin.soh.estimateAll();
    await report(platform);
    tab = await ViewerTab.open(opened);
    await prepareRules(tab.page);
  }, 240_000);

  afterAll(async () => {
    await platform?.[Symbol.asyncDispose]();
    await opened?.[Symbol.asyncDispose]();
  });

  it('shows by its address what was looked at: sent to somebody, after a reload, and on the way back', async () => {
    const hash = '#/data/slot?text=hh1-&sort=powerW&desc=1&open=HH1-3&colour=red';
    const page = await tab.show({ base: platform.twin.url, user: 'demo-PF', hash, ...DESK });
    await page.locator('[data-detail="HH1-3"]').waitFor();
    await page.locator('.place-notice[data-wrong="colour=red"]').waitFor();
    expect(await page.locator('[name="data-search"]').inputValue()).toBe('hh1-');
    expect((await shownIds(page))[0]).toBe('HH1-8');
    await page.locator('[data-equipment="HH1-8"] button').first().click();
    await page.locator('[data-detail="HH1-8"]').waitFor();
    expect(new URL(page.url()).hash).toBe('#/data/slot?text=hh1-&desc=1&open=HH1-8&sort=powerW');
    await page.reload();
    await page.locator('[data-detail="HH1-8"]').waitFor();
    await page.goBack();
    await page.locator('[data-detail="HH1-3"]').waitFor();
    await goTo(page, 'slot?open=NEVER');
    await page.locator('.place-notice[data-wrong="open=NEVER"]').waitFor();
    await page.evaluate(() => void (location.hash = '#/operations/commands?state=DONE&verb=dance'));
    await page.locator('.place-notice[data-wrong="verb=dance"]').waitFor();
    expect(await page.locator('[name="state"]').inputValue()).toBe('DONE');
    await tab.leaveInPeace();
  });

  it('finds a pack, shows what it is worth beside what its BMS says, and its curves with gaps and flags', async () => {
    const page = await tab.show({ base: platform.twin.url, user: 'demo-BO1', ...DESK });
    await page.locator('[data-action="data"]').click();
    await page.locator(`[data-equipment="${PACK}"]`).waitFor();
    expect(page.url()).toContain('#/data/pack');
    await page.locator('[name="data-search"]').fill(PACK.toLowerCase());
    await expect.poll(() => shownIds(page)).toEqual([PACK]);
    await page.keyboard.press('Escape');
    await page.locator(`[data-equipment="${PACK}"] button`).focus();
    await page.keyboard.press('Enter');
    const detail = page.locator(`[data-detail="${PACK}"]`);
    await detail.locator('[data-soh]').waitFor();
    expect(await detail.locator('[data-soh]').textContent()).toMatch(/95 %/);
    await detail.locator('[data-action="rests"]').click();
    await expect.poll(() => detail.locator('[data-soh] tbody tr').count()).toBeGreaterThan(8);
    await detail.locator('[data-span="day"]').click();
    await detail.locator('[data-curve="powerW"]').waitFor();
    await detail.locator('[data-notes="gaps"]').waitFor();
    await detail.locator('[data-notes="flags"] summary').click();
    expect(await detail.locator('[data-notes="flags"] li').count()).toBeGreaterThan(3);
    expect(await brokenRules(page)).toEqual([]);
  });

  it('keeps the order of rows under the pointer, sorts when asked, and goes through them by keys', async () => {
    const page = await tab.show({ base: platform.twin.url, user: 'demo-SO1', hash: '#/data/slot', ...DESK });
    await page.locator('[data-equipment="HH1-1"]').waitFor();
    await page.locator('[data-sort="powerW"]').click();
    await page.locator('[data-sort="powerW"]').click();
    await expect.poll(async () => (await shownIds(page))[0]).toBe('HH1-8');
    await page.locator('[data-equipment="HH1-8"] button').focus();
    await page.keyboard.press('ArrowDown');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('[data-equipment]')?.getAttribute('data-equipment')))
      .toBe('HH1-7');
    expect(await page.locator('[data-equipment="HH1-8"]').textContent()).toContain('210 kW');
    await goTo(page, 'meter');
    await page.locator('[data-equipment="HH1-GRID"]').waitFor();
    expect(await page.locator('[data-equipment="HH1-GRID"]').textContent()).toContain('812 kW');
  });

  it('shows what is missing of a gateway, and nobody what is of others', async () => {
    const page = await tab.show({ base: platform.twin.url, user: 'demo-SO1', hash: '#/data/gateways', ...DESK });
    const row = page.locator('[data-source="station:HH1:tele"]');
    await row.waitFor();
    expect(await row.textContent()).toContain('57.14 %');
    await row.locator('button').click();
    const detail = page.locator('[data-detail="HH1"]');
    await detail.locator('.hour-bars').waitFor();
    expect(await detail.textContent()).toContain('3 – 5');
    expect(await brokenRules(page)).toEqual([]);
    await tab.show({ base: platform.twin.url, user: 'demo-SO2', hash: '#/data/gateways', ...DESK });
    await page.locator('[data-part="gateways"] .nothing').waitFor();
    await goTo(page, 'pack');
    await page.locator('[data-part="equipment"]').waitFor();
    expect(await page.locator(`[data-equipment="${PACK}"]`).count()).toBe(0);
  });

  it.each([
    ['zh-CN', 'dark', { width: 390, height: 844 }],
    ['en', 'light', { width: 390, height: 844 }],
    ['zh-CN', 'light', DESK],
    ['en', 'dark', DESK],
  ] as const)('breaks no rule of WCAG A and AA in %s, %s', async (language, theme, size) => {
    const page = await tab.show({ base: platform.twin.url, user: 'demo-PF', hash: '#/data/pack', dark: theme === 'dark', ...size });
    // On a phone the button is in the menu; this one is only not shown there.
    await page.evaluate((wanted) => {
      if (document.documentElement.lang !== wanted) document.querySelector<HTMLElement>('.top-right [data-action="language"]')?.click();
    }, language);
    await page.locator(`html[lang="${language}"]`).waitFor();
    await page.locator('[data-equipment]').first().waitFor();
    for (const part of ['pack', 'slot', 'meter', 'truck', 'gateways']) {
      await goTo(page, part);
      await page.locator(`[data-data-tab="${part}"][aria-current]`).waitFor();
      await page.locator('.live-table').waitFor();
      expect(await brokenRules(page), part).toEqual([]);
    }
    await goTo(page, 'pack');
    await page.locator(`[data-equipment="${PACK}"] button`).waitFor();
    await page.locator(`[data-equipment="${PACK}"] button`).click();
    await page.locator(`[data-detail="${PACK}"] .data-curves`).waitFor();
    expect(await brokenRules(page), 'detail').toEqual([]);
    // A page wider than the screen hides what stands at its edge.
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
