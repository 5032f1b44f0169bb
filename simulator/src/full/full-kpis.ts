import { AUTHORISATION_REASONS } from '@corridor/protocols/reason-code';
import type { Kpis } from '../measures/kpis.ts';
import type { FullWorld } from './full-world.ts';

const DAY_MS = 86_400_000;

/** What the platform's books say of the counted time. Amounts in fen; reasons and principals are parts of names. */
export function moneyKpis({ books, scenario }: FullWorld, countedMs: number): Kpis {
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
    ledgerSumFen: Number(books.sumFen),
  };
}
