import type { OrderSummary, StationView, TruckView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { unitPrice, yuan } from '../../format/money.ts';
import { quantity, UNKNOWN } from '../../format/quantity.ts';
import { isOrderOpen } from '../../store/condition.ts';
import { type NextStation, nextStationOf } from '../../store/driver-trip.ts';
import { useApp, useWords } from '../app-context.ts';
import { SwapProgress } from '../bay-panel.tsx';
import { Field, Figure } from '../figures.tsx';
import { type Act, useAct } from '../use-act.ts';

const METRES_PER_KM = 1_000;
const MINUTE_MS = 60_000;

/** The swap that runs or is kept; else where to swap next, and one button. */
export function NextSwap({ truck }: { truck: TruckView }): VNode {
  const { store, clock, second } = useApp();
  const words = useWords();
  const orders = store.version.orders.value < 0 ? [] : [...store.records.orders.values()];
  const open = orders
    .filter((order) => order.truckId === truck.id && isOrderOpen(order) && order.state !== 'ABNORMAL')
    .sort((one, other) => other.createdAt.localeCompare(one.createdAt))[0];
  if (open !== undefined) return <OpenOrder order={open} />;
  const stations = store.version.stations.value < 0 ? [] : [...store.records.stations.values()];
  const next = second.value < 0 ? null : nextStationOf(truck, stations, clock.nowMs(performance.now()));
  return (
    <section class="driver-card" data-driver-part="next">
      <h2>{words.driver.next}</h2>
      {next === null ? <p>{words.driver.noStation}</p> : <Station next={next} truckId={truck.id} />}
    </section>
  );
}

function stationName({ name, nameZh }: StationView, chinese: boolean): string {
  return chinese ? nameZh : name;
}

function Station({ next, truckId }: { next: NextStation; truckId: string }): VNode {
  const { orderApi, language } = useApp();
  const words = useWords();
  const act = useAct();
  const { station, distanceM, etaMs, why } = next;
  return (
    <>
      <b class="driver-station">{stationName(station, language.chinese)}</b>
      <p class="driver-why">{words.driver.why[why]}</p>
      <dl class="driver-fields">
        <Field label={words.driver.ready}>
          <Figure of={quantity(station.readyPacks, '')} />
        </Field>
        <Field label={words.driver.wait}>
          <Minutes ms={station.estWaitMs} />
        </Field>
        <Field label={words.driver.away}>
          <Figure of={quantity(distanceM === null ? null : distanceM / METRES_PER_KM, 'km')} />
        </Field>
        {etaMs !== null && (
          <Field label={words.driver.arrives}>
            <Minutes ms={etaMs} />
          </Field>
        )}
        <Field label={words.driver.price}>
          <span class="figure">
            {unitPrice(station.priceNanoYuanPerKwh)}
            <small> /kWh</small>
          </span>
        </Field>
      </dl>
      <button
        type="button"
        class="button primary"
        data-action="quote"
        disabled={act.sending}
        onClick={() => void act.run(() => orderApi.quote({ stationId: station.id, truckId }))}
      >
        {words.driver.quote}
      </button>
      <Problem act={act} />
    </>
  );
}

/** A driver plans by minutes, not by seconds. */
function Minutes({ ms }: { ms: number | null }): VNode {
  const words = useWords();
  return <span class="figure">{ms === null ? UNKNOWN : words.ago.minutes(Math.ceil(ms / MINUTE_MS))}</span>;
}

function OpenOrder({ order }: { order: OrderSummary }): VNode {
  const { store, language } = useApp();
  const words = useWords();
  const station = store.version.stations.value < 0 ? undefined : store.records.stations.get(order.stationId);
  const isQuoted = order.state === 'QUOTED' || order.state === 'CREATED';
  const title = isQuoted ? words.driver.quoted : order.swapState === null ? words.driver.kept : words.driver.underWay;
  return (
    <section class="driver-card" data-driver-part="order" data-state={order.state}>
      <h2>{title}</h2>
      <b class="driver-station">{station === undefined ? order.stationId : stationName(station, language.chinese)}</b>
      {order.swapState !== null && <SwapProgress step={order.swapState} />}
      <div class="driver-line">
        <span>{isQuoted ? words.field.quoted : words.driver.held}</span>
        <b class="driver-figure figure">{yuan(isQuoted ? order.quotedFen : (order.heldFen ?? order.quotedFen))}</b>
      </div>
      {order.swapState === null && <OrderActs order={order} isQuoted={isQuoted} />}
    </section>
  );
}

/** Before the truck is in the bay a swap can be taken, and given back. */
function OrderActs({ order, isQuoted }: { order: OrderSummary; isQuoted: boolean }): VNode {
  const { orderApi } = useApp();
  const words = useWords();
  const act = useAct();
  // What was given back may still be shown for a moment: it is not given back twice.
  const [isGivenBack, setGivenBack] = useState(false);
  const cancel = async (): Promise<void> => setGivenBack(await act.run(() => orderApi.cancel(order.id)));
  return (
    <>
      {isQuoted && (
        <button
          type="button"
          class="button primary"
          data-action="take"
          disabled={act.sending || isGivenBack}
          onClick={() => void act.run(() => orderApi.confirm(order.id))}
        >
          {words.driver.take(yuan(order.quotedFen))}
        </button>
      )}
      <button type="button" class="button" data-action="give-back" disabled={act.sending || isGivenBack} onClick={() => void cancel()}>
        {isQuoted ? words.driver.notNow : words.driver.cancel}
      </button>
      <Problem act={act} />
    </>
  );
}

function Problem({ act }: { act: Act }): VNode {
  return (
    <p class="alarm-text" role="alert">
      {act.problem}
    </p>
  );
}
