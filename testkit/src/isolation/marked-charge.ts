import type { Db } from '@corridor/twin/db/db';
import { isOf, type Marks } from './marks.ts';

/** Whom a charge concerns: who pays it, who is paid. */
interface ChargeParties {
  readonly carrierId: string;
  readonly earnerId: string;
}

/** Marked rows of a charge beside swaps, of a dispute of it, and of what that gave back. @returns the dispute's id */
export async function insertMarkedCharge(
  db: Db,
  marks: Marks,
  no: number,
  { carrierId, earnerId }: ChargeParties,
  at: Date,
): Promise<string> {
  const run = async (text: string, values: unknown[]) => db.query({ text, values });
  const ofBoth = () => marks.text((asker) => isOf(asker, carrierId, earnerId));
  const ofEarner = () => marks.number((asker) => isOf(asker, earnerId));
  const [chargeId, disputeId] = [`overstay:X-${no}`, `DX-${no}`];
  const correctionId = `dispute:${disputeId}`;
  await run(
    `insert into charge (platform_id, charge_id, kind, carrier_id, truck_id, station_id, order_id, contract_id, basis, payable_fen, booked_at)
     select 'PF', $1, 'OVERSTAY', $2, $3, null, $4, contract_id, '{"ratedAtMs": 0, "stayedMs": 0}', 1, $5 from contract
      where definition->>'carrierId' = $2 order by contract_id limit 1`,
    [chargeId, carrierId, ofBoth(), `X-${no}`, at],
  );
  await run(`insert into charge_line values ('PF', $1, 1, 'PENALTY', $2, 1, 600, $3, $4)`, [chargeId, ofBoth(), earnerId, ofBoth()]);
  await run(`insert into charge_entry values ('PF', $1, $2, 'STATION_OPERATOR', $3, 0, $3, $4)`, [chargeId, earnerId, ofEarner(), at]);
  await run(
    `insert into dispute (platform_id, dispute_id, charge_id, principal_id, raised_by, reason, state, evidence, raised_at)
     values ('PF', $1, $2, $3, 'x', $4, 'UPHELD', $5, $6)`,
    [disputeId, chargeId, carrierId, ofBoth(), JSON.stringify([{ text: ofBoth(), by: 'x', at: '' }]), at],
  );
  await run(
    `insert into correction (platform_id, correction_id, charge_id, carrier_id, cause, dispute_id, reason, decided_by, payable_fen, booked_at)
     values ('PF', $1, $2, $3, 'DISPUTE', $4, $5, 'x', $6, $7)`,
    [correctionId, chargeId, carrierId, disputeId, ofBoth(), marks.number((asker) => isOf(asker, carrierId)), at],
  );
  await run(`insert into correction_line values ('PF', $1, 1, 1, 'PENALTY', 'NONE', 'line', 1, 'swap', 1, -1, 600, $2, null, null, $3)`, [
    correctionId,
    earnerId,
    ofBoth(),
  ]);
  await run(`insert into correction_entry values ('PF', $1, $2, 'STATION_OPERATOR', $3, 0, $3, $4)`, [
    correctionId,
    earnerId,
    ofEarner(),
    at,
  ]);
  const act = `insert into audit_log (platform_id, at, user_id, action, entity_kind, entity_id, after) values ('PF', $1, 'x', $2, 'charge', $3, $4)`;
  await run(act, [at, 'dispute.raise', chargeId, JSON.stringify({ note: ofBoth() })]);
  const ofCarrier = marks.text((asker) => isOf(asker, carrierId));
  await run(act, [at, 'correction.book', chargeId, JSON.stringify({ note: ofCarrier })]);
  return disputeId;
}
