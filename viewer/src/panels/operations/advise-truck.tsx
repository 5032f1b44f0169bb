import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { figure } from '../../format/quantity.ts';
import { isReason } from '../../store/reason-entry.ts';
import { useApp, useWords } from '../app-context.ts';
import { Choice } from '../money/list-tools.tsx';
import { useAct } from '../use-act.ts';

/** Tells a driver where to swap instead; he takes it or declines, and the list of messages says so. */
export function AdviseTruck({ truckIds, awayFromId }: { truckIds: readonly string[]; awayFromId: string | null }): VNode {
  const { dispatchApi, store } = useApp();
  const words = useWords();
  const act = useAct();
  const stations = store.version.stations.value < 0 ? [] : [...store.records.stations.values()].filter(({ id }) => id !== awayFromId);
  const [truckId, setTruck] = useState(truckIds[0] ?? '');
  const [stationId, setStation] = useState('');
  const [text, setText] = useState('');
  const [done, setDone] = useState(false);
  // Who leaves the queue while one writes to him stays the one that is written to, and is seen to be.
  const offeredIds = truckIds.includes(truckId) || truckId === '' ? truckIds : [truckId, ...truckIds];
  const toId = stationId === '' ? (stations[0]?.id ?? '') : stationId;
  const send = async (): Promise<void> => {
    setDone(false);
    const said = text.trim();
    if (!isReason(said)) return act.object(words.operations.reasonShort);
    const title = words.dispatch.adviseTitle(toId);
    if (!(await act.runOnce((key) => dispatchApi.write({ to: `truck:${truckId}`, title, text: said, stationId: toId, key })))) return;
    setDone(true);
    setText('');
  };
  return (
    <div class="alarm-acts" data-form="advise">
      <b>{words.dispatch.advise}</b>
      <div class="alarm-buttons">
        <Choice
          name="advise-truck"
          label={words.dispatch.truck}
          value={truckId}
          options={offeredIds.map((id) => [id, id] as const)}
          choose={setTruck}
        />
        <Choice
          name="advise-station"
          label={words.dispatch.adviseTo}
          value={toId}
          options={stations.map(({ id, readyPacks }) => [id, `${id} · ${words.readyOf(figure(readyPacks))}`] as const)}
          choose={setStation}
        />
      </div>
      <label class="entry">
        <span>{words.dispatch.adviseText}</span>
        <input name="advise-text" maxLength={400} autocomplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <div class="alarm-buttons">
        <button type="button" class="button" data-action="advise" disabled={act.sending} onClick={() => void send()}>
          {words.dispatch.send}
        </button>
      </div>
      <p class={act.problem === null ? 'done-text' : 'alarm-text'} role="alert">
        {act.problem ?? (done ? words.dispatch.sent : null)}
      </p>
    </div>
  );
}
