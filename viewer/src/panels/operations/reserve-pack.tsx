import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { isKept, orderOfTrip, stageOf } from '../../store/driver-trip.ts';
import { useApp, useWords } from '../app-context.ts';
import { Link } from '../link.tsx';
import { Choice } from '../money/list-tools.tsx';
import { ChooseStation } from './choose-station.tsx';
import { type NamedTruck, truckName, withChosen } from './named-truck.ts';
import { ReservationOf } from './reservation-of.tsx';

/** A pack for a truck: where, for how much, kept until when; and how it ended. Whether it is possible, the twin says. */
export function ReservePack({ truckId }: { truckId: string }): VNode {
  const { store } = useApp();
  const words = useWords();
  const [own, setOwn] = useState<OrderSummary | null>(null);
  const known = store.version.orders.value < 0 ? [] : [...store.records.orders.values()];
  // What was answered may be here before the scene tells it.
  const isTold = own === null || store.records.orders.has(own.id);
  const order = orderOfTrip(isTold ? known : [...known, own], truckId, own?.id ?? null);
  const stage = stageOf(order);
  if (order !== null && isKept(order)) return <ReservationOf key={order.id} order={order} changed={setOwn} />;
  if (order !== null && (stage === 'UNDER_WAY' || stage === 'QUOTED' || stage === 'KEPT')) {
    return (
      <p class="prose">
        {words.reserve.underWay} <Link kind="order" id={order.id} />
      </p>
    );
  }
  return (
    <>
      {order !== null && <Ended order={order} />}
      <ChooseStation truckId={truckId} quoted={setOwn} />
    </>
  );
}

/** What became of the one before: the reason stands first, its order behind it. */
function Ended({ order }: { order: OrderSummary }): VNode {
  const { language } = useApp();
  return (
    <p class="prose" role="status" data-reservation-ended={order.state}>
      <b>{language.codeWord(order.state)}</b>
      {order.reason !== null && `: ${language.codeWord(order.reason)}`} · <Link kind="order" id={order.id} />
    </p>
  );
}

/** For one of those who wait at a station or come to it; which, one says. */
export function ReserveForOne({ trucks }: { trucks: readonly NamedTruck[] }): VNode {
  const words = useWords();
  const [truck, setTruck] = useState<NamedTruck | null>(null);
  const offered = withChosen(trucks, truck);
  return (
    <>
      <Choice
        name="reserve-truck"
        label={words.dispatch.truck}
        value={truck?.truckId ?? ''}
        options={[['', words.dispatch.choose], ...offered.map((each) => [each.truckId, truckName(each)] as const)]}
        choose={(id) => setTruck(offered.find(({ truckId }) => truckId === id) ?? null)}
      />
      {truck !== null && <ReservePack key={truck.truckId} truckId={truck.truckId} />}
    </>
  );
}
