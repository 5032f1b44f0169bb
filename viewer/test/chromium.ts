import { existsSync } from 'node:fs';

/** Debian's Chromium, or another by CHROMIUM_PATH. */
export const CHROMIUM_PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
/** Software WebGL 2: the pictures are the same, only slower. */
export const CHROMIUM_ARGS = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

export function chromiumInstalled(): boolean {
  return existsSync(CHROMIUM_PATH);
}
