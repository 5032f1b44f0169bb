import { Group, type InstancedBufferGeometry } from 'three';
import type { Records } from '../store/scene-store.ts';
import type { ThemeName } from '../theme/scene-palette.ts';
import { type HeatLayerName, heatColour, heatOf, meanSocByStation } from './heat-scale.ts';
import { PartGeometryBuilder } from './part-geometry.ts';
import type { Offset } from './placed.ts';
import type { StationFrame } from './station-frames.ts';
import { SymbolBatch, type SymbolMaterials } from './symbol-batch.ts';
import { type ScaleView, symbolScale } from './symbol-scale.ts';

/** Behind the station's slab, so that the column hides nothing of it. */
const BEHIND_M = 60;
/** Height of a full column, and what is left of one without a value. */
const FULL_M = { near: 16, far: 105 } as const;
const STUB_M = { near: 0.6, far: 3 } as const;
const WIDTH_RATIO = { near: 0.3, far: 1 } as const;
/** Factors on true size between which columns grow from near to far. */
const GROWS_AT = { from: 2, to: 9 } as const;
const EASE_S = 0.2;
const STILL = 0.002;
/** Label above the column. */
const LABEL_GAP_M = 2;

interface Column {
  row: number;
  frame: StationFrame;
  share: number;
  wantedShare: number;
  isKnown: boolean;
  /** Top of the column, for its label: read anew each frame. */
  top: Offset;
}

/** A column at each station, as high and as coloured as the chosen quantity is there. One draw call, none while no layer is chosen. */
export class HeatLayer {
  readonly group = new Group();
  private readonly columns = new Map<string, Column>();
  private readonly batch: SymbolBatch;
  private kind: HeatLayerName = 'none';
  private theme: ThemeName = 'light';
  private drawnFar = Number.NaN;
  private moving = false;

  constructor({ material }: SymbolMaterials) {
    this.batch = new SymbolBatch(columnGeometry(), { material, capacity: 16 });
    this.group.add(...this.batch.meshes);
    this.group.visible = false;
  }

  get shown(): HeatLayerName {
    return this.kind;
  }

  paint(theme: ThemeName, records: Records): void {
    this.theme = theme;
    this.show(this.kind, records);
  }

  layOut(frames: ReadonlyMap<string, StationFrame>, records: Records): void {
    this.columns.clear();
    for (const frame of frames.values()) {
      const top = { xM: 0, yM: 0, zM: BEHIND_M };
      this.columns.set(frame.id, { row: this.columns.size, frame, share: 0, wantedShare: 0, isKnown: false, top });
    }
    this.batch.count = this.columns.size;
    this.show(this.kind, records);
  }

  /** Takes what the records say now. */
  show(kind: HeatLayerName, records: Records): void {
    this.kind = kind;
    this.group.visible = kind !== 'none';
    if (kind === 'none') return;
    const meanSoc = kind === 'soc' ? meanSocByStation(records.slots.values()) : null;
    for (const station of records.stations.values()) {
      const column = this.columns.get(station.id);
      if (column === undefined) continue;
      const { share } = heatOf(kind, station, meanSoc?.get(station.id) ?? null);
      column.wantedShare = share === null ? 0 : share;
      column.isKnown = share !== null;
      const { r, g, b } = heatColour(kind, share, this.theme);
      this.batch.setTint(column.row, r, g, b, 0);
    }
    this.moving = true;
  }

  /** Where a station's column ends; null while no layer is shown. */
  topOf(stationId: string): Offset | null {
    return this.kind === 'none' ? null : (this.columns.get(stationId)?.top ?? null);
  }

  advance(view: ScaleView, elapsedS: number, atOnce: boolean): void {
    if (this.kind === 'none') return;
    const far = farness(symbolScale(view, view.focusKm));
    if (!this.moving && far === this.drawnFar) return;
    this.drawnFar = far;
    const part = atOnce ? 1 : 1 - Math.exp(-elapsedS / EASE_S);
    const width = WIDTH_RATIO.near + (WIDTH_RATIO.far - WIDTH_RATIO.near) * far;
    const fullM = FULL_M.near + (FULL_M.far - FULL_M.near) * far;
    const stubM = STUB_M.near + (STUB_M.far - STUB_M.near) * far;
    this.moving = false;
    for (const column of this.columns.values()) {
      column.share += (column.wantedShare - column.share) * part;
      if (Math.abs(column.wantedShare - column.share) > STILL) this.moving = true;
      const heightM = stubM + (column.isKnown ? fullM * column.share : 0);
      const { row, frame } = column;
      this.batch.setAnchor(row, frame.xKm, frame.altKm, frame.zKm, frame.yawRad);
      this.batch.setOffset(row, 0, 0, BEHIND_M);
      this.batch.setScale(row, width, heightM, width);
      column.top.yM = heightM + LABEL_GAP_M;
    }
    this.batch.flush();
  }

  dispose(): void {
    this.batch.dispose();
    this.group.removeFromParent();
  }
}

function farness(scale: number): number {
  const part = Math.min(Math.max((scale - GROWS_AT.from) / (GROWS_AT.to - GROWS_AT.from), 0), 1);
  return part * part * (3 - 2 * part);
}

const RADIUS_M = 7.5;

/** Hexagonal column of 1 m, its foot's middle the origin. */
function columnGeometry(): InstancedBufferGeometry {
  const builder = new PartGeometryBuilder();
  const corner = (at: number, y: number): readonly [number, number, number] => {
    const angle = (at * Math.PI) / 3;
    return [Math.cos(angle) * RADIUS_M, y, Math.sin(angle) * RADIUS_M];
  };
  for (let at = 0; at < 6; at++) builder.quad([corner(at, 0), corner(at, 1), corner(at + 1, 1), corner(at + 1, 0)], 'tint');
  builder.quad([corner(0, 1), corner(5, 1), corner(4, 1), corner(3, 1)], 'tint');
  builder.quad([corner(0, 1), corner(3, 1), corner(2, 1), corner(1, 1)], 'tint');
  return builder.build();
}
