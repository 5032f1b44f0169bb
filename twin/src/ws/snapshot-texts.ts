import type { Scene, WsMessage } from '@corridor/protocols/http/scene';

/**
 * Slots and packs that one message has at most. A browser can neither draw nor answer while it reads a message; this many take it some 20 ms,
 * and those of a corridor come with its snapshot.
 */
export const RECORDS_MAX = 4_000;

/** A snapshot as it is sent: of a large network first what the picture of the whole is made of, then its slots and packs bit by bit. */
export function snapshotTexts(seq: number, scene: Scene): string[] {
  const { slots, packs } = scene;
  const count = slots.length + packs.length;
  if (count <= RECORDS_MAX) return [textOf({ type: 'snapshot', seq, scene })];
  const texts = [textOf({ type: 'snapshot', seq, left: count, scene: { ...scene, slots: [], packs: [] } })];
  for (let from = 0; from < count; from += RECORDS_MAX) {
    const until = Math.min(from + RECORDS_MAX, count);
    const inPacks = (at: number): number => Math.max(at - slots.length, 0);
    const rest = { slots: slots.slice(from, until), packs: packs.slice(inPacks(from), inPacks(until)) };
    texts.push(textOf({ type: 'rest', seq, left: count - until, ...rest }));
  }
  return texts;
}

const textOf = (message: WsMessage): string => JSON.stringify(message);
