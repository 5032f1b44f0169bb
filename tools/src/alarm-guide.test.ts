import { readFileSync } from 'node:fs';
import { ALARM_CODES, STATION_FAULT_CODES } from '@corridor/protocols/alarm-code';
import { ABNORMAL_REASONS, STATION_REASONS } from '@corridor/protocols/reason-code';
import { describe, expect, it } from 'vitest';

const GUIDE = readFileSync(new URL('../../docs/operations/production.md', import.meta.url), 'utf8');
const SECTION = /^## Alarms$(.*?)^## /ms.exec(GUIDE)?.[1] ?? '';
/** Code -> the cells of its row. */
const ROWS = new Map(
  [...SECTION.matchAll(/^\| `([A-Z_]+)` \|(.*)\|$/gm)].map(([, code = '', cells = '']) => [
    code,
    cells.split(' | ').map((cell) => cell.trim()),
  ]),
);

describe('the guide to alarms', () => {
  it.each(Object.entries(ALARM_CODES))('says of %s what it means, what to do and how it ends', (code, rule) => {
    const cells = ROWS.get(code) ?? [];
    expect(cells).toHaveLength(4);
    expect(cells.every((cell) => cell !== '')).toBe(true);
    const person = rule.closedBy === 'PLATFORM' ? 'person (platform)' : 'person';
    expect(cells[3]?.startsWith(person), cells[3]).toBe(rule.ends === 'PERSON');
  });
  it.each(STATION_FAULT_CODES)('says of %s what it means and what to do', (code) => {
    expect(ROWS.get(code)).toHaveLength(2);
  });
  it.each([...STATION_REASONS, ...ABNORMAL_REASONS])('names %s', (code) => {
    expect(SECTION).toMatch(new RegExp(`\\b${code}\\b`));
  });
});
