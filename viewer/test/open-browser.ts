import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';
import { CHROMIUM_ARGS, CHROMIUM_PATH, FLAT_CHROMIUM_ARGS } from './chromium.ts';
import { type FixtureServer, startFixtureServer } from './fixture-server.ts';

/** The viewer as it is now, built for this run and served by the fixture, and a browser to open it in. */
export interface OpenBrowser extends AsyncDisposable {
  /** Folder of the built viewer. */
  readonly dist: string;
  readonly server: FixtureServer;
  readonly browser: Browser;
  /** Whether it can draw the scene. */
  readonly draws: boolean;
}

/**
 * @param draws false: as on a machine that cannot draw the scene, which the panels do not need and which takes longer than they do
 * @throws Error when there is no Chromium
 */
export async function openBrowser({ draws }: { draws: boolean }): Promise<OpenBrowser> {
  const dist = inject('builtViewer');
  if (dist === null) throw new Error(`no Chromium at ${CHROMIUM_PATH}: install it, or set CHROMIUM_PATH`);
  await using opened = new AsyncDisposableStack();
  const server = await startFixtureServer({ dist });
  opened.defer(() => server.close());
  const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: draws ? CHROMIUM_ARGS : FLAT_CHROMIUM_ARGS });
  opened.defer(() => browser.close());
  const kept = opened.move();
  return { dist, server, browser, draws, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
