import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it, each by itself: `mkdirSync` with `recursive` never returns in a place like /proc, where
 * the folder above is there and yet none can be made in it.
 * @param mode of the folders that are made
 * @throws the error of the file system
 */
export function makeFolder(path: string, mode = 0o777): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.push(at);
  for (const folder of missing.toReversed()) makeOne(folder, mode);
  if (missing.length === 0 && !statSync(path).isDirectory()) mkdirSync(path); // says that a file is in the way
}

function makeOne(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode });
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    // Another process made it meanwhile.
    if (!isThere || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw cause;
  }
}
