import type { SlotView } from '@corridor/protocols/http/scene';
import { Zap } from 'lucide';
import type { VNode } from 'preact';
import { percent, power } from '../format/quantity.ts';
import { cssColour, socColour } from '../scene/soc-ramp.ts';
import { useApp, useWords } from './app-context.ts';
import { Figure } from './figures.tsx';
import { Icon } from './icon.tsx';

/** The rack as it stands: one cell per slot, filled to its charge. A click inspects the slot. */
export function RackPanel({ stationId }: { stationId: string }): VNode {
  const { store, selection } = useApp();
  const words = useWords();
  const version = store.version.slots.value;
  const slots = version < 0 ? [] : store.slotsAt(stationId);
  return (
    <div class="rack">
      {slots.map((slot) => (
        <button
          key={slot.id}
          type="button"
          class={`rack-slot ${slotClass(slot)}`}
          title={`${words.slotNumber(String(slot.evseId))}${slot.packId === null ? '' : ` · ${slot.packId}`}`}
          onClick={() => selection.select({ kind: 'slot', id: slot.id })}
          onPointerEnter={() => (selection.hovered.value = { kind: 'slot', id: slot.id })}
          onPointerLeave={() => (selection.hovered.value = null)}
        >
          <span class="rack-number">{slot.evseId}</span>
          <span class="rack-cell">
            {slot.packId !== null && (
              <span
                class="rack-level"
                style={{ height: `${Math.max(slot.socPercent ?? 0, 4)}%`, background: cssColour(socColour(slot.socPercent)) }}
              />
            )}
          </span>
          <span class="rack-soc">{slot.packId === null ? words.empty : <Figure of={percent(slot.socPercent)} />}</span>
          <span class="rack-power">
            {(slot.powerW ?? 0) > 500 && (
              <>
                <Icon node={Zap} size={10} />
                <Figure of={power(slot.powerW)} />
              </>
            )}
          </span>
        </button>
      ))}
    </div>
  );
}

function slotClass(slot: SlotView): string {
  if (slot.slotState === 'UNAVAILABLE' || slot.chargingState === 'FAULT') return 'blocked';
  if (slot.packId === null) return 'vacant';
  return (slot.powerW ?? 0) > 500 ? 'charging' : '';
}
