import type { NotificationView } from '@corridor/protocols/http/notification-view';
import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { isKept } from '../../store/driver-trip.ts';
import { useApp, useWords } from '../app-context.ts';
import { DayTime } from '../figures.tsx';
import { useSaid } from '../notice-said.ts';
import { usePolled } from '../polled.ts';
import { useAct } from '../use-act.ts';
import { useStation } from './station-name.ts';

const ASKED_EVERY_MS = 10_000;
/** Older ones that were never read are history by now. */
const SHOWN = 3;

const isWaiting = ({ isReceived, readAt, stationId, answer }: NotificationView): boolean =>
  isReceived && (readAt === null || (stationId !== null && answer === null));

/** What the driver was written, until he has read it; an advice until he has answered. */
export function DriverNotices(): VNode | null {
  const { dispatchApi } = useApp();
  const { value, again } = usePolled('notices', () => dispatchApi.notifications(null), ASKED_EVERY_MS);
  const waiting = (value?.items ?? []).filter(isWaiting).slice(0, SHOWN);
  if (waiting.length === 0) return null;
  return (
    <>
      {waiting.map((notice) => (
        <Notice key={notice.no} notice={notice} changed={again} />
      ))}
    </>
  );
}

function Notice({ notice, changed }: { notice: NotificationView; changed: () => void }): VNode {
  const { dispatchApi, orderApi } = useApp();
  const words = useWords();
  const { title, text } = useSaid(notice);
  const reserved = useReserved(notice);
  const act = useAct();
  const does = async (what: () => Promise<unknown>): Promise<void> => {
    if (await act.run(what)) changed();
  };
  const button = (name: string, word: string, what: () => Promise<unknown>): VNode => (
    <button type="button" class="button" data-action={name} disabled={act.sending} onClick={() => void does(what)}>
      {word}
    </button>
  );
  /** Read by that: he has decided. */
  const giveBack = async (order: OrderSummary): Promise<void> => {
    await orderApi.cancel(order.id, null);
    await dispatchApi.read(notice.no);
  };
  return (
    <section class="driver-card" data-notice={notice.no} role="status">
      <h2>{title}</h2>
      {notice.stationId !== null && <Advised stationId={notice.stationId} />}
      <p>{text}</p>
      <small>
        <DayTime at={notice.at} />
      </small>
      <div class="notice-buttons">
        {notice.stationId === null ? (
          <>
            {button('notice-read', words.dispatch.markRead, () => dispatchApi.read(notice.no))}
            {reserved !== null && button('notice-give-back', words.driver.cancel, () => giveBack(reserved))}
          </>
        ) : (
          <>
            {button('notice-accept', words.dispatch.accept, () => dispatchApi.answer(notice.no, 'ACCEPTED'))}
            {button('notice-decline', words.dispatch.decline, () => dispatchApi.answer(notice.no, 'DECLINED'))}
          </>
        )}
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </section>
  );
}

/** The reservation that a notice tells of, while it stands: only then can it be given back. */
function useReserved({ notice }: NotificationView): OrderSummary | null {
  const { store } = useApp();
  const order = store.version.orders.value < 0 || notice?.code !== 'PACK_RESERVED' ? undefined : store.records.orders.get(notice.orderId);
  return order !== undefined && isKept(order) ? order : null;
}

/** Where he is to go, whatever the text says. */
function Advised({ stationId }: { stationId: string }): VNode {
  const words = useWords();
  return <b data-advised={stationId}>{words.dispatch.advised(useStation(stationId).name)}</b>;
}
