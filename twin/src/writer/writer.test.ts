import { NOON_MS, startCorridor, type TestCorridor } from '@corridor/actors/network/corridor.fixture';
import type { Input } from '@corridor/actors/network/input';
import { ScriptedGateway, type ScriptedSwap } from '@corridor/actors/network/scripted-gateway.fixture';
import { assert } from '@corridor/protocols/assert';
import { SWAP_STEPS } from '@corridor/protocols/swap-step';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { type InputName, nameOf } from './input-name.ts';
import { ScopeClock } from './scope-clock.ts';
import { Sequencer } from './sequencer.ts';
import { StoreFailedError } from './store-failed.ts';
import { type NotedFailure, Suspects } from './suspects.ts';
import { Writer } from './writer.ts';
import type { ReceivedEvent, WriterBatch } from './writer-batch.ts';

type Message = Extract<Input, { kind: 'message' }>;
const HOUR_MS = 3_600_000;

interface Made {
  /** Monotonic ms. */
  monotonicNowMs?: () => number;
  noted?: readonly NotedFailure[];
  commit?: (batch: WriterBatch) => Promise<void>;
}

/** A writer on the network of a corridor; batches are kept in memory. */
function writerOn({ network }: TestCorridor, clock: ScopeClock, { monotonicNowMs = () => 0, noted = [], commit }: Made = {}) {
  const batches: WriterBatch[] = [];
  const failed = Promise.withResolvers<never>();
  const ended = Promise.withResolvers<readonly InputName[]>();
  const writer = new Writer({
    network,
    clock,
    sequencer: new Sequencer<ReceivedEvent>([]),
    store: {
      prepare: async (batch) => ({
        commit: async () => {
          await commit?.(batch);
          batches.push(batch);
        },
      }),
    },
    monotonicNowMs,
    log: silentLog(),
    batchNo: 1,
    streamSeq: 0,
    onCommitted: () => undefined,
    onFatal: (cause, inputs) => {
      ended.resolve(inputs);
      failed.reject(cause);
    },
    suspects: new Suspects(noted, () => clock.nowMs()),
    newIntentId: () => 'intent',
  });
  const settled = async () => Promise.race([writer.stop(), failed.promise]);
  const ordersSaid = () =>
    batches.flatMap(({ step }) => step.effects.flatMap((effect) => (effect.type === 'order.changed' ? [effect.order] : [])));
  // Whoever tests a failure looks at `ended`.
  failed.promise.catch(() => undefined);
  return { writer, settled, ordersSaid, batches, ended: ended.promise };
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
  writer.streamAtEnd();
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
  writer.streamAtEnd();
  writer.signal({ kind: 'signal', atMs: clock.nowMs(), to: 'gateway:HH1', event: { type: 'signal.fresh', atMs: clock.nowMs() } });
  await settled();
  expect(ordersSaid().at(-1)).toMatchObject({ state: 'ABNORMAL', reason: 'SWAP_LOST' });
});

/** Scope and wall time are the same, and go on when the test says so. */
function standstill(corridor: TestCorridor) {
  let nowMs = corridor.network.nowMs;
  const clock = new ScopeClock({ wallNowMs: () => nowMs, storedScopeMs: nowMs, driven: false });
  return {
    clock,
    monotonicNowMs: () => nowMs,
    goOn: (ms: number) => {
      nowMs += ms;
    },
    nowMs: () => nowMs,
  };
}

const heard = (corridor: TestCorridor): Extract<Input, { kind: 'signal' }> => ({
  kind: 'signal',
  atMs: corridor.network.nowMs,
  to: 'gateway:HH1',
  event: { type: 'signal.fresh', atMs: corridor.network.nowMs },
});

