import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOOTS_AHEAD_MAX, type Sequenced, Sequencer } from './sequencer.ts';

/** Boots of a source, each with its number of events, as the source journalled them. */
function journalOf(eventsPerBoot: readonly number[]): Sequenced<string>[] {
  const journal: Sequenced<string>[] = [];
  let previous: { bootId: number; seq: number } | null = null;
  for (const [boot, events] of eventsPerBoot.entries()) {
    for (let seq = 1; seq <= events; seq += 1) {
      const head = seq === 1 ? previous : undefined;
      journal.push({ bootId: boot + 1, seq, previous: head, item: `${boot + 1}:${seq}` });
    }
    if (events > 0) previous = { bootId: boot + 1, seq: events };
  }
  return journal;
}

describe('Sequencer', () => {
  it('takes every event of a source once and in order, however the transport shuffles and repeats them', () => {
    const boots = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(boots, fc.infiniteStream(fc.nat()), (eventsPerBoot, numbers) => {
        const journal = journalOf(eventsPerBoot);
        const sequencer = new Sequencer<string>([]);
        const taken: string[] = [];
        const offer = (event: Sequenced<string>) => {
          const verdict = sequencer.offer('station:S1', event, 0);
          if (verdict.verdict === 'taken') taken.push(...verdict.items.map(({ item }) => item));
        };
        const draw = (below: number) => Number(numbers.next().value) % below;
        // A window of the journal is resent from anywhere, in any order, some of it twice.
        for (let round = 0; round < journal.length * 3; round += 1) {
          const event = journal[draw(journal.length)];
          if (event) offer(event);
        }
        for (const event of journal) offer(event);
        expect(taken).toEqual(journal.map(({ item }) => item));
        expect(sequencer.gaps()).toEqual([]);
      }),
    );
  });

  it('does not take a boot before the last event of the one before it', () => {
    const sequencer = new Sequencer<string>([['station:S1', { bootId: 1, seq: 5 }]]);
    const online = { bootId: 2, seq: 1, previous: { bootId: 1, seq: 7 }, item: 'online' };
    expect(sequencer.offer('station:S1', online, 10)).toEqual({ verdict: 'parked', firstOfGap: true });
    expect(sequencer.gaps()).toEqual([
      { source: 'station:S1', position: { bootId: 1, seq: 5 }, next: expect.objectContaining({ bootId: 2, seq: 1 }), sinceMs: 10 },
    ]);
    sequencer.offer('station:S1', { bootId: 1, seq: 6, previous: undefined, item: '6' }, 11);
    const verdict = sequencer.offer('station:S1', { bootId: 1, seq: 7, previous: undefined, item: '7' }, 12);
    expect(verdict.verdict === 'taken' && verdict.items.map(({ item }) => item)).toEqual(['7', 'online']);
  });

  it('skips what never comes, when told to', () => {
    const sequencer = new Sequencer<string>([['station:S1', { bootId: 1, seq: 5 }]]);
    sequencer.offer('station:S1', { bootId: 1, seq: 8, previous: undefined, item: '8' }, 0);
    sequencer.offer('station:S1', { bootId: 1, seq: 9, previous: undefined, item: '9' }, 0);
    sequencer.offer('station:S1', { bootId: 1, seq: 11, previous: undefined, item: '11' }, 0);
    expect(sequencer.skipGap('station:S1', 60_000).map(({ item }) => item)).toEqual(['8', '9']);
    expect(sequencer.positionOf('station:S1')).toEqual({ bootId: 1, seq: 9 });
    expect(sequencer.gaps()).toHaveLength(1);
    expect(sequencer.offer('station:S1', { bootId: 1, seq: 6, previous: undefined, item: '6' }, 0).verdict).toBe('duplicate');
  });

  it('refuses a source whose boot counter went back, until its credentials are withdrawn', () => {
    const sequencer = new Sequencer<string>([['station:S1', { bootId: 4, seq: 9 }]]);
    const first = { bootId: 1, seq: 1, previous: null, item: 'first' };
    expect(sequencer.offer('station:S1', first, 0)).toEqual({ verdict: 'refused', reason: 'BOOT_WENT_BACK' });
    sequencer.forget('station:S1');
    expect(sequencer.offer('station:S1', first, 0).verdict).toBe('taken');
  });

  it('does not take a number that nobody can have reached, in its boot or another', () => {
    const sequencer = new Sequencer<string>([['station:S1', { bootId: 1, seq: 5 }]]);
    const offer = (bootId: number, seq: number) => sequencer.offer('station:S1', { bootId, seq, previous: undefined, item: '' }, 0);
    const refused = { verdict: 'refused', reason: 'SEQ_IMPLAUSIBLE' };
    expect(offer(1, Number.MAX_SAFE_INTEGER)).toEqual(refused);
    expect(offer(2, Number.MAX_SAFE_INTEGER)).toEqual(refused);
    expect(offer(1, 6).verdict).toBe('taken');
    expect(sequencer.gaps()).toEqual([]);
  });

  it('does not take a boot that nobody can have reached, so that the true one is not locked out', () => {
    const refused = { verdict: 'refused', reason: 'BOOT_IMPLAUSIBLE' };
    const sequencer = new Sequencer<string>([['station:S1', { bootId: 3, seq: 5 }]]);
    const boot = (source: string, bootId: number) => sequencer.offer(source, { bootId, seq: 1, previous: undefined, item: '' }, 0);
    expect(boot('station:S1', Number.MAX_SAFE_INTEGER)).toEqual(refused);
    expect(boot('station:S1', 3 + BOOTS_AHEAD_MAX + 1)).toEqual(refused);
    expect(boot('station:S1', 4).verdict).toBe('taken');
    expect(boot('truck:NEW', Number.MAX_SAFE_INTEGER)).toEqual(refused);
    expect(boot('truck:NEW', 1).verdict).toBe('taken');
  });

  it('lets a boot begin only with what may begin one', () => {
    const sequencer = new Sequencer<string>([['station:S1', { bootId: 1, seq: 5 }]]);
    expect(sequencer.offer('station:S1', { bootId: 2, seq: 1, previous: 'NO_FIRST', item: 'swap' }, 0).verdict).toBe('parked');
    expect(sequencer.offer('station:S1', { bootId: 1, seq: 6, previous: 'NO_FIRST', item: '6' }, 0).verdict).toBe('taken');
  });

  it('bounds what it parks', () => {
    const sequencer = new Sequencer<number>([]);
    let parked = 0;
    for (let seq = 2; seq < 6_000; seq += 1) {
      if (sequencer.offer('s', { bootId: 1, seq, previous: undefined, item: seq }, 0).verdict === 'parked') parked += 1;
    }
    expect(parked).toBe(5_000);
    expect(sequencer.offer('s', { bootId: 1, seq: 9_000, previous: undefined, item: 0 }, 0).verdict).toBe('overflow');
  });
});
