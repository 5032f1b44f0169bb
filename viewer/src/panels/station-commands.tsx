import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { isLive, useApp, useWords } from './app-context.ts';
import { SentCommands, SentNow } from './operations/sent-commands.tsx';
import { NotedAct } from './operator-acts.tsx';
import { Section } from './section.tsx';

/** What a whole station is asked, and what people have sent it lately. */
export function StationCommands({ stationId }: { stationId: string }): VNode | null {
  const app = useApp();
  const words = useWords();
  const [newestId, setNewestId] = useState<string | null>(null);
  if (!isLive(app)) return null;
  const sentHere = { source: 'station', id: stationId };
  return (
    <Section title={words.dispatch.inventory} name="inventory" folded>
      <p class="prose">{words.dispatch.inventoryHint}</p>
      <NotedAct told={<SentNow of={sentHere} id={newestId} />}>
        {(send, sending) => (
          <button
            type="button"
            class="button"
            data-action="inventory"
            disabled={sending}
            onClick={() =>
              send(async (asked) =>
                setNewestId((await app.dispatchApi.command({ stationId, verb: 'inventory.report', args: {}, ...asked })).id),
              )
            }
          >
            {words.dispatch.inventory}
          </button>
        )}
      </NotedAct>
      <SentCommands of={sentHere} newestId={newestId} />
    </Section>
  );
}
