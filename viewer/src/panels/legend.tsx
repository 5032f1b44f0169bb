import { ChevronDown } from 'lucide';
import type { VNode } from 'preact';
import { socGradient } from '../scene/soc-ramp.ts';
import { useApp, useWords } from './app-context.ts';
import { Dot } from './figures.tsx';
import { GradeLegend } from './grade-legend.tsx';
import { HeatLegend } from './heat-legend.tsx';
import { Icon } from './icon.tsx';

/** What colours mean, in the scene and in every list. */
export function Legend(): VNode {
  const { legendOpen, look } = useApp();
  const words = useWords();
  const open = legendOpen.value;
  const layer = look.layer.value;
  return (
    <div class={open ? 'legend panel' : 'legend panel folded'}>
      <button
        type="button"
        class="fold"
        aria-expanded={open}
        title={open ? words.legend.hide : words.legend.show}
        onClick={() => (legendOpen.value = !open)}
      >
        <span>{layer === 'none' ? words.legend.title : words.layers.name[layer]}</span>
        <Icon node={ChevronDown} size={14} />
      </button>
      {layer === 'none' ? <SocScale /> : <HeatLegend kind={layer} />}
      {look.grade.value && <GradeLegend />}
      {open && (
        <ul>
          <li>
            <Dot condition="normal" /> {words.legend.normal}
          </li>
          <li>
            <Dot condition="active" /> {words.legend.charging}
          </li>
          <li>
            <Dot condition="wait" /> {words.legend.waiting}
          </li>
          <li>
            <Dot condition="alarm" /> {words.legend.alarm}
          </li>
          <li>
            <Dot condition="offline" /> {words.legend.stale}
          </li>
        </ul>
      )}
    </div>
  );
}

function SocScale(): VNode {
  return (
    <>
      <div class="ramp" style={{ background: socGradient() }} role="img" aria-label="0 % – 100 %" />
      <div class="ramp-scale" aria-hidden="true">
        <span>0</span>
        <span>25</span>
        <span>50</span>
        <span>75</span>
        <span>100 %</span>
      </div>
    </>
  );
}
