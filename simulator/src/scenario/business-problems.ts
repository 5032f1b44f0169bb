import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { checkNetwork } from '@corridor/actors/order/authorisation';
import { ISSUE_SOH_PERCENT_MIN } from '@corridor/actors/order/order-config';
import { contractFindings } from '@corridor/actors/rating/contract-validation';
import type { PrincipalKind } from '@corridor/protocols/network-file';
import type { Business } from './business.schema.ts';
import { corridorFile, type FullScenario, fullScenario } from './corridor-file.ts';
import { type Problem, shown } from './problem.ts';
import type { Scenario } from './scenario.schema.ts';
import { scenarioDates, startMsOf } from './scenario-calendar.ts';

/** What the full model needs beside the rest. */
export function businessProblems(scenario: Scenario): Problem[] {
  if (scenario.model === 'coarse') return [];
  const problems = [...missing(scenario), ...partyProblems(scenario)];
  // Agreements are looked at when everybody whom they name is there.
  return problems.length > 0 ? problems : agreementProblems(fullScenario(scenario));
}

const told = (path: string, value: unknown, allowed: string): Problem => ({ path, value: shown(value), allowed });

function missing({ business, startsOn, tariffs, stations, pack }: Scenario): Problem[] {
  return [
    ...(business === undefined ? [told('/business', undefined, 'the full model needs parties and agreements')] : []),
    ...(startsOn === undefined ? [told('/startsOn', undefined, 'the full model needs the date of the first day')] : []),
    ...(tariffs === undefined ? [told('/tariffs', undefined, 'the full model needs the tariffs of its stations')] : []),
    ...stations.flatMap(({ gridRegion }, index) =>
      gridRegion === undefined ? [told(`/stations/${index}/gridRegion`, undefined, 'the full model needs to know whose tariffs hold')] : [],
    ),
    ...(pack.sohPercent < ISSUE_SOH_PERCENT_MIN
      ? [told('/pack/sohPercent', pack.sohPercent, `at least ${ISSUE_SOH_PERCENT_MIN}: packs below are never given out`)]
      : []),
  ];
}

function partyProblems({ business, stations, fleets }: Scenario): Problem[] {
  if (business === undefined) return [];
  const { platformId, stationOperators, packOwnerIds, fleetCarriers } = business;
  const is = (id: string, kind: PrincipalKind, path: string) => principalProblems(business, { id, kind, path });
  return [
    ...is(platformId, 'PLATFORM', '/business/platformId'),
    ...stationOperators.flatMap(({ operatorId }, index) =>
      is(operatorId, 'STATION_OPERATOR', `/business/stationOperators/${index}/operatorId`),
    ),
    ...packOwnerIds.flatMap((id, index) => is(id, 'BATTERY_OWNER', `/business/packOwnerIds/${index}`)),
    ...fleetCarriers.flatMap(({ carrierIds }, index) =>
      carrierIds.flatMap((id, place) => is(id, 'CARRIER', `/business/fleetCarriers/${index}/carrierIds/${place}`)),
    ),
    ...each(
      '/business/stationOperators',
      stations.map(({ id }) => id),
      stationOperators.map(({ stationId }) => stationId),
    ),
    ...each(
      '/business/fleetCarriers',
      fleets.map(({ id }) => id),
      fleetCarriers.map(({ fleetId }) => fleetId),
    ),
    ...topUpProblems(business),
    ...settlementProblems(business),
  ];
}

function principalProblems({ principals }: Business, { id, kind, path }: { id: string; kind: PrincipalKind; path: string }): Problem[] {
  if (principals.some((principal) => principal.id === id && principal.kind === kind)) return [];
  const known = principals.flatMap((principal) => (principal.kind === kind ? [principal.id] : []));
  return [told(path, id, `a principal of kind ${kind}: ${known.join(', ') || 'there is none'}`)];
}

/** Everybody once, and nobody else. */
function each(path: string, needed: readonly string[], named: readonly string[]): Problem[] {
  return [
    ...needed.flatMap((id) => (named.includes(id) ? [] : [told(path, undefined, `an entry for ${id}`)])),
    ...named.flatMap((id, index) =>
      needed.includes(id) && named.indexOf(id) === index ? [] : [told(`${path}/${index}`, id, `each of ${needed.join(', ')} once`)],
    ),
  ];
}

function topUpProblems({ topUp }: Business): Problem[] {
  const { belowFen, amountFen } = topUp;
  return BigInt(amountFen) > 0n && BigInt(belowFen) > 0n ? [] : [told('/business/topUp', topUp, 'amounts above 0')];
}

/** All who earn are settled, or nobody is. */
function settlementProblems({ settlements, principals }: Business): Problem[] {
  if (settlements === undefined) return [];
  const earners = principals.flatMap(({ id, kind }) => (kind === 'CARRIER' ? [] : [id]));
  return each(
    '/business/settlements',
    earners,
    settlements.map(({ principalId }) => principalId),
  );
}

/** By the rules of the platform itself: what it would refuse, it is not asked for. */
function agreementProblems(scenario: FullScenario): Problem[] {
  const { business, stations, fleets } = scenario;
  const reference = ReferenceStore.of(corridorFile(scenario), () => null);
  const [first, ...later] = scenarioDates(scenario);
  const days = [first, later.at(-1)].filter((date) => date !== undefined);
  const atMs = startMsOf(scenario);
  const carrierIds = new Set(business.fleetCarriers.flatMap((entry) => entry.carrierIds));
  return [
    ...business.contracts.flatMap((contract, index) =>
      contractFindings(contract, reference).map(({ text }) =>
        told(`/business/contracts/${index}`, contract.id, `a contract without faults: ${text}`),
      ),
    ),
    ...days.flatMap((date) => [
      ...[...carrierIds].flatMap((id) =>
        reference.contractOf(id, date) ? [] : [told('/business/contracts', undefined, `a contract of ${id} in force on ${date}`)],
      ),
      ...stations.flatMap(({ id }) =>
        reference.stationRate(id, date) ? [] : [told('/business/stationRates', undefined, `a rate of ${id} in force on ${date}`)],
      ),
      ...new Set(business.packOwnerIds)
        .values()
        .flatMap((ownerId) =>
          reference.batteryRate({ packId: '', ownerId }, date)
            ? []
            : [told('/business/batteryRates', undefined, `a rate of ${ownerId} in force on ${date}`)],
        ),
    ]),
    ...[...carrierIds].flatMap((carrierId) =>
      stations.flatMap(({ id: stationId }) => {
        const access = reference.contractOf(carrierId, days[0] ?? '') && checkNetwork(reference, { carrierId, stationId, atMs });
        if (!access) return [];
        if (!access.ok) return [told('/business/alliances', undefined, `${carrierId} may swap at ${stationId}: ${access.detail}`)];
        const { packOwnerIds } = access;
        return business.packOwnerIds.flatMap((ownerId, index) =>
          packOwnerIds.includes(ownerId)
            ? []
            : [told(`/business/packOwnerIds/${index}`, ownerId, `an owner whose packs ${carrierId} may get at ${stationId}`)],
        );
      }),
    ),
    ...fleets.flatMap((fleet, index) =>
      fleet.kind === 'visits' && fleet.arrivals.kind === 'poisson' && fleet.arrivals.perHour > VISITS_PER_HOUR_MAX
        ? [told(`/fleets/${index}/arrivals/perHour`, fleet.arrivals.perHour, `at most ${VISITS_PER_HOUR_MAX} in the full model`)]
        : [],
    ),
  ];
}

/** Every truck has papers and an actor of its own. */
const VISITS_PER_HOUR_MAX = 1_000;
