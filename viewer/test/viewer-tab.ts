import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { OpenBrowser } from './open-browser.ts';

/** Long enough for a first picture in software on a busy machine. */
export const WAIT_MS = 90_000;
const WINDOW = { width: 900, height: 600 };

interface Visit {
  /** Where the page is served, and the only place that it may ask; the fixture by default. */
  base?: string;
  hash?: string;
  /** CSS pixels. */
  width?: number;
  height?: number;
  dark?: boolean;
  /** Who signs in; null: nobody. The platform by default. */
  user?: string | null;
}

/**
 * One tab in which the tests of a file open the viewer, each as somebody who was never there before: a window for each test
 * costs more than what is looked at in it.
 */
export class ViewerTab {
  readonly page: Page;
  readonly #opened: OpenBrowser;
  readonly #context: BrowserContext;
  readonly #wrong: string[] = [];
  #base: string | null = null;
  #unanswered = 0;
  /** Requests without an answer. */
  readonly unanswered = (): number => this.#unanswered;

  private constructor(opened: OpenBrowser, context: BrowserContext, page: Page) {
    this.#opened = opened;
    this.#context = context;
    this.page = page;
    page.setDefaultTimeout(WAIT_MS);
    page.on('pageerror', (error) => this.#note(error.stack ?? error.message));
    page.on('request', (request) => {
      this.#unanswered++;
      const url = request.url();
      if (!url.startsWith(this.#base ?? '') && !url.startsWith('data:') && !url.startsWith('blob:')) this.#note(`external request ${url}`);
    });
    page.on('requestfinished', () => this.#unanswered--);
    page.on('requestfailed', () => this.#unanswered--);
  }

  static async open(opened: OpenBrowser): Promise<ViewerTab> {
    const context = await opened.browser.newContext({ viewport: WINDOW, locale: 'zh-CN', reducedMotion: 'reduce' });
    return new ViewerTab(opened, context, await context.newPage());
  }

  /** Opens the viewer, signs in, and waits until what is asked for is there. */
  async show(visit: Visit = {}): Promise<Page> {
    await this.leave();
    const { page } = this;
    this.#base = visit.base ?? this.#opened.server.url;
    await page.setViewportSize({ width: visit.width ?? WINDOW.width, height: visit.height ?? WINDOW.height });
    await page.emulateMedia({ colorScheme: visit.dark === true ? 'dark' : 'light', media: null });
    await page.goto(`${this.#base}/${visit.hash ?? ''}`);
    if (visit.user === null) return page;
    await page.locator(`[data-user="${visit.user ?? 'ops'}"]`).click();
    // Pages over the scene do not wait for it.
    if (/^#\/(money|operations|data)/.test(visit.hash ?? '')) {
      await page.locator('.money-tabs').waitFor();
      return page;
    }
    await page.locator(`[data-scene="${this.#opened.draws ? 'ready' : 'failed'}"]`).waitFor();
    await page.locator('[data-connection="live"]').waitFor();
    return page;
  }

  /** Forgets whoever was there, and all that he kept. */
  async leave(): Promise<void> {
    for (const other of this.#context.pages()) if (other !== this.page) await other.close();
    if (this.#base === null) return;
    // What a page says that is torn down is not its fault.
    this.#base = null;
    await this.page.evaluate(forgetAll);
    await this.page.goto('about:blank');
  }

  /** Leaves, and finds that no page failed, and that none asked anybody but who served it. */
  async leaveInPeace(): Promise<void> {
    await this.leave();
    expect(this.#wrong.splice(0)).toEqual([]);
  }

  #note(what: string): void {
    if (this.#base !== null) this.#wrong.push(what);
  }
}

/** Runs in the page. Databases are emptied: one that a page has open cannot be removed. */
async function forgetAll(): Promise<void> {
  sessionStorage.clear();
  localStorage.clear();
  const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error));
    });
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue;
    const database = await answerOf(indexedDB.open(name));
    for (const store of database.objectStoreNames) await answerOf(database.transaction(store, 'readwrite').objectStore(store).clear());
    database.close();
  }
}
