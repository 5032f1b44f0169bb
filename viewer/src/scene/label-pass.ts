import { LabelLayer } from './label-layer.ts';
import type { LabelRoom } from './label-placement.ts';
import type { DrawView } from './placed.ts';
import { type LabelInput, labelSpecs } from './scene-labels.ts';

/** Which labels there are, and what they say, is looked at this often; where they stand each frame. */
const INTERVAL_MS = 400;

/** The labels of the scene, frame by frame. */
export class LabelPass {
  readonly #layer = new LabelLayer();
  #nextAtMs = 0;

  get element(): HTMLElement {
    return this.#layer.element;
  }

  /** What they say changed: they are written anew at the next frame. */
  refresh(): void {
    this.#nextAtMs = 0;
  }

  /** @param inputOf asked only when labels are due */
  draw(inputOf: () => LabelInput, view: DrawView, room: LabelRoom, atMs: number): void {
    if (atMs >= this.#nextAtMs) {
      this.#nextAtMs = atMs + INTERVAL_MS;
      this.#layer.setAll(labelSpecs(inputOf()));
    }
    this.#layer.update(view, room, atMs);
  }

  dispose(): void {
    this.#layer.dispose();
  }
}
