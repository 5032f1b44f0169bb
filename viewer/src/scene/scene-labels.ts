import type { BayView } from '@corridor/protocols/http/bay-view';
import type { SlotView, StationView } from '@corridor/protocols/http/scene';
import { bayCondition, type Condition, stationCondition } from '../store/condition.ts';
import type { Records } from '../store/scene-store.ts';
import type { Selected } from '../store/selection.ts';
import type { DrawnTruck } from './drawn-truck.ts';
import type { LabelSpec } from './label-layer.ts';
import type { LabelSpot } from './label-placement.ts';
import type { Offset } from './placed.ts';
import type { PlacedSite } from './placed-sites.ts';
import type { StationFrame } from './station-frames.ts';
import { bayPosition, STATION_PLAN, slotPosition } from './station-plan.ts';
import type { TruckLayer } from './truck-layer.ts';

/** What the labels need to know of language and formats. */
export interface LabelWords {
  chinese: boolean;
  ready: (packs: string) => string;
  percent: (value: number | null) => string;
  count: (value: number | null) => string;
  /** Stock, queue, grid and sun of a station that is looked at from near; what is unknown is left out. */
  station: (station: StationView) => string;
  /** What a bay does; empty where that is not known, or not for who looks. */
  bay: (bay: BayView) => string;
  /** Power that charges a pack. */
  power: (powerW: number) => string;
}

export interface LabelInput {
  records: Records;
  slotsAt: (stationId: string) => readonly SlotView[];
  /** Towns that no station is named after. */
  sites: readonly PlacedSite[];
  frames: ReadonlyMap<string, StationFrame>;
  trucks: TruckLayer;
  selected: Selected | null;
  hovered: Selected | null;
  focusKm: number;
  /** What is looked at. */
  focus: { x: number; z: number };
  words: LabelWords;
  /** While stations are coloured by a quantity: where its column ends, and what it is in words. */
  heat: { topOf: (stationId: string) => Offset | null; textOf: (station: StationView) => string } | null;
  /** Station whose slots are near enough to be read. */
  nearStationId: string | null;
  /** Times along the track of the selected truck. */
  trackLabels: readonly LabelSpec[];
}

const STATION_LABEL = { xM: 0, yM: 12, zM: 30 } as const;
const ON_GROUND = { xM: 0, yM: 0, zM: 0 } as const;
const TRUCK_LABELS_BELOW_KM = 26;
/** From nearer than this all stations around are named. */
const STATIONS_ALL_KM = 30;
/** From nearer than this one reads more of a station than its stock. */
const STATION_READ_KM = 1.2;
/** From nearer than this the power of each charger. */
const CHARGER_READ_KM = 0.16;

const above = (liftPx: number): LabelSpot => ({ widths: 0, xPx: 0, heights: -0.5, yPx: -liftPx });
/** A whole station seen from afar covers about this on the screen. */
const STATION_BODY = { halfWidthPx: 30, halfHeightPx: 18 } as const;
/** Over its column; of two at one place, one has its label over its foot. */
const STATION_TOP = [above(2), { widths: 0.5, xPx: 10, heights: 0.5, yPx: 4 }, { widths: -0.5, xPx: -10, heights: 0.5, yPx: 4 }];
const STATION_NEAR = [above(26)];
const STATION_MIDDLE = [above(18)];
const STATION_FAR = [above(18), { widths: 0, xPx: 0, heights: 0.5, yPx: 26 }];
const TRUCK_NEAR = [above(30)];
const TRUCK_FAR = [above(12)];
const SLOT = [above(4)];
/** Where the truck or a slot is named above its crane already, beside it. */
const BAY: readonly LabelSpot[] = [above(4), { widths: 0.5, xPx: 10, heights: 0, yPx: 0 }, { widths: -0.5, xPx: -10, heights: 0, yPx: 0 }];
/** Beside the road, which runs through what they name. */
const BESIDE_ROAD: readonly LabelSpot[] = [
  { widths: 0.5, xPx: 14, heights: -0.5, yPx: -2 },
  { widths: -0.5, xPx: -14, heights: 0.5, yPx: 2 },
  { widths: 0.5, xPx: 18, heights: 0.5, yPx: 0 },
  { widths: -0.5, xPx: -18, heights: -0.5, yPx: 0 },
];

