import { COMPONENTS, type Component } from '@corridor/protocols/agreement/component';
import type { PartnerRule, ShareBase } from '@corridor/protocols/agreement/settlement-agreement';

/** SHARES_ABOVE_WHOLE: more would be given away than comes in, and the principal would owe the rest of it every period. */
export interface ShareRefusal {
  readonly code: 'SHARES_ABOVE_WHOLE';
  readonly detail: string;
}

const WHOLE_BASIS_POINTS = 10_000;

/**
 * Why shares cannot all be paid out of what they are shares of; null: of no component at any station is more than all given away. A share
 * of gross or net is one of each component. The price of PV energy is no share and is not counted.
 */
export function shareRefusal(rules: readonly PartnerRule[]): ShareRefusal | null {
  const shares = rules.flatMap((rule) => shareOf(rule) ?? []);
  // Where no rule names a station, only those for all stations count.
  const stations = [null, ...new Set(shares.flatMap(({ stationIds }) => stationIds ?? []))];
  for (const stationId of stations) {
    for (const component of COMPONENTS) {
      const basisPoints = sumAt(shares, stationId, component);
      if (basisPoints > WHOLE_BASIS_POINTS) {
        const where = stationId === null ? '' : ` at ${stationId}`;
        return { code: 'SHARES_ABOVE_WHOLE', detail: `${basisPoints / 100} % of ${component}${where} are given away` };
      }
    }
  }
  return null;
}

interface Share {
  readonly base: ShareBase;
  readonly basisPoints: number;
  /** null: all of them. */
  readonly stationIds: readonly string[] | null;
}

/** null: it is no share. */
function shareOf(rule: PartnerRule): Share | null {
  switch (rule.kind) {
    case 'PV_OWNER':
      return null;
    case 'SITE_OWNER':
      return { base: 'SERVICE', basisPoints: rule.basisPoints, stationIds: rule.stationIds ?? null };
    case 'REVENUE_SHARE':
      return { base: rule.base, basisPoints: rule.basisPoints, stationIds: rule.stationIds ?? null };
    case 'SHAPLEY':
      return { base: rule.base, basisPoints: rule.basisPoints, stationIds: rule.players.flatMap(({ stationIds }) => stationIds) };
  }
}

function sumAt(shares: readonly Share[], stationId: string | null, component: Component): number {
  const there = shares.filter(
    ({ base, stationIds }) =>
      (base === component || base === 'GROSS' || base === 'NET') &&
      (stationIds === null || (stationId !== null && stationIds.includes(stationId))),
  );
  return there.reduce((sum, { basisPoints }) => sum + basisPoints, 0);
}
