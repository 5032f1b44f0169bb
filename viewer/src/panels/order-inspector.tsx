import type { OrderSummary } from '@corridor/protocols/http/scene';
import { SWAP_STATES } from '@corridor/protocols/swap-step';
import type { VNode } from 'preact';
import { yuan } from '../format/money.ts';
import { orderCondition } from '../store/condition.ts';
import { isKept, isOnItsWay } from '../store/driver-trip.ts';
import { isLive, useApp, useLiveTitle, useWords } from './app-context.ts';
import { SwapProgress } from './bay-panel.tsx';
import { BILLED_STATES, BillPanel } from './bill-panel.tsx';
import { useFetched } from './fetched.ts';
import { Field, Time } from './figures.tsx';
import { InspectorHead, Missing } from './inspector-head.tsx';
import { Link } from './link.tsx';
import { MachinePanel } from './machine-panel.tsx';
import { mayOpen } from './may-open.ts';
import { ReservationOf } from './operations/reservation-of.tsx';
import { SentCommands } from './operations/sent-commands.tsx';
import { actsFor, OperatorActs } from './operator-acts.tsx';
import { OrderEvents } from './order-events.tsx';
import { Section } from './section.tsx';

export function OrderInspector({ id }: { id: string }): VNode {
  const app = useApp();
  const { store } = app;
  const words = useWords();
  const order = store.version.orders.value < 0 ? undefined : store.records.orders.get(id);
  if (order !== undefined) return <OrderView order={order} />;
  // What the twin says of it now is not what it was then.
  if (!isLive(app)) return <p class="nothing padded">{words.past.notThere}</p>;
  return store.loaded.value ? <PastOrder id={id} /> : <div class="skeleton" aria-busy="true" />;
}

/** The scene holds the orders of the last hours only; the twin keeps all. */
function PastOrder({ id }: { id: string }): VNode {
  const { api } = useApp();
  const { value, state } = useFetched(`order/${id}`, () => api.order(id));
  if (value !== null) return <OrderView order={value} />;
  return state === 'failed' ? <Missing id={id} /> : <div class="skeleton" aria-busy="true" />;
}

function OrderView({ order }: { order: OrderSummary }): VNode {
  const app = useApp();
  const { language, session, store, recording } = app;
  const words = useWords();
  const liveTitle = useLiveTitle();
  const { id } = order;
  const operatorId = store.version.stations.value < 0 ? null : store.records.stations.get(order.stationId)?.operatorId;
  const isUnderWay = order.state === 'IN_PROGRESS' && order.requestId !== null;
  return (
    <>
      <InspectorHead
        title={order.payableFen === null ? words.section.order : yuan(order.payableFen)}
        subtitle={order.id}
        condition={orderCondition(order.state)}
        state={language.codeWord(order.state)}
      >
        {order.reason !== null && <span class="chip alarm">{language.codeWord(order.reason)}</span>}
      </InspectorHead>
      {order.swapState !== null && (
        <div class="card">
          <StepOf order={order} />
        </div>
      )}
      <Section title={liveTitle} name="live">
        <OrderFields order={order} />
      </Section>
      <Section title={words.section.bill} name="bill">
        {BILLED_STATES.has(order.state) ? (
          <BillPanel orderId={id} state={order.state} />
        ) : (
          <p class="nothing">{words.billOpensAfterMeasuring}</p>
        )}
      </Section>
      {recording.value === null && (
        <Section title={words.section.events} name="events" folded>
          <OrderEvents orderId={id} state={`${order.state}/${order.swapState ?? ''}`} />
        </Section>
      )}
      {isLive(app) && isKept(order) && actsFor(session.person, 'CARRIER', order.carrierId) && (
        <Section title={words.reserve.title} name="reservation">
          <ReservationOf key={id} order={order} changed={() => undefined} />
        </Section>
      )}
      {isUnderWay && actsFor(session.person, 'STATION_OPERATOR', operatorId) && <SwapActs order={order} />}
      <MachinePanel machine="order" actorId={id} state={order.state} />
    </>
  );
}

/** States after which the only safe way is forward (docs/domain/swap-procedure.md): the pack of the truck is being unlocked, or farther. */
const BEYOND_ABORT: ReadonlySet<string> = new Set(SWAP_STATES.slice(SWAP_STATES.indexOf('UNLOCKING'), SWAP_STATES.indexOf('COMPLETED')));

