import type { Prng } from '@corridor/actors/time/prng';
import type { Billing } from '@corridor/protocols/agreement/billing';
import { RATED_COMPONENTS } from '@corridor/protocols/agreement/component';
import type { Incentive } from '@corridor/protocols/agreement/incentive';
import type { Penalty } from '@corridor/protocols/agreement/penalty';
import {
  type PartnerRule,
  SETTLEMENT_PERIODS,
  type SettlementAgreement,
  SHARE_BASES,
} from '@corridor/protocols/agreement/settlement-agreement';
import type { PeriodHours } from '@corridor/protocols/agreement/tariff-price';
import type { Alliance, BatteryRate, Contract, GridRegion, StationRate, TimeOfUseTariff } from '@corridor/protocols/network-file';
import { TARIFF_PERIODS } from '@corridor/protocols/tariff-period';

const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
/** Prices of the field with room on both sides; now and then nothing. [nano-yuan/kWh] */
const price = (random: Prng, max: number): string => (random.chance(0.05) ? '0' : String(random.integer(1, max)));

/** A day of up to six spans, every hour in exactly one. */
function randomDay(random: Prng): PeriodHours[] {
  const edges = new Set([0, 24, ...Array.from({ length: random.integer(0, 5) }, () => random.integer(1, 23))]);
  const hours = [...edges].sort((one, other) => one - other);
  const ranges = new Map<PeriodHours['period'], PeriodHours['ranges']>();
  for (const [index, from] of hours.slice(0, -1).entries()) {
    const period = random.pick(TARIFF_PERIODS);
    ranges.set(period, [...(ranges.get(period) ?? []), [from, hours[index + 1] ?? 24]]);
  }
  return [...ranges].map(([period, spans]) => ({ period, ranges: spans }));
}

export function randomTariff(random: Prng, of: { id: string; gridRegion: GridRegion; effectiveFrom: string }): TimeOfUseTariff {
  const cut = random.integer(1, 11);
  const seasons = [MONTHS.slice(0, cut), MONTHS.slice(cut)].map((months) => ({ months, hours: randomDay(random) }));
  const isFormula = random.chance(0.4);
  return {
    ...of,
    seasons,
    prices: TARIFF_PERIODS.map((period) =>
      isFormula
        ? { period, factorBasisPoints: random.integer(2_000, 20_000) }
        : { period, priceNanoYuanPerKwh: price(random, 1_900_000_000) },
    ),
    ...(isFormula
      ? {
          formula: {
            fixedNanoYuanPerKwh: price(random, 300_000_000),
            baseNanoYuanPerKwh: price(random, 700_000_000),
            ...(random.chance(0.5) ? { efficiencyBasisPoints: random.integer(8_500, 10_000) } : {}),
          },
        }
      : {}),
    source: 'drawn at random',
    unconfirmed: true,
  };
}

export const randomStationRate = (random: Prng, of: { id: string; stationId: string; effectiveFrom: string }): StationRate => ({
  ...of,
  serviceNanoYuanPerKwh: price(random, 900_000_000),
  handlingFen: String(random.integer(0, 4_000)),
  ...(random.chance(0.5) ? { pvNanoYuanPerKwh: price(random, 500_000_000) } : {}),
});

export const randomBatteryRate = (
  random: Prng,
  of: { id: string; ownerId: string; packId?: string; effectiveFrom: string },
): BatteryRate => ({
  ...of,
  rentNanoYuanPerKwh: price(random, 600_000_000),
  sohSteps: [
    { minSohPercent: 95, factorBasisPoints: 10_000 },
    { minSohPercent: 85, factorBasisPoints: random.integer(7_000, 10_000) },
    { minSohPercent: 0, factorBasisPoints: random.integer(3_000, 9_000) },
  ],
});

/** Everybody whom an agreement of the market may name. */
export interface Parties {
  platformId: string;
  operatorIds: readonly string[];
  ownerIds: readonly string[];
  stationIds: readonly string[];
  allianceIds: readonly string[];
}

