import { existsSync } from 'node:fs';

/** Debian's Chromium, or another by CHROMIUM_PATH. */
export const CHROMIUM_PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
/** WebGL 2 in software for the scene's canvas alone: to compose the page around it in software GL too takes a third as much again. */
export const CHROMIUM_ARGS = ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader'];
/** For pictures to look at: all in software GL, as without it the lowest lines of the canvas are left out of them. */
export const PICTURE_ARGS = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];
/** No WebGL: where no scene is looked at, pages are painted without a GPU, which takes a third less than one in software. */
export const FLAT_CHROMIUM_ARGS = ['--no-sandbox', '--disable-gpu', '--disable-3d-apis'];

export function chromiumInstalled(): boolean {
  return existsSync(CHROMIUM_PATH);
}

/** Whether browser tests run here: a machine that only lacks a browser leaves them out and says so; continuous integration fails. */
export function browserTestsRun(tests: string): boolean {
  const runnable = chromiumInstalled() || process.env['CI'] === 'true';
  if (!runnable) console.warn(`viewer: ${tests} tests skipped, no Chromium at ${CHROMIUM_PATH} (set CHROMIUM_PATH or install chromium)`);
  return runnable;
}
