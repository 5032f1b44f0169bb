import type { VNode } from 'preact';
import { gradeGradient } from '../scene/grade-scale.ts';
import { useApp, useWords } from './app-context.ts';

const TICKS = ['0', '1', '2', '≥ 3 %'] as const;

/** What the road's colours mean while they are those of its grade. */
export function GradeLegend(): VNode {
  const { theme } = useApp();
  const words = useWords();
  return (
    <div data-legend="grade">
      <p class="legend-of">{words.layers.gradeLegend}</p>
      <div
        class="ramp"
        style={{ background: gradeGradient(theme.theme.value) }}
        role="img"
        aria-label={`${words.layers.gradeLegend}: ${TICKS[0]} – ${TICKS.at(-1)}`}
      />
      <div class="ramp-scale" aria-hidden="true">
        {TICKS.map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
      </div>
    </div>
  );
}
