import type { EquipmentList, EquipmentRow } from '@corridor/protocols/http/equipment';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ApiClient } from '../../feed/api-client.ts';
import { DataApi, type EquipmentAsked } from '../../feed/data-api.ts';
import { EquipmentReader } from './equipment-reader.ts';

const ASKED: EquipmentAsked = { kind: 'slot', text: '', presence: '', flaggedOnly: false, sort: 'id', descending: false, at: null };
const PAGE_ROWS = 200;
const COUNT = 1_000;

/** A twin with 1,000 slots, whose power says how often it was asked. */
function twinOfTest() {
  const asked: URLSearchParams[] = [];
  const request = async <T>(_method: string, path: string): Promise<T> => {
    const query = new URLSearchParams(path.slice(path.indexOf('?')));
    asked.push(query);
    const all = Array.from({ length: COUNT }, (_, n) => ({ id: `S${n}`, powerW: asked.length }) as EquipmentRow);
    const ids = query.get('ids')?.split(',');
    const start = Number(query.get('cursor') ?? 0);
    const items = ids === undefined ? all.slice(start, start + PAGE_ROWS) : all.filter(({ id }) => ids.includes(id));
    const next = ids === undefined && start + PAGE_ROWS < COUNT ? String(start + PAGE_ROWS) : null;
    const list: EquipmentList = { scopeAt: '', items, nextCursor: next, found: ids?.length ?? COUNT, total: COUNT };
    return list as T;
  };
  const reader = new EquipmentReader(new DataApi({ request } as Pick<ApiClient, 'request'> as ApiClient));
  reader.ask(ASKED, null);
  return { asked, reader };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const answered = () => vi.advanceTimersByTimeAsync(0);
const turn = () => vi.advanceTimersByTimeAsync(3_000);

it('reads a page more when its rows come near, and each row once', async () => {
  const { asked, reader } = twinOfTest();
  await answered();
  reader.see({ first: 0, last: 40 });
  await answered();
  expect([reader.list.value?.items.length, asked.length]).toEqual([200, 1]);
  reader.see({ first: 130, last: 160 });
  reader.see({ first: 140, last: 170 });
  await answered();
  expect([reader.list.value?.items.length, asked.length]).toEqual([400, 2]);
  expect(new Set(reader.list.value?.items.map(({ id }) => id)).size).toBe(400);
  expect(await reader.whole()).toHaveLength(COUNT);
  reader.close();
});

it('asks again for what is in sight only, once somebody has scrolled, and for what is opened', async () => {
  const { asked, reader } = twinOfTest();
  await answered();
  reader.see({ first: 150, last: 180 });
  await answered();
  reader.open('S3');
  await turn();
  const ids = asked.at(-1)?.get('ids')?.split(',');
  expect(ids).toEqual([...Array.from({ length: 30 }, (_, n) => `S${150 + n}`), 'S3']);
  expect(reader.list.value?.items[150]?.powerW).toBe(asked.length);
  expect(reader.opened.value?.powerW).toBe(asked.length);
  reader.close();
});

it('reads the first page anew while nobody is there, and begins again with another question', async () => {
  const { asked, reader } = twinOfTest();
  await answered();
  reader.see({ first: 0, last: 30 });
  await turn();
  expect(asked.at(-1)?.has('ids')).toBe(false);
  reader.hold(true);
  await turn();
  expect(asked.at(-1)?.get('ids')?.split(',')).toHaveLength(30);
  reader.ask({ ...ASKED, text: 'S1', descending: true }, null);
  await answered();
  expect(Object.fromEntries(asked.at(-1) ?? [])).toMatchObject({ text: 'S1', order: 'desc', kind: 'slot' });
  reader.close();
  const before = asked.length;
  await turn();
  expect(asked).toHaveLength(before);
});

it('says when the twin knows nothing of what is opened, and finds what stands on no page', async () => {
  const { reader } = twinOfTest();
  await answered();
  reader.open('S900');
  await answered();
  expect([reader.opened.value?.id, reader.missing.value]).toEqual(['S900', false]);
  reader.open('S-NEVER');
  await answered();
  expect([reader.opened.value, reader.missing.value]).toEqual([null, true]);
  reader.open(null);
  await turn();
  expect(reader.missing.value).toBe(false);
  reader.close();
});
