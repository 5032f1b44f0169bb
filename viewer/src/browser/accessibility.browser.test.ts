import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { brokenRules, COLOURS, EVERY_RULE, prepareRules } from '../../test/axe-rules.ts';
import { browserTestsRun } from '../../test/chromium.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { ViewerTab, WAIT_MS } from '../../test/viewer-tab.ts';

const FIRST_FOLDS = '.money-body tbody tr:first-child .order-fold[aria-expanded="false"]';
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
interface Look {
  readonly size: typeof DESKTOP;
  readonly language: 'zh-CN' | 'en';
  readonly theme: 'light' | 'dark';
}
/** In which every rule is looked for, a page in each in turn; there the colours in the one that differs from it in all. */
const LOOKS: readonly (readonly [Look, Look])[] = (['light', 'dark'] as const).flatMap((theme) => {
  const desk: Look = { size: DESKTOP, language: 'zh-CN', theme };
  const phone: Look = { size: PHONE, language: 'en', theme: theme === 'light' ? 'dark' : 'light' };
  return [[desk, phone] as const, [phone, desk] as const];
});

const PHONES: readonly Look[] = LOOKS.flat().filter(({ size }) => size === PHONE);

describe.skipIf(!browserTestsRun('accessibility'))('pages for whoever sees little or uses no mouse', { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;

  beforeAll(async () => {
    opened = await openBrowser({ draws: false });
    tab = await ViewerTab.open(opened);
    await prepareRules(tab.page);
  }, 240_000);

  afterEach(() => tab.leaveInPeace());

  afterAll(() => opened?.[Symbol.asyncDispose]());

  it.each([
    ['the platform', 'ops', 14, 0],
    ['an operator of stations', 'so1', 9, 1],
    ['an owner of batteries', 'bo1', 10, 2],
    ['a carrier', 'c1', 11, 3],
  ])('break no rule of WCAG A and AA on money pages, light or dark, on a desk or a phone, for %s', async (_, user, parts, firstLook) => {
    const page = await tab.show({ hash: '#/money', user, ...DESKTOP });
    const names = await page.locator('[data-money-tab]').evaluateAll((all) => all.map((each) => each.getAttribute('data-money-tab') ?? ''));
    expect(names).toHaveLength(parts);
    const found: string[] = [];
    for (const [index, name] of names.entries()) {
      // Two who have a page in common see it in different looks.
      const [first, second] = LOOKS[(index + firstLook) % LOOKS.length] ?? [];
      if (first === undefined || second === undefined) throw new RangeError('no look');
      await look(page, first);
      await page.evaluate((part) => document.querySelector<HTMLElement>(`[data-money-tab="${part}"]`)?.click(), name);
      await page.locator(`[data-money-tab="${name}"][aria-current]`).waitFor();
      await shown(tab);
      // What is behind the first row of each table, too.
      await page.evaluate((folds) => document.querySelectorAll<HTMLElement>(folds).forEach((fold) => fold.click()), FIRST_FOLDS);
      await shown(tab);
      // Every rule in one look, each in its turn, and the colours in one that has the other size, language and theme.
      found.push(...(await brokenRules(page)).map((rule) => `${name}, ${described(first)}: ${rule}`));
      await look(page, second);
      await shown(tab);
      found.push(...(await brokenRules(page, COLOURS)).map((rule) => `${name}, ${described(second)}: ${rule}`));
    }
    expect(found).toEqual([]);
  });

  /** A look for each page, so that none is held to every rule in one size, language and theme only. */
  it.each([
    ['of the operations', 'ops', '#/operations', 'data-operations-tab', 6],
    ['of the live data', 'ops', '#/data', 'data-data-tab', 5],
    ['of the live data, as a carrier', 'c1', '#/data', 'data-data-tab', 3],
  ])('break no rule on the pages %s, with what is behind the first row', async (_, user, hash, attribute, parts) => {
    const page = await tab.show({ hash, user, ...PHONE });
    const names = await page
      .locator(`[${attribute}]`)
      .evaluateAll((all, name) => all.map((each) => each.getAttribute(name) ?? ''), attribute);
    expect(names).toHaveLength(parts);
    const found: string[] = [];
    for (const [index, name] of names.entries()) {
      const [first, second] = LOOKS[index % LOOKS.length] ?? [];
      if (first === undefined || second === undefined) throw new RangeError('no look');
      for (const [one, rules] of [[PHONES[index % PHONES.length] ?? first, EVERY_RULE] as const, [second, COLOURS] as const]) {
        await look(page, one);
        await page.evaluate(([key, part]) => document.querySelector<HTMLElement>(`[${key}="${part}"]`)?.click(), [
          attribute,
          name,
        ] as const);
        await page.locator(`[${attribute}="${name}"][aria-current]`).waitFor();
        await shown(tab);
        await page.evaluate((folds) => document.querySelectorAll<HTMLElement>(folds).forEach((fold) => fold.click()), FIRST_FOLDS);
        await page.evaluate(() => document.querySelector<HTMLElement>('.data-scroll tbody button[aria-expanded="false"]')?.click());
        await shown(tab);
        found.push(...(await brokenRules(page, rules)).map((rule) => `${name}, ${described(one)}: ${rule}`));
        await page.evaluate(() => document.querySelector<HTMLElement>('[data-action="close-detail"]')?.click());
      }
    }
    expect(found).toEqual([]);
  });

  it.each([
    ['a driver', 'd1'],
    ['a driver who has yet to register', 'd2'],
  ])('break no rule on the page of %s, on a phone', async (_, user) => {
    const page = await tab.show({ user: null, ...PHONE });
    await page.locator(`[data-user="${user}"]`).click();
    await page.locator('[data-driver-tab]').waitFor();
    const found: string[] = [];
    const tabs = await page.locator('.driver-tabs [data-tab]').evaluateAll((all) => all.map((each) => each.getAttribute('data-tab') ?? ''));
    for (const [index, name] of (tabs.length === 0 ? ['registration'] : tabs).entries()) {
      if (tabs.length > 0) await page.locator(`.driver-tabs [data-tab="${name}"]`).click();
      await page.emulateMedia({ colorScheme: index % 2 === 0 ? 'dark' : 'light' });
      await shown(tab);
      found.push(...(await brokenRules(page)).map((rule) => `${name}: ${rule}`));
    }
    expect(found).toEqual([]);
  });
});

function described({ size, language, theme }: Look): string {
  return `${size.width} px, ${language}, ${theme}`;
}

async function look(page: Page, { size, language, theme }: Look): Promise<void> {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`html[data-theme="${theme}"]`).waitFor();
  // On a phone the button is in the menu; this one is only not shown there.
  await page.evaluate((wanted) => {
    if (document.documentElement.lang !== wanted) document.querySelector<HTMLElement>('.top-right [data-action="language"]')?.click();
  }, language);
  await page.locator(`html[lang="${language}"]`).waitFor();
}

/** Waits until everything that was asked for is there, and drawn. */
async function shown({ page, unanswered }: ViewerTab): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await expect.poll(unanswered, { timeout: WAIT_MS }).toBe(0);
  await page
    .locator('.money-body [aria-busy="true"], .data-body [aria-busy="true"], .driver-body [aria-busy="true"]')
    .first()
    .waitFor({ state: 'detached' });
}
