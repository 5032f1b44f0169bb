import { fen } from '@corridor/actors/ledger/fen';
import { divideHalfUp, sumFen } from '@corridor/actors/ledger/fen-arithmetic';
import { type FrozenStatement, statementStateOf } from '@corridor/actors/settlement/frozen-statement';
import { type EarnedOrder, secondarySplits } from '@corridor/actors/settlement/secondary-clearing';
import { payableAtMs, statementIdOf } from '@corridor/actors/settlement/settlement-period';
import type { Component } from '@corridor/protocols/agreement/component';
import { BELOW_ZERO_DEFAULT, type SettlementAgreement, type SettlementPeriod } from '@corridor/protocols/agreement/settlement-agreement';
import type { PrincipalKind } from '@corridor/protocols/network-file';
import type { Db } from '../db/db.ts';
import { canonicalJson, contentHashOf } from './canonical-json.ts';
import {
  type CorrectionEntryRow,
  correctionEntries,
  correctionLinesOf,
  earnedEntries,
  linesOfOrders,
  movedInPeriod,
  type OrderEntryRow,
  otherMovements,
  type PeriodLineRow,
  type PeriodOf,
  paidEntries,
  pvOfOrders,
  type ReceivedRow,
  receivedSplits,
} from './period-facts.queries.ts';
import { STATEMENT_VERSION, type StatementContent, type StatementOrder } from './statement-content.ts';

export interface StatementOf {
  readonly platformId: string;
  readonly principalId: string;
  readonly principalKind: PrincipalKind;
  readonly period: SettlementPeriod;
  readonly agreement: SettlementAgreement | null;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Total of the statement before when it was below zero, else 0. */
  readonly carriedInFen: bigint;
}

/** What entries say is not what the ledger moved: nothing is closed until somebody looked. */
export class StatementUnbalancedError extends Error {
  readonly code = 'STATEMENT_UNBALANCED';
}

/** Makes the statement of a closed period from what was booked in it. @throws StatementUnbalancedError */
export async function makeStatement(db: Db, of: StatementOf): Promise<FrozenStatement> {
  const { platformId, principalId, fromMs, untilMs, agreement } = of;
  const isCarrier = of.principalKind === 'CARRIER';
  const period: PeriodOf = { platformId, principalId, from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString() };
  const entries = await (isCarrier ? paidEntries(db, period) : earnedEntries(db, period));
  const orderIds = [...new Set(entries.map(({ order_id }) => order_id))];
  const seesAll = isCarrier || of.principalKind === 'PLATFORM';
  const lines = await linesOfOrders(db, platformId, orderIds, isCarrier ? null : principalId);
  const corrections = await correctionEntries(db, period, isCarrier);
  const others = await otherMovements(db, period);
  const received = await receivedSplits(db, period);
  const { ordersFen, correctionsFen, othersFen, movedFen } = await comparedSums(db, period, { entries, corrections, others });
  const statementId = statementIdOf(principalId, fromMs, untilMs);
  const earned =
    agreement === null || agreement.partners.length === 0 ? [] : await earnedOrders(db, period, { entries, lines, corrections });
  const splits = secondarySplits(agreement?.partners ?? [], earned, fromMs / 1_000);
  // What a principal would pay itself stays with it.
  const splitsFen = totalOf(splits.filter(({ partnerId }) => partnerId !== principalId).map(({ amountFen }) => amountFen));
  const receivedFen = totalOf(received.map(({ amount_fen }) => amount_fen));
  const totalFen = movedFen - splitsFen + receivedFen + of.carriedInFen;
  const belowZero = agreement?.belowZero ?? BELOW_ZERO_DEFAULT;
  const payableMs = payableAtMs(of.period, untilMs);
  const content: StatementContent = {
    version: STATEMENT_VERSION,
    statementId,
    platformId,
    principalId,
    principalKind: of.principalKind,
    currency: 'CNY',
    agreementId: agreement?.id ?? null,
    period: of.period,
    belowZero,
    from: period.from,
    until: period.until,
    payableAt: new Date(payableMs).toISOString(),
    orders: ordersOf(entries, lines, seesAll),
    corrections: corrections.map(correctionOf),
    others: others.map(({ key, kind, at, fen: amount }) => ({ key, kind, at: at.toISOString(), amountFen: `${amount}` })),
    splits: splits.map((split) => ({ ...split, amountFen: `${split.amountFen}` })),
    received: received.map(receivedOf),
    taxes: taxesOf(lines),
    totals: {
      ordersFen: `${ordersFen}`,
      correctionsFen: `${correctionsFen}`,
      othersFen: `${othersFen}`,
      movedFen: `${movedFen}`,
      splitsFen: `${splitsFen}`,
      receivedFen: `${receivedFen}`,
      carriedInFen: `${of.carriedInFen}`,
      totalFen: `${totalFen}`,
    },
  };
  return {
    statementId,
    principalId,
    period: of.period,
    agreementId: agreement?.id ?? null,
    fromMs,
    untilMs,
    payableAtMs: payableMs,
    totalFen,
    content: canonicalJson(content),
    contentHash: contentHashOf(content),
    splits,
    receivedFrom: received.map(({ statement_id, rule_no }) => ({ statementId: statement_id, ruleNo: rule_no, partnerId: principalId })),
    state: statementStateOf(totalFen, { isCarrier, belowZero }),
  };
}

