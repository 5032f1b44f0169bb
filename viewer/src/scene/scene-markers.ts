import type { Color } from 'three';
import { stationIdOfPart } from '../store/bays.ts';
import type { Records } from '../store/scene-store.ts';
import type { Selected } from '../store/selection.ts';
import type { DrawnTruck } from './drawn-truck.ts';
import type { Marker, MarkerLayer } from './marker-layer.ts';
import type { StationFrame } from './station-frames.ts';
import { bayPosition, slotPosition } from './station-plan.ts';
import type { TruckLayer } from './truck-layer.ts';

export interface MarkedScene {
  trucks: TruckLayer;
  frames: ReadonlyMap<string, StationFrame>;
  records: Records;
}
export interface MarkerColours {
  accent: Color;
  wait: Color;
  alarm: Color;
}

const TRUCK_RADIUS_M = 17;
const STATION_RADIUS_M = 42;
const BAY_RADIUS_M = 13;
const SLOT_RADIUS_M = 3.6;

const marker: Marker = { xKm: 0, altKm: 0, zKm: 0, yawRad: 0, offsetXM: 0, offsetZM: 0, radiusM: 1 };

/** Rings of this frame: states first, then what is hovered and selected. */
export function drawMarkers(
  layer: MarkerLayer,
  scene: MarkedScene,
  alarmedStations: Iterable<string>,
  chosen: { selected: Selected | null; hovered: Selected | null },
  colours: MarkerColours,
): void {
  layer.begin();
  for (const truck of scene.trucks.marked) {
    if (truck.condition === 'alarm') layer.add(aroundTruck(truck), colours.alarm, 1, true);
    else layer.add(aroundTruck(truck), colours.wait, 0.75);
  }
  for (const id of alarmedStations) {
    const frame = scene.frames.get(id);
    if (frame !== undefined) layer.add(aroundStation(frame), colours.alarm, 1, true);
  }
  if (chosen.hovered !== null) mark(layer, scene, chosen.hovered, colours.accent, 0.5);
  if (chosen.selected !== null) mark(layer, scene, chosen.selected, colours.accent, 1);
  layer.end();
}

function mark(layer: MarkerLayer, scene: MarkedScene, { kind, id }: Selected, colour: Color, strength: number): void {
  if (kind === 'truck') {
    const truck = scene.trucks.get(id);
    if (truck?.visible === true) layer.add(aroundTruck(truck), colour, strength);
  } else if (kind === 'station') {
    const frame = scene.frames.get(id);
    if (frame !== undefined) layer.add(aroundStation(frame), colour, strength);
  } else if (kind === 'bay') {
    const frame = scene.frames.get(stationIdOfPart(id));
    if (frame?.bayIds.includes(id) === true) layer.add(aroundBay(frame, id), colour, strength);
  } else if (kind === 'slot') {
    const slot = scene.records.slots.get(id);
    const frame = slot === undefined ? undefined : scene.frames.get(slot.stationId);
    if (slot !== undefined && frame !== undefined) layer.add(aroundSlot(frame, slot.evseId), colour, strength);
  } else if (kind === 'pack') {
    const pack = scene.records.packs.get(id);
    if (pack?.location.kind === 'SLOT') mark(layer, scene, { kind: 'slot', id: pack.location.id }, colour, strength);
    else if (pack?.location.kind === 'TRUCK') mark(layer, scene, { kind: 'truck', id: pack.location.id }, colour, strength);
    else if (pack?.location.kind === 'TRANSFER') mark(layer, scene, { kind: 'bay', id: pack.location.id }, colour, strength);
  }
}

function aroundTruck(truck: DrawnTruck): Marker {
  return fill(truck, truck.offset.xM, truck.offset.zM, TRUCK_RADIUS_M);
}

function aroundStation(frame: StationFrame): Marker {
  return fill(frame, 0, 31, STATION_RADIUS_M);
}

function aroundBay(frame: StationFrame, id: string): Marker {
  const { xM, zM } = bayPosition(frame, id);
  return fill(frame, xM, zM, BAY_RADIUS_M);
}

function aroundSlot(frame: StationFrame, evseId: number): Marker {
  const { xM, zM } = slotPosition(evseId, frame.slots);
  return fill(frame, xM, zM, SLOT_RADIUS_M);
}

/** One object for all markers of a frame: the layer copies it at once. */
function fill(
  at: { xKm: number; altKm: number; zKm: number; yawRad: number },
  offsetXM: number,
  offsetZM: number,
  radiusM: number,
): Marker {
  marker.xKm = at.xKm;
  marker.altKm = at.altKm;
  marker.zKm = at.zKm;
  marker.yawRad = at.yawRad;
  marker.offsetXM = offsetXM;
  marker.offsetZM = offsetZM;
  marker.radiusM = radiusM;
  return marker;
}
