import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from './network-files.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'network-file-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readChanged = (change: (file: NetworkFile) => void) => {
  const file = structuredClone(readNetworkFile(DEFAULT_NETWORK_FILE));
  change(file);
  const path = join(folder, 'network.json');
  writeFileSync(path, JSON.stringify(file));
  return readNetworkFile(path);
};

it.each<[string, (file: NetworkFile) => void, string]>([
  [
    'a gap, by its month and hour',
    (file) => file.tariffs[0]?.seasons[0]?.hours.shift(),
    'HEBEI_SOUTH-2022-1364: month 1, hour 17: no period',
  ],
  [
    'an overlap on a holiday, by its name',
    (file) => file.tariffs[3]?.holidays?.[0]?.hours.push({ period: 'FLAT', ranges: [[14, 16]] }),
    'SHANXI-2026-15: holiday Labour Day 2026, hour 14: DEEP_VALLEY and FLAT',
  ],
  [
    'a contract with an issuer who is not there',
    (file) =>
      Object.assign(file.contracts[0] ?? {}, { billing: { mode: 'PER_SWAP', issuerId: 'NOBODY', replaces: ['SERVICE'], priceFen: '1' } }),
    'CT-C1: issuer NOBODY is not registered',
  ],
])('refuses a network file with %s', (_, change, text) => {
  expect(() => readChanged(change)).toThrow(
    expect.objectContaining({ code: 'NETWORK_FILE_INVALID', message: expect.stringContaining(text) }),
  );
});

it('reads one that is sound', () => expect(readChanged(() => undefined).tariffs.length).toBe(4));
