import type { SlotView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { isLive, useApp, useWords } from './app-context.ts';
import { Choice } from './money/list-tools.tsx';
import { SentCommands, SentNow } from './operations/sent-commands.tsx';
import { NotedAct } from './operator-acts.tsx';
import { Section } from './section.tsx';
import { useSlotCommand } from './use-slot-command.ts';

/** Why a slot is quarantined from here; the station keeps the code and shows it in its control room. */
const QUARANTINE_REASONS = ['OPERATOR_REQUEST', 'PACK_HOT', 'SMOKE', 'BATTERY_UNKNOWN'];

/** What the station itself does with a slot: its lock and its quarantine hold there, whatever the platform hears. */
export function SlotAtStation({ slot }: { slot: SlotView }): VNode | null {
  const app = useApp();
  const words = useWords();
  const [reasonCode, setReason] = useState(QUARANTINE_REASONS[0] ?? '');
  const { newestId, command } = useSlotCommand(slot);
  if (!isLive(app)) return null;
  const sentHere = { source: 'station', id: slot.stationId, evseId: String(slot.evseId) };
  return (
    <Section title={words.dispatch.slotAtStation} name="slot-at-station" folded>
      <p class="prose">{words.dispatch.slotAtStationHint}</p>
      <Choice
        name="quarantine-reason"
        label={words.dispatch.quarantineFor}
        value={reasonCode}
        options={QUARANTINE_REASONS.map((reason) => [reason, words.dispatch.quarantineReason[reason] ?? reason] as const)}
        choose={setReason}
      />
      <NotedAct told={<SentNow of={sentHere} id={newestId} />}>
        {(send, sending) => (
          <>
            <button
              type="button"
              class="button"
              data-action="quarantine"
              disabled={sending}
              onClick={() => send(command('slot.quarantine', { reasonCode }))}
            >
              {words.dispatch.quarantine}
            </button>
            <button type="button" class="button" data-action="lock" disabled={sending} onClick={() => send(command('slot.lock', {}))}>
              {words.dispatch.lock}
            </button>
            <button type="button" class="button" data-action="unlock" disabled={sending} onClick={() => send(command('slot.unlock', {}))}>
              {words.dispatch.unlock}
            </button>
          </>
        )}
      </NotedAct>
      <SentCommands of={sentHere} newestId={newestId} />
    </Section>
  );
}
