import type { TruckView } from '@corridor/protocols/http/scene';
import { Group } from 'three';
import { truckCondition } from '../store/condition.ts';
import type { Records, SceneChange } from '../store/scene-store.ts';
import { DrawnTruck, LANE_M } from './drawn-truck.ts';
import type { NearScreenPoint } from './near-screen-point.ts';
import type { Projection } from './projection.ts';
import type { RoadLine } from './road-line.ts';
import type { StationFrame } from './station-frames.ts';
import type { SymbolMaterials } from './symbol-batch.ts';
import { TruckLegs } from './truck-legs.ts';
import { TruckLooks } from './truck-looks.ts';
import {
  chainageAt,
  createTrack,
  DrawDelay,
  lastReport,
  staleAfterMs,
  type TruckReport,
  type TruckTrack,
  takeReport,
} from './truck-motion.ts';
import { assignStands, isParked } from './truck-stands.ts';

const STAND_EASE_S = 0.6;
/** A report that says otherwise than was drawn is believed this slowly. */
const SLIP_EASE_S = 0.5;
const SLIP_M_MAX = 800;
/** Nobody sees less than this of a slip, or of the way to a stand. */
const SLIP_M_MIN = 0.02;
const STANDING_MIN = 0.0005;
const STANDS_INTERVAL_S = 0.4;
/** Whether reports are old is asked of so many trucks a frame: they grow old in minutes. */
const AGED_PER_FRAME = 512;
const PLAIN_BEYOND_KM = 40;
const PLAIN_ABOVE_TRUCKS = 1_000;
const SPEED_OF_MOVING_MPS = 3;
/** From the middle of a truck to the furthest part of it, and more. */
const REACH_M = 20;

/** All trucks in three draw calls; rows are dense, the last row moves into a removed one's place. */
export class TruckLayer {
  readonly group = new Group();
  readonly delay = new DrawDelay();
  /** Those that wait or that need a person. */
  readonly marked = new Set<DrawnTruck>();
  private readonly looks: TruckLooks;
  private readonly legs: TruckLegs;
  private readonly trucks = new Map<string, DrawnTruck>();
  private readonly rows: DrawnTruck[] = [];
  private readonly parked = new Set<DrawnTruck>();
  /** What changed since stands were given out last; null when nothing did. */
  private standsDueFor: { records: Records; frames: ReadonlyMap<string, StationFrame> } | null = null;
  private sinceStandsS = STANDS_INTERVAL_S;
  /** Scope time of the last frame. */
  private lastSceneMs = Number.NaN;
  private nextAgedRow = 0;
  private readonly nearRows: number[] = [];
  private quiet = false;
  private readonly road: RoadLine;
  private readonly projection: Projection;

  /** @param drawnS uniform: told which instant is drawn */
  constructor(materials: SymbolMaterials, road: RoadLine, projection: Projection, drawnS: { value: number }) {
    this.road = road;
    this.projection = projection;
    this.looks = new TruckLooks(materials);
    this.legs = new TruckLegs(this.looks.places, road, drawnS);
    this.group.add(...this.looks.meshes);
  }

  /** Trucks in row order; the array is the layer's own. */
  get drawn(): readonly DrawnTruck[] {
    return this.rows;
  }

  get(id: string): DrawnTruck | undefined {
    return this.trucks.get(id);
  }

  /** Those within a square of the plane. */
  *around(square: { xKm: number; zKm: number; reachKm: number }): Generator<DrawnTruck> {
    this.legs.writeAround(this.nearRows, this.rows.length, square);
    for (const row of this.nearRows) {
      const truck = this.rows[row];
      if (truck?.visible === true) yield truck;
    }
  }

  /** Those that may be drawn near a point of the picture. */
  *near(point: NearScreenPoint): Generator<DrawnTruck> {
    this.legs.writeNear(this.nearRows, this.rows.length, point, REACH_M + LANE_M);
    for (const row of this.nearRows) {
      const truck = this.rows[row];
      if (truck?.visible === true && truck.stand === null) yield truck;
    }
    // The last of a long queue stands far from the frame that it stands in.
    for (const truck of this.parked) {
      const { stand, visible, xKm, altKm, zKm, offset } = truck;
      const reachM = REACH_M + Math.abs(offset.xM) + Math.abs(offset.zM);
      if (stand !== null && visible && point.mayShow(xKm, altKm, zKm, reachM)) yield truck;
    }
  }

