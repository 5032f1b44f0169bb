import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserTestsRun } from '../../test/chromium.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { coloursOnStage, restingBox } from '../../test/stage-picture.ts';
import { ViewerTab, WAIT_MS } from '../../test/viewer-tab.ts';

const DRAW_CALLS_MAX = 60;
/** All scripts, also those that are loaded later. */
const JS_GZIP_BYTES_MAX = 500_000;

describe.skipIf(!browserTestsRun('scene'))('the corridor in a browser', { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;

  beforeAll(async () => {
    opened = await openBrowser({ draws: true });
    tab = await ViewerTab.open(opened);
  }, 240_000);

  afterEach(() => tab.leaveInPeace());

  afterAll(() => opened?.[Symbol.asyncDispose]());

  it('shows the corridor: the canvas is drawn, lists mirror the scene, nothing is fetched from elsewhere', async () => {
    const page = await tab.show();
    expect(await page.locator('.rail .row').count()).toBe(10);
    await page.locator('.label.station.shown').first().waitFor();
    expect(await coloursOnStage(page)).toBeGreaterThan(60);
    expect(await page.title()).toContain('黄骅');
  });

  it('stays within its budgets: draw calls of a frame, none under a money page, and what is transferred before the first picture', async () => {
    const page = await tab.show();
    await page.evaluate(() => {
      const counts: number[] = [];
      let calls = 0;
      const prototype = WebGL2RenderingContext.prototype;
      for (const name of ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced'] as const) {
        const draw: (...values: number[]) => void = prototype[name];
        prototype[name] = function counted(this: WebGL2RenderingContext, ...values: number[]): void {
          calls++;
          draw.apply(this, values);
        };
      }
      const next = (): void => {
        if (calls > 0) counts.push(calls);
        calls = 0;
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
      Object.assign(window, { drawCounts: counts });
    });
    await page.waitForFunction(() => (Reflect.get(window, 'drawCounts') as number[]).length >= 3);
    const counts = await page.evaluate(() => Reflect.get(window, 'drawCounts') as number[]);
    expect(Math.max(...counts)).toBeLessThanOrEqual(DRAW_CALLS_MAX);
    await page.evaluate(() => {
      location.hash = '#/money';
    });
    await page.locator('.money-tabs').waitFor();
    const drawnUnderMoney = await page.evaluate(async () => {
      const drawn = Reflect.get(window, 'drawCounts') as number[];
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      // What was drawn before the page came is counted with the next frame.
      const since = await frame().then(frame);
      const before = drawn.length;
      while ((await frame()) < since + 1_000);
      return drawn.length - before;
    });
    expect(drawnUnderMoney).toBe(0);
    const before = await page.evaluate(() => {
      location.hash = '';
      return (Reflect.get(window, 'drawCounts') as number[]).length;
    });
    await page.waitForFunction((length) => (Reflect.get(window, 'drawCounts') as number[]).length > length, before);
    const scripts = readdirSync(join(opened.dist, 'assets')).filter((name) => name.endsWith('.js'));
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(opened.dist, 'assets', name))).length, 0);
    expect(bytes).toBeLessThan(JS_GZIP_BYTES_MAX);
  });

  it('opens the inspector by a click on a truck in the scene, and follows it', async () => {
    const page = await tab.show({ hash: '#truck/T042' });
    await page.locator('[data-inspects="truck/T042"]').waitFor();
    await page.locator('[data-action="fly"]').click();
    await page.keyboard.press('Escape');
    await page.locator('.inspector').waitFor({ state: 'detached' });
    const label = page.locator('.label.truck.shown[data-id="T042"]');
    await label.waitFor();
    const box = await restingBox(page, label);
    // The truck stands below its label: that is the canvas, not the label.
    await page.mouse.click(box.x + box.width / 2, box.y + box.height + 30);
    await page.locator('[data-inspects="truck/T042"]').waitFor();
    expect(await page.locator('.inspector h2').textContent()).toBe('冀J10042D');
    // Where it was lies on the road with its times, as long as one wants to see it.
    await page.keyboard.press('Home');
    await page.locator('.label.mark.shown').first().waitFor();
    expect(Number(await page.locator('.track-choice').getAttribute('data-points'))).toBeGreaterThan(100);
    await page.locator('.track-choice label', { hasText: '关闭' }).click();
    await page.locator('.label.mark').first().waitFor({ state: 'detached' });
    // A pack's goes from station to station on its trucks; a week of it has days with its times.
    await page.evaluate("location.hash = '#pack/LFP350-0003'");
    await page.locator('[data-stay="TRUCK/T042"]').waitFor();
    await page.locator('.label.mark.shown').first().waitFor();
    await page.locator('.track-choice label', { hasText: '7 天' }).click();
    await page
      .locator('.label.mark', { hasText: /\d\d-\d\d \d\d:00/ })
      .first()
      .waitFor();
    // From the whole network to one bay, which is an object of its own there.
    await page.locator('[data-tab="bays"]').click();
    await page.locator('.rail [data-select="bay/FP1-B1"]').click();
    await page.locator('[data-inspects="bay/FP1-B1"] [data-section="crane"]').waitFor();
    expect(new URL(page.url()).hash).toBe('#bay/FP1-B1');
    // What holds its gantry is told, as its sensors say it.
    await page.locator('[data-section="interlocks"]', { hasText: '3 已锁 · 1, 2, 4 已解锁' }).waitFor();
    // Its label in the scene leads to it as its row in the list did, not to the station or what stands behind.
    // Between list and inspector of a narrow window it would be looked at from too far to have one.
    await page.setViewportSize({ width: 1200, height: 600 });
    await page.locator('[data-action="fly"]').click();
    await page.keyboard.press('Escape');
    await page.locator('.inspector').waitFor({ state: 'detached' });
    const bay = await restingBox(page, page.locator('.label.bay.shown[data-id="FP1-B1"]'));
    await page.mouse.click(bay.x + bay.width / 2, bay.y + bay.height / 2);
    await page.locator('[data-inspects="bay/FP1-B1"]').waitFor();
  });

  it('draws the same picture again when the GPU was lost and came back', async () => {
    const page = await tab.show();
    await page.locator('.label.station.shown').first().waitFor();
    const ground = { x: 620, y: 480 };
    expect(await page.evaluate(({ x, y }) => document.elementFromPoint(x, y)?.className, ground)).toBe('scene-canvas');
    const atPoint = async (): Promise<number[]> => {
      const picture = (await page.screenshot({ clip: { ...ground, width: 4, height: 4 } })).toString('base64');
      return page.evaluate(async (base64) => {
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        const context = new OffscreenCanvas(4, 4).getContext('2d');
        context?.drawImage(image, 0, 0);
        return [...(context?.getImageData(1, 1, 1, 1).data ?? [])];
      }, picture);
    };
    const background = await atPoint();
    await page.evaluate(async () => {
      const canvas = document.querySelector<HTMLCanvasElement>('.scene-canvas');
      const loser = canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context');
      if (canvas === null || loser === null || loser === undefined) throw new Error('no context to lose');
      const next = (name: string): Promise<void> =>
        new Promise((resolve) => canvas.addEventListener(name, () => requestAnimationFrame(() => resolve()), { once: true }));
      const lost = next('webglcontextlost');
      loser.loseContext();
      await lost;
      const restored = next('webglcontextrestored');
      loser.restoreContext();
      await restored;
    });
    await expect.poll(atPoint, { timeout: WAIT_MS }).toEqual(background);
    expect(await coloursOnStage(page)).toBeGreaterThan(60);
  });

  it('fits a phone: nothing wider than the window, lists and inspector as sheets', async () => {
    const page = await tab.show({ width: 390, height: 844, dark: true });
    await page.locator('[data-action="lists"]').click();
    await page.locator('.rail .row').first().click();
    await page.locator('.inspector').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const box = await page.locator('.inspector').boundingBox();
    expect(box?.width).toBe(390);
  });
});
