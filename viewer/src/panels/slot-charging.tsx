import type { SlotView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { duration } from '../format/quantity.ts';
import { isLive, useApp, useWords } from './app-context.ts';
import { Choice } from './money/list-tools.tsx';
import { SentCommands, SentNow } from './operations/sent-commands.tsx';
import { NotedAct } from './operator-acts.tsx';
import { Section } from './section.tsx';
import { useSlotCommand } from './use-slot-command.ts';

const W_PER_KW = 1_000;
const MINUTE_MS = 60_000;
/** What one may choose from [min of the corridor]; none: until the pack leaves. */
const HOLD_MINUTES = [15, 30, 60, 120, 240];

/** What a slot's charger gives at most: set for a time with a reason, given back to the plan, and what became of it. */
export function SlotCharging({ slot }: { slot: SlotView }): VNode | null {
  const app = useApp();
  const words = useWords();
  const [kw, setKw] = useState('');
  const [holdMs, setHold] = useState('');
  const { newestId, command } = useSlotCommand(slot);
  if (!isLive(app) || slot.packId === null) return null;
  const hold = holdMs === '' ? {} : { holdMs: Number(holdMs) };
  const powerW = Math.round(Number(kw) * W_PER_KW);
  const sentHere = { source: 'station', id: slot.stationId, evseId: String(slot.evseId) };
  return (
    <Section title={words.dispatch.setpoint} name="setpoint" folded>
      <div class="alarm-buttons">
        <label class="entry">
          <span>kW</span>
          <input name="setpoint-kw" type="number" min={0} step={10} value={kw} onInput={(event) => setKw(event.currentTarget.value)} />
        </label>
        <Choice
          name="setpoint-hold"
          label={words.dispatch.hold}
          value={holdMs}
          options={[
            ['', words.dispatch.holdPack],
            ...HOLD_MINUTES.map((minutes) => {
              const { figure, unit } = duration(minutes * MINUTE_MS);
              return [String(minutes * MINUTE_MS), words.dispatch.holdFor(`${figure} ${unit}`)] as const;
            }),
          ]}
          choose={setHold}
        />
      </div>
      <p class="prose">{words.dispatch.setpointHint}</p>
      <NotedAct told={<SentNow of={sentHere} id={newestId} />}>
        {(send, sending) => (
          <>
            <button
              type="button"
              class="button"
              data-action="setpoint"
              disabled={sending || kw === '' || !Number.isFinite(powerW)}
              onClick={() => send(command('charge.setpoint', { powerW, ...hold }))}
            >
              {words.dispatch.set}
            </button>
            <button
              type="button"
              class="button"
              data-action="stop-charging"
              disabled={sending}
              onClick={() => send(command('charge.stop', hold))}
            >
              {words.dispatch.stop}
            </button>
            <button
              type="button"
              class="button"
              data-action="to-plan"
              disabled={sending}
              onClick={() => send(command('charge.setpoint', { powerW: null }))}
            >
              {words.dispatch.toPlan}
            </button>
          </>
        )}
      </NotedAct>
      <SentCommands of={sentHere} newestId={newestId} />
    </Section>
  );
}
