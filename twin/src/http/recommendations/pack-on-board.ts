import { packContentWh } from '@corridor/actors/dispatch/reach';
import type { PackOnBoard } from '@corridor/actors/dispatch/recommend-stations';
import type { LiveFacts } from '../../projection/live-facts.ts';

/** What is in the pack on board; null when it is not known. Without a report of it, it has aged as little as when it was registered. */
export function packOnBoard(packId: string, socPercent: number | null, live: LiveFacts): PackOnBoard | null {
  const pack = live.reference.pack(packId);
  const nominalWh = pack && live.reference.packType(pack.typeCode)?.nominalWh;
  if (pack === undefined || nominalWh === undefined || socPercent === null) return null;
  const sohPercent = live.reports.pack.get(packId)?.data.sohPercent ?? pack.initialSohPercent;
  const holding = (percent: number): number => packContentWh({ socPercent: percent, sohPercent, nominalWh });
  return { contentWh: holding(socPercent), fullWh: holding(100), nominalWh };
}