describe('a standstill', () => {
  it('of the database: what arrived meanwhile is taken at the time when it came', async () => {
    const corridor = startCorridor();
    const rest = halfASwap(corridor);
    const time = standstill(corridor);
    const begunMs = time.nowMs();
    const back = Promise.withResolvers<void>();
    let isFirst = true;
    const { writer, settled, ordersSaid } = writerOn(corridor, time.clock, {
      monotonicNowMs: time.monotonicNowMs,
      commit: async () => {
        if (isFirst) await back.promise;
        isFirst = false;
      },
    });
    writer.streamAtEnd();
    writer.signal(heard(corridor));
    await new Promise((resolve) => setImmediate(resolve));
    // The database is away for thirty hours; the stream is read on.
    for (const [index, message] of rest.entries()) {
      time.goOn(60_000);
      writer.streamAtEnd();
      writer.events([received(message, begunMs + (index + 1) * 60_000)]);
      writer.signal(heard(corridor));
    }
    time.goOn(30 * HOUR_MS);
    writer.streamAtEnd();
    writer.signal(heard(corridor));
    back.resolve();
    await settled();
    expect(ordersSaid().at(-1)).toMatchObject({ state: 'CLEARED', reason: null });
  });

  it.each(['of NATS', 'of the process itself'])('%s: time waits for the word that the stream has been read', async () => {
    const corridor = startCorridor();
    const rest = halfASwap(corridor);
    const time = standstill(corridor);
    const begunMs = time.nowMs();
    const { writer, settled, ordersSaid } = writerOn(corridor, time.clock, { monotonicNowMs: time.monotonicNowMs });
    writer.streamAtEnd();
    expect(writer.isTimeHeld).toBe(false);
    time.goOn(30 * HOUR_MS);
    // The first that runs again are the timers and the sensors' silence; what the station reported is still on its way.
    expect(writer.isTimeHeld).toBe(true);
    expect(writer.nowMs).toBe(begunMs);
    writer.start();
    writer.signal(heard(corridor));
    await new Promise((resolve) => setImmediate(resolve));
    expect(corridor.network.nowMs).toBe(begunMs);
    writer.streamBehind();
    writer.events(rest.map((message, index) => received(message, begunMs + index * 30_000)));
    writer.streamAtEnd();
    writer.signal(heard(corridor));
    await settled();
    expect(corridor.network.nowMs).toBe(time.nowMs());
    expect(ordersSaid().at(-1)).toMatchObject({ state: 'CLEARED', reason: null });
  });
});