/** Sums by what they are of, the same by entries and by the ledger. @throws StatementUnbalancedError */
async function comparedSums(
  db: Db,
  period: PeriodOf,
  booked: { entries: readonly OrderEntryRow[]; corrections: readonly CorrectionEntryRow[]; others: readonly { fen: bigint }[] },
): Promise<{ ordersFen: bigint; correctionsFen: bigint; othersFen: bigint; movedFen: bigint }> {
  const ordersFen = totalOf(booked.entries.map(({ net_fen }) => net_fen));
  const correctionsFen = totalOf(booked.corrections.map(({ net_fen }) => net_fen));
  const othersFen = totalOf(booked.others.map((each) => each.fen));
  const moved = await movedInPeriod(db, period);
  if (moved.ordersFen !== ordersFen || moved.correctionsFen !== correctionsFen || moved.allFen !== ordersFen + correctionsFen + othersFen) {
    const said = `orders ${ordersFen}, corrections ${correctionsFen}, others ${othersFen}`;
    const ledger = `orders ${moved.ordersFen}, corrections ${moved.correctionsFen}, all ${moved.allFen}`;
    throw new StatementUnbalancedError(
      `${period.principalId} from ${period.from} to ${period.until}: entries say ${said}; the ledger ${ledger}`,
    );
  }
  return { ordersFen, correctionsFen, othersFen, movedFen: moved.allFen };
}

const totalOf = (amounts: readonly bigint[]): bigint => sumFen(amounts.map((amount) => fen(amount)));

function ordersOf(entries: readonly OrderEntryRow[], lines: readonly PeriodLineRow[], seesTrucks: boolean): StatementOrder[] {
  const linesOf = Map.groupBy(lines, ({ order_id }) => order_id);
  return entries.map((entry, index) => ({
    orderId: entry.order_id,
    at: entry.cleared_at.toISOString(),
    stationId: entry.station_id,
    truckId: seesTrucks ? entry.truck_id : null,
    role: entry.role,
    grossFen: `${entry.gross_fen}`,
    commissionFen: `${entry.commission_fen}`,
    netFen: `${entry.net_fen}`,
    // Once, where a principal has several roles in an order.
    lines:
      entries[index - 1]?.order_id === entry.order_id
        ? []
        : (linesOf.get(entry.order_id) ?? []).map((line) => ({
            lineNo: line.line_no,
            component: line.component,
            amountFen: `${line.amount_fen}`,
            taxRateBasisPoints: line.tax_rate_basis_points,
          })),
  }));
}

const receivedOf = (row: ReceivedRow): StatementContent['received'][number] => ({
  statementId: row.statement_id,
  ruleNo: row.rule_no,
  principalId: row.principal_id,
  kind: row.kind,
  amountFen: `${row.amount_fen}`,
  derivation: row.derivation,
});

