import { NOON_MS, smallFile } from '@corridor/actors/network/corridor.fixture';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { expect, it } from 'vitest';
import { LaneBook } from '../completeness/lane-book.ts';
import { ScopeClock } from '../writer/scope-clock.ts';
import { PARKED_MAX, Sequencer, type SourcePosition } from '../writer/sequencer.ts';
import type { ReceivedEvent } from '../writer/writer-batch.ts';
import { EventIntake, type StreamMessage } from './event-intake.ts';
import { SourceClocks } from './source-time.ts';

/** A process of the platform that goes on from what an earlier one stored. */
function processFrom(positions: readonly (readonly [string, SourcePosition])[], storedStreamSeq: number) {
  const sequencer = new Sequencer<ReceivedEvent>(positions);
  const seen = { refused: [] as string[], taken: [] as string[], rereads: 0, duplicates: 0, gaps: 0, overflows: [] as string[] };
  const writer = {
    streamSeq: storedStreamSeq,
    events: (events: readonly ReceivedEvent[]) => {
      seen.taken.push(...events.map(({ bootId, seq, eventAtMs }) => `${bootId}:${seq} ${eventAtMs - NOON_MS}`));
    },
    streamTaken: (streamSeq: number) => {
      writer.streamSeq = Math.max(writer.streamSeq, streamSeq);
    },
    ackSoon: () => undefined,
  };
  const intake = new EventIntake({
    laneBook: new LaneBook(),
    scope: 'live',
    reference: ReferenceStore.of(smallFile(), () => 0),
    clock: new ScopeClock({ wallNowMs: () => NOON_MS, storedScopeMs: null, driven: false }),
    sourceClocks: new SourceClocks(),
    sequencer,
    wallNowMs: () => NOON_MS,
    writer,
    onRefused: ({ reason }) => seen.refused.push(reason),
    onDuplicate: () => {
      seen.duplicates += 1;
    },
    onReread: () => {
      seen.rereads += 1;
    },
    onGap: () => {
      seen.gaps += 1;
    },
    onOverflow: (source) => seen.overflows.push(source),
  });
  return { intake, seen, position: () => sequencer.positionOf('station:HH1') };
}

let streamSeq = 0;
function message(bootId: number, seq: number, event: string, data: object, over: object = {}): StreamMessage {
  streamSeq += 1;
  const at = new Date(NOON_MS).toISOString();
  const head = { schema: `evt.gateway.${event}/1`, src: 'HH1', bootId, seq, tsEvent: at, tsSend: at, backfill: false, q: [] };
  const body = JSON.stringify({ ...head, data, ...over });
  return {
    subject: `evs.v1.live.station.HH1.evt.gateway.${event}`,
    data: new TextEncoder().encode(body),
    streamSeq,
    storedWallMs: NOON_MS,
    messageId: '',
  };
}
const online = (bootId: number, previous: SourcePosition | null) =>
  message(bootId, 1, 'online', {
    firmware: 'test/1',
    protocol: 'evs.v1',
    journalledEvents: 0,
    previous: previous && { bootId: previous.bootId, evtSeq: previous.seq },
  });
const ended = (bootId: number, seq: number, over: object = {}) => message(bootId, seq, 'backfill_end', { events: 0, telemetry: 0 }, over);

it('says nothing a second time of what it reads again after a start, and still refuses what is new', () => {
  const first = processFrom([], 0);
  const stream = [online(1, null), message(1, 2, 'nonsense', {}), online(2, { bootId: 1, seq: 2 }), ended(1, 2)];
  for (const each of stream) first.intake.take(each);
  expect(first.seen).toMatchObject({ refused: ['SUBJECT_UNKNOWN', 'BOOT_WENT_BACK'], taken: ['1:1 0', '1:2 0', '2:1 0'], rereads: 0 });

  const second = processFrom([['station:HH1', { bootId: 2, seq: 1 }]], streamSeq);
  for (const each of stream) second.intake.take(each);
  expect(second.seen).toMatchObject({ refused: [], taken: [], duplicates: 0 });
  expect(second.seen.rereads).toBeGreaterThanOrEqual(stream.length);
  second.intake.take(ended(1, 3));
  expect(second.seen.refused).toEqual(['BOOT_WENT_BACK']);
});

it('counts a time from 1970 and takes the event at the time of receipt', () => {
  const { intake, seen } = processFrom([['station:HH1', { bootId: 1, seq: 1 }]], 0);
  const old = ended(1, 2, { tsEvent: '1970-01-01T00:00:00.000Z' });
  intake.take(old);
  intake.take({ ...old, streamSeq: old.streamSeq + 100 });
  expect(seen).toMatchObject({ refused: ['TIME_IMPLAUSIBLE'], taken: ['1:2 0'], duplicates: 1 });
});

it('does not adopt a number that nobody can have reached', () => {
  const { intake, seen, position } = processFrom([['station:HH1', { bootId: 1, seq: 1 }]], 0);
  intake.take(ended(1, Number.MAX_SAFE_INTEGER));
  intake.take(ended(1, 2));
  expect(seen).toMatchObject({ refused: ['SEQ_IMPLAUSIBLE'], taken: ['1:2 0'] });
  expect(position()).toEqual({ bootId: 1, seq: 2 });
});

it('counts what finds no place to wait behind a missing event, and takes it when it is sent again', () => {
  const { intake, seen, position } = processFrom([['station:HH1', { bootId: 1, seq: 1 }]], 0);
  const last = PARKED_MAX + 4;
  for (let seq = 3; seq <= last; seq += 1) intake.take(ended(1, seq));
  expect(seen).toMatchObject({ taken: [], gaps: 1, refused: [], overflows: ['station:HH1', 'station:HH1'] });
  intake.take(ended(1, 2));
  expect([position(), seen.taken.length]).toEqual([{ bootId: 1, seq: last - 2 }, PARKED_MAX + 1]);
  intake.take(ended(1, last - 1));
  intake.take(ended(1, last));
  expect([position(), seen.duplicates, seen.overflows.length]).toEqual([{ bootId: 1, seq: last }, 0, 2]);
});
