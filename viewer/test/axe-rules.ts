import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Every rule of WCAG 2.2, levels A and AA, and of the versions before it. */
export const EVERY_RULE: axe.RunOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
export const COLOURS: axe.RunOnly = { type: 'rule', values: ['color-contrast'] };
/** Before the page is opened: what its rules are looked at with. */
export const prepareRules = (page: Page): Promise<unknown> => page.addInitScript(axe.source);

/**
 * Rules that the page breaks as it is, and where.
 * @param lookedFor rule that the page has something for: colours cannot be told in a dialog over all else
 */
export async function brokenRules(page: Page, rules: axe.RunOnly = EVERY_RULE, lookedFor = 'color-contrast'): Promise<string[]> {
  const { violations, kept } = await page.evaluate(async (runOnly) => {
    const { axe: engine } = window as Window & { axe?: typeof axe };
    if (engine === undefined) throw new Error('axe is not on the page');
    const result = await engine.run(document, {
      runOnly,
      resultTypes: ['violations'],
      elementRef: false,
      selectors: false,
      preload: false,
    });
    return {
      kept: result.passes.map(({ id }) => id),
      violations: result.violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html).join(' | ')}`),
    };
  }, rules);
  // Something was looked at.
  expect([...kept, ...violations].join()).toContain(lookedFor);
  return violations;
}
