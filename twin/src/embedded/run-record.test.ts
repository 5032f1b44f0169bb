import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { expect, it } from 'vitest';
import { claimFolder } from './run-record.ts';

const claim = (dir: string, file: string) => claimFolder({ dir, file, orphanSignals: [], onOrphan: () => {} });

it.each(['', '{', 'null', '{"owner":{"pid":0}}', '[]'])('takes a record that says nothing (%j) for none', async (text) => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'start.json');
  writeFileSync(file, text);
  const { release } = await claim(folder.path, file);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ owner: { pid: process.pid } });
  await expect(claim('x', join(folder.path, 'gone', 'start.json'))).rejects.toMatchObject({ code: 'DATA_DIR_NOT_USABLE' });
  release();
});

it('says which folder it cannot write to', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'start.json');
  mkdirSync(join(file, 'in-the-way'), { recursive: true });
  await expect(claim(folder.path, file)).rejects.toThrow(folder.path);
});