/** Which labels there are now. Their thinning-out is the layer's work. */
export function labelSpecs(input: LabelInput): LabelSpec[] {
  return [
    ...stationLabels(input),
    ...placeLabelsOf(input),
    ...truckLabels(input),
    ...bayLabels(input),
    ...slotLabels(input),
    ...input.trackLabels,
  ];
}

/** Extra weight of what is selected or hovered. */
function emphasis({ selected, hovered }: LabelInput, kind: Selected['kind'], id: string): number {
  if (selected?.kind === kind && selected.id === id) return 8;
  return hovered?.kind === kind && hovered.id === id ? 6 : 0;
}

/** In distances from the camera: what is further from what is looked at is out of the picture, or in the fog. */
const REACH = 1.6;
/** More stations than this are named in part: of hundreds only some would find room, and each is weighed. */
const STATION_LABELS_MAX = 80;

/** Whether a station is one of those that may be named: every so manieth along the road, and all that somebody points at or has to look at. */
function mayBeNamed(input: LabelInput, { id }: StationView, condition: Condition, at: number): boolean {
  const step = Math.ceil(input.frames.size / STATION_LABELS_MAX);
  const isNear = input.focusKm < STATIONS_ALL_KM;
  if (step <= 1 || condition === 'alarm' || emphasis(input, 'station', id) > 0) return true;
  if (!isNear) return at % step === 0;
  const frame = input.frames.get(id);
  return frame !== undefined && Math.hypot(frame.xKm - input.focus.x, frame.zKm - input.focus.z) < input.focusKm * REACH;
}

function* stationLabels(input: LabelInput): Generator<LabelSpec> {
  const { records, frames, focusKm, heat } = input;
  let at = 0;
  for (const station of records.stations.values()) {
    const frame = frames.get(station.id);
    const condition = stationCondition(station);
    if (frame === undefined || !mayBeNamed(input, station, condition, at++)) continue;
    const top = heat?.topOf(station.id) ?? null;
    yield {
      key: `station:${station.id}`,
      at: frame,
      offset: top ?? STATION_LABEL,
      kind: 'station',
      selects: { kind: 'station', id: station.id },
      text: `${station.id} ${input.words.chinese ? station.nameZh : station.name}`,
      detail: stationDetail(input, station),
      dot: condition,
      priority: 4 + emphasis(input, 'station', station.id),
      spots: top !== null ? STATION_TOP : focusKm < 0.5 ? STATION_NEAR : focusKm > 20 ? STATION_FAR : STATION_MIDDLE,
      body: focusKm > 20 ? STATION_BODY : null,
    };
  }
}

function stationDetail({ words, focusKm, heat }: LabelInput, station: StationView): string {
  if (heat !== null) return heat.textOf(station);
  return focusKm < STATION_READ_KM ? words.station(station) : words.ready(words.count(station.readyPacks));
}

function* placeLabelsOf({ sites, words }: LabelInput): Generator<LabelSpec> {
  for (const { site, at } of sites) {
    yield {
      key: `place:${site.id}`,
      at,
      offset: ON_GROUND,
      kind: 'place',
      selects: null,
      text: words.chinese ? site.nameZh : site.name.replace(/\s*\(.*\)$/, ''),
      detail: '',
      dot: '',
      priority: 1,
      spots: BESIDE_ROAD,
      body: null,
    };
  }
}

/** So many can be read at once. */
const TRUCK_LABELS_MAX = 60;

