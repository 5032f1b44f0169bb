import type { TruckView } from '@corridor/protocols/http/scene';
import { Group } from 'three';
import { truckCondition } from '../store/condition.ts';
import type { Records, SceneChange } from '../store/scene-store.ts';
import type { DrawnTruck } from './drawn-truck.ts';
import type { Projection } from './projection.ts';
import { emptyRoadSample, type RoadLine } from './road-line.ts';
import { type StationFrame, yawOf } from './station-frames.ts';
import { SymbolBatch, type SymbolMaterials } from './symbol-batch.ts';
import { LOAD_BASE_Y_M, truckBodyGeometry, truckLoadGeometry, truckPackGeometry } from './truck-model.ts';
import { chainageAt, createTrack, DrawDelay, isStale, lastReport, type TruckReport, type TruckTrack, takeReport } from './truck-motion.ts';
import { assignStands } from './truck-stands.ts';
import { isStaleCondition, type TruckTint, tintOfTruck } from './truck-tint.ts';

/** Middle of the right-hand carriageway's driving lane, metres from the middle of the road. */
const LANE_M = 7;
const STAND_EASE_S = 0.6;
/** A report that says otherwise than was drawn is believed this slowly. */
const SLIP_EASE_S = 0.5;
const SLIP_M_MAX = 800;
const STANDS_INTERVAL_S = 0.4;
const PLAIN_BEYOND_KM = 40;
const PLAIN_ABOVE_TRUCKS = 1_000;
const SPEED_OF_MOVING_MPS = 3;
/** A tractor with trailer and pack weighs about 19 t; what is above it is load, up to 49 t. */
const EMPTY_KG = 19_500;
const FULL_KG = 49_000;

/** All trucks in three draw calls; rows are dense, the last row moves into a removed one's place. */
export class TruckLayer {
  readonly group = new Group();
  readonly delay = new DrawDelay();
  private readonly bodies: SymbolBatch;
  private readonly packs: SymbolBatch;
  private readonly loads: SymbolBatch;
  private readonly trucks = new Map<string, DrawnTruck>();
  private readonly rows: DrawnTruck[] = [];
  /** What changed since stands were given out last; null when nothing did. */
  private standsDueFor: { records: Records; frames: ReadonlyMap<string, StationFrame> } | null = null;
  private sinceStandsS = STANDS_INTERVAL_S;
  /** Scope time of the last frame and the instant it drew. */
  private lastSceneMs = Number.NaN;
  private drawnMs = Number.NaN;
  private readonly sample = emptyRoadSample();
  private readonly tint: TruckTint = { r: 0, g: 0, b: 0 };
  private quiet = false;
  private readonly road: RoadLine;
  private readonly projection: Projection;

  constructor(materials: SymbolMaterials, road: RoadLine, projection: Projection) {
    this.road = road;
    this.projection = projection;
    this.bodies = new SymbolBatch(truckBodyGeometry(), { ...materials, capacity: 128 });
    this.packs = new SymbolBatch(truckPackGeometry(), { ...materials, capacity: 128, standsWith: this.bodies });
    this.loads = new SymbolBatch(truckLoadGeometry(), { ...materials, capacity: 128, standsWith: this.bodies });
    for (const batch of this.batches()) this.group.add(...batch.meshes);
  }

  /** Trucks in row order; the array is the layer's own. */
  get drawn(): readonly DrawnTruck[] {
    return this.rows;
  }

  get(id: string): DrawnTruck | undefined {
    return this.trucks.get(id);
  }

  idAt(row: number): string | null {
    return this.rows[row]?.id ?? null;
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
    for (const batch of this.batches()) batch.flush();
  }

