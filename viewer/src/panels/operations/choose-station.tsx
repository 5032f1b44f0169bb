import type { Recommendations, RecommendedStation } from '@corridor/protocols/http/recommendation';
import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { yuan } from '../../format/money.ts';
import { figure } from '../../format/quantity.ts';
import { useApp, useWords } from '../app-context.ts';
import { useStation } from '../driver/station-name.ts';
import { NotFetched } from '../not-fetched.tsx';
import { usePolled } from '../polled.ts';
import { useAct } from '../use-act.ts';

const MINUTE_MS = 60_000;
/** Queues and packs change by the minute. */
const ASKED_EVERY_MS = 10_000;

/** Where the truck could swap, best first and why, and what it would cost there. */
export function ChooseStation({ truckId, quoted }: { truckId: string; quoted: (order: OrderSummary) => void }): VNode {
  const { driverApi, orderApi } = useApp();
  const words = useWords();
  const act = useAct();
  const { value, failed, again } = usePolled(truckId, () => driverApi.recommendations(truckId), ASKED_EVERY_MS);
  const [chosenId, choose] = useState<string | null>(null);
  if (value === null) return <NotFetched state={failed ? 'failed' : 'loading'} retry={again} tall />;
  const [first] = value.items;
  // Asked again, another may be the best: what one reads on the button is what is asked.
  const stationId = chosenId ?? first?.stationId;
  if (stationId === undefined)
    return <p class="nothing">{value.problem === null ? words.reserve.none : words.reserve.problem[value.problem]}</p>;
  const quote = async (): Promise<void> =>
    void (await act.runOnce(async (key) => quoted(await orderApi.quote({ stationId, truckId, key }))));
  return (
    <div class="alarm-acts" data-form="reserve">
      <fieldset class="station-choice">
        <legend>{words.reserve.choose}</legend>
        {value.items.map((offer) => (
          <Offer key={offer.stationId} offer={offer} checked={offer.stationId === stationId} choose={choose} />
        ))}
      </fieldset>
      <PassedOver of={value.passedOver} />
      <p class="prose">{words.reserve.quoteNote}</p>
      <button type="button" class="button" data-action="quote" disabled={act.sending} onClick={() => void quote()}>
        {words.reserve.quote(stationId)}
      </button>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </div>
  );
}

function Offer(props: { offer: RecommendedStation; checked: boolean; choose: (stationId: string) => void }): VNode {
  const words = useWords();
  const { offer } = props;
  const { name } = useStation(offer.stationId);
  const minutes = (ms: number): string => figure(Math.ceil(ms / MINUTE_MS));
  return (
    <label data-offer={offer.stationId}>
      <input type="radio" name="reserve-station" checked={props.checked} onChange={() => props.choose(offer.stationId)} />
      <span>
        <b>{offer.stationId}</b> {name}
        <small>
          {words.reserve.facts(
            minutes(offer.etaMs),
            figure(offer.readyPacks),
            minutes(offer.waitMs),
            `${figure(offer.arrivalSocPercent)} %`,
          )}
        </small>
        <small>
          {words.reserve.about(yuan(offer.energyFen))} · {offer.reasons.map((reason) => words.reserve.reason[reason]).join(' · ')}
        </small>
      </span>
    </label>
  );
}

function PassedOver({ of: passed }: { of: Recommendations['passedOver'] }): VNode | null {
  const words = useWords();
  if (passed.length === 0) return null;
  return (
    <details class="prose">
      <summary>{words.reserve.notOffered}</summary>
      {passed.map(({ stationId, reason }) => (
        <div key={stationId}>
          {stationId}: {words.reserve.passedOver[reason]}
        </div>
      ))}
    </details>
  );
}
