import type { EnvelopedSubject } from '@corridor/protocols/decode';
import type { TruckDefinition } from '@corridor/protocols/network-file';
import type { BatteryData, IdToken } from '@corridor/protocols/ocpp';
import { SWAP_STEPS, type SwapEventName } from '@corridor/protocols/swap-step';
import type { Input } from './input.ts';

type Message = Extract<Input, { kind: 'message' }>;

export interface ScriptedSwap {
  requestId: number;
  truck: TruckDefinition;
  idToken: IdToken;
  /** As the BMS on the truck says. */
  returned: { packId: string; socPercent: number; sohPercent: number };
  initiation: 'LOCAL' | 'REMOTE';
  /** The first bay where it is left out. */
  bayId?: string;
}

/** What it steps: a network, or a network behind something that may restart it. */
export interface Stepped {
  step(input: Input): void;
  now(): number;
}

/** Speaks as the gateway of one station: numbers its events, and steps the network with them one by one. */
export class ScriptedGateway {
  readonly #network: Stepped;
  readonly stationId: string;
  #seq = 0;
  atMs: number;

  constructor(network: Stepped, stationId: string, atMs: number) {
    this.#network = network;
    this.stationId = stationId;
    this.atMs = atMs;
  }

  event(topic: 'swap' | 'charge' | 'gateway', event: string, data: Record<string, unknown>, backfill = false): void {
    this.#network.step(this.message(topic, event, data, backfill));
  }

  message(topic: string, event: string, data: Record<string, unknown>, backfill = false): Message {
    this.atMs = Math.max(this.atMs, this.#network.now()) + 1_000;
    this.#seq += 1;
    const subject: EnvelopedSubject = { scope: 'live', source: 'station', id: this.stationId, lane: 'evt', topic, event };
    const at = new Date(this.atMs).toISOString();
    return {
      kind: 'message',
      atMs: this.atMs,
      subject,
      envelope: {
        schema: `evt.${topic}.${event}/1`,
        src: this.stationId,
        bootId: 1,
        seq: this.#seq,
        tsEvent: at,
        tsSend: at,
        backfill,
        q: [],
        data,
      },
    };
  }

  online(): void {
    this.event('gateway', 'online', { firmware: 'test', protocol: 'evs.v1', journalledEvents: 0, previous: null });
  }

  /** One event of a swap. Batteries: what the BMS said at the hand-over. */
  swapEvent(
    swap: ScriptedSwap,
    event: SwapEventName,
    extra: { batteryData?: BatteryData[]; reasonCode?: string; backfill?: boolean } = {},
  ): void {
    const step = SWAP_STEPS.find((known) => known.event === event)?.step ?? 0;
    const { truck, idToken, returned, initiation, requestId } = swap;
    const common = {
      requestId,
      orderId: null,
      bayId: swap.bayId ?? `${this.stationId}-B1`,
      truckId: event === 'arrived' ? null : truck.id,
      plate: truck.plate,
      idToken,
      step,
      stepSeq: step,
      durationMs: 0,
    };
    const identified = {
      rfid: truck.rfid,
      vin: truck.vin,
      initiation,
      packSerialNumber: returned.packId,
      packSocPercent: returned.socPercent,
      odometerM: null,
    };
    const failure = { reasonCode: extra.reasonCode ?? 'SWAP_FAILED', interlock: null, recoverable: false, detail: null };
    const isFailure = extra.reasonCode !== undefined;
    const data = {
      ...common,
      ...(event === 'identified' ? identified : {}),
      ...(extra.batteryData ? { batteryData: extra.batteryData } : {}),
      ...(isFailure ? failure : {}),
    };
    this.event('swap', event, data, extra.backfill ?? false);
  }
}
