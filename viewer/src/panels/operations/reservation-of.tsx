import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { yuan } from '../../format/money.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Field, Time } from '../figures.tsx';
import { Link } from '../link.tsx';
import { NotedAct } from '../operator-acts.tsx';
import { useAct } from '../use-act.ts';

interface Reservation {
  order: OrderSummary;
  /** Told what the twin answered, which may be before the scene has it. */
  changed: (order: OrderSummary) => void;
}

/** A pack that waits for a truck on its way: by a price that one may take, or held until the truck comes. */
export function ReservationOf({ order, changed }: Reservation): VNode {
  const { orderApi } = useApp();
  const words = useWords();
  const { value } = useFetched(order.id, () => orderApi.detail(order.id), order.state);
  const isHeld = order.state === 'HELD';
  return (
    <div data-reservation={order.state}>
      <dl class="fields">
        <Field label={words.field.station}>
          <Link kind="station" id={order.stationId} />
        </Field>
        <Field label={words.reserve.pack}>{order.issuePackId === null ? '—' : <Link kind="pack" id={order.issuePackId} />}</Field>
        <Field label={isHeld ? words.field.held : words.reserve.quoted}>
          <span class="figure">{yuan(isHeld ? order.heldFen : order.quotedFen)}</span>
        </Field>
        <Field label={words.reserve.until}>
          <Time at={value?.state === order.state ? value.keptUntil : null} />
        </Field>
        <Field label={words.reserve.order} wide>
          <Link kind="order" id={order.id} />
        </Field>
      </dl>
      {isHeld ? <Held order={order} changed={changed} /> : <Quoted order={order} changed={changed} />}
    </div>
  );
}

function Quoted({ order, changed }: Reservation): VNode {
  const { orderApi } = useApp();
  const words = useWords();
  const dropping = useAct();
  const reserve = async ({ note }: { note: string }): Promise<void> => changed(await orderApi.confirm(order.id, note));
  return (
    <>
      <p class="prose">
        {words.reserve.holdNote} {words.reserve.tells}
      </p>
      <NotedAct>
        {(send, sending) => (
          <>
            <button type="button" class="button" data-action="reserve" disabled={sending || dropping.sending} onClick={() => send(reserve)}>
              {words.reserve.reserve}
            </button>
            <button
              type="button"
              class="button"
              data-action="drop-quote"
              disabled={sending || dropping.sending}
              onClick={() => void dropping.run(async () => changed(await orderApi.cancel(order.id, null)))}
            >
              {words.reserve.drop}
            </button>
          </>
        )}
      </NotedAct>
      <p class="alarm-text" role="alert">
        {dropping.problem}
      </p>
    </>
  );
}

function Held({ order, changed }: Reservation): VNode {
  const { orderApi } = useApp();
  const words = useWords();
  // The station lets go of it first: until then it stands.
  const [asked, setAsked] = useState(false);
  const cancel = async ({ note }: { note: string }): Promise<void> => {
    changed(await orderApi.cancel(order.id, note));
    setAsked(true);
  };
  if (asked)
    return (
      <p class="prose" role="status">
        {words.reserve.cancelling}
      </p>
    );
  return (
    <NotedAct>
      {(send, sending) => (
        <button type="button" class="button" data-action="cancel-reservation" disabled={sending} onClick={() => send(cancel)}>
          {words.reserve.cancel}
        </button>
      )}
    </NotedAct>
  );
}