/** From near the trucks around what is looked at; from afar the selected one and those that need a person. */
function* truckLabels(input: LabelInput): Generator<LabelSpec> {
  const { trucks, focusKm, focus, selected, hovered } = input;
  const named = new Set<DrawnTruck>();
  for (const truck of trucks.marked) if (truck.condition === 'alarm') named.add(truck);
  for (const chosen of [selected, hovered]) {
    const truck = chosen?.kind === 'truck' ? trucks.get(chosen.id) : undefined;
    if (truck?.visible === true) named.add(truck);
  }
  for (const truck of named) yield truckLabel(input, truck);
  if (focusKm > TRUCK_LABELS_BELOW_KM) return;
  const around: { drawn: DrawnTruck; km: number }[] = [];
  for (const drawn of trucks.around({ xKm: focus.x, zKm: focus.z, reachKm: focusKm * REACH })) {
    if (!named.has(drawn)) around.push({ drawn, km: Math.max(Math.abs(drawn.xKm - focus.x), Math.abs(drawn.zKm - focus.z)) });
  }
  if (around.length > TRUCK_LABELS_MAX) around.sort((a, b) => a.km - b.km).length = TRUCK_LABELS_MAX;
  for (const { drawn } of around) yield truckLabel(input, drawn);
}

function truckLabel(input: LabelInput, drawn: DrawnTruck): LabelSpec {
  const { words, focusKm } = input;
  const { id, view, condition } = drawn;
  return {
    key: `truck:${id}`,
    at: drawn,
    offset: drawn.offset,
    kind: 'truck',
    selects: { kind: 'truck', id },
    text: view.plate ?? id,
    detail: words.percent(view.socPercent),
    dot: condition === 'normal' ? '' : condition,
    priority: 2 + emphasis(input, 'truck', id) + (condition === 'alarm' ? 1 : 0),
    spots: focusKm < 1 ? TRUCK_NEAR : TRUCK_FAR,
    body: null,
  };
}

function slotDetail({ words, focusKm }: LabelInput, { packId, socPercent, powerW }: SlotView): string {
  if (packId === null) return '';
  const isCharging = powerW !== null && powerW > 0;
  return isCharging && focusKm < CHARGER_READ_KM ? `${words.percent(socPercent)} ${words.power(powerW)}` : words.percent(socPercent);
}

/** Over the front leg of the crane, so that the truck below it keeps its own. */
function* bayLabels(input: LabelInput): Generator<LabelSpec> {
  const { records, frames, nearStationId, words } = input;
  const frame = nearStationId === null ? undefined : frames.get(nearStationId);
  if (frame === undefined) return;
  for (const bay of records.stations.get(frame.id)?.bays ?? []) {
    const condition = bayCondition(bay);
    yield {
      key: `bay:${bay.id}`,
      at: frame,
      offset: { xM: bayPosition(frame, bay.id).xM, yM: STATION_PLAN.bridgeY, zM: STATION_PLAN.railsZ[0] },
      kind: 'bay',
      selects: { kind: 'bay', id: bay.id },
      text: bay.id.slice(frame.id.length + 1),
      detail: words.bay(bay),
      dot: condition === 'normal' ? '' : condition,
      priority: 3.5 + emphasis(input, 'bay', bay.id),
      spots: BAY,
      body: null,
    };
  }
}

function* slotLabels(input: LabelInput): Generator<LabelSpec> {
  const { slotsAt, frames, nearStationId } = input;
  const frame = nearStationId === null ? undefined : frames.get(nearStationId);
  if (frame === undefined) return;
  for (const slot of slotsAt(frame.id)) {
    const { xM, zM } = slotPosition(slot.evseId, frame.slots);
    yield {
      key: `slot:${slot.id}`,
      at: frame,
      offset: { xM, yM: 4.4, zM },
      kind: 'slot',
      selects: { kind: 'slot', id: slot.id },
      text: String(slot.evseId),
      detail: slotDetail(input, slot),
      dot: '',
      priority: 3 + emphasis(input, 'slot', slot.id),
      spots: SLOT,
      body: null,
    };
  }
}
