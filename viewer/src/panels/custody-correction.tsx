import type { PackView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { PLACE_KINDS, type PlaceKind } from '../feed/operator-api.ts';
import { useApp, useWords } from './app-context.ts';
import { NotedAct } from './operator-acts.tsx';
import { Section } from './section.tsx';

/** Says where a pack was found, when the books have it elsewhere; who moves it between slots of his own stations is offered slots only. */
export function CustodyCorrection({ pack, isPlatform }: { pack: PackView; isPlatform: boolean }): VNode {
  const { operatorApi } = useApp();
  const words = useWords();
  const kinds: readonly PlaceKind[] = isPlatform ? PLACE_KINDS : ['SLOT'];
  const [kind, setKind] = useState<PlaceKind>('SLOT');
  const [id, setId] = useState('');
  return (
    <Section title={words.act.custody} name="custody" folded>
      <div class="custody-place">
        <label class="entry">
          <span>{words.act.foundKind}</span>
          <select
            name="place-kind"
            value={kind}
            onChange={(event) => setKind(kinds.find((one) => one === event.currentTarget.value) ?? kind)}
          >
            {kinds.map((one) => (
              <option key={one} value={one}>
                {words.location[one]}
              </option>
            ))}
          </select>
        </label>
        <label class="entry">
          <span>{words.act.foundAt}</span>
          <input name="place-id" autocomplete="off" placeholder="HH1-3" value={id} onInput={(event) => setId(event.currentTarget.value)} />
        </label>
      </div>
      <NotedAct>
        {(send, sending) => (
          <button
            type="button"
            class="button"
            data-action="correct-custody"
            disabled={sending || id.trim() === ''}
            onClick={() => send((asked) => operatorApi.correctCustody(pack.id, { kind, id: id.trim() }, asked))}
          >
            {words.act.correct}
          </button>
        )}
      </NotedAct>
    </Section>
  );
}
