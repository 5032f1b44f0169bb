import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { newRequestKey } from '../../feed/request-key.ts';
import { figure } from '../../format/quantity.ts';
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
  const [key, setKey] = useState(newRequestKey);
  const [done, setDone] = useState(false);
  const toId = stationId === '' ? (stations[0]?.id ?? '') : stationId;
  const send = async (): Promise<void> => {
    setDone(false);
    const said = text.trim();
    if (said === '') return act.object(words.money.noteMissing);
    const title = words.dispatch.adviseTitle(toId);
    if (!(await act.run(() => dispatchApi.write({ to: `truck:${truckId}`, title, text: said, stationId: toId, key })))) return;
    setDone(true);
    setText('');
    setKey(newRequestKey());
  };
  return (
    <div class="alarm-acts" data-form="advise">
      <b>{words.dispatch.advise}</b>
      <div class="alarm-buttons">
        <Choice
          name="advise-truck"
          label={words.dispatch.truck}
          value={truckId}
          options={truckIds.map((id) => [id, id] as const)}
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
