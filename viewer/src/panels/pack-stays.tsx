import type { PackStay } from '@corridor/protocols/http/pack-track';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { duration, figure, percent } from '../format/quantity.ts';
import type { SelectableKind } from '../store/selection.ts';
import { useApp, useWords } from './app-context.ts';
import { DayTime, Figure } from './figures.tsx';
import { Link } from './link.tsx';

/** What one finds a pack in; nothing in the scene is a store. */
export const KIND_OF_PLACE: Readonly<Record<PackStay['place']['kind'], SelectableKind | null>> = {
  TRUCK: 'truck',
  SLOT: 'slot',
  TRANSFER: 'bay',
  STORE: null,
};

/** A pack has seven or so a day. */
const SHOWN_FIRST = 30;

/** Where the pack was in the time that is chosen, the last place first. */
export function PackStays({ packId }: { packId: string }): VNode | null {
  const { tracks } = useApp();
  const words = useWords();
  const [isWhole, setWhole] = useState(false);
  const known = tracks.stays.value;
  if (known === null || known.packId !== packId) return tracks.failed.value ? null : <div class="skeleton" aria-busy="true" />;
  const stays = known.stays.toReversed();
  if (stays.length === 0) return <p class="nothing">{words.layers.stayNone}</p>;
  const shown = isWhole ? stays : stays.slice(0, SHOWN_FIRST);
  return (
    <>
      <ol class="stays" aria-label={words.layers.stays}>
        {shown.map((stay) => (
          <StayRow key={`${stay.from}/${stay.place.id}`} stay={stay} untilMs={known.untilMs} />
        ))}
      </ol>
      {shown.length < stays.length && (
        <button type="button" class="link" data-action="more-stays" onClick={() => setWhole(true)}>
          {words.layers.staysMore(figure(stays.length - shown.length))}
        </button>
      )}
      {known.truncated && <p class="prose">{words.layers.staysTruncated}</p>}
    </>
  );
}

function StayRow({ stay, untilMs }: { stay: PackStay; untilMs: number }): VNode {
  const words = useWords();
  const lastedMs = (stay.until === null ? untilMs : Date.parse(stay.until)) - Date.parse(stay.from);
  return (
    <li data-stay={`${stay.place.kind}/${stay.place.id}`}>
      <span class="stay-place">
        <small>{words.location[stay.place.kind]}</small> <PlaceName stay={stay} />
      </span>
      <Figure of={duration(lastedMs)} />
      <span class="stay-times">
        <DayTime at={stay.from} /> – {stay.until === null ? words.layers.stayNow : <DayTime at={stay.until} />}
      </span>
      <span title={words.layers.stayCharge}>
        <Figure of={percent(stay.fromSocPercent)} /> → <Figure of={percent(stay.untilSocPercent)} />
      </span>
      {stay.orderId !== null && (
        <span class="stay-order" title={words.layers.stayOrder}>
          <Link kind="order" id={stay.orderId} />
        </span>
      )}
    </li>
  );
}

function PlaceName({ stay: { place, plate, stationId } }: { stay: PackStay }): VNode {
  const { language, store } = useApp();
  const station = stationId === null || store.version.stations.value < 0 ? undefined : store.records.stations.get(stationId);
  // A pack somewhere in a station is at no slot of it.
  const kind = place.id === stationId ? 'station' : KIND_OF_PLACE[place.kind];
  return (
    <>
      {kind === null ? place.id : <Link kind={kind} id={place.id} />}
      {plate !== null && ` · ${plate}`}
      {station !== undefined && ` · ${language.chinese ? station.nameZh : station.name}`}
    </>
  );
}
