import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { figure } from '../../format/quantity.ts';
import { isReason } from '../../store/reason-entry.ts';
import { useApp, useWords } from '../app-context.ts';
import { Choice } from '../money/list-tools.tsx';
import { actsFor } from '../operator-acts.tsx';
import { usePolled } from '../polled.ts';
import { useAct } from '../use-act.ts';
import { type NamedTruck, truckName, withChosen } from './named-truck.ts';

/** Which stations a truck reaches changes as it drives. */
const ASKED_EVERY_MS = 10_000;

/**
 * Tells a driver where to swap instead; he takes it or declines, and the list of messages says so. Nobody is chosen beforehand: a driver
 * goes where he is sent.
 * @param about the truck that one looks at; null: one of several, to be chosen
 */
export function AdviseTruck(props: { trucks: readonly NamedTruck[]; about: NamedTruck | null; awayFromId: string | null }): VNode {
  const { dispatchApi, store } = useApp();
  const words = useWords();
  const act = useAct();
  const [truck, setTruck] = useState(props.about);
  const [stationId, setStation] = useState('');
  const [text, setText] = useState('');
  const [done, setDone] = useState(false);
  const offered = withChosen(props.trucks, truck);
  const offeredIds = useReached(truck?.truckId ?? null).filter((id) => id !== props.awayFromId);
  const stationIds = stationId === '' || offeredIds.includes(stationId) ? offeredIds : [stationId, ...offeredIds];
  const send = async (): Promise<void> => {
    setDone(false);
    const said = text.trim();
    if (truck === null || stationId === '') return act.object(words.dispatch.chooseBoth);
    if (!isReason(said)) return act.object(words.operations.reasonShort);
    const title = words.dispatch.adviseTitle(stationId);
    if (!(await act.runOnce((key) => dispatchApi.write({ to: `truck:${truck.truckId}`, title, text: said, stationId, key })))) return;
    setDone(true);
    setText('');
    setStation('');
  };
  const readyAt = (id: string): string => words.readyOf(figure(store.records.stations.get(id)?.readyPacks));
  return (
    <div class="alarm-acts" data-form="advise">
      <b>{words.dispatch.advise}</b>
      <div class="alarm-buttons">
        <Choice
          name="advise-truck"
          label={words.dispatch.truck}
          value={truck?.truckId ?? ''}
          options={[
            ...(props.about === null ? [['', words.dispatch.choose] as const] : []),
            ...offered.map((each) => [each.truckId, truckName(each)] as const),
          ]}
          choose={(id) => {
            setTruck(offered.find(({ truckId }) => truckId === id) ?? null);
            setStation('');
          }}
        />
        <Choice
          name="advise-station"
          label={words.dispatch.adviseTo}
          value={stationId}
          options={[['', words.dispatch.choose], ...stationIds.map((id) => [id, `${id} · ${readyAt(id)}`] as const)]}
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

/** Stations that the truck reaches and can swap at, best first; all of them to who may not know where it is, or when nobody does. */
function useReached(truckId: string | null): readonly string[] {
  const { driverApi, session, store } = useApp();
  const version = store.version.stations.value + store.version.trucks.value;
  const truck = truckId === null || version < 0 ? undefined : store.records.trucks.get(truckId);
  const mayAsk = truck !== undefined && actsFor(session.person, 'CARRIER', truck.carrierId);
  const { value, failed } = usePolled(
    `${truckId ?? ''}${mayAsk}`,
    async () => (mayAsk ? await driverApi.recommendations(truck.id) : null),
    mayAsk ? ASKED_EVERY_MS : null,
  );
  if (truckId === null || (mayAsk && value === null && !failed)) return [];
  return value?.problem === null ? value.items.map(({ stationId }) => stationId) : [...store.records.stations.keys()];
}