function randomBilling(random: Prng, { platformId, operatorIds, ownerIds }: Parties): Billing {
  const issuerId = random.pick([platformId, ...operatorIds, ...ownerIds]);
  const some = RATED_COMPONENTS.filter(() => random.chance(0.6));
  const replaces = some.length === 0 ? [...RATED_COMPONENTS] : some;
  switch (random.integer(0, 4)) {
    case 0:
      return { mode: 'PER_SWAP', issuerId, replaces, priceFen: String(random.integer(0, 50_000)) };
    case 1:
      return { mode: 'PER_KM', issuerId, replaces, priceNanoYuanPerKm: String(random.integer(0, 4_000_000_000)) };
    case 2:
      return { mode: 'MONTHLY_RENT', issuerId, feeNanoYuanPerKwhMonth: String(random.integer(0, 20_000_000_000)) };
    case 3: {
      const unit = random.chance(0.5) ? 'Wh' : 'swap';
      const quantity = unit === 'Wh' ? random.integer(1, 3_000_000) : random.integer(1, 12);
      return {
        mode: 'PACKAGE',
        issuerId,
        replaces,
        offers: [
          { id: 'OFFER', name: 'Package', unit, quantity, priceFen: String(random.integer(1, 400_000)), validDays: random.integer(1, 40) },
        ],
      };
    }
    default:
      return { mode: 'PER_KWH' };
  }
}

function randomPenalties(random: Prng, { stationIds }: Parties, year: number): Penalty[] {
  const amountFen = () => String(random.integer(1, 30_000));
  const waivers = (): Penalty['waivers'] => {
    const all: Penalty['waivers'] = [
      { rule: 'STATIONS', stationIds: [random.pick(stationIds)] },
      { rule: 'WAITED', minutes: random.integer(1, 120) },
      { rule: 'INTRODUCTION', until: `${year}-0${random.integer(1, 9)}-28` },
    ];
    return all.filter(() => random.chance(0.25));
  };
  const all: Penalty[] = [
    { kind: 'DEEP_DISCHARGE', belowSocPercent: random.integer(5, 40), amountFen: amountFen(), waivers: waivers() },
    { kind: 'NO_SHOW', amountFen: amountFen(), waivers: waivers() },
    {
      kind: 'OVERSTAY',
      graceMinutes: random.integer(0, 30),
      blockMinutes: random.integer(1, 30),
      amountFen: amountFen(),
      waivers: waivers(),
    },
  ];
  return all.filter(() => random.chance(0.5));
}

function randomIncentives(random: Prng, parties: Parties, year: number): Incentive[] {
  return Array.from({ length: random.integer(0, 2) }, (_, index) => ({
    id: `IN${index}`,
    name: `Discount ${index}`,
    nameZh: `优惠${index}`,
    validFrom: `${year}-02-01`,
    validUntil: `${year}-11-30`,
    when: {
      ...(random.chance(0.5) ? { hours: [[0, random.integer(1, 24)] as [number, number]] } : {}),
      ...(random.chance(0.3) ? { stationIds: [random.pick(parties.stationIds)] } : {}),
      ...(random.chance(0.5) ? { readyPacksAbove: random.integer(0, 5) } : {}),
      ...(random.chance(0.2) ? { readyPacksBelow: random.integer(1, 8) } : {}),
    },
    discount: random.chance(0.5) ? { nanoYuanPerKwh: price(random, 400_000_000) } : { fenPerSwap: String(random.integer(1, 20_000)) },
    funderId: random.pick([parties.platformId, ...parties.operatorIds, ...parties.ownerIds]),
  }));
}

