import type { VNode } from 'preact';
import { type HeatKind, heatColour, heatGradient, PERIODS_BY_PRICE, shareOfPeriod } from '../scene/heat-scale.ts';
import { cssColour } from '../scene/soc-ramp.ts';
import { useApp, useWords } from './app-context.ts';

/** Steps of the scale under the ramp, in the layer's unit. */
const TICKS: Record<Exclude<HeatKind, 'price'>, readonly string[]> = {
  soc: ['0', '25', '50', '75', '100 %'],
  wait: ['0', '10', '20', '≥ 30 min'],
  power: ['0', '25', '50', '75', '100 %'],
};

/** What the colours and columns of a layer mean. */
export function HeatLegend({ kind }: { kind: HeatKind }): VNode {
  const words = useWords();
  return (
    <div data-legend={kind}>
      <p class="legend-of">{words.layers.legend[kind]}</p>
      {kind === 'price' ? <Periods /> : <Ramp kind={kind} />}
    </div>
  );
}

function Ramp({ kind }: { kind: Exclude<HeatKind, 'price'> }): VNode {
  const { theme } = useApp();
  const words = useWords();
  const ticks = TICKS[kind];
  return (
    <>
      <div
        class="ramp"
        style={{ background: heatGradient(kind, theme.theme.value) }}
        role="img"
        aria-label={`${words.layers.legend[kind]}: ${ticks[0]} – ${ticks.at(-1)}`}
      />
      <div class="ramp-scale" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
      </div>
    </>
  );
}

function Periods(): VNode {
  const { language, theme } = useApp();
  return (
    <ol class="periods">
      {PERIODS_BY_PRICE.map((period) => (
        <li key={period}>
          <i style={{ background: cssColour(heatColour('price', shareOfPeriod(period), theme.theme.value)) }} />
          {language.codeWord(period)}
        </li>
      ))}
    </ol>
  );
}
