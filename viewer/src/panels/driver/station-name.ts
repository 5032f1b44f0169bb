import type { StationView } from '@corridor/protocols/http/scene';
import { useApp } from '../app-context.ts';

/** A station by its id, with its name in the language of the page; of one that is not known, the id. */
export function useStation(id: string): { station: StationView | undefined; name: string } {
  const { store, language } = useApp();
  const station = store.version.stations.value < 0 ? undefined : store.records.stations.get(id);
  const name = language.chinese ? station?.nameZh : station?.name;
  return { station, name: name ?? id };
}
