import { type Signal, signal } from '@preact/signals';
import type { HeatLayerName } from '../scene/heat-scale.ts';
import { SavedViews } from './saved-views.ts';
import { type CameraAddress, viewFromSearch, type WrongParameter } from './view-address.ts';

/** What an address says that nobody understands: one of its parameters, or what comes after the `#`. */
export type WrongInAddress = WrongParameter | 'object';

/** How the scene is looked at: what colours it, how high heights are, and what the address asked for. */
export class LookStore {
  readonly layer: Signal<HeatLayerName>;
  /** The road is coloured by how steep it is. */
  readonly grade: Signal<boolean>;
  /** Factor on heights; null: by distance. */
  readonly relief: Signal<number | null>;
  readonly wrong: Signal<readonly WrongInAddress[]>;
  readonly views: SavedViews;
  readonly miniMapOpen: Signal<boolean>;
  readonly layersOpen: Signal<boolean> = signal(false);
  readonly searchOpen: Signal<boolean> = signal(false);
  #linkedCamera: CameraAddress | null;
  #isLinkFollowing: boolean;

  /** @param search of the address that the page was opened with */
  constructor(search: string, storage: Storage, isWide: boolean) {
    const { view, wrong } = viewFromSearch(search);
    this.layer = signal(view.layer);
    this.grade = signal(view.grade);
    this.relief = signal(view.relief);
    this.wrong = signal(wrong);
    this.views = new SavedViews(storage);
    this.miniMapOpen = signal(isWide);
    this.#linkedCamera = view.camera;
    this.#isLinkFollowing = view.following;
  }

  /** Whether the first scene begins where a link said. */
  get hasLinkedCamera(): boolean {
    return this.#linkedCamera !== null;
  }

  /** What the address said of the camera; a scene that comes later begins with the whole network. */
  takeLinkedCamera(): CameraAddress | null {
    const camera = this.#linkedCamera;
    this.#linkedCamera = null;
    return camera;
  }

  takeLinkFollowing(): boolean {
    const following = this.#isLinkFollowing;
    this.#isLinkFollowing = false;
    return following;
  }
}
