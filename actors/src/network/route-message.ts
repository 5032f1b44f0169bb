import { assert } from '@corridor/protocols/assert';
import type { CommandResult } from '@corridor/protocols/cmd/command';
import type { EnvelopedSubject } from '@corridor/protocols/decode';
import type { Envelope } from '@corridor/protocols/envelope';
import { CHARGE_EVENTS, type ChargeEventData } from '@corridor/protocols/evt/charge';
import type { GatewayFaultData, GatewayInventory, GatewayOffline, GatewayOnline } from '@corridor/protocols/evt/gateway';
import {
  SWAP_EVENT_NAMES,
  type SwapBatteryData,
  type SwapCommon,
  type SwapFailureData,
  type SwapIdentifiedData,
} from '@corridor/protocols/evt/swap';
import { TRUCK_EVENTS, type TruckEventData } from '@corridor/protocols/evt/truck';
import { slotIdOf, swapIdOf } from '@corridor/protocols/ids';
import type { SwapEventName } from '@corridor/protocols/swap-step';
import type { SwapInput } from '../swap/swap-input.ts';
import type { EventOf } from './actor-event.ts';
import { isNews, orderOfCommand } from './command-order.ts';
import { eventTimeMs, isPossibleTime } from './event-time.ts';
import { Create, type Tell } from './message.ts';
import { tell } from './outgoing.ts';
import type { Routed } from './routed.ts';

interface Message {
  /** Station or truck that sent it. */
  id: string;
  /** When it happened. */
  atMs: number;
  /** Its source's own time was believed. */
  timeBelieved: boolean;
  envelope: Said;
}
/** What of an envelope is looked at here. */
type Said = Pick<Envelope<unknown>, 'data' | 'bootId' | 'tsEvent' | 'backfill'>;
type Route = (message: Message) => Routed[];

const toGateway = (id: string, event: EventOf['gateway']): Tell => tell('gateway', id, event);
const toStation = (id: string, event: EventOf['station']): Tell => tell('station', id, event);

/**
 * Catalogue key -> what its message becomes. Everything of the lanes `evt` and `res` is here; telemetry goes to the signal
 * table. A test walks over the catalogue.
 */
export const MESSAGE_ROUTES: Readonly<Record<string, Route>> = {
  ...Object.fromEntries(SWAP_EVENT_NAMES.map((event) => [`station:evt:swap.${event}`, (message: Message) => swapReported(event, message)])),
  ...Object.fromEntries(
    CHARGE_EVENTS.map((event) => [`station:evt:charge.${event}`, (message: Message) => chargeReported(event, message)]),
  ),
  ...Object.fromEntries(TRUCK_EVENTS.map((event) => [`truck:evt:${event}`, (message: Message) => truckReported(event, message)])),
  'station:evt:gateway.online': ({ id, atMs, envelope }) => {
    const { firmware } = envelope.data as GatewayOnline['data'];
    return [toGateway(id, { type: 'gateway.onlineReported', atMs, bootId: envelope.bootId, firmware })];
  },
  'station:evt:gateway.offline': ({ id, atMs, envelope }) => {
    const { reason } = envelope.data as GatewayOffline['data'];
    return [toGateway(id, { type: 'gateway.offlineReported', atMs, reason })];
  },
  'station:evt:gateway.backfill_begin': ({ id, atMs }) => [toGateway(id, { type: 'gateway.backfillBegun', atMs })],
  'station:evt:gateway.backfill_end': ({ id, atMs }) => [toGateway(id, { type: 'gateway.backfillEnded', atMs })],
  'station:evt:gateway.inventory': ({ id, atMs, timeBelieved, envelope }) => {
    const { slots } = envelope.data as GatewayInventory['data'];
    return [toStation(id, { type: 'station.inventoryReported', atMs, slots, saidAt: envelope.tsEvent, timeBelieved })];
  },
  'station:evt:gateway.fault_raised': ({ id, atMs, envelope }) => [
    toStation(id, { type: 'station.faultRaised', atMs, fault: envelope.data as GatewayFaultData }),
  ],
  'station:evt:gateway.fault_cleared': ({ id, atMs, envelope }) => [
    toStation(id, { type: 'station.faultCleared', atMs, fault: envelope.data as GatewayFaultData }),
  ],
  'station:res': commandResult,
  'truck:res': commandResult,
};

