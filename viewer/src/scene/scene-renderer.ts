import { WebGLRenderer } from 'three';
import { COARSE_PART } from './first-frames.ts';

const DPR_MAX = 2;

/**
 * A renderer with its canvas as large as its first picture is drawn. Whatever asks the GPU something waits for all that it was given
 * before: now, while it has nothing to do, that takes a millisecond; after the shaders and the page around it a tenth of a second.
 * @returns null where there is no WebGL 2; to ask for it first would make a context twice, which takes longer than all else
 */
export function createSceneRenderer({ clientWidth, clientHeight }: { clientWidth: number; clientHeight: number }): WebGLRenderer | null {
  let renderer: WebGLRenderer;
  try {
    renderer = new WebGLRenderer({ antialias: true, stencil: true, powerPreference: 'high-performance' });
  } catch {
    return null;
  }
  // Asked for by the first texture that is drawn otherwise.
  renderer.extensions.has('EXT_texture_filter_anisotropic');
  sizePicture(renderer, { clientWidth, clientHeight }, COARSE_PART);
  return renderer;
}

/** @param part of the screen's pixels along each side */
export function sizePicture(
  renderer: WebGLRenderer,
  { clientWidth, clientHeight }: { clientWidth: number; clientHeight: number },
  part: number,
): void {
  const ratio = Math.min(window.devicePixelRatio, DPR_MAX) * part;
  const { width, height } = renderer.domElement;
  const isSame = width === Math.floor(clientWidth * ratio) && height === Math.floor(clientHeight * ratio);
  // To give a canvas its size, even the same, makes its buffers anew.
  if (!isSame || renderer.getPixelRatio() !== ratio) renderer.setDrawingBufferSize(clientWidth, clientHeight, ratio);
}
