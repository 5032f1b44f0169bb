import { HEAT_LAYERS, type HeatLayerName } from '../scene/heat-scale.ts';
import { RELIEF_RANGE } from '../scene/relief.ts';

/** Where the camera looks and from where, in terms of the world: it means the same on every screen. */
export interface CameraAddress {
  latDeg: number;
  lonDeg: number;
  distanceKm: number;
  /** Clockwise from north. */
  bearingDeg: number;
  /** 0 looks straight down. */
  tiltDeg: number;
}

/** How the scene is looked at, as the address keeps it. */
export interface ViewAddress {
  /** null: the whole network. */
  camera: CameraAddress | null;
  layer: HeatLayerName;
  /** The road is coloured by how steep it is. */
  grade: boolean;
  /** Factor on heights; null: by distance. */
  relief: number | null;
  /** The selected truck is followed. */
  following: boolean;
}

/** Parameters of an address that say nothing that could be shown. */
export type WrongParameter = 'cam' | 'layer' | 'relief';

const RANGES = {
  latDeg: [-85, 85],
  lonDeg: [-180, 180],
  distanceKm: [0.01, 5_000],
  bearingDeg: [-360, 360],
  tiltDeg: [0, 89],
} as const satisfies Record<keyof CameraAddress, readonly [number, number]>;
const ORDER = ['latDeg', 'lonDeg', 'distanceKm', 'bearingDeg', 'tiltDeg'] as const satisfies readonly (keyof CameraAddress)[];
const DECIMALS: Record<keyof CameraAddress, number> = { latDeg: 5, lonDeg: 5, distanceKm: 3, bearingDeg: 1, tiltDeg: 1 };

/** `?cam=38.78570,115.45858,0.260,12.0,54.0&layer=wait&relief=2&follow=1`. What is not understood is named, and the rest holds. */
export function viewFromSearch(search: string): { view: ViewAddress; wrong: WrongParameter[] } {
  const parameters = new URLSearchParams(search);
  const wrong: WrongParameter[] = [];
  const read = <T>(name: WrongParameter, parse: (text: string) => T | null): T | null => {
    const text = parameters.get(name);
    if (text === null) return null;
    const value = parse(text);
    if (value === null) wrong.push(name);
    return value;
  };
  const view: ViewAddress = {
    camera: read('cam', cameraOf),
    layer: read('layer', (text) => HEAT_LAYERS.find((name) => name === text) ?? null) ?? 'none',
    relief: read('relief', (text) => numberIn(text, [RELIEF_RANGE.min, RELIEF_RANGE.max])),
    grade: parameters.get('grade') === '1',
    following: parameters.get('follow') === '1',
  };
  return { view, wrong };
}

/** The rest of the address stays. */
export function searchWithView(search: string, view: ViewAddress): string {
  const parameters = new URLSearchParams(search);
  const set = (name: string, text: string | null): void => {
    if (text === null) parameters.delete(name);
    else parameters.set(name, text);
  };
  set('cam', view.camera === null ? null : cameraText(view.camera));
  set('layer', view.layer === 'none' ? null : view.layer);
  set('grade', view.grade ? '1' : null);
  set('relief', view.relief === null ? null : String(Math.round(view.relief * 10) / 10));
  set('follow', view.following ? '1' : null);
  const text = parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

export function cameraText(camera: CameraAddress): string {
  return ORDER.map((name) => camera[name].toFixed(DECIMALS[name]).replace(/^-(0\.?0*)$/, '$1')).join(',');
}

function cameraOf(text: string): CameraAddress | null {
  const parts = text.split(',');
  if (parts.length !== ORDER.length) return null;
  const camera: CameraAddress = { latDeg: 0, lonDeg: 0, distanceKm: 0, bearingDeg: 0, tiltDeg: 0 };
  for (const [at, name] of ORDER.entries()) {
    const value = numberIn(parts[at], RANGES[name]);
    if (value === null) return null;
    camera[name] = value;
  }
  return camera;
}

function numberIn(text: string | undefined, [low, high]: readonly [number, number]): number | null {
  if (text === undefined || !/^-?\d{1,4}(\.\d{1,9})?$/.test(text)) return null;
  const value = Number(text);
  return value >= low && value <= high ? value : null;
}
