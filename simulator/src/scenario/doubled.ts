import { type Problem, shown } from './problem.ts';
import type { Scenario } from './scenario.schema.ts';

/** Names that stand twice, and agreements of which only one could be in force: the other would be ignored in silence. */
export function doubled(scenario: Scenario): Problem[] {
  const { business, tariffs = [] } = scenario;
  return [
    ...(['sites', 'roads', 'stations', 'fleets'] as const).flatMap((list) => doubledIds(`/${list}`, scenario[list])),
    ...doubledIds('/tariffs', tariffs),
    ...doubledStarts('/tariffs', tariffs, ({ gridRegion, stationId = '' }) => `${gridRegion} ${stationId}`),
    ...(business === undefined ? [] : doubledAgreements(business)),
  ];
}

function doubledAgreements(business: NonNullable<Scenario['business']>): Problem[] {
  const { contracts, stationRates, batteryRates } = business;
  return [
    ...(['principals', 'alliances', 'contracts', 'stationRates', 'batteryRates'] as const).flatMap((list) =>
      doubledIds(`/business/${list}`, business[list]),
    ),
    ...doubledStarts(
      '/business/contracts',
      contracts.map(({ id, carrierId, validFrom }) => ({ id, carrierId, effectiveFrom: validFrom })),
      ({ carrierId }) => carrierId,
      'validFrom',
    ),
    ...doubledStarts('/business/stationRates', stationRates, ({ stationId }) => stationId),
    ...doubledStarts('/business/batteryRates', batteryRates, ({ ownerId, packId = '' }) => `${ownerId} ${packId}`),
  ];
}

function doubledIds(path: string, list: readonly { id: string }[]): Problem[] {
  const ids = list.map(({ id }) => id);
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index ? [{ path: `${path}/${index}/id`, value: shown(id), allowed: 'each id stands once' }] : [],
  );
}

/** The newest version is in force. Of two that begin on the same day nobody could tell which is meant. */
function doubledStarts<T extends { id: string; effectiveFrom: string }>(
  path: string,
  versions: readonly T[],
  about: (version: T) => string,
  field = 'effectiveFrom',
): Problem[] {
  return versions.flatMap((version, index) => {
    const before = versions
      .slice(0, index)
      .find((each) => each.effectiveFrom === version.effectiveFrom && about(each) === about(version) && each.id !== version.id);
    if (before === undefined) return [];
    const allowed = `another date: ${before.id} is of the same and begins on that day too`;
    return [{ path: `${path}/${index}/${field}`, value: shown(version.effectiveFrom), allowed }];
  });
}
