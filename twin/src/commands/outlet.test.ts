import { RefusalNotice } from '@corridor/protocols/cmd/refusal-notice';
import { startTestNats } from '@corridor/testkit/test-nats';
import { Compile } from 'typebox/compile';
import { expect, it } from 'vitest';
import type { RefusedMessage } from '../ingest/event-intake.ts';
import { createLog } from '../log.ts';
import { Outlet } from './outlet.ts';

const NOON_MS = Date.parse('2026-11-22T12:00:00Z');
const refused = (subject: string, messageId: string): RefusedMessage => ({
  message: { subject, data: new Uint8Array(), streamSeq: 1, storedWallMs: 1_000, messageId },
  reason: 'SCHEMA_VIOLATION',
  detail: '/data: must have required properties packSerialNumber',
});

it('tells a gateway what was refused of its own, by a subject that its credential covers, and nobody else', async () => {
  await using nats = await startTestNats();
  const platform = await nats.connect(await nats.credentials.issueService('twin'), 'twin');
  const heard = await Promise.all(
    (['HH1', 'HJ1'] as const).map(async (id) => {
      const connection = await nats.connect(await nats.credentials.issueStation(id), id);
      const notices: { subject: string; value: unknown }[] = [];
      connection.subscribe(`evs.v1.live.station.${id}.cmd.>`, {
        callback: (_, message) => void notices.push({ subject: message.subject, value: message.json() }),
      });
      await connection.flush();
      return { connection, notices };
    }),
  );
  const outlet = new Outlet({
    nc: platform,
    scope: 'live',
    log: createLog({ name: 'test', level: 'silent' }),
    newId: () => 'x',
    scopeAtWall: (wallMs) => NOON_MS + wallMs * 10,
  });
  const at = 'evs.v1.live.station.HH1.evt.swap.identified';
  outlet.refusalNotice(refused(at, 'HH1:1:evt:3'), 2);
  outlet.refusalNotice(refused('evs.v1.sim-1.station.HJ1.evt.swap.identified', ''), 0);
  outlet.refusalNotice(refused('evs.v1.live.somebody.HJ1.evt.swap.identified', ''), 0);
  outlet.refusalNotice(refused('nonsense', ''), 0);
  await platform.flush();
  await Promise.all(heard.map(async ({ connection }) => connection.flush()));
  const [own, other] = heard.map(({ notices }) => notices);
  expect(own).toMatchObject([
    {
      subject: 'evs.v1.live.station.HH1.cmd.notify.refused',
      value: { subject: at, messageId: 'HH1:1:evt:3', moreRefused: 2, at: '2026-11-22T12:00:10.000Z' },
    },
  ]);
  expect(Compile(RefusalNotice).Check(own?.[0]?.value)).toBe(true);
  expect(other).toEqual([]);
  await Promise.all([platform, ...heard.map(({ connection }) => connection)].map(async (connection) => connection.close()));
});
