import { NOON_MS, startCorridor, type TestCorridor } from '@corridor/actors/network/corridor.fixture';
import type { Input } from '@corridor/actors/network/input';
import { ScriptedGateway, type ScriptedSwap } from '@corridor/actors/network/scripted-gateway.fixture';
import type { StepBatch } from '@corridor/actors/network/step-batch';
import { assert } from '@corridor/protocols/assert';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { SWAP_STEPS, type SwapEventName } from '@corridor/protocols/swap-step';
import type { ReceivedEvent } from '@corridor/twin/writer/writer-batch';

type Message = Extract<Input, { kind: 'message' }>;
type Started = { readonly issuePackId: string; readonly issueEvseId: number };
const RETURNED_PERCENT = 40;
const ISSUED_PERCENT = 95;
const SOH_PERCENT = 95;
const EVENTS: readonly SwapEventName[] = [...SWAP_STEPS.map(({ event }) => event), 'completed'];

/** Where orders come from: a corridor whose gateways carry swaps, one message at a time, on the real network of actors. */
export class OrderSource {
  readonly corridor: TestCorridor;
  readonly #gateways = new Map<string, ScriptedGateway>();
  /** What the stations of swaps under way were told to do, by request. */
  readonly #starts = new Map<number, Started>();
  /** What a gateway said and nobody stepped yet. */
  #said: Message | null = null;
  #requestId = 1;
  #truck = 0;

  constructor(file: NetworkFile) {
    this.corridor = startCorridor({ file, topUpFen: 1_000_000_000_000n });
    const { network } = this.corridor;
    const listener = { step: (input: Input) => this.#hear(input), now: () => network.nowMs };
    for (const { id } of file.stations) {
      const gateway = new ScriptedGateway(listener, id, NOON_MS);
      this.#gateways.set(id, gateway);
      gateway.online();
      this.#step();
    }
    this.corridor.drain();
  }

  /** The messages of one swap of the next truck, each ready to be stepped when it is taken. */
  *nextSwap(): Generator<ReceivedEvent> {
    const { file } = this.corridor;
    const truck = this.corridor.truck(this.#truck);
    const station = file.stations[this.#truck % file.stations.length];
    const gateway = this.#gateways.get(station?.id ?? '');
    const pack = file.packs.find(({ initial }) => initial.id === truck.id);
    assert(station !== undefined && gateway !== undefined && pack !== undefined, `nothing to swap for ${truck.id}`);
    const [freeEvse, requestId] = [station.slots, this.#requestId];
    this.#truck += 1;
    this.#requestId += 2;
    const returned = { packId: pack.id, socPercent: RETURNED_PERCENT, sohPercent: SOH_PERCENT };
    const swap: ScriptedSwap = { requestId, truck, idToken: this.corridor.driverOf(truck.id).idToken, initiation: 'LOCAL', returned };
    for (const event of EVENTS) {
      const leg = { soC: event === 'battery_in' ? RETURNED_PERCENT : ISSUED_PERCENT, soH: SOH_PERCENT };
      if (event === 'battery_in') gateway.swapEvent(swap, event, { batteryData: [{ ...leg, evseId: freeEvse, serialNumber: pack.id }] });
      else if (event === 'battery_out') {
        const { issuePackId, issueEvseId } = this.#started(requestId);
        gateway.swapEvent(swap, event, { batteryData: [{ ...leg, evseId: issueEvseId, serialNumber: issuePackId }] });
      } else gateway.swapEvent(swap, event);
      yield this.#step();
    }
  }

  /** What the network did since the last drain; nothing of it is kept, as in the twin. */
  drain(): StepBatch {
    const batch = this.corridor.network.drain();
    for (const effect of batch.effects)
      if (effect.type === 'command.issued' && effect.verb === 'swap.start') this.#starts.set(effect.args.requestId, effect.args);
    return batch;
  }

  #hear(input: Input): void {
    assert(input.kind === 'message' && this.#said === null, 'a gateway says one thing at a time');
    this.#said = input;
  }

  #step(): ReceivedEvent {
    const said = this.#said;
    assert(said !== null, 'nothing was said');
    this.#said = null;
    this.corridor.network.step(said);
    return receivedOf(said);
  }

  #started(requestId: number): Started {
    const started = this.#starts.get(requestId);
    assert(started !== undefined, `swap ${requestId} is not authorised`);
    this.#starts.delete(requestId);
    return started;
  }
}

/** As the event side of the twin hands it to the writer: it is written as evidence. */
function receivedOf({ subject, envelope, atMs }: Message): ReceivedEvent {
  const { bootId, seq } = envelope;
  return {
    source: `station:${subject.id}`,
    bootId,
    seq,
    streamSeq: seq,
    subject: `${subject.id}:${envelope.schema}`,
    decoded: { ok: true, subject, key: '', envelope },
    text: JSON.stringify(envelope),
    eventAtMs: atMs,
    skewed: false,
    receivedWallMs: atMs,
    reachedAtMs: atMs,
    refusal: null,
  };
}
