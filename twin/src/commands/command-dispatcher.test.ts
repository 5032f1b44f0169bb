import type { CommandReply } from '@corridor/protocols/cmd/command';
import { subject } from '@corridor/protocols/subject';
import { startTestNats } from '@corridor/testkit/test-nats';
import type { NatsConnection } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { CommandDispatcher } from './command-dispatcher.ts';
import type { OutgoingCommand } from './command-message.ts';

const NOW_MS = Date.parse('2026-07-01T12:00:00Z');
type Outcome = CommandReply | 'TIMEOUT';

function command(commandId: string, id: string, lifeMs: number): OutgoingCommand {
  const source = `station:${id}`;
  return {
    commandId,
    orderId: null,
    source,
    subject: subject.command('live', 'station', id, 'charge', 'stop'),
    expiresAtMs: NOW_MS + lifeMs,
    payload: JSON.stringify({ commandId }),
  };
}

/** A dispatcher and what it told, per command; `told` resolves with the first one. */
function dispatcherOn(nc: NatsConnection, onReply: (outcome: Outcome) => void = () => undefined) {
  const outcomes: [commandId: string, outcome: Outcome][] = [];
  const waiting = new Map<string, (outcome: Outcome) => void>();
  const dispatcher = new CommandDispatcher({
    nc,
    scopeNowMs: () => NOW_MS,
    log: silentLog(),
    onReply: ({ commandId }, outcome) => {
      outcomes.push([commandId, outcome]);
      onReply(outcome);
      waiting.get(commandId)?.(outcome);
    },
  });
  return {
    dispatcher,
    outcomes,
    send: async (sent: OutgoingCommand) => {
      const told = Promise.withResolvers<Outcome>();
      waiting.set(sent.commandId, told.resolve);
      dispatcher.send(sent);
      return told.promise;
    },
  };
}

const accepted = (commandId: string): CommandReply => ({ commandId, result: 'ACCEPTED', timeoutMs: 0 });

it('hands on the answer, and a timeout when none that can be used came before the command expired', async () => {
  await using nats = await startTestNats();
  const nc = await nats.connect(await nats.credentials.issueService('twin'), 'twin');
  const gateway = await nats.connect(await nats.credentials.issueStation('HH1'), 'HH1');
  const asked: string[] = [];
  const { dispatcher, outcomes, send } = dispatcherOn(nc);
  gateway.subscribe('evs.v1.live.station.HH1.cmd.>', {
    callback: (_, message) => {
      const { commandId } = message.json<{ commandId: string }>();
      asked.push(commandId);
      if (commandId === 'good') message.respond(JSON.stringify(accepted(commandId)));
      else if (commandId === 'not-json') message.respond('{"half');
      else if (commandId === 'of-another') message.respond(JSON.stringify(accepted('somebody-else')));
      else if (commandId === 'late' && asked.filter((id) => id === 'late').length === 2)
        message.respond(JSON.stringify(accepted(commandId)));
      else message.respond(JSON.stringify({ commandId, result: 'PERHAPS' }));
    },
  });
  await gateway.flush();

  expect(await send(command('good', 'HH1', 60_000))).toEqual(accepted('good'));
  // Asked once although it expired, because an earlier answer may have been lost.
  for (const id of ['not-json', 'of-another', 'no-schema']) expect(await send(command(id, 'HH1', -1)), id).toBe('TIMEOUT');
  expect(await send(command('nobody-there', 'HJ1', -1))).toBe('TIMEOUT');
  expect(await send(command('late', 'HH1', 60_000))).toEqual(accepted('late'));
  expect(asked).toEqual(['good', 'not-json', 'of-another', 'no-schema', 'late', 'late']);
  expect(outcomes.map(([id]) => id)).toEqual(['good', 'not-json', 'of-another', 'no-schema', 'nobody-there', 'late']);
  expect(dispatcher.open).toBe(0);
  dispatcher.stop();
  await Promise.all([nc.close(), gateway.close()]);
});

it('tells a timeout when it fails itself, so that nobody waits for ever', async () => {
  await using nats = await startTestNats();
  const nc = await nats.connect(await nats.credentials.issueService('twin'), 'twin');
  const gateway = await nats.connect(await nats.credentials.issueStation('HH1'), 'HH1');
  gateway.subscribe('evs.v1.live.station.HH1.cmd.>', {
    callback: (_, message) => void message.respond(JSON.stringify(accepted(message.json<{ commandId: string }>().commandId))),
  });
  await gateway.flush();
  const { dispatcher, outcomes, send } = dispatcherOn(nc, (outcome) => {
    if (outcome !== 'TIMEOUT') throw new RangeError('whoever takes the answer has a fault');
  });
  expect(await send(command('c1', 'HH1', 60_000))).toBe('TIMEOUT');
  expect(outcomes).toEqual([
    ['c1', accepted('c1')],
    ['c1', 'TIMEOUT'],
  ]);
  expect(await send(command('c1', 'HH1', 60_000))).toBe('TIMEOUT');
  dispatcher.stop();
  await Promise.all([nc.close(), gateway.close()]);
});