/** @returns nothing for telemetry */
export function routeMessage(key: string, subject: EnvelopedSubject, envelope: Envelope<unknown>, atMs: number): Routed[] {
  const route = MESSAGE_ROUTES[key];
  return route === undefined
    ? []
    : route({ id: subject.id, atMs: eventTimeMs(envelope, atMs), timeBelieved: isPossibleTime(envelope, atMs), envelope });
}

/** What is said without a wire, now. Its time is put into words only for who asks: that takes as long as a route. */
class SaidNow implements Said {
  readonly data: unknown;
  readonly bootId = 1;
  readonly backfill = false;
  readonly #atMs: number;

  constructor(data: unknown, atMs: number) {
    this.data = data;
    this.#atMs = atMs;
  }

  get tsEvent(): string {
    return new Date(this.#atMs).toISOString();
  }
}

export function routeReport({ key, id, data, atMs }: { key: string; id: string; data: unknown; atMs: number }): Routed[] {
  const route = MESSAGE_ROUTES[key];
  assert(route !== undefined, `nobody takes ${key}`);
  return route({ id, atMs, timeBelieved: true, envelope: new SaidNow(data, atMs) });
}

/** Every field that some swap event has; those it lacks are null, so that the machine has one event for all. */
type AnySwapData = SwapCommon & Partial<SwapBatteryData & SwapFailureData & SwapIdentifiedData>;

function swapReported(event: SwapEventName, { id, atMs, envelope }: Message): Routed[] {
  const data = envelope.data as AnySwapData;
  const initiation = data.initiation ?? (data.requestId % 2 === 1 ? 'LOCAL' : 'REMOTE');
  const input: SwapInput = {
    stationId: id,
    requestId: data.requestId,
    bayId: data.bayId,
    truckId: null,
    orderId: null,
    initiation,
    atMs,
  };
  const first: EventOf['swap'] = {
    type: 'swap.reported',
    atMs,
    event,
    bayId: data.bayId,
    truckId: data.truckId,
    plate: data.plate,
    idToken: data.idToken,
    step: data.step,
    orderId: data.orderId,
    batteryData: data.batteryData ?? [],
    reasonCode: data.reasonCode ?? null,
    interlock: data.interlock ?? null,
    recoverable: data.recoverable ?? false,
    initiation: data.initiation ?? null,
    rfid: data.rfid ?? null,
    vin: data.vin ?? null,
    packSerialNumber: data.packSerialNumber ?? null,
    packSocPercent: data.packSocPercent ?? null,
    odometerM: data.odometerM ?? null,
    backfill: envelope.backfill,
  };
  return [new Create('swap', swapIdOf(id, data.requestId), { input, first })];
}

function chargeReported(event: 'started' | 'updated' | 'ended', { id, atMs, envelope }: Message): Routed[] {
  const charge = envelope.data as ChargeEventData;
  return [tell('slot', slotIdOf(id, charge.evseId), { type: 'slot.chargeReported', atMs, event, charge })];
}

function truckReported(event: (typeof TRUCK_EVENTS)[number], { id, atMs, envelope }: Message): Routed[] {
  const report = envelope.data as TruckEventData;
  const told = tell('truck', id, { type: 'truck.reported', atMs, event, report });
  if (event !== 'online') return [told];
  return [toGateway(id, { type: 'gateway.onlineReported', atMs, bootId: envelope.bootId, firmware: 'T-box' }), told];
}

function commandResult({ atMs, envelope }: Message): Routed[] {
  const { commandId, result, statusInfo } = envelope.data as CommandResult['data'];
  const orderId = isNews(commandId, result) ? orderOfCommand(commandId) : null;
  if (orderId === null) return [];
  const reasonCode = statusInfo?.reasonCode ?? null;
  return [tell('order', orderId, { type: 'order.commandAnswered', atMs, commandId, result, reasonCode })];
}
