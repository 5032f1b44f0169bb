import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';
import { JournalError } from './journal-errors.ts';
import { TelemetryBuffer } from './telemetry-buffer.ts';

const writer = fileURLToPath(new URL('./journal-writer.fixture.ts', import.meta.url));
let folder: ReturnType<typeof temporaryFolder>;
const opened: Journal[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  for (const journal of opened.splice(0)) journal.close();
  folder[Symbol.dispose]();
});

function open(stationId = 'HH1'): Journal {
  const journal = Journal.open({ dir: folder.path, stationId }, (boot) => ({ subject: 's', schema: 'online/1', atMs: 0, data: boot }));
  opened.push(journal);
  return journal;
}
const event = (count: number) => ({ subject: 's', schema: 'test/1', atMs: count, data: { count } });
const append = (journal: Journal, count: number) => journal.transaction((tx) => tx.event(event(count)));

describe('a killed writer', () => {
  it('loses nothing it said was written, and its numbers have no gaps', async () => {
    const said = new Map<number, number>();
    // After so many lines each, on the way to the first event and deep in the file.
    for (const killAfter of [1, 2, 7, 31, 64, 119]) {
      const child = spawn(process.execPath, [writer, folder.path], { stdio: ['ignore', 'pipe', 'inherit'] });
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        const [word, bootId, seq] = line.split(' ');
        if (word === 'wrote') said.set(Number(bootId), Number(seq));
        lines += 1;
        if (lines === killAfter) child.kill('SIGKILL');
      }
    }
    const journal = open();
    const events = journal.eventsAfter(0, 1_000_000);
    for (const bootId of new Set(events.map((row) => row.bootId))) {
      const seqs = events.filter((row) => row.bootId === bootId).map((row) => row.seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
      expect(seqs.length).toBeGreaterThanOrEqual(said.get(bootId) ?? 0);
    }
    const state = journal.state<{ bootId: number; seq: number }>('swap:HH1-B1');
    const last = events.findLast(({ schema }) => schema === 'test/1');
    expect(state).toEqual({ bootId: last?.bootId, seq: last?.seq });
    const online = events
      .filter(({ schema }) => schema === 'online/1')
      .map(({ dataText }) => JSON.parse(dataText) as { previous: unknown });
    const ends = [...new Set(events.map((row) => row.bootId))].map((bootId) => ({
      bootId,
      evtSeq: Math.max(...events.filter((row) => row.bootId === bootId).map((row) => row.seq)),
    }));
    expect(online.map(({ previous }) => previous)).toEqual([null, ...ends.slice(0, -1)]);
  });
});

