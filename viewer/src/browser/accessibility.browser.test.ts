import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_PATH, chromiumInstalled } from '../../test/chromium.ts';
import { type OpenBrowser, openBrowser, withoutWebGl } from '../../test/open-browser.ts';

/** Every rule of WCAG 2.2, levels A and AA, and of the versions before it. */
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const COLOURS: axe.RunOnly = { type: 'rule', values: ['color-contrast'] };
const FIRST_FOLDS = '.money-body tbody tr:first-child .order-fold[aria-expanded="false"]';
const WAIT_MS = 60_000;
type Theme = 'light' | 'dark';
const runnable = chromiumInstalled() || process.env['CI'] === 'true';
if (!runnable) console.warn(`viewer: accessibility tests skipped, no Chromium at ${CHROMIUM_PATH} (set CHROMIUM_PATH or install chromium)`);

describe.skipIf(!runnable)('money pages for whoever sees little or uses no mouse', { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  beforeAll(async () => {
    opened = await openBrowser();
  }, 240_000);
  afterAll(() => opened?.[Symbol.asyncDispose]());

  it.each([
    ['the platform', 'ops', 13],
    ['an operator of stations', 'so1', 8],
    ['an owner of batteries', 'bo1', 9],
    ['a carrier', 'c1', 10],
  ])('break no rule of WCAG A and AA, light or dark, for %s', async (_, user, parts) => {
    const page = await openMoney(opened, user);
    const tabs = await page.locator('[data-money-tab]').evaluateAll((all) => all.map((each) => each.getAttribute('data-money-tab') ?? ''));
    expect(tabs).toHaveLength(parts);
    const found: string[] = [];
    for (const [index, tab] of tabs.entries()) {
      await page.evaluate((name) => document.querySelector<HTMLElement>(`[data-money-tab="${name}"]`)?.click(), tab);
      await page.locator(`[data-money-tab="${tab}"][aria-current]`).waitFor();
      await shown(page);
      // What is behind the first row of each table, too.
      await page.evaluate((folds) => document.querySelectorAll<HTMLElement>(folds).forEach((fold) => fold.click()), FIRST_FOLDS);
      await shown(page);
      // Between the themes nothing but colours differs: every rule in one of them, in turn, and the colours in the other.
      const [first, second] = index % 2 === 0 ? (['light', 'dark'] as const) : (['dark', 'light'] as const);
      found.push(...(await brokenRules(page, first, { type: 'tag', values: LEVELS })).map((rule) => `${tab}: ${rule}`));
      found.push(...(await brokenRules(page, second, COLOURS)).map((rule) => `${tab}: ${rule}`));
    }
    expect(found).toEqual([]);
    await page.context().close();
  });
});

const unanswered = new WeakMap<Page, number>();

async function openMoney({ browser, server }: OpenBrowser, user: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', reducedMotion: 'reduce' });
  await context.addInitScript(withoutWebGl);
  await context.addInitScript(axe.source);
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const count = (by: number) => () => unanswered.set(page, (unanswered.get(page) ?? 0) + by);
  page.on('request', count(1));
  page.on('requestfinished', count(-1));
  page.on('requestfailed', count(-1));
  await page.goto(`${server.url}/#/money`);
  await page.locator(`[data-user="${user}"]`).click();
  await page.locator('.money-tabs').waitFor();
  return page;
}

/** Waits until everything that was asked for is there, and drawn. */
async function shown(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await expect.poll(() => unanswered.get(page), { timeout: WAIT_MS }).toBe(0);
  await page.locator('.money-body [aria-busy="true"]').first().waitFor({ state: 'detached' });
}

/** Rules that the page breaks in this theme, and where. */
async function brokenRules(page: Page, theme: Theme, rules: axe.RunOnly): Promise<string[]> {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`html[data-theme="${theme}"]`).waitFor();
  const { violations, kept } = await page.evaluate(async (runOnly) => {
    const { axe: engine } = window as Window & { axe?: typeof axe };
    if (engine === undefined) throw new Error('axe is not on the page');
    const result = await engine.run(document, { runOnly, resultTypes: ['violations'], elementRef: false, selectors: false });
    return {
      kept: result.passes.map(({ id }) => id),
      violations: result.violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html).join(' | ')}`),
    };
  }, rules);
  // Something was looked at.
  expect([...kept, ...violations].join()).toContain('color-contrast');
  return violations.map((violation) => `${theme}, ${violation}`);
}
