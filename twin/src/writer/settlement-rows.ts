import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import type { Db } from '../db/db.ts';
import { rowsStatement, timeText, writeRows } from './json-rows.ts';

/** What a batch says of corrections, statements and settled orders, as rows. */
export type SettlementRows = ReturnType<typeof settlementRows>;

const ofType = <T extends Effect['type']>(effects: readonly Effect[], type: T): EffectOf<T>[] =>
  effects.filter((effect): effect is EffectOf<T> => effect.type === type);

export function settlementRows(effects: readonly Effect[]) {
  const booked = ofType(effects, 'correction.booked');
  const frozen = ofType(effects, 'statement.frozen');
  return {
    corrections: booked.map(correctionRow),
    correctionLines: booked.flatMap(correctionLineRows),
    correctionEntries: booked.flatMap(correctionEntryRows),
    meterDifferences: ofType(effects, 'meter.mismatched').map(({ difference, atMs }) => ({
      order_id: difference.orderId,
      metered_wh: difference.meteredWh,
      billed_wh: difference.billedWh,
      nominal_wh: difference.nominalWh,
      found_at: timeText(atMs),
    })),
    statements: frozen.map(statementRow),
    splits: frozen.flatMap(({ statement: { statementId, splits } }) =>
      splits.map((split) => ({
        statement_id: statementId,
        rule_no: split.ruleNo,
        partner_id: split.partnerId,
        kind: split.kind,
        amount_fen: split.amountFen,
        derivation: split.derivation,
      })),
    ),
    received: frozen.flatMap(({ statement: { statementId, receivedFrom } }) =>
      receivedFrom.map(({ statementId: from, ruleNo, partnerId }) => ({
        statement_id: from,
        rule_no: ruleNo,
        partner_id: partnerId,
        included_in: statementId,
      })),
    ),
    progress: ofType(effects, 'settlement.progressed'),
  };
}

const correctionRow = ({ correction, atMs }: EffectOf<'correction.booked'>) => ({
  correction_id: correction.correctionId,
  order_id: correction.orderId,
  charge_id: correction.chargeId,
  carrier_id: correction.carrierId,
  cause: correction.cause,
  dispute_id: correction.disputeId,
  reason: correction.reason,
  decided_by: correction.by,
  payable_fen: correction.payableFen,
  booked_at: timeText(atMs),
});

const correctionLineRows = ({ correction: { correctionId, lines } }: EffectOf<'correction.booked'>) =>
  lines.map((line) => ({
    correction_id: correctionId,
    line_no: line.lineNo,
    of_line_no: line.ofLineNo,
    component: line.component,
    leg: line.leg,
    description: line.description,
    quantity: line.quantity,
    unit: line.unit,
    unit_price_nano_yuan: line.unitPriceNanoYuan,
    amount_fen: line.amountFen,
    tax_rate_basis_points: line.taxRateBasisPoints,
    beneficiary_id: line.beneficiaryId,
    period: line.period,
    pack_id: line.packId,
    derivation: line.derivation,
  }));

const correctionEntryRows = ({ correction: { correctionId, shares }, atMs }: EffectOf<'correction.booked'>) =>
  shares.map((share) => ({
    correction_id: correctionId,
    principal_id: share.principalId,
    role: share.role,
    gross_fen: share.grossFen,
    commission_fen: share.commissionFen,
    net_fen: share.netFen,
    booked_at: timeText(atMs),
  }));

const statementRow = ({ statement, atMs }: EffectOf<'statement.frozen'>) => ({
  statement_id: statement.statementId,
  principal_id: statement.principalId,
  period: statement.period,
  agreement_id: statement.agreementId,
  period_from: timeText(statement.fromMs),
  period_until: timeText(statement.untilMs),
  payable_at: timeText(statement.payableAtMs),
  state: statement.state,
  total_fen: statement.totalFen,
  content: statement.content,
  content_hash: statement.contentHash,
  frozen_at: timeText(atMs),
});

const line = {
  correction_id: 'text',
  line_no: 'integer',
  of_line_no: 'integer',
  component: 'text',
  leg: 'text',
  description: 'text',
  quantity: 'bigint',
  unit: 'text',
  unit_price_nano_yuan: 'bigint',
  amount_fen: 'bigint',
  tax_rate_basis_points: 'integer',
  beneficiary_id: 'text',
  period: 'text',
  pack_id: 'text',
  derivation: 'text',
};
/** A key that exists is a bug: the batch must not be written. */
const once = (name: string, table: string, columns: Readonly<Record<string, string>>) =>
  rowsStatement(name, { table, columns, onConflict: '' });
