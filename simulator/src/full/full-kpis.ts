import { AUTHORISATION_REASONS } from '@corridor/protocols/reason-code';
import type { Kpis } from '../measures/kpis.ts';
import { startMsOf } from '../scenario/scenario-calendar.ts';
import type { FullWorld } from './full-world.ts';
import { moneyBalanceOf } from './money-balance.ts';
import { staffKpis } from './staff-measures.ts';

const DAY_MS = 86_400_000;

/** What only this model tells of a run, of the whole and of each station. */
export function fullKpis(world: FullWorld, countedMs: number): { total: Kpis; stations: readonly Kpis[] } {
  const money = { ...moneyKpis(world, countedMs), ...settlementKpis(world, countedMs) };
  const { yards, scenario, books, nowMs } = world;
  if (scenario.stations.every(({ staff }) => staff === undefined)) return { total: money, stations: [] };
  const sums = yards.map(({ staff }) => staff.measures.sums(nowMs));
  const days = countedMs / DAY_MS;
  return {
    total: {
      ...money,
      creditedFenPerDay: Number(books.measures.creditedFen) / days,
      unbilledFenPerDay: Number(books.measures.unbilledFen) / days,
      ...staffKpis(sums, { bays: yards.reduce((bays, { plan }) => bays + plan.bays, 0), countedMs }),
    },
    stations: yards.map(({ plan: { bays } }, index) => staffKpis(sums.slice(index, index + 1), { bays, countedMs })),
  };
}

/** What statements did with that: paid in the counted time, and still owed at the end. */
function settlementKpis({ desk, books, scenario }: FullWorld, countedMs: number): Kpis {
  if (desk === null) return {};
  const days = countedMs / DAY_MS;
  const earnerIds = scenario.business.principals.flatMap(({ id, kind }) => (kind === 'CARRIER' ? [] : [id]));
  const { paidOutFen, collectedFen } = books.measures;
  const countsFromMs = startMsOf(scenario) + scenario.warmUpDays * DAY_MS;
  const ofEarners = (name: string, fenOf: (id: string) => number): Kpis =>
    Object.fromEntries(earnerIds.map((id) => [`${name}.${id}`, fenOf(id)]));
  return {
    // As their payouts: one that ends as counting begins is of the warm-up.
    statements: desk.statements.filter(({ untilMs }) => untilMs > countsFromMs).length,
    ...ofEarners('paidOutFenPerDay', (id) => Number(paidOutFen.get(id) ?? 0n) / days),
    ...ofEarners('collectedFenPerDay', (id) => Number(collectedFen.get(id) ?? 0n) / days),
    ...ofEarners('owedFenAtEnd', (id) => Number(desk.owedFen(id))),
  };
}

/** What the platform's books say of the counted time. Amounts in fen; reasons and principals are parts of names. */
function moneyKpis(world: FullWorld, countedMs: number): Kpis {
  const { books, scenario } = world;
  const days = countedMs / DAY_MS;
  const { bills, payableFen, incomeFen, refusals, abnormal, alarms } = books.measures;
  const earners = scenario.business.principals.filter(({ kind }) => kind !== 'CARRIER');
  return {
    billsPerDay: bills / days,
    payableFenPerDay: Number(payableFen) / days,
    payableFenPerBill: bills === 0 ? null : Number(payableFen) / bills,
    ...Object.fromEntries(earners.map(({ id }) => [`incomeFenPerDay.${id}`, Number(incomeFen.get(id) ?? 0n) / days])),
    refusedOrdersPerDay: [...refusals.values()].reduce((sum, count) => sum + count, 0) / days,
    ...Object.fromEntries(AUTHORISATION_REASONS.map((reason) => [`refusedOrdersPerDay.${reason}`, (refusals.get(reason) ?? 0) / days])),
    abnormalOrdersPerDay: abnormal / days,
    alarmsPerDay: alarms / days,
    ledgerSumFen: Number(moneyBalanceOf(world).leftOverFen),
  };
}
