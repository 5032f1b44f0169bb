import type { Geometry } from '@corridor/protocols/http/scene';
import type { PlacedAt } from './placed.ts';
import { emptyRoadSample, type RoadLine } from './road-line.ts';
import type { StationFrame } from './station-frames.ts';

/** A named place beside the road. */
export interface PlacedSite {
  site: Geometry['sites'][number];
  at: PlacedAt;
}

const REACH_M = 3_500;

/** Towns along the road, and which of them no station is named after. */
export class PlacedSites {
  readonly #sites: readonly PlacedSite[];
  #frames: ReadonlyMap<string, StationFrame> | null = null;
  #unnamed: readonly PlacedSite[] = [];

  constructor(sites: Geometry['sites'], road: RoadLine) {
    const sample = emptyRoadSample();
    this.#sites = sites.map((site) => {
      road.sample(site.chainageM, sample);
      return { site, at: { xKm: sample.xKm, altKm: sample.altKm, zKm: sample.zKm, yawRad: 0 } };
    });
  }

  /** Those far from every station; looked for anew only when there are other stations. */
  unnamed(frames: ReadonlyMap<string, StationFrame>): readonly PlacedSite[] {
    if (frames === this.#frames) return this.#unnamed;
    this.#frames = frames;
    const chainages = [...frames.values()].map(({ chainageM }) => chainageM);
    this.#unnamed = this.#sites.filter(({ site }) => !chainages.some((chainageM) => Math.abs(chainageM - site.chainageM) < REACH_M));
    return this.#unnamed;
  }
}
