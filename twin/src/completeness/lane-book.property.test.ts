import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LaneBook, type LaneChanges, type Numbered } from './lane-book.ts';

const SOURCE = 'station:HH1';
const plain = { isLate: false, isBackfill: false, isReread: false };
const message = (seq: number, bootId = 1): Numbered => ({ source: SOURCE, lane: 'tele', bootId, seq, atMs: 1_000_000 + seq * 10_000 });

/** A table that is kept by what the book says of itself. */
class Kept {
  readonly gaps = new Map<string, { firstSeq: number; lastSeq: number }>();
  readonly boots = new Map<number, LaneChanges['boots'][number]>();
  readonly counts = { received: 0, late: 0, backfilled: 0, duplicates: 0, refused: 0 };

  take(changes: LaneChanges | null): void {
    if (changes === null) return;
    for (const { bootId, firstSeq } of changes.gapsGone) this.gaps.delete(`${bootId}/${firstSeq}`);
    for (const gap of changes.gaps) this.gaps.set(`${gap.bootId}/${gap.firstSeq}`, gap);
    for (const boot of changes.boots) this.boots.set(boot.bootId, boot);
    for (const hour of changes.hours)
      for (const what of Object.keys(this.counts) as (keyof Kept['counts'])[]) this.counts[what] += hour[what];
  }

  get missing(): number[] {
    return [...this.gaps.values()]
      .flatMap(({ firstSeq, lastSeq }) => Array.from({ length: lastSeq - firstSeq + 1 }, (_, index) => firstSeq + index))
      .sort((one, other) => one - other);
  }
}

it('knows exactly which numbers never came, in whatever order and however often the others did', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 120 }),
      fc.integer({ min: 1, max: 7 }),
      (numbers, every) => {
        const book = new LaneBook();
        const kept = new Kept();
        numbers.forEach((seq, index) => {
          book.heard(message(seq), plain);
          if (index % every === 0) kept.take(book.takeChanges());
        });
        kept.take(book.takeChanges());
        const came = new Set(numbers);
        const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
        const missing = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((seq) => !came.has(seq));
        expect(kept.missing).toEqual(missing);
        expect(kept.counts.received).toBe(came.size);
        expect(kept.counts.duplicates).toBe(numbers.length - came.size);
        expect(kept.boots.get(1)).toMatchObject({ firstSeq: first, lastSeq: last });
      },
    ),
  );
});

it('expects everything of a boot that follows one it heard, from its first number on', () => {
  const book = new LaneBook();
  const kept = new Kept();
  for (const heard of [message(5), message(6), message(3, 2), message(1, 2)]) book.heard(heard, plain);
  kept.take(book.takeChanges());
  expect([...kept.gaps.values()]).toMatchObject([{ bootId: 2, firstSeq: 2, lastSeq: 2 }]);
});

it('goes on where it was written, and counts what is read again once', () => {
  const book = new LaneBook();
  const kept = new Kept();
  for (const seq of [1, 2, 5]) book.heard(message(seq), plain);
  kept.take(book.takeChanges());
  const gaps = [...kept.gaps.values()].map((gap) => ({ source: SOURCE, lane: 'tele' as const, bootId: 1, fromMs: 0, untilMs: 1, ...gap }));
  const next = new LaneBook([...kept.boots.values()], gaps);
  for (const seq of [2, 5]) next.heard(message(seq), { ...plain, isReread: true });
  next.heard(message(3), { ...plain, isBackfill: true });
  kept.take(next.takeChanges());
  expect(kept.missing).toEqual([4]);
  expect(kept.counts).toMatchObject({ received: 4, backfilled: 1, duplicates: 0 });
});

it('does not miss the number of a message that it refused, nor believes one from far away', () => {
  const book = new LaneBook();
  const kept = new Kept();
  book.heard(message(1), plain);
  book.refused({ source: SOURCE, lane: 'tele' }, 0, message(2));
  book.refused({ source: SOURCE, lane: 'tele' }, 0, message(90_000));
  book.refused({ source: SOURCE, lane: 'tele' }, 0, message(1, 9));
  book.heard(message(3), plain);
  kept.take(book.takeChanges());
  expect(kept.missing).toEqual([]);
  expect(kept.counts).toMatchObject({ received: 2, refused: 3 });
});
