import type { PackView, Scene, SlotView, WsMessage } from '@corridor/protocols/http/scene';
import { expect, it } from 'vitest';
import { RECORDS_MAX, snapshotTexts } from './snapshot-texts.ts';

/** Records as far as they are told apart here. */
const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => ({ id: `${prefix}${n}` }));
const sceneOf = (slots: number, packs: number): Scene =>
  ({ stations: [], trucks: [], slots: numbered('S', slots) as SlotView[], packs: numbered('P', packs) as PackView[] }) as unknown as Scene;
const messagesOf = (scene: Scene) => snapshotTexts(7, scene).map((text) => JSON.parse(text) as WsMessage);

it('tells a corridor in one message', () => {
  const [snapshot, ...rests] = messagesOf(sceneOf(RECORDS_MAX / 2, RECORDS_MAX / 2));
  expect(rests).toEqual([]);
  expect(snapshot).toMatchObject({ type: 'snapshot', seq: 7, scene: { slots: { length: RECORDS_MAX / 2 } } });
  expect(snapshot).not.toHaveProperty('left');
});

it.each([
  [RECORDS_MAX + 1, 0],
  [RECORDS_MAX - 1, 2],
  [0, RECORDS_MAX * 2],
  [RECORDS_MAX * 2 + 5, RECORDS_MAX * 3 - 1],
])('tells %i slots and %i packs after the rest, each once and in order, until nothing is left', (slots, packs) => {
  const scene = sceneOf(slots, packs);
  const [snapshot, ...rests] = messagesOf(scene);
  expect(snapshot).toMatchObject({ type: 'snapshot', seq: 7, left: slots + packs, scene: { slots: [], packs: [] } });
  const told = rests.flatMap((rest) => (rest.type === 'rest' ? [rest] : []));
  expect(told).toHaveLength(rests.length);
  expect(told.flatMap((rest) => rest.slots)).toEqual(scene.slots);
  expect(told.flatMap((rest) => rest.packs)).toEqual(scene.packs);
  expect(told.every((rest) => rest.slots.length + rest.packs.length <= RECORDS_MAX && rest.seq === 7)).toBe(true);
  let left = slots + packs;
  for (const rest of told) {
    left -= rest.slots.length + rest.packs.length;
    expect(rest.left).toBe(left);
  }
  expect(left).toBe(0);
});
