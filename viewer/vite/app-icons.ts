import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { Plugin } from 'vite';

/** iOS takes its icon from `apple-touch-icon`, and neither it nor older Androids take an SVG [px]. */
const ICON_SIDES = [180, 192, 512];

/** PNG icons for a phone's home screen, drawn from the SVG at each build, so that there is one picture to change. */
export function appIcons(): Plugin {
  return {
    name: 'app-icons',
    apply: 'build',
    async buildStart() {
      const svg = readFileSync(new URL('../public/app-icon.svg', import.meta.url));
      await started();
      for (const side of ICON_SIDES) {
        const resvg = new Resvg(svg, { fitTo: { mode: 'width', value: side } });
        const picture = resvg.render();
        this.emitFile({ type: 'asset', fileName: `app-icon-${side}.png`, source: picture.asPng() });
        // Memory of the renderer is its own, and given back by hand.
        picture.free();
        resvg.free();
      }
    },
  };
}

let starting: Promise<void> | null = null;
/** Once in a process: a second start is refused. */
function started(): Promise<void> {
  starting ??= initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
  return starting;
}
