import { stationIdOfPart } from '../store/bays.ts';
import type { Records } from '../store/scene-store.ts';
import { SELECTABLE, type Selected } from '../store/selection.ts';
import type { PlacedAt } from './placed.ts';
import type { StationFrame } from './station-frames.ts';
import { bayPosition, STATION_PLAN, slotPosition } from './station-plan.ts';
import type { TruckLayer } from './truck-layer.ts';

export interface ScenePlaces {
  trucks: TruckLayer;
  frames: ReadonlyMap<string, StationFrame>;
  records: Records;
}

/** The frame and the offset in it where something stands, and from how far one looks at it at least. */
export interface Place {
  at: PlacedAt;
  xM: number;
  zM: number;
  lookKm: number;
  /** What must be seen of it from side to side. */
  widthKm: number;
}

/** Distances from which one looks at a truck, a whole station, a bay with the rack behind it, and a slot. */
const LOOK_KM = { truck: 0.24, station: 0.26, bay: 0.15, slot: 0.11 } as const;
const WIDTH_KM = { truck: 0.03, station: 0.095, bay: 0.04, slot: 0.02 } as const;

/** Where an object stands; what has no body (order, alarm) stands where it happens. @returns null when nowhere in the scene */
export function placeOf(places: ScenePlaces, { kind, id }: Selected): Place | null {
  const { records, frames } = places;
  switch (kind) {
    case 'truck': {
      const truck = places.trucks.get(id);
      return truck?.visible === true
        ? { at: truck, xM: truck.offset.xM, zM: truck.offset.zM, lookKm: LOOK_KM.truck, widthKm: WIDTH_KM.truck }
        : null;
    }
    case 'station': {
      const frame = frames.get(id);
      return frame === undefined
        ? null
        : { at: frame, xM: 0, zM: STATION_PLAN.rackZ - 4, lookKm: LOOK_KM.station, widthKm: WIDTH_KM.station };
    }
    case 'slot': {
      const slot = records.slots.get(id);
      const frame = slot === undefined ? undefined : frames.get(slot.stationId);
      if (slot === undefined || frame === undefined) return null;
      return { at: frame, ...slotPosition(slot.evseId, frame.slots), lookKm: LOOK_KM.slot, widthKm: WIDTH_KM.slot };
    }
    case 'bay': {
      const frame = frames.get(stationIdOfPart(id));
      if (frame?.bayIds.includes(id) !== true) return null;
      const { xM, zM } = bayPosition(frame, id);
      return { at: frame, xM, zM: (zM + STATION_PLAN.rackZ) / 2, lookKm: LOOK_KM.bay, widthKm: WIDTH_KM.bay };
    }
    case 'pack':
      return placeOfPack(places, id);
    case 'order': {
      const order = records.orders.get(id);
      return order === undefined ? null : placeOf(places, { kind: 'station', id: order.stationId });
    }
    case 'alarm':
      return placeOfAlarm(places, id);
    case 'actor': {
      const of = id.slice(id.indexOf(':') + 1);
      return placeOf(places, { kind: 'truck', id: of }) ?? placeOfPart(places, of);
    }
  }
}

function placeOfPack(places: ScenePlaces, id: string): Place | null {
  const location = places.records.packs.get(id)?.location;
  if (location === undefined) return null;
  if (location.kind === 'SLOT') return placeOf(places, { kind: 'slot', id: location.id });
  if (location.kind === 'TRUCK') return placeOf(places, { kind: 'truck', id: location.id });
  return placeOf(places, { kind: 'bay', id: location.id }) ?? placeOfPart(places, location.id);
}

function placeOfAlarm(places: ScenePlaces, id: string): Place | null {
  const alarm = places.records.alarms.get(id);
  if (alarm === undefined) return null;
  const kind = SELECTABLE.find((known) => known === alarm.scope);
  if (kind !== undefined && kind !== 'alarm' && kind !== 'actor') return placeOf(places, { kind, id: alarm.scopeId });
  // A gateway has the id of its station or truck.
  return placeOf(places, { kind: 'truck', id: alarm.scopeId }) ?? placeOfPart(places, alarm.scopeId);
}

/** Of a swap or a gateway: its station. */
function placeOfPart(places: ScenePlaces, id: string): Place | null {
  return placeOf(places, { kind: 'station', id }) ?? placeOf(places, { kind: 'station', id: stationIdOfPart(id) });
}