  /** Puts every truck where it is at `sceneNowMs`; allocates nothing, but for the stands twice a second. */
  advance(sceneNowMs: number, elapsedS: number, atOnce: boolean): void {
    this.sinceStandsS += elapsedS;
    if (this.standsDueFor !== null && (atOnce || this.sinceStandsS >= STANDS_INTERVAL_S)) {
      assignStands(this.rows, this.standsDueFor.records, this.standsDueFor.frames, this.road);
      this.standsDueFor = null;
      this.sinceStandsS = 0;
    }
    if (Number.isFinite(this.lastSceneMs)) this.delay.advance(sceneNowMs - this.lastSceneMs);
    this.lastSceneMs = sceneNowMs;
    this.drawnMs = sceneNowMs - this.delay.delayMs;
    const ease = atOnce ? 1 : 1 - Math.exp(-elapsedS / STAND_EASE_S);
    const slipLeft = atOnce ? 0 : Math.exp(-elapsedS / SLIP_EASE_S);
    for (let row = 0; row < this.rows.length; row++) {
      const truck = this.rows[row] as DrawnTruck;
      truck.slipM *= slipLeft;
      this.move(truck, this.drawnMs, ease);
      const stale = truck.track === null || isStale(truck.track, sceneNowMs);
      if (stale !== truck.stale) {
        truck.stale = stale;
        this.colour(truck);
      }
      const { xM, zM } = truck.offset;
      this.bodies.setAnchor(row, truck.xKm, truck.altKm, truck.zKm, truck.yawRad);
      this.bodies.setOffset(row, xM, 0, zM);
      this.packs.setOffset(row, xM, 0, zM);
      this.loads.setOffset(row, xM, LOAD_BASE_Y_M, zM);
    }
    this.bodies.flush();
    this.packs.flush();
    this.loads.flush();
  }

  /** From afar a truck is its body: of so many, what is smaller than a pixel is left out. */
  setDetail(focusKm: number): void {
    const isPlain = focusKm > PLAIN_BEYOND_KM && this.rows.length > PLAIN_ABOVE_TRUCKS;
    for (const batch of [this.packs, this.loads]) for (const mesh of batch.meshes) mesh.visible = !isPlain;
    const shadow = this.bodies.meshes[1];
    if (shadow !== undefined) shadow.visible = !isPlain;
  }

  /** While the scene's colours are those of another quantity, trucks are grey. */
  setQuiet(quiet: boolean): void {
    if (this.quiet === quiet) return;
    this.quiet = quiet;
    this.repaint();
  }

  repaint(): void {
    for (const truck of this.rows) this.colour(truck);
    for (const batch of this.batches()) batch.flush();
  }

  dispose(): void {
    for (const batch of this.batches()) batch.dispose();
    this.group.removeFromParent();
  }

  private take(view: TruckView, sceneNowMs: number): void {
    const truck = this.trucks.get(view.id) ?? this.add(view);
    truck.view = view;
    truck.condition = truckCondition(view);
    if (view.direction !== null) truck.westbound = view.direction === 'WEST';
    const chainageM = this.chainageOf(view);
    const atMs = view.reportedAt === null ? Number.NaN : Date.parse(view.reportedAt);
    if (chainageM !== null && Number.isFinite(atMs)) {
      const speedMps = ((view.speedKmh ?? 0) / 3.6) * (truck.westbound ? 1 : -1);
      const report = { atMs, chainageM, speedMps };
      if (truck.track === null) truck.track = createTrack(report);
      else this.takeNext(truck, truck.track, report, sceneNowMs);
    }
    truck.visible = truck.track !== null;
    this.colour(truck);
  }

  private takeNext(truck: DrawnTruck, track: TruckTrack, report: TruckReport, sceneNowMs: number): void {
    const beforeMs = lastReport(track).atMs;
    if (report.atMs > beforeMs && Math.abs(report.speedMps) > SPEED_OF_MOVING_MPS) this.delay.observe(sceneNowMs - beforeMs);
    const drawnM = chainageAt(track, this.drawnMs);
    const snap = takeReport(track, report);
    if (snap) truck.standing = truck.stand === null ? 0 : 1;
    const slipM = truck.slipM + drawnM - chainageAt(track, this.drawnMs);
    // NaN before the first frame; far off while nothing is drawn, as in a hidden tab: nobody sees it jump then.
    truck.slipM = !snap && Math.abs(slipM) < SLIP_M_MAX ? slipM : 0;
  }

