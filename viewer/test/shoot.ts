import { mkdirSync } from 'node:fs';
import type { Scene } from '@corridor/protocols/http/scene';
import { type Browser, chromium, type Page } from 'playwright-core';
import { CHROMIUM_PATH, PICTURE_ARGS } from './chromium.ts';
import { startFixtureServer } from './fixture-server.ts';
import { SHOTS, type Shot, type Subjects } from './shots.ts';

/**
 * Takes pictures of the page to look at: `node viewer/test/shoot.ts OUT_DIR [name-part …]`, from the fixture server (which
 * serves `viewer/dist`: build it first) or, with VIEWER_URL, from a running corridor.
 */
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
/** Without a GPU, beside a whole corridor on two cores, the first picture takes half a minute and more. */
const WAIT_MS = 180_000;
const SETTLE_MS = 2_500;
const FIXTURE_SUBJECTS: Subjects = { station: 'BD1', truckDriving: 'T012', truckInBay: 'T007', order: 'O-1001' };

/** Things of the running corridor that are worth a picture now. */
async function subjectsOf(base: string): Promise<Subjects> {
  const post = await fetch(`${base}/api/v1/auth/demo-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: 'demo-PF' }),
  });
  const { token } = (await post.json()) as { token: string };
  const answer = await fetch(`${base}/api/v1/scene`, { headers: { authorization: `Bearer ${token}` } });
  const scene = (await answer.json()) as Scene;
  const busy = scene.stations.find(({ bays }) => bays.some(({ bayState }) => bayState === 'SWAPPING')) ?? scene.stations[0];
  const [driving] = scene.trucks.filter(({ vehicleState }) => vehicleState === 'DRIVING');
  const inBay = scene.trucks.find(({ vehicleState }) => vehicleState === 'IN_BAY') ?? driving;
  const billed = scene.orders
    .filter(({ state }) => ['CLEARED', 'SETTLED'].includes(state.toUpperCase()))
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
  return {
    station: busy?.id ?? '',
    truckDriving: driving?.id ?? scene.trucks[0]?.id ?? '',
    truckInBay: inBay?.id ?? scene.trucks[0]?.id ?? '',
    order: billed?.id ?? scene.orders[0]?.id ?? '',
  };
}

async function openPage(browser: Browser, shot: Shot): Promise<Page> {
  const context = await browser.newContext({ viewport: SIZES[shot.size], deviceScaleFactor: shot.size === 'phone' ? 2 : 1 });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.on('pageerror', (error) => console.log(`${shot.name}: pageerror ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      console.log(`${shot.name}: ${message.type()} ${message.text().slice(0, 800)}`);
  });
  await page.addInitScript(
    ([theme, language]) => {
      localStorage.setItem('corridor.theme', theme ?? '');
      localStorage.setItem('corridor.language', language ?? '');
      const openSockets: WebSocket[] = [];
      Object.assign(window, { openSockets });
      window.WebSocket = class extends WebSocket {
        constructor(url: string | URL) {
          super(url);
          openSockets.push(this);
        }
      };
    },
    [shot.theme, shot.language],
  );
  return page;
}

async function shoot(browser: Browser, base: string, shot: Shot, subjects: Subjects): Promise<void> {
  const page = await openPage(browser, shot);
  const startMs = performance.now();
  await page.goto(`${base}/${shot.hash?.(subjects) ?? ''}`);
  if (shot.name.startsWith('sign-in')) await page.locator('.person').first().waitFor();
  else {
    const user = shot.user ?? 'ops';
    await page
      .locator(`[data-user="${user}"], [data-user="demo-${user === 'ops' ? 'PF' : user.toUpperCase()}"]`)
      .first()
      .click();
    await page.locator('[data-scene="ready"]').waitFor();
    await page.locator('[data-connection="live"]').waitFor();
    if (!shot.name.startsWith('money')) await page.locator('.label.shown').first().waitFor();
    console.log(`${shot.name}: first picture after ${Math.round(performance.now() - startMs)} ms`);
    await page.waitForTimeout(SETTLE_MS);
    await shot.act?.(page);
    await page.waitForTimeout(SETTLE_MS);
  }
  await page.screenshot({ path: `${outDir}/${shot.name}.png`, timeout: WAIT_MS });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) console.log(`${shot.name}: ${wide} px wider than the window`);
  await page.context().close();
}

const [, , outDir = 'shots', ...only] = process.argv;
mkdirSync(outDir, { recursive: true });
const running = process.env['VIEWER_URL']?.replace(/\/$/, '');
const server = running === undefined ? await startFixtureServer() : null;
const base = running ?? server?.url ?? '';
const subjects = running === undefined ? FIXTURE_SUBJECTS : await subjectsOf(base);
const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: PICTURE_ARGS });
try {
  for (const shot of SHOTS) {
    if (only.length > 0 && !only.some((part) => shot.name.includes(part))) continue;
    await shoot(browser, base, shot, subjects);
  }
} finally {
  await browser.close();
  await server?.close();
}
