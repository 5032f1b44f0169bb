import { mkdirSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGS, CHROMIUM_PATH } from './chromium.ts';
import { startFixtureServer } from './fixture-server.ts';

/**
 * Takes pictures of the built page to look at: `node viewer/test/shoot.ts OUT_DIR [name-part …]`, from the fixture server
 * or, with VIEWER_URL, from a running corridor.
 */
const [, , outDir = 'shots', ...only] = process.argv;
mkdirSync(outDir, { recursive: true });

interface Shot {
  name: string;
  width: number;
  height: number;
  theme: 'light' | 'dark';
  language: 'zh-CN' | 'en';
  hash?: string;
  act?: (page: Page) => Promise<void>;
}

const flyHere = async (page: Page): Promise<void> => {
  await page.locator('.inspector-bar button').nth(-2).click();
  await page.waitForTimeout(2_600);
};

const SHOTS: Shot[] = [
  { name: 'sign-in-zh', width: 1440, height: 900, theme: 'light', language: 'zh-CN' },
  { name: 'desktop-light-zh', width: 1440, height: 900, theme: 'light', language: 'zh-CN' },
  { name: 'desktop-dark-en', width: 1440, height: 900, theme: 'dark', language: 'en' },
  { name: 'station-light-en', width: 1440, height: 900, theme: 'light', language: 'en', hash: '#station/BD1' },
  { name: 'station-dark-zh', width: 1440, height: 900, theme: 'dark', language: 'zh-CN', hash: '#station/FP1' },
  { name: 'truck-light-zh', width: 1440, height: 900, theme: 'light', language: 'zh-CN', hash: '#truck/T012' },
  {
    name: 'order-dark-en',
    width: 1440,
    height: 900,
    theme: 'dark',
    language: 'en',
    hash: '#order/O-1001',
    act: async (page) => {
      await page.locator('.bill-line .fold').first().click();
      await page.locator('[data-tab="orders"]').click();
    },
  },
  {
    name: 'mid-light-en',
    width: 1440,
    height: 900,
    theme: 'light',
    language: 'en',
    hash: '#station/FP1',
    act: async (page) => {
      await flyHere(page);
      for (let i = 0; i < 12; i++) await page.keyboard.press('-');
      await page.waitForTimeout(600);
    },
  },
  { name: 'phone-light-zh', width: 390, height: 844, theme: 'light', language: 'zh-CN' },
  { name: 'phone-dark-en-truck', width: 390, height: 844, theme: 'dark', language: 'en', hash: '#truck/T007' },
  {
    name: 'phone-list-zh',
    width: 390,
    height: 844,
    theme: 'light',
    language: 'zh-CN',
    act: async (page) => {
      await page.locator('.rail.folded button').click();
    },
  },
  {
    name: 'menu-dark-zh',
    width: 1440,
    height: 900,
    theme: 'dark',
    language: 'zh-CN',
    act: async (page) => {
      await page.locator('[data-menu="settings"]').click();
    },
  },
  {
    name: 'kpi-light-en',
    width: 1440,
    height: 900,
    theme: 'light',
    language: 'en',
    act: async (page) => {
      await page.waitForTimeout(3_000);
      await page.locator('[data-kpi="gridPowerW"]').click();
    },
  },
];

const running = process.env['VIEWER_URL'];
const server = running === undefined ? await startFixtureServer() : null;
const base = running ?? server?.url ?? '';
const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_ARGS });
for (const shot of SHOTS) {
  if (only.length > 0 && !only.some((part) => shot.name.includes(part))) continue;
  const context = await browser.newContext({ viewport: { width: shot.width, height: shot.height }, deviceScaleFactor: 1 });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.log(`${shot.name}: pageerror ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      console.log(`${shot.name}: ${message.type()} ${message.text().slice(0, 800)}`);
  });
  await page.addInitScript(
    ([theme, language]) => {
      localStorage.setItem('corridor.theme', theme ?? '');
      localStorage.setItem('corridor.language', language ?? '');
    },
    [shot.theme, shot.language],
  );
  await page.goto(`${base}/${shot.hash ?? ''}`);
  if (shot.name.startsWith('sign')) {
    await page.locator('.person').first().waitFor();
    await page.screenshot({ path: `${outDir}/${shot.name}.png` });
    await context.close();
    continue;
  }
  await page.locator('[data-user="ops"], [data-user="demo-PF"]').first().click();
  await page.locator('[data-scene="ready"]').waitFor();
  await page.waitForTimeout(2_500);
  await shot.act?.(page);
  await page.waitForTimeout(700);
  await page.screenshot({ path: `${outDir}/${shot.name}.png` });
  console.log(`${shot.name} done`);
  await context.close();
}
await browser.close();
await server?.close();