  /** @param sceneNowMs scope time now, to learn how old reports are when the next one comes */
  update(change: SceneChange, records: Records, frames: ReadonlyMap<string, StationFrame>, sceneNowMs: number): void {
    for (const id of change.removed.trucks) this.remove(id);
    for (const id of change.upserted.trucks) {
      const view = records.trucks.get(id);
      if (view !== undefined) this.take(view, sceneNowMs);
    }
    if (change.upserted.trucks.length > 0 || change.upserted.stations.length > 0 || change.removed.trucks.length > 0) {
      this.standsDueFor = { records, frames };
    }
  }

  /** Draws `sceneNowMs`: only trucks whose way bends now, or that glide, cost anything. */
  advance(sceneNowMs: number, elapsedS: number, atOnce: boolean): void {
    this.sinceStandsS += elapsedS;
    if (this.standsDueFor !== null && (atOnce || this.sinceStandsS >= STANDS_INTERVAL_S)) {
      const { records, frames } = this.standsDueFor;
      for (const truck of assignStands(this.parked, records, frames, this.road)) this.legs.end(truck.row);
      this.standsDueFor = null;
      this.sinceStandsS = 0;
    }
    if (Number.isFinite(this.lastSceneMs)) this.delay.advance(sceneNowMs - this.lastSceneMs);
    this.lastSceneMs = sceneNowMs;
    this.legs.goTo(sceneNowMs - this.delay.delayMs);
    const ease = atOnce ? 1 : 1 - Math.exp(-elapsedS / STAND_EASE_S);
    const slipLeft = atOnce ? 0 : Math.exp(-elapsedS / SLIP_EASE_S);
    const count = this.rows.length;
    for (let row = this.legs.nextEnded(0, count); row < count; row = this.legs.nextEnded(row + 1, count)) {
      this.move(this.rows[row] as DrawnTruck, ease, slipLeft);
    }
    this.age(sceneNowMs);
    this.looks.flush();
  }

  /** From afar a truck is its cab and trailer: of so many, what is smaller than a pixel is left out. */
  setDetail(focusKm: number): void {
    this.looks.setPlain(focusKm > PLAIN_BEYOND_KM && this.rows.length > PLAIN_ABOVE_TRUCKS);
  }

  /** While the scene's colours are those of another quantity, trucks are grey. */
  setQuiet(quiet: boolean): void {
    if (this.quiet === quiet) return;
    this.quiet = quiet;
    this.repaint();
  }

  repaint(): void {
    for (const truck of this.rows) this.looks.colour(truck, this.quiet);
    this.looks.flush();
  }

  dispose(): void {
    this.looks.dispose();
    this.group.removeFromParent();
  }

  private take(view: TruckView, sceneNowMs: number): void {
    const truck = this.trucks.get(view.id) ?? this.add(view);
    truck.view = view;
    truck.condition = truckCondition(view);
    if (view.direction !== null && truck.westbound !== (view.direction === 'WEST')) {
      truck.westbound = !truck.westbound;
      this.legs.end(truck.row);
    }
    const chainageM = this.chainageOf(view);
    const atMs = view.reportedAt === null ? Number.NaN : Date.parse(view.reportedAt);
    if (chainageM !== null && Number.isFinite(atMs)) {
      const speedMps = ((view.speedKmh ?? 0) / 3.6) * (truck.westbound ? 1 : -1);
      const report = { atMs, chainageM, speedMps };
      if (truck.track !== null) this.takeNext(truck, truck.track, report, sceneNowMs);
      else {
        truck.track = createTrack(report);
        this.legs.end(truck.row);
      }
    }
    if (truck.track !== null) truck.staleAfterMs = staleAfterMs(truck.track);
    truck.visible = truck.track !== null;
    this.sort(truck);
    this.looks.colour(truck, this.quiet);
  }

