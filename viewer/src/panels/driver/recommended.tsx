import type { Recommendations, RecommendedStation } from '@corridor/protocols/http/recommendation';
import type { TruckView } from '@corridor/protocols/http/scene';
import { ChevronRight, ScanLine, TriangleAlert } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { newRequestKey } from '../../feed/request-key.ts';
import { unitPrice, yuan } from '../../format/money.ts';
import { percent, quantity } from '../../format/quantity.ts';
import { useApp, useWords } from '../app-context.ts';
import { Field, Figure } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { usePolled } from '../polled.ts';
import { ActOutcome } from './refusal.tsx';
import { useStation } from './station-name.ts';
import { TripMap } from './trip-map.tsx';
import { useSteadyAct } from './use-steady-act.ts';

const METRES_PER_KM = 1_000;
const MINUTE_MS = 60_000;
/** Queues and packs change by the minute; a phone asks this often. */
const ASKED_EVERY_MS = 10_000;

/** Where to swap next: one station in big type with what speaks for it, the others behind it. */
export function Recommended({ truck, scan }: { truck: TruckView; scan: () => void }): VNode {
  const { driverApi, connection } = useApp();
  const words = useWords();
  // At once when the line is back.
  const isLive = String(connection.value === 'live');
  const { value, failed, again } = usePolled(truck.id, () => driverApi.recommendations(truck.id), ASKED_EVERY_MS, isLive);
  const [chosenId, choose] = useState<string | null>(null);
  if (value === null) return <NotFetched state={failed ? 'failed' : 'loading'} retry={again} look="button" tall />;
  const chosen = value.items.find(({ stationId }) => stationId === chosenId) ?? value.items[0];
  return (
    <>
      {value.urgency !== null && value.urgency !== 'NOT_YET' && (
        <p class={`driver-urgency ${value.urgency === 'NOW' ? 'now' : 'soon'}`} data-urgency={value.urgency}>
          <Icon node={TriangleAlert} size={24} />
          {words.driver.urgency[value.urgency]}
        </p>
      )}
      {chosen === undefined ? (
        <NoStation value={value} />
      ) : (
        <StationCard key={chosen.stationId} offer={chosen} truck={truck} isFirst={chosen === value.items[0]} />
      )}
      <button type="button" class="button" data-action="scan" onClick={scan}>
        <Icon node={ScanLine} size={24} />
        {words.driver.scan}
      </button>
      <Others value={value} chosen={chosen} choose={choose} />
    </>
  );
}

function NoStation({ value }: { value: Recommendations }): VNode {
  const words = useWords();
  return (
    <section class="driver-card" data-driver-part="none">
      <h2>{words.driver.noStation}</h2>
      <p>{value.problem === null ? words.driver.noStationAsk : words.driver.problem[value.problem]}</p>
    </section>
  );
}

function StationCard({ offer, truck, isFirst }: { offer: RecommendedStation; truck: TruckView; isFirst: boolean }): VNode {
  const { orderApi } = useApp();
  const words = useWords();
  const act = useSteadyAct();
  const [key, renew] = useState(newRequestKey);
  const { station, name } = useStation(offer.stationId);
  const { stationId } = offer;
  const quote = async (): Promise<void> => {
    const outcome = await act.run(() => orderApi.quote({ stationId, truckId: truck.id, key }));
    // Once it is answered, what is asked next is another order.
    if (outcome !== 'UNREACHED') renew(newRequestKey());
  };
  return (
    <section class="driver-card" data-driver-part="next" data-station={stationId}>
      {isFirst && <h2>{words.driver.recommended}</h2>}
      <b class="driver-station">{name}</b>
      <Reasons of={offer} />
      <Facts of={offer} />
      <button type="button" class="button primary" data-action="quote" disabled={act.state !== 'idle'} onClick={() => void quote()}>
        {words.driver.quote}
      </button>
      <ActOutcome act={act} />
      <p class="driver-note">{words.driver.aboutNote}</p>
      {station !== undefined && <TripMap truck={truck} station={station} />}
    </section>
  );
}

