import { MonitorCog } from 'lucide';
import type { VNode } from 'preact';
import { isLive, useApp, useWords } from './app-context.ts';
import { useFetched } from './fetched.ts';
import { Icon } from './icon.tsx';
import { actsFor } from './operator-acts.tsx';

/** The way to the page that the station itself serves, for whoever may see it and where it is known; nothing otherwise. */
export function StationPageLink({ id, operatorId }: { id: string; operatorId: string | null }): VNode | null {
  const app = useApp();
  const words = useWords();
  const { operatorApi, session } = app;
  const mayOpen = isLive(app) && actsFor(session.person, 'STATION_OPERATOR', operatorId);
  const { value } = useFetched(mayOpen ? `station-page/${id}` : null, async () => ({ url: await operatorApi.stationPage(id) }));
  const url = value?.url ?? null;
  // An address that is no page, whoever wrote it, is not linked to.
  if (!mayOpen || url === null || !/^https?:/.test(url)) return null;
  return (
    <p class="station-page">
      <a class="link" href={url} target="_blank" rel="noopener noreferrer" data-action="station-page" title={words.stationPageHint}>
        <Icon node={MonitorCog} size={14} />
        {words.stationPage}
      </a>
    </p>
  );
}