/** What may be done with a swap under way; what may not is said with why, before anybody tries. */
function SwapActs({ order }: { order: OrderSummary }): VNode | null {
  const app = useApp();
  const words = useWords();
  if (!isLive(app)) return null;
  const state = order.swapState?.toUpperCase() ?? '';
  return (
    <>
      {BEYOND_ABORT.has(state) ? (
        <p class="prose" data-swap-act="abort-not">
          {words.dispatch.abortNot}
        </p>
      ) : (
        <OperatorActs kind="swaps" id={`${order.stationId}-${order.requestId}`} acts={['abort']} />
      )}
      <SentCommands of={{ source: 'station', id: order.stationId, requestId: String(order.requestId) }} newestId={null} />
      {state === 'SUSPENDED' && (
        <p class="prose" data-swap-act="resume-not">
          {words.dispatch.resumeNot}
        </p>
      )}
    </>
  );
}

function OrderFields({ order }: { order: OrderSummary }): VNode {
  const { names, language, session, store, recording } = useApp();
  const words = useWords();
  const operatorId = store.version.stations.value < 0 ? null : store.records.stations.get(order.stationId)?.operatorId;
  // The twin has none of a recording.
  const hasActors = recording.value === null;
  return (
    <dl class="fields">
      <Field label={words.field.truck}>{order.truckId === null ? '—' : <Link kind="truck" id={order.truckId} />}</Field>
      <Field label={words.field.station}>
        <Link kind="station" id={order.stationId} />
      </Field>
      <Field label={words.field.returned}>{order.returnPackId === null ? '—' : <Link kind="pack" id={order.returnPackId} />}</Field>
      <Field label={words.field.issued}>{order.issuePackId === null ? '—' : <Link kind="pack" id={order.issuePackId} />}</Field>
      <Field label={words.field.quoted}>
        <span class="figure">{yuan(order.quotedFen)}</span>
      </Field>
      <Field label={words.field.held}>
        <span class="figure">{yuan(order.heldFen)}</span>
      </Field>
      <Field label={words.field.initiation}>{words.initiation[order.initiation]}</Field>
      <Field label={words.field.created}>
        <Time at={order.createdAt} />
      </Field>
      {order.requestId !== null && hasActors && mayOpen(session.person, operatorId) && (
        <Field label={words.chart.machine['swap'] ?? ''}>
          <Link kind="actor" id={`swap:${order.stationId}-${order.requestId}`}>
            {`${order.stationId}-${order.requestId}`}
          </Link>
        </Field>
      )}
      <Field label={words.field.carrier} wide>
        {order.carrierId === null ? (
          '—'
        ) : !hasActors || !mayOpen(session.person, order.carrierId) ? (
          names.nameOf(order.carrierId, language.chinese)
        ) : (
          <Link kind="actor" id={`account:${order.carrierId}`}>
            {names.nameOf(order.carrierId, language.chinese)}
          </Link>
        )}
      </Field>
    </dl>
  );
}

/** How far the swap is; a truck on its way is in no queue yet, a pack waits for it. */
function StepOf({ order }: { order: OrderSummary }): VNode | null {
  const { store } = useApp();
  const words = useWords();
  const truck = store.version.trucks.value < 0 ? undefined : store.records.trucks.get(order.truckId ?? '');
  if (order.swapState === null) return null;
  if (!isOnItsWay(order, truck)) return <SwapProgress step={order.swapState} />;
  return <p data-step="KEPT">{words.reserve.onItsWay}</p>;
}

/** The order inside another inspector: state, money, and the way to the whole of it. */
export function OrderSummaryPanel({ order }: { order: OrderSummary }): VNode {
  const { language } = useApp();
  const words = useWords();
  return (
    <div class="card">
      <div class="card-line">
        <Link kind="order" id={order.id}>
          {language.codeWord(order.state)}
        </Link>
        <b class="figure">{yuan(order.payableFen ?? order.heldFen ?? order.quotedFen)}</b>
      </div>
      <StepOf order={order} />
      {BILLED_STATES.has(order.state) ? (
        <BillPanel orderId={order.id} state={order.state} />
      ) : (
        <p class="nothing">{words.billOpensAfterMeasuring}</p>
      )}
    </div>
  );
}
