import type { AbnormalReason } from '@corridor/protocols/reason-code';
import type { PackLeg } from '../network/actor-event.ts';
import type { Reference } from '../network/reference.ts';
import type { OrderContext } from './order.context.ts';
import { type OrderEventOf, refusalOfPack } from './order.rules.ts';
import { SOC_JUMP_PERCENT_MAX } from './order-config.ts';

interface Doubt {
  reason: AbnormalReason;
  /** What was expected and what came, for a person. */
  evidence: string;
}

/**
 * A pack that changed hands, as the order notes it: measured, or, when it cannot be what was agreed, a fault of its leg that only a
 * person can bill. Told once more it changes nothing.
 */
export function legNoted(
  reference: Reference,
  context: OrderContext,
  { leg, pack }: OrderEventOf<'order.legMeasured'>,
): Partial<OrderContext> {
  if ((leg === 'IN' ? context.measuredIn : context.measuredOut) !== null) return {};
  const doubt = leg === 'IN' ? doubtOfReturned(context, pack) : doubtOfIssued(reference, context, pack);
  if (doubt === null) return leg === 'IN' ? { measuredIn: pack } : { measuredOut: pack };
  const { reason, evidence } = doubt;
  const reasonDetail = context.reasonDetail === '' ? evidence : `${context.reasonDetail} ${evidence}`;
  return leg === 'IN' ? { faultIn: reason, reasonDetail } : { faultOut: reason, reasonDetail };
}

/** It is the pack that was checked, with what was in it then: it hung between truck and rack, and nothing flowed. */
function doubtOfReturned(context: OrderContext, { packId, socPercent }: PackLeg): Doubt | null {
  const { returnPackId, packSocPercent, initiation, quotedInSocPercent } = context;
  if (returnPackId !== null && packId !== returnPackId) {
    return { reason: 'PACK_CUSTODY_MISMATCH', evidence: `${returnPackId} was checked on the truck, ${packId} came into the rack.` };
  }
  // Not read at the bay: the truck's own report may be older, and since then it can only have been drawn from.
  const reportedPercent = initiation === 'LOCAL' ? quotedInSocPercent : null;
  const isJump =
    packSocPercent === null
      ? reportedPercent !== null && socPercent - reportedPercent > SOC_JUMP_PERCENT_MAX
      : Math.abs(socPercent - packSocPercent) > SOC_JUMP_PERCENT_MAX;
  if (!isJump) return null;
  const known = packSocPercent ?? reportedPercent;
  return { reason: 'SOC_JUMP', evidence: `${packId} had ${known} % when its truck was identified and ${socPercent} % at the hand-over.` };
}

/** The station may give the next eligible pack instead of the reserved one: one that the contract covers, and charged. */
function doubtOfIssued(reference: Reference, context: OrderContext, pack: PackLeg): Doubt | null {
  const { issuePackId, stationId } = context;
  const { packId, socPercent } = pack;
  if (issuePackId !== null && packId !== issuePackId && refusalOfPack(reference, context, pack) !== null) {
    return {
      reason: 'WRONG_PACK_ISSUED',
      evidence: `${issuePackId} was reserved, ${packId} was given, which the contract does not cover.`,
    };
  }
  const targetPercent = reference.station(stationId)?.targetSocPercent ?? 0;
  if (socPercent >= targetPercent - SOC_JUMP_PERCENT_MAX) return null;
  return { reason: 'SOC_JUMP', evidence: `${packId} was given with ${socPercent} %, ${stationId} charges to ${targetPercent} %.` };
}
