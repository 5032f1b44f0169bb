import { ArrowLeft } from 'lucide';
import type { VNode } from 'preact';
import { figure } from '../format/quantity.ts';
import { HEAT_LAYERS } from '../scene/heat-scale.ts';
import { RELIEF_RANGE } from '../scene/relief.ts';
import { useApp, useWords } from './app-context.ts';
import { GradeLegend } from './grade-legend.tsx';
import { HeatLegend } from './heat-legend.tsx';
import { IconButton } from './icon-button.tsx';
import { SavedViewsPanel } from './saved-views-panel.tsx';

const RELIEF_STEP = 0.5;
/** Where the slider begins when somebody takes the heights into the own hand. */
const RELIEF_FIRST = 3;

/** In the rail: what colours the stations, how high heights are, and views that were kept. */
export function LayersPanel(): VNode {
  const { look } = useApp();
  const words = useWords();
  return (
    <div class="layers" data-part="layers">
      <div class="layers-head">
        <IconButton action="hide-layers" icon={ArrowLeft} name={words.layers.hide} onClick={() => (look.layersOpen.value = false)} />
        <h2>{words.layers.title}</h2>
      </div>
      <LayerChoice />
      <RoadChoice />
      <Heights />
      <SavedViewsPanel />
    </div>
  );
}

function LayerChoice(): VNode {
  const { look } = useApp();
  const words = useWords();
  const chosen = look.layer.value;
  return (
    <fieldset class="layer-choice">
      <legend>{words.layers.colourBy}</legend>
      {HEAT_LAYERS.map((name) => (
        <div key={name} class={name === chosen ? 'layer on' : 'layer'}>
          <label>
            <input
              type="radio"
              name="heat-layer"
              value={name}
              checked={name === chosen}
              aria-describedby={name === chosen ? 'layer-about' : undefined}
              onChange={() => (look.layer.value = name)}
            />
            {words.layers.name[name]}
          </label>
          {name === chosen && (
            <div class="layer-about" id="layer-about">
              <p>{words.layers.about[name]}</p>
              {name !== 'none' && <HeatLegend kind={name} />}
              {name !== 'none' && <p class="fine">{words.layers.unknownValue}</p>}
            </div>
          )}
        </div>
      ))}
    </fieldset>
  );
}

function RoadChoice(): VNode {
  const { look } = useApp();
  const words = useWords();
  const shown = look.grade.value;
  return (
    <fieldset class="heights">
      <legend>{words.layers.road}</legend>
      <label>
        <input
          type="checkbox"
          data-field="grade"
          checked={shown}
          onChange={({ currentTarget }) => (look.grade.value = currentTarget.checked)}
        />
        {words.layers.grade}
        <small>{words.layers.gradeHint}</small>
      </label>
      {shown && (
        <div class="layer-about">
          <GradeLegend />
        </div>
      )}
    </fieldset>
  );
}

function Heights(): VNode {
  const { look } = useApp();
  const words = useWords();
  const relief = look.relief.value;
  return (
    <fieldset class="heights">
      <legend>{words.layers.heights}</legend>
      <label title={words.layers.heightsAutoHint}>
        <input
          type="checkbox"
          data-field="relief-auto"
          checked={relief === null}
          onChange={({ currentTarget }) => (look.relief.value = currentTarget.checked ? null : RELIEF_FIRST)}
        />
        {words.layers.heightsAuto}
        <small>{words.layers.heightsAutoHint}</small>
      </label>
      {relief !== null && (
        <div class="heights-of">
          <input
            type="range"
            data-field="relief"
            aria-label={words.layers.heightsSlider}
            aria-valuetext={words.layers.heightsOf(figure(relief, 1))}
            min={RELIEF_RANGE.min}
            max={RELIEF_RANGE.max}
            step={RELIEF_STEP}
            value={relief}
            onInput={({ currentTarget }) => (look.relief.value = Number(currentTarget.value))}
          />
          <output class="figure">{words.layers.heightsOf(figure(relief, 1))}</output>
        </div>
      )}
    </fieldset>
  );
}