  /** Into the sets of those that are looked at more often than all. */
  private sort(truck: DrawnTruck): void {
    if (truck.visible && (truck.condition === 'alarm' || truck.condition === 'wait')) this.marked.add(truck);
    else this.marked.delete(truck);
    if (isParked(truck)) this.parked.add(truck);
    else {
      this.parked.delete(truck);
      if (truck.stand !== null) this.legs.end(truck.row);
      truck.stand = null;
    }
  }

  private takeNext(truck: DrawnTruck, track: TruckTrack, report: TruckReport, sceneNowMs: number): void {
    const { drawnMs } = this.legs;
    const beforeMs = lastReport(track).atMs;
    if (report.atMs > beforeMs && Math.abs(report.speedMps) > SPEED_OF_MOVING_MPS) this.delay.observe(sceneNowMs - beforeMs);
    const drawnM = chainageAt(track, drawnMs);
    const snap = takeReport(track, report);
    if (snap) truck.standing = truck.stand === null ? 0 : 1;
    const slipM = truck.slipM + drawnM - chainageAt(track, drawnMs);
    // NaN before the first frame; far off while nothing is drawn, as in a hidden tab: nobody sees it jump then.
    truck.slipM = !snap && Math.abs(slipM) < SLIP_M_MAX ? slipM : 0;
    // What lies between older reports is as it was.
    if (snap) this.legs.end(truck.row);
    else this.legs.endAfter(truck.row, beforeMs);
  }

  /** A truck without chainage but with a position is put on the road where it is nearest. */
  private chainageOf(view: TruckView): number | null {
    if (view.chainageM !== null) return view.chainageM;
    if (view.lat === null || view.lon === null) return null;
    return this.road.nearestChainageM(this.projection.xOf(view.lon), this.projection.zOf(view.lat));
  }

  /** Its leg is over: on along the road, or nearer to where it glides. */
  private move(truck: DrawnTruck, ease: number, slipLeft: number): void {
    const { row, track, stand, offset } = truck;
    if (track === null) return;
    truck.standing = stand === null ? 0 : settled(truck.standing + (1 - truck.standing) * ease, 1, STANDING_MIN);
    truck.slipM = truck.standing === 1 ? 0 : settled(truck.slipM * slipLeft, 0, SLIP_M_MIN);
    if (truck.standing === 0 && truck.slipM === 0) this.legs.drive(row, track, truck.westbound);
    else this.legs.glide(truck, track);
    offset.xM = stand === null ? 0 : stand.offsetXM * truck.standing;
    offset.zM = stand === null ? LANE_M : LANE_M + (stand.offsetZM - LANE_M) * truck.standing;
    this.looks.setOffset(row, offset.xM, offset.zM);
  }

  private age(sceneNowMs: number): void {
    const asked = Math.min(AGED_PER_FRAME, this.rows.length);
    for (let i = 0; i < asked; i++) {
      const truck = this.rows[this.nextAgedRow++ % this.rows.length] as DrawnTruck;
      const stale = sceneNowMs > truck.staleAfterMs;
      if (stale === truck.stale) continue;
      truck.stale = stale;
      this.looks.colour(truck, this.quiet);
    }
    this.nextAgedRow %= Math.max(this.rows.length, 1);
  }

  private add(view: TruckView): DrawnTruck {
    const truck = new DrawnTruck(view, this.rows.length, this.legs);
    this.rows.push(truck);
    this.trucks.set(view.id, truck);
    this.legs.end(truck.row);
    this.looks.count = this.rows.length;
    this.looks.setOffset(truck.row, truck.offset.xM, truck.offset.zM);
    return truck;
  }

  private remove(id: string): void {
    const gone = this.trucks.get(id);
    const last = this.rows.pop();
    if (gone === undefined || last === undefined) return;
    this.trucks.delete(id);
    this.marked.delete(gone);
    this.parked.delete(gone);
    if (last !== gone) {
      this.rows[gone.row] = last;
      last.row = gone.row;
      this.legs.end(last.row);
      this.looks.colour(last, this.quiet);
      this.looks.setOffset(last.row, last.offset.xM, last.offset.zM);
    }
    this.looks.count = this.rows.length;
  }
}

/** @returns the goal when it is as good as reached */
function settled(value: number, goal: number, within: number): number {
  return Math.abs(value - goal) < within ? goal : value;
}
