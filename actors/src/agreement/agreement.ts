import type { Alliance, BatteryRate, Contract, StationRate, TimeOfUseTariff } from '@corridor/protocols/network-file';
import { allianceFindings, allianceReach } from '../alliance/alliance-reach.ts';
import type { Reference } from '../network/reference.ts';
import type { ReferenceChange } from '../network/reference-store.ts';
import { type AgreementFinding, amountFindings, batteryRateFindings, contractFindings } from '../rating/contract-validation.ts';
import { tariffFindings } from '../tariff/tariff-validation.ts';

/** What is agreed beforehand, by a definition that never changes: a new version has an id of its own. */
export type Agreement =
  | { readonly kind: 'TIME_OF_USE'; readonly definition: TimeOfUseTariff }
  | { readonly kind: 'STATION_RATE'; readonly definition: StationRate }
  | { readonly kind: 'BATTERY_RATE'; readonly definition: BatteryRate }
  | { readonly kind: 'CONTRACT'; readonly definition: Contract }
  | { readonly kind: 'ALLIANCE'; readonly definition: Alliance };
export type AgreementKind = Agreement['kind'];
export interface AgreementRef {
  readonly kind: AgreementKind;
  readonly id: string;
}

/** First local day on which it holds; null: from its approval, for whatever names it. */
export function beginsOn({ kind, definition }: Agreement): string | null {
  if (kind === 'ALLIANCE') return null;
  return kind === 'CONTRACT' ? definition.validFrom : definition.effectiveFrom;
}

/**
 * Who has to agree, each by itself: whoever's price it is; of a contract both sides; of an alliance everybody whose stations or
 * packs it opens, and the platform.
 */
export function partiesOf({ kind, definition }: Agreement, reference: Reference): string[] {
  const { platformId } = reference;
  const operatorOf = (stationId: string) => reference.station(stationId)?.operatorId ?? platformId;
  switch (kind) {
    case 'TIME_OF_USE':
      return [definition.stationId === undefined ? platformId : operatorOf(definition.stationId)];
    case 'STATION_RATE':
      return [operatorOf(definition.stationId)];
    case 'BATTERY_RATE':
      return [definition.ownerId];
    case 'CONTRACT':
      return [platformId, definition.carrierId];
    case 'ALLIANCE':
      return partiesOfAlliance(definition, operatorOf, reference);
  }
}

/** Whoever's stations and packs it opens, also those that its members bring: a union opens them to more. */
function partiesOfAlliance(definition: Alliance, operatorOf: (stationId: string) => string, reference: Reference): string[] {
  const { stationIds, packOwnerIds } = allianceReach(definition, (id) => reference.alliance(id));
  const owners = [...definition.packOwnerIds, ...packOwnerIds];
  return [...new Set([reference.platformId, ...[...definition.stationIds, ...stationIds].map(operatorOf), ...owners])];
}

/** What makes it impossible, each with what is wrong where. Empty: it may be drafted. */
export function findingsOf({ kind, definition }: Agreement, reference: Reference): { readonly code: string; readonly text: string }[] {
  switch (kind) {
    case 'TIME_OF_USE':
      return [...tariffFindings(definition).map(({ kind: code, text }) => ({ code, text })), ...tariffPlaceFindings(definition, reference)];
    case 'STATION_RATE':
      return [...stationFindings(definition.stationId, reference), ...amountFindings('handling', definition.handlingFen)];
    case 'BATTERY_RATE':
      return [...ownerFindings(definition.ownerId, reference), ...batteryRateFindings(definition, reference)];
    case 'CONTRACT':
      return contractFindings(definition, reference);
    case 'ALLIANCE':
      return [
        ...definition.stationIds.flatMap((id) => stationFindings(id, reference)),
        ...definition.packOwnerIds.flatMap((id) => ownerFindings(id, reference)),
        ...allianceFindings(definition, (id) => reference.alliance(id)),
      ];
  }
}

function tariffPlaceFindings({ stationId, gridRegion }: TimeOfUseTariff, reference: Reference): AgreementFinding[] {
  if (stationId === undefined) return [];
  const station = reference.station(stationId);
  if (station === undefined) return stationFindings(stationId, reference);
  return station.gridRegion === gridRegion ? [] : [{ code: 'GRID_OF_ANOTHER', text: `${stationId} stands in ${station.gridRegion}` }];
}

const stationFindings = (id: string, reference: Reference): AgreementFinding[] =>
  reference.station(id) === undefined ? [{ code: 'STATION_UNKNOWN', text: `station ${id} is not registered` }] : [];

const ownerFindings = (id: string, reference: Reference): AgreementFinding[] =>
  reference.principal(id)?.kind === 'BATTERY_OWNER' ? [] : [{ code: 'PRINCIPAL_UNKNOWN', text: `${id} is no battery owner` }];

/** What becomes of the reference when it is approved. */
export function changeOf({ kind, definition }: Agreement): ReferenceChange {
  switch (kind) {
    case 'TIME_OF_USE':
      return { tariffs: [definition] };
    case 'STATION_RATE':
      return { stationRates: [definition] };
    case 'BATTERY_RATE':
      return { batteryRates: [definition] };
    case 'CONTRACT':
      return { contracts: [definition] };
    case 'ALLIANCE':
      return { alliances: [definition] };
  }
}
