import { posix } from 'node:path';
import type { Refusal, SourceFile } from './refusal.ts';

const MIGRATION = /^twin\/src\/db\/migrations\/(\d{4})_[a-z0-9_]+\.sql$/;

/** Migrations count up from 1, each number once: two that took the same, or a gap, and no twin starts. */
export function refuseMigrations(files: readonly SourceFile[]): Refusal[] {
  const refusals: Refusal[] = [];
  let before = { path: 'the first', number: 0 };
  for (const path of files.map((file) => file.path).sort()) {
    const digits = MIGRATION.exec(path)?.[1];
    if (digits === undefined) continue;
    const number = Number(digits);
    const refuse = (rule: string, instead: string) =>
      refusals.push({ path, line: 1, rule, found: `${digits} after ${before.path}`, instead });
    if (number === before.number)
      refuse('two migrations with one number', `the next free number, for ${posix.basename(path)} or the other`);
    else if (number !== before.number + 1) refuse('gap between migrations', `number ${before.number + 1}`);
    before = { path: posix.basename(path), number };
  }
  return refusals;
}
