import { fileURLToPath } from 'node:url';
import { assert } from '@corridor/protocols/assert';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import type { TraceEvent } from './trace-figures.ts';

/** Debian's Chromium, or another by CHROMIUM_PATH. */
const CHROMIUM_PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
/** WebGL 2 in software: what a GPU would do takes long then, and is not counted. */
const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--enable-precise-memory-info',
];
const WINDOW = { width: 1280, height: 720 };
const WAIT_MS = 180_000;
const TRACED = ['devtools.timeline', 'blink.user_timing', 'v8.execute'];
const WATCH_PAGE = fileURLToPath(new URL('watch-page.js', import.meta.url));
const CLAIMS = { sub: 'bench', name: 'Bench', roles: ['PLATFORM_OPERATOR'], principalId: 'PF' };

/** @throws Error that says what to install */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_ARGS });
}

/** A page with the viewer in it, and what it takes to measure it. */
export class ViewerPage implements AsyncDisposable {
  readonly page: Page;
  /** From the start of the navigation until the first picture in which stations have their labels was drawn. */
  readonly firstPictureMs: number;
  /** Until one was drawn of everything that the network has. */
  readonly wholeCrowdMs: number;
  readonly #cdp: CDPSession;
  readonly #browser: Browser;

  private constructor(parts: { browser: Browser; page: Page; cdp: CDPSession; firstPictureMs: number; wholeCrowdMs: number }) {
    this.#browser = parts.browser;
    this.page = parts.page;
    this.#cdp = parts.cdp;
    this.firstPictureMs = parts.firstPictureMs;
    this.wholeCrowdMs = parts.wholeCrowdMs;
  }

  /** Opens the viewer as somebody who is signed in, with nothing in the browser's cache. */
  static async open(browser: Browser, url: string): Promise<ViewerPage> {
    const context = await browser.newContext({ viewport: WINDOW, locale: 'zh-CN' });
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    const token = `e30.${Buffer.from(JSON.stringify(CLAIMS)).toString('base64url')}.x`;
    await page.addInitScript({ content: `sessionStorage.setItem('corridor.token', ${JSON.stringify(token)});` });
    await page.addInitScript({ path: WATCH_PAGE });
    await page.goto(`${url}/`);
    const firstPictureMs = await page.evaluate<number>('window.bench.firstPicture');
    const wholeCrowdMs = await page.evaluate<number>('window.bench.wholeCrowd');
    const cdp = await context.newCDPSession(page);
    await cdp.send('HeapProfiler.enable');
    return new ViewerPage({ browser, page, cdp, firstPictureMs, wholeCrowdMs });
  }

  /** Traces while something is done. */
  async traced(act: () => Promise<void>): Promise<TraceEvent[]> {
    await this.#browser.startTracing(this.page, { categories: TRACED });
    await act();
    const { traceEvents } = JSON.parse((await this.#browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
    return traceEvents;
  }

  /** From now on every draw call is made with no instances or vertices: the page does all of its work, the GPU none. Or no longer. */
  async drawNothing(isOn: boolean): Promise<void> {
    await this.page.evaluate(`window.bench.drawNothing(${isOn})`);
  }

  /** Most draw calls of a frame since the last time. */
  async drawCallsMax(): Promise<number> {
    const most = await this.page.evaluate<number>('window.bench.takeDrawCallsMax()');
    assert(most > 0, 'nothing was drawn');
    return most;
  }

  /** Bytes of the JavaScript heap that are in use, after everything that nobody holds was collected. */
  async heapBytes(): Promise<number> {
    await this.#cdp.send('HeapProfiler.collectGarbage');
    return (await this.#cdp.send('Runtime.getHeapUsage')).usedSize;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}
