import type { TSchema } from 'typebox';
import { CommandResult } from './cmd/command.ts';
import { CHARGE_EVENTS, chargeEventSchema } from './evt/charge.ts';
import {
  GatewayBackfillBegin,
  GatewayBackfillEnd,
  GatewayFaultCleared,
  GatewayFaultRaised,
  GatewayInventory,
  GatewayOffline,
  GatewayOnline,
} from './evt/gateway.ts';
import { SWAP_EVENT_NAMES, swapEventSchema } from './evt/swap.ts';
import { TRUCK_EVENTS, truckEventSchema } from './evt/truck.ts';
import type { ParsedSubject } from './subject.ts';
import { BayTelemetry } from './tele/bay.ts';
import { MeterTelemetry, PvTelemetry } from './tele/meter.ts';
import { PacksTelemetry, TruckPackTelemetry } from './tele/packs.ts';
import { SlotsTelemetry } from './tele/slots.ts';
import { StationTelemetry } from './tele/station.ts';
import { TruckTelemetry } from './tele/truck.ts';

/** Every enveloped message: `<source>:<lane>:<name>` -> schema. What the decoders, AsyncAPI and the tests walk over. */
export const CATALOG: Readonly<Record<string, TSchema>> = {
  'station:tele:station': StationTelemetry,
  'station:tele:slots': SlotsTelemetry,
  'station:tele:packs': PacksTelemetry,
  'station:tele:bay': BayTelemetry,
  'station:tele:meter': MeterTelemetry,
  'station:tele:pv': PvTelemetry,
  'truck:tele:truck': TruckTelemetry,
  'truck:tele:pack': TruckPackTelemetry,
  ...Object.fromEntries(SWAP_EVENT_NAMES.map((event) => [`station:evt:swap.${event}`, swapEventSchema(event)])),
  ...Object.fromEntries(CHARGE_EVENTS.map((event) => [`station:evt:charge.${event}`, chargeEventSchema(event)])),
  'station:evt:gateway.online': GatewayOnline,
  'station:evt:gateway.offline': GatewayOffline,
  'station:evt:gateway.backfill_begin': GatewayBackfillBegin,
  'station:evt:gateway.backfill_end': GatewayBackfillEnd,
  'station:evt:gateway.inventory': GatewayInventory,
  'station:evt:gateway.fault_raised': GatewayFaultRaised,
  'station:evt:gateway.fault_cleared': GatewayFaultCleared,
  ...Object.fromEntries(TRUCK_EVENTS.map((event) => [`truck:evt:${event}`, truckEventSchema(event)])),
  'station:res': CommandResult,
  'truck:res': CommandResult,
};

/** Key of {@link CATALOG} for a subject; null for lanes that carry no envelope (`cmd`, `ack`). */
export function catalogKey(parsed: ParsedSubject): string | null {
  switch (parsed.lane) {
    case 'tele':
      return `${parsed.source}:tele:${parsed.kind}`;
    case 'evt':
      return parsed.source === 'truck' ? `truck:evt:${parsed.event}` : `station:evt:${parsed.topic}.${parsed.event}`;
    case 'res':
      return `${parsed.source}:res`;
    case 'cmd':
    case 'ack':
      return null;
  }
}
