import type axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What a glove hits [CSS px]. */
const TARGET_PX = 48;

/** Broken rules, what is wider than the phone, and what a glove misses; axe has to be on the page. */
export async function lookedAt(page: Page, where: string): Promise<string[]> {
  const broken = await page.evaluate(async () => {
    const { axe: engine } = window as Window & { axe?: typeof axe };
    if (engine === undefined) throw new Error('axe is not on the page');
    const { violations } = await engine.run(document, {
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
      resultTypes: ['violations'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  const small = await page
    .locator('.driver button, .driver a, .driver summary, .driver select, .driver .entry input')
    .evaluateAll(
      (all, least) =>
        all
          .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < least)
          .map((each) => each.outerHTML.slice(0, 120)),
      TARGET_PX,
    );
  return [...broken, ...small, ...(width > (page.viewportSize()?.width ?? 0) ? [`${width} px wide`] : [])].map(
    (what) => `${where}: ${what}`,
  );
}