describe('an input on which the writer fails', () => {
  const failure = (input: Pick<InputName, 'kind' | 'name'>, failures: number, failedAtMs = NOON_MS): NotedFailure => ({
    ...input,
    failures,
    failedAtMs,
    error: 'it broke',
  });
  const answer = { commandId: 'c1', orderId: 'O1', source: 'station:HH1' };
  const definition = () => startCorridor().truck(0);

  /** How each kind of input comes in; `said`: what whoever asked was told. */
  const KINDS: Record<InputName['kind'], (corridor: TestCorridor, writer: Writer) => Promise<unknown> | void> = {
    event: (corridor, writer) => {
      const [first] = halfASwap(corridor);
      assert(first !== undefined, 'an empty swap');
      writer.events([received(first, corridor.network.nowMs)]);
    },
    timer: (corridor, writer) => {
      halfASwap(corridor);
      corridor.network.drain();
      writer.signal(heard(corridor));
    },
    signal: (corridor, writer) => writer.signal(heard(corridor)),
    source: (_, writer) => writer.source('HH1', (atMs) => ({ type: 'gateway.revoked', atMs })),
    reply: (_, writer) => writer.reply(answer, 'TIMEOUT'),
    intent: (corridor, writer) => writer.ask({ type: 'truck.block', truckId: corridor.truck(0).id, partyId: 'PF', note: 'test' }, 'ops'),
    register: (_, writer) => writer.register({ asset: 'truck', definition: definition() }, () => undefined),
    forget: (_, writer) => writer.forget('station:HH1', 'ops'),
  };

  /** One input of a kind, taken by a writer whose time has gone on far enough for every timer. */
  async function take(kind: InputName['kind'], options: Made) {
    const corridor = startCorridor();
    const bring = KINDS[kind];
    const time = standstill(corridor);
    const made = writerOn(corridor, time.clock, { ...options, monotonicNowMs: time.monotonicNowMs });
    const said = Promise.resolve(bring(corridor, made.writer)).catch((cause: unknown) => cause);
    return { ...made, corridor, time, said };
  }

  const refused = async (): Promise<never> => {
    throw new StoreFailedError('a constraint', { inputAtFault: true });
  };

  it.each(Object.keys(KINDS).filter((kind) => kind !== 'timer') as InputName['kind'][])(
    '%s: is named, and at last passed over',
    async (kind) => {
      const first = await take(kind, { commit: refused });
      const [name] = await first.ended;
      assert(name !== undefined, 'nobody is blamed');
      expect(name.kind).toBe(kind);
      await first.said;

      const alone = await take(kind, { noted: [failure(name, 1)] });
      await alone.settled();
      expect(alone.batches).toMatchObject([{ cleared: [{ name: name.name }], passedOver: [] }]);

      const over = await take(kind, { noted: [failure(name, 2)] });
      await over.settled();
      expect(over.batches).toHaveLength(1);
      expect(over.batches[0]?.passedOver).toMatchObject([{ name, error: 'it broke' }]);
      const alarms = over.batches[0]?.step.effects.filter(({ type }) => type === 'alarm.raised');
      expect(alarms).toMatchObject([{ code: 'INPUT_FAILED', scope: name.scope, scopeId: name.scopeId }]);
      const others = over.batches[0]?.step.effects.filter(({ type }) => type !== 'alarm.raised');
      expect(others).toEqual([]);
      if (['intent', 'register', 'command', 'forget'].includes(kind)) expect(await over.said).toMatchObject({ code: 'INPUT_FAILED' });
    },
  );

  it('event: its number is used up, and its bytes are left out of the evidence', async () => {
    const over = await take('event', { noted: [] });
    await over.settled();
    const taken = over.batches[0]?.evidence[0];
    assert(taken !== undefined, 'no evidence');
    const again = await take('event', { noted: [failure({ kind: 'event', name: `station:HH1 ${taken.bootId} ${taken.seq}` }, 2)] });
    await again.settled();
    expect(again.batches[0]?.evidence).toMatchObject([{ refusal: 'INPUT_FAILED', text: null, decoded: null }]);
    expect(again.batches[0]?.positions.get('station:HH1')).toEqual({ bootId: taken.bootId, seq: taken.seq });
  });

  it('reply: the command is over, so that it is not sent again', async () => {
    const over = await take('reply', { noted: [failure({ kind: 'reply', name: 'c1' }, 2)] });
    await over.settled();
    expect(over.batches[0]?.commandUpdates).toMatchObject([{ commandId: 'c1', state: 'FAILED', detail: 'INPUT_FAILED' }]);
  });

  it('timer: is blamed alone, not the input behind it, and given up at last', async () => {
    const corridor = startCorridor();
    halfASwap(corridor);
    const time = standstill(corridor);
    const dueMs = corridor.network.nextDueMs;
    assert(dueMs !== null, 'no timer');
    const due = corridor.network.nextTimer(dueMs);
    assert(due !== null, 'no timer');
    const name = nameOf({ kind: 'timer', timer: due });
    const { writer, settled, batches } = writerOn(corridor, time.clock, {
      monotonicNowMs: time.monotonicNowMs,
      noted: [failure(name, 2)],
    });
    time.goOn(dueMs - corridor.network.nowMs);
    writer.streamAtEnd();
    writer.signal(heard(corridor));
    await settled();
    expect(batches[0]?.passedOver).toMatchObject([{ name: { kind: 'timer', name: name.name } }]);
    expect(batches[0]?.step.transitions).toEqual([]);
    expect(batches[1]?.passedOver).toEqual([]);
    expect(corridor.network.nextTimer(dueMs)).not.toEqual(due);
  });

  it('what comes again and again is tried again after an hour', async () => {
    const name = { kind: 'signal', name: 'gateway:HH1 signal.fresh' } as const;
    const later = await take('signal', { noted: [failure(name, 2, NOON_MS - HOUR_MS)] });
    await later.settled();
    expect(later.batches).toMatchObject([{ passedOver: [], cleared: [{ name: name.name }] }]);
  });

  it('blames the batch that was refused, not the one that was sent behind it, of which nobody hears', async () => {
    const corridor = startCorridor();
    const time = standstill(corridor);
    const refusal = Promise.withResolvers<void>();
    const sent: number[] = [];
    const { writer, ended, batches } = writerOn(corridor, time.clock, {
      monotonicNowMs: time.monotonicNowMs,
      commit: async ({ batchNo }) => {
        sent.push(batchNo);
        await refusal.promise;
      },
    });
    writer.streamAtEnd();
    writer.signal(heard(corridor));
    await new Promise((resolve) => setImmediate(resolve));
    const block = { type: 'truck.block', truckId: corridor.truck(0).id, partyId: 'PF', note: 'test' } as const;
    const asked = writer.ask(block, 'ops').catch((cause: unknown) => cause);
    while (writer.backlog > 0) await new Promise((resolve) => setImmediate(resolve));
    refusal.reject(new StoreFailedError('a constraint', { inputAtFault: true }));
    expect(await ended).toMatchObject([{ kind: 'signal' }]);
    expect(await asked).toMatchObject({ code: 'WRITER_STOPPED' });
    expect([sent, batches]).toEqual([[1, 2], []]);
  });

  it('blames nobody for a database that is lost or written by somebody else', async () => {
    const made = await take('signal', {
      commit: async () => {
        throw new StoreFailedError('it stayed away');
      },
    });
    expect(await made.ended).toEqual([]);
  });
});
