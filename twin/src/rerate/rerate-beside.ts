import { depositTermsOf } from '@corridor/actors/account/deposit.rules';
import type { Trial } from '@corridor/actors/rerate/draft-reference';
import { expiryTried } from '@corridor/actors/rerate/rerate-packages';
import { mayChargeUnknownStay, mayPay, penaltyTried } from '@corridor/actors/rerate/rerate-penalties';
import { daysBegunIn, paysRentByMonth, rentsTried } from '@corridor/actors/rerate/rerate-rents';
import type { RerateTotals } from '@corridor/actors/rerate/rerate-totals';
import { rentedTrucks } from '../charges/charges.queries.ts';
import type { Db } from '../db/db.ts';
import { writtenUntilMs } from '../settlement/statements.queries.ts';
import { correctionsOfBillsIn, depositsTakenIn, incidentsIn, packagesExpiredIn, staysNotNoted } from './beside-swaps.queries.ts';
import type { BilledSpan } from './stored-orders.ts';

const DAY_MS = 86_400_000;
/** An instant in a local day. */
const noonOf = (day: string): number => Date.parse(`${day}T12:00:00+08:00`);

/** Adds what is owed beside the swaps of a span, under drafts, and counts what cannot be rated again; reads only. */
export async function rerateBeside(db: Db, span: BilledSpan, trial: Trial, totals: RerateTotals): Promise<void> {
  const carrierIds = [...trial.before.principals()].filter(({ kind }) => kind === 'CARRIER').map(({ id }) => id);
  await addRents(db, span, { trial, carrierIds }, totals);
  await addPenalties(db, span, { trial, carrierIds }, totals);
  await countUnknownStays(db, span, { trial, carrierIds }, totals);
  for (const expired of await packagesExpiredIn(db, span)) {
    const found = expiryTried(trial, expired);
    if (found === null) totals.leaveOut('PACKAGE_EXPIRY', 'PACKAGE_NOT_BOUGHT');
    else totals.addPaid(expired.carrierId, expired.issuerId, found);
  }
  for (const { carrierId, day } of await depositsTakenIn(db, span))
    if (isDepositChanged(trial, carrierId, day)) totals.leaveOut('ENERGY_DEPOSIT', 'DEPOSIT_NOT_RATED_AGAIN');
  totals.leaveOut('CORRECTION', 'AS_FIRST_BILLED', await correctionsOfBillsIn(db, span));
}

interface Asked {
  readonly trial: Trial;
  readonly carrierIds: readonly string[];
}

async function addRents(
  db: Db,
  { platformId, from, until }: BilledSpan,
  { trial, carrierIds }: Asked,
  totals: RerateTotals,
): Promise<void> {
  // Nobody owes a rent of days to come.
  const untilMs = Math.min(Date.parse(until), await writtenUntilMs(db, platformId));
  for (const days of daysBegunIn(Date.parse(from), untilMs)) {
    for (const carrierId of carrierIds) {
      const pays = paysRentByMonth(trial, carrierId, days);
      if (pays === 'NO') continue;
      for (const truck of await rentedTrucks(db, platformId, carrierId, days.month)) {
        const tried = rentsTried(trial, truck, days);
        if (pays === 'YES') totals.addBeside(tried);
        else if (tried.before.length + tried.after.length > 0) totals.leaveOut('MONTHLY_RENT', 'PACKAGE_NOT_BOUGHT');
      }
    }
  }
}

async function addPenalties(db: Db, span: BilledSpan, { trial, carrierIds }: Asked, totals: RerateTotals): Promise<void> {
  const days = daysOf(span);
  const paying = carrierIds.filter((id) => days.some((atMs) => mayPay(trial, 'NO_SHOW', id, atMs) || mayPay(trial, 'OVERSTAY', id, atMs)));
  for (const { incident, ...known } of await incidentsIn(db, span, paying)) {
    const found = penaltyTried(trial, incident, known);
    if (!found.ok) {
      totals.leaveOut(incident.kind, found.reason);
      continue;
    }
    const { carrierId, truckId, stationId } = incident;
    const [before, after] = [found.before, found.after].map((charge) => (charge === null ? [] : [charge]));
    totals.addBeside({ carrierId, truckId, stationId, before: before ?? [], after: after ?? [] });
  }
}

async function countUnknownStays(db: Db, span: BilledSpan, { trial, carrierIds }: Asked, totals: RerateTotals): Promise<void> {
  const days = daysOf(span);
  const asked = carrierIds.filter((carrierId) => days.some((atMs) => mayChargeUnknownStay(trial, { carrierId, atMs })));
  for (const { carrierId, day, swaps } of await staysNotNoted(db, span, asked))
    if (mayChargeUnknownStay(trial, { carrierId, atMs: noonOf(day) })) totals.leaveOut('OVERSTAY', 'STAY_NOT_KNOWN', swaps);
}

/** An instant in each local day whose contracts incidents of a span may be rated by. */
function daysOf({ from, until }: BilledSpan): number[] {
  const days: number[] = [];
  for (let atMs = Date.parse(from); atMs < Date.parse(until) + DAY_MS; atMs += DAY_MS) days.push(atMs);
  return days;
}

function isDepositChanged({ before, tried }: Trial, carrierId: string, day: string): boolean {
  const [was, is] = [before, tried].map((reference) => depositTermsOf(reference.contractOf(carrierId, day) ?? {}, reference.platformId));
  return was?.depositNanoYuanPerKwh !== is?.depositNanoYuanPerKwh || was?.chargeNanoYuanPerKwh !== is?.chargeNanoYuanPerKwh;
}