/** What has to be known of a station before what speaks for it. */
const WARNINGS: ReadonlySet<string> = new Set(['LAST_PACK', 'NO_FREE_PACK', 'BELOW_RESERVE']);

function Reasons({ of: { reasons } }: { of: RecommendedStation }): VNode {
  const words = useWords();
  const ordered = [...reasons].sort((one, other) => Number(WARNINGS.has(other)) - Number(WARNINGS.has(one)));
  return (
    <ul class="driver-reasons">
      {ordered.map((reason) => (
        <li key={reason} class={WARNINGS.has(reason) ? 'warning' : ''} data-reason={reason}>
          {words.driver.reason[reason]}
        </li>
      ))}
    </ul>
  );
}

function Facts({ of: offer }: { of: RecommendedStation }): VNode {
  const words = useWords();
  return (
    <>
      <dl class="driver-facts">
        <Field label={words.driver.away}>
          <span class="figure">{words.driver.minutes(Math.ceil(offer.etaMs / MINUTE_MS))}</span>
          <small>
            <Figure of={quantity(offer.distanceM / METRES_PER_KM, 'km')} />
          </small>
        </Field>
        <Field label={words.driver.ready}>
          <Figure of={quantity(offer.readyPacks, '')} />
        </Field>
        <Field label={words.driver.wait}>
          <span class="figure">{offer.waitMs === 0 ? words.driver.noWait : words.driver.minutes(Math.ceil(offer.waitMs / MINUTE_MS))}</span>
        </Field>
        <Field label={words.driver.about}>
          <span class="figure">{yuan(offer.energyFen)}</span>
          <small>
            {unitPrice(offer.priceNanoYuanPerKwh)}/kWh × <Figure of={quantity(offer.energyWh / METRES_PER_KM, 'kWh')} />
          </small>
        </Field>
        <Field label={words.driver.arrival}>
          <Figure of={percent(offer.arrivalSocPercent)} />
        </Field>
      </dl>
    </>
  );
}

function Others(props: {
  value: Recommendations;
  chosen: RecommendedStation | undefined;
  choose: (stationId: string) => void;
}): VNode | null {
  const words = useWords();
  const others = props.value.items.filter((each) => each !== props.chosen);
  const { passedOver } = props.value;
  if (others.length === 0 && passedOver.length === 0) return null;
  return (
    <>
      {others.length > 0 && (
        <details class="driver-card driver-others" data-driver-part="others">
          <summary>{words.driver.others(others.length)}</summary>
          {others.map((offer) => (
            <OtherStation key={offer.stationId} offer={offer} choose={() => props.choose(offer.stationId)} />
          ))}
        </details>
      )}
      {passedOver.length > 0 && (
        <details class="driver-card driver-others" data-driver-part="passed-over">
          <summary>{words.driver.notOffered}</summary>
          <ul class="driver-passed">
            {passedOver.map(({ stationId, reason }) => (
              <li key={stationId} data-passed={stationId}>
                <StationName id={stationId} />
                <small>{words.driver.passedOver[reason]}</small>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function StationName({ id }: { id: string }): VNode {
  return <b>{useStation(id).name}</b>;
}

function OtherStation({ offer, choose }: { offer: RecommendedStation; choose: () => void }): VNode {
  const words = useWords();
  const [first] = offer.reasons;
  return (
    <button type="button" class="driver-fold" data-other={offer.stationId} onClick={choose}>
      <span>
        <StationName id={offer.stationId} />
        <small>{first === undefined ? `${words.driver.ready} ${offer.readyPacks}` : words.driver.reason[first]}</small>
      </span>
      <span class="driver-minutes figure">{words.driver.minutes(Math.ceil((offer.etaMs + offer.waitMs) / MINUTE_MS))}</span>
      <Icon node={ChevronRight} size={20} />
    </button>
  );
}
