import type { CommandView } from '@corridor/protocols/http/command-view';
import type { SlotView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { isLive, useApp, useWords } from './app-context.ts';
import { CommandOutcome } from './operations/command-outcome.tsx';
import { NotedAct } from './operator-acts.tsx';
import { Section } from './section.tsx';

const W_PER_KW = 1_000;

/** What a slot's charger gives at most: set with a reason, and what became of it. */
export function SlotCharging({ slot }: { slot: SlotView }): VNode | null {
  const app = useApp();
  const { dispatchApi } = app;
  const words = useWords();
  const [kw, setKw] = useState('');
  const [sent, setSent] = useState<CommandView | null>(null);
  if (!isLive(app) || slot.packId === null) return null;
  const command = (verb: string, args: object) => async (asked: { key: string; note: string }) =>
    setSent(await dispatchApi.command({ stationId: slot.stationId, verb, args, ...asked }));
  const powerW = Math.round(Number(kw) * W_PER_KW);
  return (
    <Section title={words.dispatch.setpoint} name="setpoint" folded>
      <label class="entry">
        <span>kW</span>
        <input name="setpoint-kw" type="number" min={0} step={10} value={kw} onInput={(event) => setKw(event.currentTarget.value)} />
      </label>
      <p class="prose">{words.dispatch.setpointHint}</p>
      <NotedAct>
        {(send, sending) => (
          <>
            <button
              type="button"
              class="button"
              data-action="setpoint"
              disabled={sending || kw === '' || !Number.isFinite(powerW)}
              onClick={() => send(command('charge.setpoint', { evseId: slot.evseId, powerW }))}
            >
              {words.dispatch.set}
            </button>
            <button
              type="button"
              class="button"
              data-action="stop-charging"
              disabled={sending}
              onClick={() => send(command('charge.stop', { evseId: slot.evseId }))}
            >
              {words.dispatch.stop}
            </button>
          </>
        )}
      </NotedAct>
      {sent !== null && <CommandOutcome key={sent.id} sent={sent} />}
    </Section>
  );
}
