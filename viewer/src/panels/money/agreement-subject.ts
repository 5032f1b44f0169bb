import type { AgreementTerms } from '../../feed/agreement-api.ts';

/** Whom or what a version is about: the same for all versions of one agreement. */
export function subjectOf(terms: AgreementTerms, nameOf: (id: string) => string, regions: Readonly<Record<string, string>>): string {
  switch (terms.kind) {
    case 'contracts':
      return nameOf(terms.definition.carrierId);
    case 'settlement-agreements':
      return nameOf(terms.definition.principalId);
    case 'station-rates':
      return terms.definition.stationId;
    case 'battery-rates':
      return terms.definition.packId ?? nameOf(terms.definition.ownerId);
    case 'tariffs':
      return terms.definition.stationId ?? regions[terms.definition.gridRegion] ?? terms.definition.gridRegion;
    case 'alliances':
      return terms.definition.name;
  }
}
