/** Ground and road alone are drawn after so long without records: of a network that takes long to come they are better than nothing. */
const GROUND_ALONE_MS = 800;
/** Part of the pixels along each side while the scene comes up. Without a GPU a picture takes most of a second, and a quarter of it counts. */
export const COARSE_PART = 0.5;

/** How the scene comes up: the first picture has stations and trucks, and comes quickly; the second has all its pixels. */
export class FirstFrames {
  #beganMs: number | null = null;
  #isPeopled = false;

  /** @param hasRecords something stands or drives in the scene @returns true when this frame is not to be drawn */
  waits(atMs: number, hasRecords: boolean): boolean {
    if (hasRecords || this.#isPeopled) return false;
    this.#beganMs ??= atMs;
    return atMs - this.#beganMs < GROUND_ALONE_MS;
  }

  /** Called once for each frame that is drawn. @returns part of the pixels along each side that it has, 0..1 */
  pixelPart(hasRecords: boolean): number {
    if (this.#isPeopled) return 1;
    this.#isPeopled = hasRecords;
    return COARSE_PART;
  }
}