describe('the journal', () => {
  it('undoes all of a transaction that throws, the numbers too', () => {
    const journal = open();
    expect(() =>
      journal.transaction((tx) => {
        tx.event(event(1));
        tx.putState('a', 1);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(append(journal, 2)).toEqual({ bootId: 1, seq: 2 });
    expect(journal.state('a')).toBeNull();
  });

  it('gives odd request numbers, never twice, over restarts', () => {
    const numbers: number[] = [];
    for (let boot = 0; boot < 3; boot += 1) {
      const journal = open();
      numbers.push(
        journal.transaction((tx) => tx.nextRequestId()),
        journal.transaction((tx) => tx.nextRequestId()),
      );
      journal.close();
    }
    expect(numbers).toEqual([1, 3, 5, 7, 9, 11]);
  });

  it('numbers the station own orders in its own range', () => {
    const first = open();
    const entry = { truckId: null, atMs: 0, record: {} };
    expect(first.transaction((tx) => tx.openOrder({ ...entry, requestId: 1 }))).toBe('HH1-1-1');
    expect(first.transaction((tx) => tx.openOrder({ ...entry, requestId: 3 }))).toBe('HH1-1-2');
    first.close();
    const second = open();
    expect(second.transaction((tx) => tx.openOrder({ ...entry, requestId: 5 }))).toBe('HH1-2-1');
    second.transaction((tx) => tx.closeOrder(5, { requestId: 8, truckId: 'T1', atMs: 9, outcome: 'completed', record: {} }));
    expect(second.log.orders(9).find(({ orderNo }) => orderNo === 'HH1-2-1')).toMatchObject({
      requestId: 8,
      truckId: 'T1',
      outcome: 'completed',
    });
  });

  it('keeps what is not acknowledged, over restarts, and takes a lower position as a request to repeat', () => {
    const journal = open();
    for (let count = 1; count <= 9; count += 1) append(journal, count);
    expect(journal.unackedCount()).toBe(10);
    journal.acknowledge({ bootId: 1, evtSeq: 6 });
    expect(journal.unackedCount()).toBe(4);
    journal.flush(0);
    journal.close();
    const again = open();
    expect(again.unackedCount()).toBe(5);
    expect(again.eventsAfter(again.ackedId(), 1)[0]?.seq).toBe(7);
    again.acknowledge({ bootId: 1, evtSeq: 2 });
    expect(again.eventsAfter(again.ackedId(), 1)[0]?.seq).toBe(3);
    again.acknowledge({ bootId: 2, evtSeq: 1 });
    expect(again.unackedCount()).toBe(0);
  });

  it('forgets acknowledged events only after their retention, and never the last one', () => {
    const day = 86_400_000;
    const journal = open();
    for (let count = 1; count <= 5; count += 1) append(journal, count * day);
    journal.acknowledge({ bootId: 1, evtSeq: 6 });
    journal.flush(10.5 * day);
    expect(journal.eventsAfter(0, 99).map(({ atMs }) => atMs / day)).toEqual([3, 4, 5]);
    journal.flush(99 * day);
    expect(journal.eventsAfter(0, 99).map(({ seq }) => seq)).toEqual([6]);
    journal.close();
    expect(open().previous).toEqual({ bootId: 1, evtSeq: 6 });
  });

  it('never forgets an event that was not acknowledged', () => {
    const journal = open();
    append(journal, 1);
    journal.flush(1e15);
    expect(journal.unackedCount()).toBe(2);
  });

  it('moves what is not acknowledged to a boot after the one the platform knows', () => {
    const journal = open();
    append(journal, 1);
    journal.moveToBoot(9);
    append(journal, 2);
    expect(journal.eventsAfter(0, 99).map(({ bootId, seq }) => [bootId, seq])).toEqual([
      [9, 1],
      [9, 2],
      [9, 3],
    ]);
    journal.close();
    expect(open().bootId).toBe(10);
  });

  it('moves only the present boot when it is an old copy of itself', () => {
    const journal = open();
    append(journal, 1);
    journal.acknowledge({ bootId: 1, evtSeq: 1 });
    journal.flush(0);
    journal.close();
    const copy = open();
    append(copy, 2);
    expect(copy.isBeyond({ bootId: 9, evtSeq: 4 }, copy.lastId())).toBe(true);
    copy.moveToBoot(10);
    expect(copy.eventsAfter(copy.ackedId(), 99).map(({ bootId, seq }) => [bootId, seq])).toEqual([
      [10, 1],
      [10, 2],
    ]);
  });

  it('remembers commands and their result', () => {
    const journal = open();
    const reply = { commandId: 'c', result: 'ACCEPTED', timeoutMs: 0 } as const;
    journal.transaction((tx) => tx.putCommand({ commandId: 'c', verb: 'slot.lock', args: { evseId: 1 }, reply, receivedAtMs: 1 }));
    expect(journal.openCommands().map(({ commandId }) => commandId)).toEqual(['c']);
    journal.transaction((tx) => tx.putResult('c', { result: 'ACCEPTED' }));
    journal.transaction((tx) => tx.putResult('c', { result: 'FAILED' }));
    expect(journal.command('c')).toMatchObject({ reply, result: { result: 'ACCEPTED' } });
    expect(journal.openCommands()).toEqual([]);
  });
});

describe('a journal that cannot be used', () => {
  const codeOf = (work: () => unknown): string => {
    try {
      work();
    } catch (cause) {
      if (cause instanceof JournalError) return cause.code;
      throw cause;
    }
    return 'opened';
  };

  it('is refused with one line that says why', () => {
    open();
    expect(codeOf(() => open())).toBe('JOURNAL_IN_USE');
  });
  it('is refused when it belongs to another station', () => {
    open().close();
    expect(codeOf(() => open('HJ1'))).toBe('JOURNAL_FOREIGN');
  });
  it('is refused when it is damaged', () => {
    writeFileSync(join(folder.path, 'journal.db'), 'this is no database, and it is long enough to be looked at'.repeat(99));
    expect(codeOf(() => open())).toBe('JOURNAL_DAMAGED');
  });
});

describe('the outage buffer', () => {
  it('drops the oldest when it is full, counts it, and keeps the rest over a restart', () => {
    const options = { dir: folder.path, messagesMax: 3 };
    const buffer = new TelemetryBuffer(options);
    for (let seq = 1; seq <= 5; seq += 1) buffer.add({ subject: 's', bootId: 1, seq, schema: 'tele/1', atMs: seq, dataText: '{}' });
    expect([buffer.size, buffer.dropped, buffer.oldest()?.seq]).toEqual([3, 2, 3]);
    buffer.close();
    const again = new TelemetryBuffer(options);
    again.remove(again.oldest()?.id ?? 0);
    expect([again.size, again.oldest()?.seq]).toEqual([2, 4]);
    again.close();
  });
});
