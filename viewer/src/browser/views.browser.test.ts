import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { brokenRules, prepareRules } from '../../test/axe-rules.ts';
import { browserTestsRun } from '../../test/chromium.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { ViewerTab, WAIT_MS } from '../../test/viewer-tab.ts';

describe.skipIf(!browserTestsRun('views'))('ways of looking at the corridor', { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;

  beforeAll(async () => {
    opened = await openBrowser({ draws: true });
    tab = await ViewerTab.open(opened);
    await prepareRules(tab.page);
  }, 240_000);

  afterEach(() => tab.leaveInPeace());

  afterAll(() => opened?.[Symbol.asyncDispose]());

  const searchOf = (): Promise<string> => tab.page.evaluate(() => decodeURIComponent(location.search));
  const chosenLayer = (): Promise<string | null> => tab.page.locator('[name="heat-layer"]:checked').getAttribute('value');

  it('colours stations by one quantity at a time, with its legend and its words, and says which in the address', async () => {
    const page = await tab.show({ width: 1440, height: 900 });
    const detail = page.locator('.label.station[data-id="BD1"] span');
    await page.locator('[data-action="layers"]').click();
    const legend = page.locator('.legend [data-legend]');
    for (const [layer, text] of [
      ['wait', /12:20 min/],
      ['power', /MW|kW/],
      ['price', /¥0\.56\/kWh/],
      ['soc', /\d %|\d%/],
    ] as const) {
      await page.locator(`[name="heat-layer"][value="${layer}"]`).check();
      await expect.poll(() => detail.textContent(), { timeout: WAIT_MS }).toMatch(text);
      expect(await legend.getAttribute('data-legend')).toBe(layer);
      await expect.poll(searchOf).toContain(`layer=${layer}`);
    }
    await page.locator('[name="heat-layer"][value="none"]').check();
    await expect.poll(() => detail.textContent(), { timeout: WAIT_MS }).toContain('可换');
    // The road's own colours go with any of them.
    await page.locator('[data-field="grade"]').check();
    await expect.poll(searchOf).toBe('?grade=1');
    expect(await legend.getAttribute('data-legend')).toBe('grade');
    await page.locator('[data-field="grade"]').uncheck();
    await expect.poll(searchOf).toBe('');
  });

  it('keeps a view by name, and its link shows the same picture to somebody else', async () => {
    const page = await tab.show({ width: 1440, height: 900, hash: '#station/BD1' });
    await expect.poll(searchOf, { timeout: WAIT_MS }).toMatch(/^\?cam=38\.78\d+,115\.45\d+,0\.\d+,/);
    await page.locator('[data-action="layers"]').click();
    await page.locator('[name="heat-layer"][value="power"]').check();
    await page.locator('[data-field="relief-auto"]').uncheck();
    await page.locator('[name="view-name"]').fill('  ');
    await page.locator('[data-action="keep-view"]').click();
    await page.getByText('请填写名称').waitFor();
    await page.locator('[name="view-name"]').fill('保定 <script>');
    await page.locator('[data-action="keep-view"]').click();
    const row = page.locator('[data-view="保定 <script>"]');
    await row.waitFor();
    const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('corridor.views') ?? '[]') as { address: string }[]);
    const address = kept[0]?.address ?? '';
    expect(decodeURIComponent(address)).toMatch(/^\?cam=38\.78.*&layer=power&relief=3#station\/BD1$/);

    // Elsewhere, and back to it in one press.
    await page.locator('[name="heat-layer"][value="none"]').check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('0');
    await page.locator('.inspector').waitFor({ state: 'detached' });
    await row.locator('.view-name').click();
    await page.locator('[data-inspects="station/BD1"]').waitFor();
    expect(await chosenLayer()).toBe('power');

    const other = await tab.show({ width: 1440, height: 900, hash: address });
    await other.locator('[data-inspects="station/BD1"]').waitFor();
    await other.locator('.legend [data-legend="power"]').waitFor();
    await other.locator('.label.slot.shown').first().waitFor();
    // What is shown is what was asked for: nothing moved the camera.
    await expect.poll(async () => (await searchOf()).split('&')[0]).toBe(decodeURIComponent(address).split('&')[0]);
  });

  it('goes back and forth with the buttons of the browser', async () => {
    const page = await tab.show();
    await page.locator('.rail .row').first().click();
    await page.locator('[data-inspects="station/HH1"]').waitFor();
    await expect.poll(searchOf, { timeout: WAIT_MS }).toContain('cam=38.3');
    await page.locator('.rail .row').nth(3).click();
    await page.locator('[data-inspects="station/BD1"]').waitFor();
    await expect.poll(searchOf, { timeout: WAIT_MS }).toContain('cam=38.78');
    await page.goBack();
    await page.locator('[data-inspects="station/HH1"]').waitFor();
    await expect.poll(searchOf, { timeout: WAIT_MS }).toContain('cam=38.3');
    await page.goBack();
    await page.locator('.inspector').waitFor({ state: 'detached' });
    await page.goForward();
    await page.locator('[data-inspects="station/HH1"]').waitFor();
  });

  it('says what of an address is nothing that could be shown, and shows the rest', async () => {
    const page = await tab.show({ hash: '?layer=gold&cam=moon&relief=4#truck/NOPE' });
    await page.locator('[data-missing="NOPE"]', { hasText: '场景中没有它' }).waitFor();
    expect(await page.locator('.link-notice').getAttribute('data-wrong')).toBe('cam layer');
    await page.locator('.link-notice button').click();
    await page.locator('.link-notice').waitFor({ state: 'detached' });
    await page.locator('.label.station.shown').first().waitFor();
    await page.evaluate(() => {
      location.hash = '#dragon/7';
    });
    await page.locator('.link-notice[data-wrong="object"]').waitFor();
    await page.locator('.rail .row').first().click();
    await page.locator('[data-inspects="station/HH1"]').waitFor();
  });

  it('shows the whole corridor on a small map that is clicked, dragged and gone along with the keys', async () => {
    const page = await tab.show({ width: 1440, height: 900 });
    const map = page.locator('.mini-map');
    await map.waitFor();
    const drawn = await map.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return new Set(Array.from({ length: data.length / 4 }, (_, i) => `${data[i * 4]},${data[i * 4 + 1]},${data[i * 4 + 2]}`)).size;
    });
    expect(drawn).toBeGreaterThan(5);
    const box = await map.boundingBox();
    if (box === null) throw new Error('no small map');
    // Near its western end, that is in the mountains.
    await page.mouse.click(box.x + 40, box.y + box.height / 2);
    await expect.poll(searchOf, { timeout: WAIT_MS }).toMatch(/cam=3\d\.\d+,11[23]\.\d+,40/);
    await map.focus();
    await page.keyboard.press('Home');
    expect(await map.getAttribute('aria-valuetext')).toContain('HH1');
    await page.keyboard.press('ArrowLeft');
    expect(await map.getAttribute('aria-valuetext')).toContain('HJ1');
    await page.keyboard.press('Enter');
    await page.locator('[data-inspects="station/HJ1"]').waitFor();
    await page.locator('[data-action="mini-map"]').click();
    await map.waitFor({ state: 'detached' });
  });

  it('finds everything from one field, and goes there without a mouse', async () => {
    const page = await tab.show();
    await page.keyboard.press('Control+k');
    const field = page.locator('.find-field input');
    await field.waitFor();
    await page.keyboard.type('T04');
    await page.locator('[data-found="truck/T042"]').waitFor();
    await page.keyboard.type('2');
    expect(await page.locator('[role="option"][aria-selected="true"]').getAttribute('data-found')).toBe('truck/T042');
    await page.keyboard.press('Enter');
    await page.locator('[data-inspects="truck/T042"]').waitFor();
    await field.waitFor({ state: 'detached' });
    await page.locator('[data-action="follow"][aria-pressed="true"]').waitFor();
    await page.keyboard.press('Control+k');
    await field.fill('nothing of that kind');
    await page.locator('.find-foot', { hasText: '没有' }).waitFor();
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    // Esc closed the field alone.
    await page.locator('[data-inspects="truck/T042"]').waitFor();
  });

  it.each([
    ['on a desk, light, Chinese', { width: 1440, height: 900, dark: false }],
    ['on a phone, dark, English', { width: 390, height: 844, dark: true }],
  ])('break no rule of WCAG A and AA, nor are wider than the window: %s', async (_, look) => {
    const page = await tab.show(look);
    if (look.dark) await page.evaluate(() => document.querySelector<HTMLElement>('.top-right [data-action="language"]')?.click());
    if (look.dark) await page.locator('[data-action="mini-map"]').click();
    await page.locator('.mini-map canvas').waitFor();
    await page.locator('[data-action="layers"]').click();
    const found: string[] = [];
    for (const layer of ['wait', 'price']) {
      await page.locator(`[name="heat-layer"][value="${layer}"]`).check();
      await page.locator('[name="view-name"]').fill(layer);
      await page.locator('[data-action="keep-view"]').click();
      await page.locator(`[data-view="${layer}"]`).waitFor();
      found.push(...(await brokenRules(page)));
    }
    await page.keyboard.press('Control+k');
    await page.locator('.find-field input').fill('bd1');
    await page.locator('[data-found="station/BD1"]').waitFor();
    found.push(...(await brokenRules(page)));
    expect(found).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(look.width);
  });
});
