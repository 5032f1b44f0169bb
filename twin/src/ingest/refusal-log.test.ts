import { describe, expect, it } from 'vitest';
import { createLog } from '../log.ts';
import type { RefusedMessage } from './event-intake.ts';
import { isLockOut, RefusalLog } from './refusal-log.ts';

function refused(id: string, reason: RefusedMessage['reason'], seq: number): RefusedMessage {
  const subject = `evs.v1.live.station.${id}.evt.swap.identified`;
  const message = { subject, data: new Uint8Array(), streamSeq: seq, storedWallMs: 0, messageId: `${id}:1:evt:${seq}` };
  return { message, reason, detail: '/data: must have required properties packSerialNumber' };
}

describe('refusal log', () => {
  const said: { messageId: string; reason: string; unsaid: number }[] = [];
  let nowMs = 0;
  const log = Object.assign(createLog({ name: 'test', level: 'silent' }), {
    warn: (fields: (typeof said)[number]) => void said.push(fields),
  });
  const told: [string, number][] = [];
  const refusals = new RefusalLog(
    log,
    () => nowMs,
    ({ message }, more) => told.push([message.messageId, more]),
  );

  it('says the first of each source and reason at once, the rest counted after a minute', () => {
    for (let seq = 1; seq <= 5; seq += 1) refusals.note(refused('HH1', 'SCHEMA_VIOLATION', seq));
    refusals.note(refused('HJ1', 'SCHEMA_VIOLATION', 1));
    refusals.note(refused('HH1', 'NOT_JSON', 6));
    nowMs = 59_999;
    refusals.note(refused('HH1', 'SCHEMA_VIOLATION', 7));
    nowMs = 60_000;
    refusals.note(refused('HH1', 'SCHEMA_VIOLATION', 8));
    expect(said.map(({ messageId, reason, unsaid }) => [messageId, reason, unsaid])).toEqual([
      ['HH1:1:evt:1', 'SCHEMA_VIOLATION', 0],
      ['HJ1:1:evt:1', 'SCHEMA_VIOLATION', 0],
      ['HH1:1:evt:6', 'NOT_JSON', 0],
      ['HH1:1:evt:8', 'SCHEMA_VIOLATION', 5],
    ]);
    expect(told).toEqual(said.map(({ messageId, unsaid }) => [messageId, unsaid]));
  });
});

it('takes a source whose boots go on being refused for locked out, not one that repeats itself a few times', () => {
  const is = (reason: RefusedMessage['reason'], more: number) => isLockOut({ reason }, more);
  expect([is('BOOT_WENT_BACK', 0), is('BOOT_WENT_BACK', 4), is('SCHEMA_VIOLATION', 99)]).toEqual([false, false, false]);
  expect([is('BOOT_WENT_BACK', 5), is('BOOT_IMPLAUSIBLE', 60)]).toEqual([true, true]);
});
