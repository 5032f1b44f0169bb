import { effect } from '@preact/signals';
import { TrackFeed } from './feed/track-feed.ts';
import type { App } from './panels/app-context.ts';

/** The track of the selected truck or pack: of now, or up to the instant of the past that is shown. A recording knows none. */
export function joinTrack(app: App): void {
  const { api, selection, session, tracks, store } = app;
  const feed = new TrackFeed(api, tracks, (stationId) => store.records.stations.get(stationId)?.chainageM);
  effect(() => {
    const selected = selection.current.value;
    const kind = selected?.kind === 'truck' || selected?.kind === 'pack' ? selected.kind : null;
    const hours = kind === null ? null : tracks.hours[kind].value;
    const untilMs = app.past.value?.atMs.value ?? null;
    // A pack's goes by its stations: they have to be there.
    const isKnown = session.signedIn.value && store.loaded.value && app.recording.value === null && !app.pastOpening.value;
    feed.want(isKnown && hours !== null && selected !== null && kind !== null ? { kind, id: selected.id, hours, untilMs } : null);
  });
  store.onChange(({ upserted }) => {
    const truckId = tracks.path.peek()?.truckId;
    if (truckId === undefined || truckId === null || app.past.peek() !== null || !upserted.trucks.includes(truckId)) return;
    const truck = store.records.trucks.get(truckId);
    if (truck === undefined || truck.reportedAt === null || truck.chainageM === null) return;
    tracks.extend(truckId, { atMs: Date.parse(truck.reportedAt), chainageM: truck.chainageM });
  });
}
