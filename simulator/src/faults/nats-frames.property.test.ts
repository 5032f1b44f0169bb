import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameReader, type Publication, publicationBytes, withMessageId } from './nats-frames.ts';

const token = fc.stringMatching(/^[A-Za-z0-9_.]{1,20}$/);
const publication: fc.Arbitrary<Publication> = fc.record({
  kind: fc.constant('PUBLICATION' as const),
  subject: token,
  reply: fc.option(token),
  headers: fc.option(token.map((id) => `NATS/1.0\r\nNats-Msg-Id: ${id}\r\n\r\n`)),
  payload: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
});

it('cuts frames whatever way the bytes come', () => {
  fc.assert(
    fc.property(
      fc.array(publication, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      (publications, cuts) => {
        const other = Buffer.from('PING\r\nSUB evs.v1.live.station.HH1.ack 7\r\n');
        const bytes = Buffer.concat([...publications.map((item) => publicationBytes(item)), other]);
        const reader = new FrameReader();
        const frames = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const length = cuts[turn % cuts.length] ?? 1;
          frames.push(...reader.push(bytes.subarray(at, at + length)));
          at += length;
        }
        expect(frames.slice(0, -2)).toEqual(publications);
        expect(frames.at(-2)).toMatchObject({ kind: 'OTHER' });
        expect(frames.at(-1)).toMatchObject({ kind: 'SUBSCRIPTION', subject: 'evs.v1.live.station.HH1.ack', sid: '7' });
      },
    ),
  );
});

it('gives a copy another message id and no reply', () => {
  const original: Publication = {
    kind: 'PUBLICATION',
    subject: 'a',
    reply: 'r',
    headers: 'NATS/1.0\r\nNats-Msg-Id: T1:1:tele:5\r\n\r\n',
    payload: Buffer.alloc(0),
  };
  expect(withMessageId(original, ':copy1')).toMatchObject({ reply: null, headers: 'NATS/1.0\r\nNats-Msg-Id: T1:1:tele:5:copy1\r\n\r\n' });
});