  /** A truck without chainage but with a position is put on the road where it is nearest. */
  private chainageOf(view: TruckView): number | null {
    if (view.chainageM !== null) return view.chainageM;
    if (view.lat === null || view.lon === null) return null;
    return this.road.nearestChainageM(this.projection.xOf(view.lon), this.projection.zOf(view.lat));
  }

  private move(truck: DrawnTruck, drawMs: number, ease: number): void {
    if (truck.track === null) return;
    this.road.sample(chainageAt(truck.track, drawMs) + truck.slipM, this.sample);
    const yaw = yawOf(this.sample.tangentX, this.sample.tangentZ, truck.westbound);
    const stand = truck.stand;
    truck.standing += ((stand === null ? 0 : 1) - truck.standing) * ease;
    if (stand === null || truck.standing < 0.002) {
      if (stand === null && truck.standing < 0.002) truck.standing = 0;
      truck.xKm = this.sample.xKm;
      truck.altKm = this.sample.altKm;
      truck.zKm = this.sample.zKm;
      truck.yawRad = yaw;
      truck.offset.xM = 0;
      truck.offset.zM = LANE_M;
      return;
    }
    const part = truck.standing;
    truck.xKm = this.sample.xKm + (stand.xKm - this.sample.xKm) * part;
    truck.altKm = this.sample.altKm + (stand.altKm - this.sample.altKm) * part;
    truck.zKm = this.sample.zKm + (stand.zKm - this.sample.zKm) * part;
    truck.yawRad = yaw + turnBetween(yaw, stand.yawRad) * part;
    truck.offset.xM = stand.offsetXM * part;
    truck.offset.zM = LANE_M + (stand.offsetZM - LANE_M) * part;
  }

  private colour(truck: DrawnTruck): void {
    const { row, view } = truck;
    tintOfTruck(view, { stale: truck.stale || isStaleCondition(view), quiet: this.quiet }, this.tint);
    this.bodies.setTint(row, this.tint.r, this.tint.g, this.tint.b, 0);
    this.packs.setTint(row, this.tint.r, this.tint.g, this.tint.b, 0);
    const size = truck.visible ? 1 : 0;
    this.bodies.setScale(row, size, size, size);
    const pack = view.packId === null ? 0 : size;
    this.packs.setScale(row, pack, pack, pack);
    const load = view.grossMassKg === null ? 0 : Math.min(Math.max((view.grossMassKg - EMPTY_KG) / (FULL_KG - EMPTY_KG), 0), 1);
    this.loads.setScale(row, size, load > 0.05 ? 0.3 + load * 1.3 : 0, size);
  }

  private add(view: TruckView): DrawnTruck {
    const row = this.rows.length;
    const truck: DrawnTruck = {
      id: view.id,
      row,
      view,
      condition: truckCondition(view),
      track: null,
      slipM: 0,
      westbound: view.direction !== 'EAST',
      stand: null,
      standing: 0,
      stale: false,
      visible: false,
      xKm: 0,
      altKm: 0,
      zKm: 0,
      yawRad: 0,
      offset: { xM: 0, yM: 3, zM: LANE_M },
    };
    this.rows.push(truck);
    this.trucks.set(view.id, truck);
    for (const batch of this.batches()) batch.count = this.rows.length;
    return truck;
  }

  private remove(id: string): void {
    const gone = this.trucks.get(id);
    const last = this.rows.pop();
    if (gone === undefined || last === undefined) return;
    this.trucks.delete(id);
    if (last !== gone) {
      this.rows[gone.row] = last;
      last.row = gone.row;
      this.colour(last);
    }
    for (const batch of this.batches()) batch.count = this.rows.length;
  }

  private batches(): SymbolBatch[] {
    return [this.bodies, this.packs, this.loads];
  }
}

/** The short way round, radians in [-pi, pi). */
function turnBetween(fromRad: number, toRad: number): number {
  const turn = (toRad - fromRad + Math.PI) % (2 * Math.PI);
  return (turn < 0 ? turn + 2 * Math.PI : turn) - Math.PI;
}