const correctionOf = (row: CorrectionEntryRow): StatementContent['corrections'][number] => ({
  correctionId: row.correction_id,
  orderId: row.order_id,
  chargeId: row.charge_id,
  at: row.booked_at.toISOString(),
  cause: row.cause,
  reason: row.reason,
  grossFen: `${row.gross_fen}`,
  commissionFen: `${row.commission_fen}`,
  netFen: `${row.net_fen}`,
});

const WHOLE = 10_000n;
/** Tax contained in the sum of the lines of a component and rate, rounded once for each. */
function taxesOf(lines: readonly PeriodLineRow[]): StatementContent['taxes'] {
  const groups = Map.groupBy(lines, ({ component, tax_rate_basis_points }) => `${component} ${tax_rate_basis_points}`);
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group;
      if (first === undefined) return [];
      const amountFen = totalOf(group.map(({ amount_fen }) => amount_fen));
      const rate = BigInt(first.tax_rate_basis_points);
      const taxFen = amountFen - divideHalfUp(amountFen * WHOLE, WHOLE + rate);
      return [{ component: first.component, rateBasisPoints: Number(rate), amountFen: `${amountFen}`, taxFen: `${taxFen}` }];
    });
}

/** Orders and their corrections as secondary clearing takes them: charges beside swaps are not shared with partners, nor is what corrects them. */
async function earnedOrders(
  db: Db,
  { platformId, principalId }: PeriodOf,
  booked: { entries: readonly OrderEntryRow[]; lines: readonly PeriodLineRow[]; corrections: readonly CorrectionEntryRow[] },
): Promise<EarnedOrder[]> {
  const pv = Map.groupBy(
    await pvOfOrders(db, platformId, [...new Set(booked.entries.map(({ order_id }) => order_id))]),
    ({ order_id }) => order_id,
  );
  const linesOf = Map.groupBy(booked.lines, ({ order_id }) => order_id);
  const ofOrders = [...Map.groupBy(booked.entries, ({ order_id }) => order_id)].flatMap(([orderId, entries]) => {
    const [first] = entries;
    if (first === undefined) return [];
    return [
      {
        orderId,
        truckId: first.truck_id,
        stationId: first.station_id,
        atMs: first.cleared_at.getTime(),
        energyWh: first.energy_wh,
        netFen: totalOf(entries.map(({ net_fen }) => net_fen)),
        grossFen: grossOf(linesOf.get(orderId) ?? []),
        pvWh: Object.fromEntries((pv.get(orderId) ?? []).map(({ station_id, pv_wh }) => [station_id, pv_wh])),
      },
    ];
  });
  const correctionIds = booked.corrections.map(({ correction_id }) => correction_id);
  const corrected = Map.groupBy(await correctionLinesOf(db, platformId, correctionIds, principalId), ({ correction_id }) => correction_id);
  const ofCorrections = [...Map.groupBy(booked.corrections, ({ correction_id }) => correction_id)].flatMap(([correctionId, entries]) => {
    const { order_id: orderId = null, truck_id: truckId = null, station_id: stationId = null, booked_at: bookedAt } = entries[0] ?? {};
    if (orderId === null || truckId === null || stationId === null || bookedAt === undefined) return [];
    return [
      {
        orderId,
        truckId,
        stationId,
        atMs: bookedAt.getTime(),
        energyWh: 0n,
        netFen: totalOf(entries.map(({ net_fen }) => net_fen)),
        grossFen: grossOf(corrected.get(correctionId) ?? []),
        pvWh: {},
      },
    ];
  });
  return [...ofOrders, ...ofCorrections];
}

function grossOf(lines: readonly { component: string; amount_fen: bigint }[]): EarnedOrder['grossFen'] {
  const gross: Partial<Record<Component, bigint>> = {};
  for (const { component, amount_fen } of lines) {
    // Lines hold components only.
    const known = component as Component;
    gross[known] = (gross[known] ?? 0n) + amount_fen;
  }
  return gross;
}
