import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { browserTestsRun, CHROMIUM_PATH, FLAT_CHROMIUM_ARGS } from '@corridor/viewer/test/chromium.ts';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PageRig, startPageRig, TOKEN } from './page-rig.ts';

const BAY = 'HH1-B1';
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const PERSON = 'Wei <b>Lan</b>';
const SCRIPT = '<img src=x onerror="document.title=1">';

describe.skipIf(!browserTestsRun('station page'))("the station's page in a browser", { timeout: 240_000 }, () => {
  let browser: Browser;
  let folder: ReturnType<typeof temporaryFolder>;
  let station: PageRig;
  let page: Page;
  let errors: string[];

  async function open(look: { size: typeof DESKTOP; theme: 'light' | 'dark'; locale: string }): Promise<void> {
    const context = await browser.newContext({ viewport: look.size, colorScheme: look.theme, locale: look.locale });
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.addInitScript(axe.source);
    await page.goto(station.url);
    await page.locator(`[data-bay="${BAY}"]`).waitFor();
  }
  const broken = async () => {
    const { violations } = (await page.evaluate(
      `axe.run({ runOnly: { type: 'tag', values: ${JSON.stringify(LEVELS)} } })`,
    )) as axe.AxeResults;
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`));
  };
  /** Wider than the screen: then a phone scrolls sideways. */
  const overhangPx = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: FLAT_CHROMIUM_ARGS });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    errors = [];
    folder = temporaryFolder();
    station = await startPageRig(folder.path, { people: [{ name: PERSON, token: TOKEN }] });
    const { rig } = station;
    for (const evseId of [3, 4]) Object.assign(rig.plant.slot(evseId).pack ?? {}, { socPercent: 95 });
    rig.autoAuthorise();
    rig.command('slot.quarantine', { evseId: 6, reasonCode: 'SMOKE' });
    rig.plant.dock(BAY, { ...rig.plant.truckOf('T001', 20), plate: SCRIPT, rfid: null });
    await rig.clock.advance(20_000);
  });
  afterEach(async () => {
    expect(errors).toEqual([]);
    await page.context().close();
    await station.close();
    station.rig.plant.stop();
    folder[Symbol.dispose]();
  });

  it.each([
    ['on a desk, light', { size: DESKTOP, theme: 'light', locale: 'zh-CN' } as const],
    ['on a desk, dark', { size: DESKTOP, theme: 'dark', locale: 'en-GB' } as const],
    ['on a phone, light', { size: PHONE, theme: 'light', locale: 'en-GB' } as const],
    ['on a phone, dark', { size: PHONE, theme: 'dark', locale: 'zh-CN' } as const],
  ])('breaks no rule of WCAG A and AA %s, whatever the station does', async (_, look) => {
    await open(look);
    const { name, nameZh } = station.rig.runtime.core.station;
    expect(await page.locator('h1').innerText()).toContain(look.locale === 'zh-CN' ? nameZh : name);
    expect(await page.locator('[data-log="commands"]').innerText()).not.toContain('{');
    await page.locator('input[name="token"]').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.locator('input[name="truckId"]').waitFor();
    expect(await broken()).toEqual([]);
    expect(await overhangPx()).toBeLessThanOrEqual(0);
    station.link.state = 'DOWN';
    station.rig.plant.setBay(BAY, { personDetected: true });
    station.rig.plant.set({ emergencyStop: true });
    await page.locator('.faults').waitFor();
    await page.locator('[data-link="DOWN"]').waitFor();
    expect(await broken()).toEqual([]);
    expect(await overhangPx()).toBeLessThanOrEqual(0);
  });

  it('offers no act and asks nobody to sign on where nobody can', async () => {
    using other = temporaryFolder();
    const writable = station;
    station = await startPageRig(other.path, { people: [] });
    station.rig.plant.dock(BAY, { ...station.rig.plant.truckOf('T001', 20), plate: SCRIPT, rfid: null });
    await station.rig.clock.advance(20_000);
    await open({ size: DESKTOP, theme: 'light', locale: 'en-GB' });
    await page.locator('.prompt').waitFor();
    expect(await page.locator('.wanted form, .wanted button, .wanted details').count()).toBe(0);
    expect(await page.locator(`[data-bay="${BAY}"]`).innerText()).not.toContain('Sign on');
    await station.close();
    station.rig.plant.stop();
    station = writable;
  });

  it('takes a truck that nobody could read from its name to its swap, past a person in the zone, by keyboard', async () => {
    await open({ size: DESKTOP, theme: 'light', locale: 'en-GB' });
    expect(await page.locator(`[data-bay="${BAY}"]`).innerText()).toContain(SCRIPT);
    expect(await page.title()).toBe('HH1 Huanghua');
    await page.locator('input[name="token"]').fill('not the token of HH1');
    await page.keyboard.press('Enter');
    const name = async () => {
      await page.locator('input[name="truckId"]:enabled').fill('T001');
      await page.locator('input[name="plate"]').fill('A');
      await page.keyboard.press('Enter');
    };
    await page.getByRole('status').getByText('not a token').waitFor();
    expect(await page.locator('input[name="truckId"]:enabled').count()).toBe(0);
    await page.locator('input[name="token"]').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.locator('[data-person]', { hasText: PERSON }).waitFor();
    await name();
    await page.getByRole('status').getByText('Done: Confirm identity').waitFor();
    await station.rig.clock.advance(90_000);
    await page.locator('[aria-current="step"][data-step="6"]').waitFor();
    station.rig.plant.setBay(BAY, { personDetected: true });
    await page.locator('[data-interlock="INTERLOCK_PERSON_IN_ZONE"].alarm').waitFor();
    const resume = page.getByRole('button', { name: 'Confirm: go on' });
    expect(await resume.isDisabled()).toBe(true);
    station.rig.plant.setBay(BAY, { personDetected: false });
    await page.locator('button.primary:enabled').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Done: Confirm: go on').waitFor();
    await station.rig.clock.advance(600_000);
    await page.locator('[data-log="orders"]').getByText('Completed').waitFor();
    await page.locator('[data-log="commands"]').getByText('Authorise swap').waitFor();
    expect(await page.locator('[data-log="commands"]').innerText()).toMatch(/truck \S+ · plate \S+ · gives \S+ · from slot \d+/);
    expect(await page.locator('[data-log="acts"] tbody tr', { hasText: PERSON }).count()).toBe(2);
  });

  it('says in both languages what it is, keeps what was chosen, and says when it has lost the station', async () => {
    await open({ size: PHONE, theme: 'light', locale: 'zh-CN' });
    await page.getByRole('heading', { name: '本站换电记录' }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Dark theme' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Swaps of this station' }).waitFor();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await station.closePage();
    await page.getByRole('status').getByText('lost the station').waitFor();
    await page.locator(`[data-bay="${BAY}"]`).waitFor();
    await station.openPage();
    await page.getByRole('status').getByText('lost the station').waitFor({ state: 'detached' });
  });
});

it('has the colours of the console', () => {
  const ofConsole = createRequire(import.meta.url).resolve('@corridor/viewer/src/theme/tokens.css');
  expect(readFileSync(new URL('client/tokens.css', import.meta.url), 'utf8')).toBe(readFileSync(ofConsole, 'utf8'));
});
