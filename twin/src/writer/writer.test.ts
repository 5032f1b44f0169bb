import { NOON_MS, startCorridor, type TestCorridor } from '@corridor/actors/network/corridor.fixture';
import type { Input } from '@corridor/actors/network/input';
import { ScriptedGateway, type ScriptedSwap } from '@corridor/actors/network/scripted-gateway.fixture';
import { assert } from '@corridor/protocols/assert';
import { SWAP_STEPS } from '@corridor/protocols/swap-step';
import { expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { ScopeClock } from './scope-clock.ts';
import { Sequencer } from './sequencer.ts';
import { Suspects } from './suspects.ts';
import { Writer } from './writer.ts';
import type { ReceivedEvent, WriterBatch } from './writer-batch.ts';

type Message = Extract<Input, { kind: 'message' }>;
const HOUR_MS = 3_600_000;

/** A writer on the network of a corridor; batches are kept in memory. */
function writerOn({ network }: TestCorridor, clock: ScopeClock) {
  const batches: WriterBatch[] = [];
  const failed = Promise.withResolvers<never>();
  const writer = new Writer({
    network,
    clock,
    sequencer: new Sequencer<ReceivedEvent>([]),
    store: { commit: async (batch) => void batches.push(batch) },
    log: silentLog(),
    batchNo: 1,
    streamSeq: 0,
    onCommitted: () => undefined,
    onFatal: (cause) => failed.reject(cause),
    suspects: new Suspects(new Map()),
    newIntentId: () => 'intent',
  });
  const settled = async () => Promise.race([writer.stop(), failed.promise]);
  const ordersSaid = () =>
    batches.flatMap(({ step }) => step.effects.flatMap((effect) => (effect.type === 'order.changed' ? [effect.order] : [])));
  return { writer, settled, ordersSaid };
}

function received({ subject, envelope }: Message, reachedAtMs: number): ReceivedEvent {
  return {
    source: `station:${subject.id}`,
    bootId: envelope.bootId,
    seq: envelope.seq,
    streamSeq: envelope.seq,
    subject: '',
    decoded: { ok: true, subject, key: '', envelope },
    text: null,
    eventAtMs: reachedAtMs,
    skewed: false,
    receivedWallMs: 0,
    reachedAtMs,
    refusal: null,
  };
}

/** A swap that has begun in the network, and the messages of its rest, which nobody has taken yet. */
function halfASwap(corridor: TestCorridor): Message[] {
  const { network } = corridor;
  const rest: Message[] = [];
  let isListening = true;
  const step = (input: Input) => (isListening || input.kind !== 'message' ? network.step(input) : void rest.push(input));
  const gateway = new ScriptedGateway({ step, now: () => network.nowMs }, 'HH1', NOON_MS);
  const truck = corridor.truck(0);
  const pack = corridor.file.packs.find(({ initial }) => initial.id === truck.id);
  assert(pack !== undefined, 'a truck without a pack');
  const returned = { packId: pack.id, socPercent: 40, sohPercent: 95 };
  const swap: ScriptedSwap = { requestId: 1, truck, idToken: corridor.driverOf(truck.id).idToken, initiation: 'LOCAL', returned };
  gateway.online();
  gateway.swapEvent(swap, 'arrived');
  gateway.swapEvent(swap, 'identified');
  const start = corridor.drain().effects.findLast((effect) => effect.type === 'command.issued' && effect.verb === 'swap.start');
  assert(start?.type === 'command.issued' && start.verb === 'swap.start', 'the swap is not authorised');
  const { issuePackId, issueEvseId } = start.args;
  for (const { event } of SWAP_STEPS.slice(2)) {
    if (event === 'unlocked') isListening = false;
    const leg = { soC: event === 'battery_in' ? 40 : 95, soH: 95 };
    if (event === 'battery_in') gateway.swapEvent(swap, event, { batteryData: [{ ...leg, evseId: 8, serialNumber: pack.id }] });
    else if (event === 'battery_out')
      gateway.swapEvent(swap, event, { batteryData: [{ ...leg, evseId: issueEvseId, serialNumber: issuePackId }] });
    else gateway.swapEvent(swap, event);
  }
  gateway.swapEvent(swap, 'completed');
  corridor.drain();
  return rest;
}

it('takes what came while it was away before it says that nothing came', async () => {
  const corridor = startCorridor();
  const rest = halfASwap(corridor);
  const begunMs = corridor.network.nowMs;
  // The twin was away for thirty hours: every watchdog of the swap is overdue.
  const clock = new ScopeClock({ wallNowMs: () => begunMs + 30 * HOUR_MS, storedScopeMs: begunMs, driven: false });
  const { writer, settled, ordersSaid } = writerOn(corridor, clock);
  writer.streamBehind();
  writer.start();
  writer.signal({ kind: 'signal', atMs: clock.nowMs(), to: 'gateway:HH1', event: { type: 'signal.fresh', atMs: clock.nowMs() } });
  writer.events(rest.map((message, index) => received(message, begunMs + index * 30_000)));
  writer.streamCaughtUp();
  await settled();
  expect(ordersSaid().at(-1)).toMatchObject({ state: 'CLEARED', reason: null });
});

it('says that a swap is lost when the stream holds nothing of it', async () => {
  const corridor = startCorridor();
  halfASwap(corridor);
  const begunMs = corridor.network.nowMs;
  const clock = new ScopeClock({ wallNowMs: () => begunMs + 30 * HOUR_MS, storedScopeMs: begunMs, driven: false });
  const { writer, settled, ordersSaid } = writerOn(corridor, clock);
  writer.streamBehind();
  writer.start();
  writer.streamCaughtUp();
  writer.signal({ kind: 'signal', atMs: clock.nowMs(), to: 'gateway:HH1', event: { type: 'signal.fresh', atMs: clock.nowMs() } });
  await settled();
  expect(ordersSaid().at(-1)).toMatchObject({ state: 'ABNORMAL', reason: 'SWAP_LOST' });
});