export function randomContract(
  random: Prng,
  parties: Parties,
  of: { id: string; carrierId: string; year: number; validFrom: string; validUntil: string },
): Contract {
  const { year, ...rest } = of;
  const basisPoints = () => random.integer(0, random.chance(0.1) ? 10_000 : 1_500);
  const commission = {
    ELECTRICITY: basisPoints(),
    SERVICE: basisPoints(),
    BATTERY_RENT: basisPoints(),
    SWAP_HANDLING: basisPoints(),
    PENALTY: basisPoints(),
  };
  return {
    ...rest,
    allianceIds: random.chance(0.7) ? ['AL-ALL'] : [random.pick(parties.allianceIds)],
    splitRule: random.chance(0.7) ? 'LOTS' : 'SWAP_TIME',
    holdMarginBasisPoints: random.integer(0, 2_000),
    holdStepFen: String(random.pick([1, 100, 1_000])),
    commissionServiceBasisPoints: basisPoints(),
    commissionRentBasisPoints: basisPoints(),
    settlementPeriod: 'M1',
    billing: randomBilling(random, parties),
    penalties: randomPenalties(random, parties, year),
    incentives: randomIncentives(random, parties, year),
    ...(random.chance(0.5) ? { commission } : {}),
    ...(random.chance(0.5)
      ? { energyDeposit: { joinNanoYuanPerKwh: price(random, 2_000_000_000), leaveNanoYuanPerKwh: price(random, 2_000_000_000) } }
      : {}),
  };
}

/** Alliances of some stations and owners, unions of them, and sub-networks; `AL-ALL` lets everybody in. */
export function randomAlliances(random: Prng, { stationIds, packOwnerIds }: Pick<Alliance, 'stationIds' | 'packOwnerIds'>): Alliance[] {
  const some = <T>(all: readonly T[]) => all.filter(() => random.chance(0.7));
  const of = (id: string, more: Partial<Alliance> = {}): Alliance => ({ id, name: id, stationIds: [], packOwnerIds: [], ...more });
  return [
    of('AL-ALL', { stationIds: [...stationIds], packOwnerIds: [...packOwnerIds] }),
    of('AL-A', { stationIds: some(stationIds), packOwnerIds: some(packOwnerIds) }),
    of('AL-B', { stationIds: some(stationIds), packOwnerIds: some(packOwnerIds) }),
    of('AL-UNION', { unionOf: ['AL-A', 'AL-B'] }),
    of('AL-SUB', { unionOf: ['AL-A'], withinId: 'AL-B' }),
  ];
}

/** How who earns is settled: a version from the begin, another one later in the year. */
export function randomSettlement(
  random: Prng,
  { stationIds }: Pick<Parties, 'stationIds'>,
  of: { principalId: string; earnerIds: readonly string[]; effectiveFrom: string },
): SettlementAgreement {
  const { principalId, earnerIds, effectiveFrom } = of;
  const partnerId = () => random.pick(earnerIds);
  const basisPoints = () => random.integer(0, 3_000);
  const base = () => random.pick(SHARE_BASES);
  const some = random.chance(0.5) ? { stationIds: [random.pick(stationIds)] } : {};
  const players = earnerIds
    .map((id) => ({ partnerId: id, stationIds: stationIds.filter(() => random.chance(0.4)) }))
    .filter((player) => player.stationIds.length > 0);
  // A station is one player's: it belongs to whom it names first.
  const named = new Set<string>();
  for (const player of players) {
    player.stationIds = player.stationIds.filter((id) => !named.has(id));
    for (const id of player.stationIds) named.add(id);
  }
  const rules: PartnerRule[] = [
    { kind: 'PV_OWNER', partnerId: partnerId(), ...some, priceNanoYuanPerKwh: price(random, 500_000_000) },
    { kind: 'SITE_OWNER', partnerId: partnerId(), ...some, basisPoints: basisPoints() },
    { kind: 'REVENUE_SHARE', partnerId: partnerId(), base: base(), basisPoints: basisPoints() },
    { kind: 'SHAPLEY', base: base(), basisPoints: basisPoints(), players: players.filter((player) => player.stationIds.length > 0) },
  ];
  return {
    id: `SA-${principalId}-${effectiveFrom}`,
    principalId,
    effectiveFrom,
    period: random.pick(SETTLEMENT_PERIODS),
    partners: rules.filter((rule) => random.chance(0.5) && (rule.kind !== 'SHAPLEY' || rule.players.length > 0)),
  };
}
