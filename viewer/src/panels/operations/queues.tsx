import type { QueueView } from '@corridor/protocols/http/queue-view';
import type { VNode } from 'preact';
import { duration, figure, percent, quantity } from '../../format/quantity.ts';
import { openedRows } from '../../store/place-query.ts';
import { isLive, useApp, useWords } from '../app-context.ts';
import { Figure, Time } from '../figures.tsx';
import { Link } from '../link.tsx';
import { DataTable, TableHead } from '../money/data-table.tsx';
import { FoldRow, type KeptFold } from '../money/fold-row.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { actsFor } from '../operator-acts.tsx';
import { useInstant } from '../past/instant.ts';
import { usePolled } from '../polled.ts';
import { Section } from '../section.tsx';
import { missingRows, openedIn, PlaceNotice, usePlace } from '../use-place.tsx';
import { AdviseTruck } from './advise-truck.tsx';
import { truckName } from './named-truck.ts';
import { ReserveForOne } from './reserve-pack.tsx';

const COLUMNS = 5;
const PLACE = { open: openedRows };
const ASKED_EVERY_MS = 5_000;

/** Who waits where and for how long, who comes, and what is there for them. */
export function Queues(): VNode {
  const { dispatchApi } = useApp();
  const words = useWords();
  const place = usePlace(PLACE);
  const keptOf = openedIn(place);
  const at = useInstant();
  const { value, failed, again } = usePolled(`queues/${at ?? ''}`, () => dispatchApi.queues(at), at === null ? ASKED_EVERY_MS : null);
  if (value === null) return <NotFetched state={failed ? 'failed' : 'loading'} retry={again} tall />;
  return (
    <section class="money-part" data-part="queue">
      <PlaceNotice
        wrong={[
          ...place.wrong,
          ...missingRows(
            place.asked.open,
            value.items.map(({ stationId }) => stationId),
          ),
        ]}
      />
      <p class="alarm-text" role="status">
        {failed && words.data.old}
      </p>
      <table class="money-table">
        <TableHead
          columns={[
            { word: words.dispatch.station },
            { word: words.dispatch.waiting, look: 'amount' },
            { word: words.dispatch.coming, look: 'amount' },
            { word: words.dispatch.readyNow, look: 'amount' },
            { word: words.dispatch.nextReady, look: 'amount aside' },
          ]}
        />
        <tbody>
          {value.items.map((queue) => (
            <QueueRow key={queue.stationId} queue={queue} kept={keptOf(queue.stationId)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function QueueRow({ queue, kept }: { queue: QueueView; kept: KeptFold }): VNode {
  const { store, language } = useApp();
  const station = store.version.stations.value < 0 ? undefined : store.records.stations.get(queue.stationId);
  return (
    <FoldRow
      name="queue"
      id={queue.stationId}
      head={<b>{queue.stationId}</b>}
      below={station === undefined ? '' : language.chinese ? station.nameZh : station.name}
      columns={COLUMNS}
      kept={kept}
      cells={
        <>
          <td class="amount">{queue.waiting.length === 0 ? '0' : <b class="wait-text">{figure(queue.waiting.length)}</b>}</td>
          <td class="amount">{figure(queue.underWay.length)}</td>
          <td class="amount">{figure(queue.readyNow)}</td>
          <td class="amount aside">
            <Time at={queue.nextReady[0]?.at} />
          </td>
        </>
      }
      inside={() => <QueueInside queue={queue} />}
    />
  );
}

function QueueInside({ queue }: { queue: QueueView }): VNode {
  const app = useApp();
  const { clock, store, session } = app;
  const words = useWords();
  const nowMs = store.kpis.value === null ? Number.NaN : clock.nowMs(performance.now());
  const trucks = [...queue.waiting, ...queue.underWay];
  return (
    <>
      {trucks.length === 0 && <p class="nothing">{words.dispatch.nobody}</p>}
      <DataTable
        caption={words.dispatch.waiting}
        columns={[
          { word: words.dispatch.position },
          { word: words.dispatch.truck },
          { word: words.dispatch.since, look: 'amount' },
          { word: words.dispatch.reserved, look: 'amount aside' },
        ]}
        rows={queue.waiting.map((truck) => ({
          key: truck.truckId,
          cells: [
            figure(truck.position),
            <Link kind="truck" id={truck.truckId}>
              {truckName(truck)}
            </Link>,
            <Figure of={duration(truck.since === null ? null : nowMs - Date.parse(truck.since))} />,
            truck.reservedPackId ?? '—',
          ],
        }))}
      />
      <DataTable
        caption={words.dispatch.coming}
        columns={[
          { word: words.dispatch.truck },
          { word: words.dispatch.eta, look: 'amount' },
          { word: words.dispatch.distance, look: 'amount aside' },
          { word: 'SOC', look: 'amount aside' },
          { word: words.dispatch.packsLeft, look: 'amount' },
          { word: words.dispatch.reserved, look: 'amount aside' },
        ]}
        rows={queue.underWay.map((truck) => ({
          key: truck.truckId,
          cells: [
            <Link kind="truck" id={truck.truckId}>
              {truckName(truck)}
            </Link>,
            <Time at={truck.etaAt} />,
            <Figure of={quantity(truck.distanceM === null ? null : truck.distanceM / 1_000, 'km')} />,
            <Figure of={percent(truck.socPercent)} />,
            truck.reservedPackId === null ? <PacksLeft count={truck.packsLeft} /> : words.dispatch.itsOwn,
            truck.reservedPackId ?? '—',
          ],
        }))}
      />
      {/* Nobody is advised in the past. */}
      {isLive(app) && trucks.length > 0 && <AdviseTruck trucks={trucks} about={null} awayFromId={queue.stationId} />}
      {isLive(app) && trucks.length > 0 && actsFor(session.person, 'CARRIER', null) && (
        <Section title={words.reserve.title} name="reserve" folded>
          <ReserveForOne trucks={trucks} />
        </Section>
      )}
    </>
  );
}

function PacksLeft({ count }: { count: number | null }): VNode {
  const words = useWords();
  if (count === null) return <>—</>;
  return count <= 0 ? <b class="wait-text">{words.dispatch.noneLeft}</b> : <>{figure(count)}</>;
}