const statements = {
  correction: once('batch_correction', 'correction', {
    correction_id: 'text',
    order_id: 'text',
    charge_id: 'text',
    carrier_id: 'text',
    cause: 'text',
    dispute_id: 'text',
    reason: 'text',
    decided_by: 'text',
    payable_fen: 'bigint',
    booked_at: 'timestamptz',
  }),
  correctionLine: once('batch_correction_line', 'correction_line', line),
  correctionEntry: once('batch_correction_entry', 'correction_entry', {
    correction_id: 'text',
    principal_id: 'text',
    role: 'text',
    gross_fen: 'bigint',
    commission_fen: 'bigint',
    net_fen: 'bigint',
    booked_at: 'timestamptz',
  }),
  meterDifference: rowsStatement('batch_meter_difference', {
    table: 'meter_difference',
    columns: { order_id: 'text', metered_wh: 'bigint', billed_wh: 'bigint', nominal_wh: 'bigint', found_at: 'timestamptz' },
    onConflict: 'on conflict do nothing',
  }),
  split: once('batch_settlement_split', 'settlement_split', {
    statement_id: 'text',
    rule_no: 'integer',
    partner_id: 'text',
    kind: 'text',
    amount_fen: 'bigint',
    derivation: 'text',
  }),
} as const;

/** After orders and transfers, which they name; a charge that is corrected was written by a batch before. */
export async function writeSettlement(db: Db, platformId: string, rows: SettlementRows): Promise<void> {
  await writeRows(db, statements.meterDifference, platformId, rows.meterDifferences);
  await writeRows(db, statements.correction, platformId, rows.corrections);
  await writeRows(db, statements.correctionLine, platformId, rows.correctionLines);
  await writeRows(db, statements.correctionEntry, platformId, rows.correctionEntries);
  for (const row of rows.corrections) if (row.dispute_id !== null) await endDispute(db, platformId, row);
  for (const row of rows.statements) await insertStatement(db, platformId, row);
  await writeRows(db, statements.split, platformId, rows.splits);
  for (const row of rows.received) await includeSplit(db, platformId, row);
  for (const effect of rows.progress) await writeProgress(db, platformId, effect);
}

/** The correction and the end of its dispute are one: of one that is not open any more nothing is written, which the database sees to. */
async function endDispute(db: Db, platformId: string, row: SettlementRows['corrections'][number]): Promise<void> {
  await db.query({
    text: 'select uphold_dispute($1, $2, $3, $4, $5, $6)',
    values: [platformId, row.dispute_id, row.booked_at, row.decided_by, row.reason, row.correction_id],
  });
}

async function insertStatement(db: Db, platformId: string, row: SettlementRows['statements'][number]): Promise<void> {
  await db.query({
    text: `insert into statement (platform_id, statement_id, principal_id, period, agreement_id, period_from, period_until, payable_at, state,
                                  total_fen, content, content_hash, frozen_at, paid_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, decode($12, 'hex'), $13, case when $9 = 'PAID' then $13::timestamptz end)`,
    values: [
      platformId,
      row.statement_id,
      row.principal_id,
      row.period,
      row.agreement_id,
      row.period_from,
      row.period_until,
      row.payable_at,
      row.state,
      row.total_fen,
      row.content,
      row.content_hash,
      row.frozen_at,
    ],
  });
}

async function includeSplit(db: Db, platformId: string, row: SettlementRows['received'][number]): Promise<void> {
  await db.query({
    text: `update settlement_split set included_in = $5
            where platform_id = $1 and statement_id = $2 and rule_no = $3 and partner_id = $4 and included_in is null`,
    values: [platformId, row.statement_id, row.rule_no, row.partner_id, row.included_in],
  });
}

async function writeProgress(db: Db, platformId: string, effect: EffectOf<'settlement.progressed'>): Promise<void> {
  const at = timeText(effect.atMs);
  if (effect.paidStatementIds.length > 0) {
    await db.query({
      text: `update statement set state = 'PAID', paid_at = $3 where platform_id = $1 and statement_id = any($2) and state in ('FROZEN', 'DUE', 'CARRIED')`,
      values: [platformId, effect.paidStatementIds, at],
    });
  }
  if (effect.settledOrderIds.length > 0) {
    await db.query({
      text: `update swap_order set state = 'SETTLED', updated_at = $3 where platform_id = $1 and order_id = any($2) and state = 'CLEARED'`,
      values: [platformId, effect.settledOrderIds, at],
    });
  }
}
