import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Every rule of WCAG 2.2, levels A and AA, and of the versions before it. */
const LEVELS: axe.RunOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };

/** Before the page is opened: what its rules are looked at with. */
export const prepareRules = (page: Page): Promise<unknown> => page.addInitScript(axe.source);

/** Rules that the page breaks as it is, and where. */
export async function brokenRules(page: Page): Promise<string[]> {
  // As text: tests of the whole system, which know no types of a page, use it too.
  const options: axe.RunOptions = { runOnly: LEVELS, resultTypes: ['violations'] };
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
