import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { brokenRules, prepareRules } from '../../test/axe-rules.ts';
import { browserTestsRun } from '../../test/chromium.ts';
import { firstVersionBytes, recordingBytes, refusedBytes } from '../../test/fixture-recording.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { ViewerTab } from '../../test/viewer-tab.ts';

const fileOf = (buffer: Buffer) => ({ name: 'small.rec', mimeType: 'application/octet-stream', buffer });

describe.skipIf(!browserTestsRun('recording'))('recordings in a browser', { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;

  beforeAll(async () => {
    opened = await openBrowser({ draws: false });
    tab = await ViewerTab.open(opened);
    await prepareRules(tab.page);
  }, 240_000);

  afterEach(() => tab.leaveInPeace());

  afterAll(() => opened?.[Symbol.asyncDispose]());

  it('refuses what it cannot play in words, then plays, seeks, jumps, and goes back to live', async () => {
    const page = await tab.show({ hash: '#truck/T042' });
    await page.locator('.top-right [data-action="recording"]').click();
    const chooser = page.locator('.drop-zone input');
    for (const [code, bytes] of Object.entries(refusedBytes())) {
      await chooser.setInputFiles(fileOf(bytes));
      await page.locator(`[data-refused="${code}"]`).waitFor();
    }
    // What was there is there still.
    expect(await page.locator('[data-inspects="truck/T042"], [data-connection="live"]').count()).toBe(2);
    await chooser.setInputFiles(fileOf(recordingBytes()));
    await page.locator('[data-connection="recording"]').waitFor();
    expect(await page.locator('[data-connection="recording"]').textContent()).toContain('非实时');
    expect(await page.locator('.scene-clock').textContent()).toContain('2026-07-01');
    await page.locator('[data-tab="trucks"]').click();
    expect(await page.locator('.rail .row').count()).toBe(3);

    const slider = page.locator('[data-field="instant"]');
    // In scene time, as everything of the bar.
    const startsAtMs = Number(await slider.getAttribute('min'));
    await slider.fill(String(startsAtMs + 15 * 60_000));
    await page.locator('.clock-time', { hasText: '00:15:00' }).waitFor();
    await page.locator('[data-action="next-event"]').click();
    await page.locator('.clock-time', { hasText: '00:30:00' }).waitFor();
    await page.locator('[data-inspects="station/HH1"]').waitFor();
    // Nobody acts on the corridor, nor is asked for charts of actors, because of what is recorded.
    expect(await page.locator('[data-section="acts"], [data-section="chart"], [data-action="money"]').count()).toBe(0);

    // Orders, balances and holds are of the recorded instant, and nothing is asked of the twin for them.
    await page.locator('[data-action="books"]').click();
    await page.locator('[data-account="C1_held"]', { hasText: '410.00' }).waitFor();
    await page.locator('[data-hold="HH1-1-a"] .link').click();
    const order = page.locator('[data-inspects="order/HH1-1-a"]');
    await order.locator('[data-section="live"]', { hasText: '一号承运' }).waitFor();
    expect(await order.locator('[data-section="events"], [data-section="chart"], a[href^="#actor"]').count()).toBe(0);
    await slider.fill(String(startsAtMs + 40 * 60_000));
    await page.locator('[data-account="SO1_income"]', { hasText: '388.40' }).waitFor();
    expect(await page.locator('[data-hold]').count()).toBe(0);
    await order.locator('.inspector-body', { hasText: '388.40' }).waitFor();
    expect(await order.locator('[data-section="bill"]').textContent()).toContain('账单明细');
    await page.locator('[data-kpi="pvPowerW"]', { hasText: '90' }).waitFor();
    await page.locator('[data-tab="alarms"]').click();
    await page.locator('.rail .nothing', { hasText: '告警' }).waitFor();
    expect(await brokenRules(page)).toEqual([]);

    await page.locator('[data-field="speed"]').selectOption('3600');
    await page.locator('[data-action="play"]').click();
    await page.locator('[data-action="play"]').waitFor();
    await page.locator('.clock-time', { hasText: '02:00:00' }).waitFor();

    await page.locator('[data-action="back-to-live"]').click();
    await page.locator('[data-connection="live"]').waitFor();
    await page.locator('[data-action="money"]').waitFor();
    await page.waitForFunction(() => Number(document.querySelector('[data-tab="trucks"] .tab-count')?.textContent) > 3);
    expect(await page.locator('.time-bar').count()).toBe(0);
  });

  it('plays without a twin: nobody has to sign in to look at a file, and one of the first version says that it has no money', async () => {
    const page = await tab.show({ user: null, hash: '#/recording' });
    await page.locator('.drop-zone input').setInputFiles(fileOf(firstVersionBytes()));
    await page.locator('[data-connection="recording"]').waitFor();
    await page.locator('[data-action="books"]').click();
    await page.locator('.books-panel .nothing', { hasText: '不含订单与资金' }).waitFor();
    await page.locator('[data-action="back-to-live"]').click();
    await page.locator('.sign-in-card').waitFor();
  });
});
