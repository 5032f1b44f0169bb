import { Maximize2 } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { useApp, useWords } from './app-context.ts';
import { ChartDialog } from './chart-dialog.tsx';
import { isCurrent } from './chart-model.ts';
import { ChartPicture, useDrawn } from './chart-picture.tsx';
import { useFetched } from './fetched.ts';
import { IconButton } from './icon-button.tsx';
import { NotFetched } from './not-fetched.tsx';

/** Inside of the inspector, px. */
const PANEL_WIDTH = 330;

/** The chart of a machine, laid out in layers; the current state is lit, its ways out are stronger. One sees inside of the current state only; all of it on a page of its own. */
export function MachineChart({ machine, state }: { machine: string; state: string }): VNode {
  const { api } = useApp();
  const words = useWords();
  const { value: chart, state: fetching, retry } = useFetched(machine, () => api.chart(machine));
  const [isLarge, setLarge] = useState(false);
  const drawn = useDrawn(chart, (path) => isCurrent(path, state), { widthPx: PANEL_WIDTH, heightPx: Number.POSITIVE_INFINITY }, state);
  if (drawn === null || chart === null) return <NotFetched state={fetching} retry={retry} tall />;
  return (
    <div class="chart-part">
      <div class="chart-scroll">
        <ChartPicture drawn={drawn} machine={machine} state={state} widthPx={drawn.width} />
      </div>
      <IconButton action="enlarge-chart" icon={Maximize2} name={words.chart.enlarge} class="chart-enlarge" onClick={() => setLarge(true)} />
      {isLarge && <ChartDialog chart={chart} machine={machine} state={state} close={() => setLarge(false)} />}
    </div>
  );
}
