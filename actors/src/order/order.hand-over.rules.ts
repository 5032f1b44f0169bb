import type { AbnormalReason } from '@corridor/protocols/reason-code';
import type { PackLeg } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { raiseAlarm } from '../network/outgoing.ts';
import type { Reference } from '../network/reference.ts';
import type { OrderContext } from './order.context.ts';
import { type OrderEventOf, refusalOfPack, requiredWhOf } from './order.rules.ts';
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
  { leg, pack, unfit }: OrderEventOf<'order.legMeasured'>,
): Partial<OrderContext> {
  if ((leg === 'IN' ? context.measuredIn : context.measuredOut) !== null) return {};
  const doubt = leg === 'IN' ? doubtOfReturned(context, pack) : doubtOfIssued(reference, context, pack, unfit ?? null);
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

const isOther = ({ issuePackId }: OrderContext, { packId }: PackLeg) => issuePackId !== null && packId !== issuePackId;

/**
 * The station may give the next eligible pack instead of the reserved one. It is billed by its own owner, SOH and lots, when every
 * check of a pack holds for it as well.
 */
function doubtOfIssued(reference: Reference, context: OrderContext, pack: PackLeg, unfit: string | null): Doubt | null {
  const { issuePackId, stationId } = context;
  const { packId, socPercent } = pack;
  const refused = isOther(context, pack) ? refusalOfOther(reference, context, pack, unfit) : null;
  if (refused !== null) {
    return { reason: 'WRONG_PACK_ISSUED', evidence: `${issuePackId} was reserved, ${packId} was given: ${refused}.` };
  }
  const targetPercent = reference.station(stationId)?.targetSocPercent ?? 0;
  if (socPercent >= targetPercent - SOC_JUMP_PERCENT_MAX) return null;
  return { reason: 'SOC_JUMP', evidence: `${packId} was given with ${socPercent} %, ${stationId} charges to ${targetPercent} %.` };
}

/** Checks 5 to 9 of an authorisation, of the pack that was really given; null: it would have been authorised. */
function refusalOfOther(reference: Reference, context: OrderContext, pack: PackLeg, unfit: string | null): string | null {
  const refused = refusalOfPack(reference, context, pack);
  if (refused !== null) return `the contract does not cover it, ${refused}`;
  if (unfit !== null) return unfit;
  const requiredWh = requiredWhOf(reference, { ...context, quotedIn: context.quotedIn ?? pack });
  return pack.energyWh < requiredWh ? `it holds ${pack.energyWh} Wh, the way needs ${requiredWh} Wh` : null;
}

/** Another pack than the reserved one went out: somebody should look why, also when it could be billed. Told once. */
export function otherPackTold(context: OrderContext, { leg, pack, atMs }: OrderEventOf<'order.legMeasured'>): Emitted[] {
  const { orderId, issuePackId, measuredOut, faultOut, stationId } = context;
  if (leg === 'IN' || measuredOut !== null || faultOut !== null || !isOther(context, pack)) return [];
  const detail = `${stationId} gave ${pack.packId} where ${issuePackId} was reserved`;
  return [
    raiseAlarm({
      code: 'OTHER_PACK_ISSUED',
      scope: 'order',
      scopeId: orderId,
      sinceMs: atMs,
      level: 2,
      detail,
      args: { packId: pack.packId, otherPackId: issuePackId ?? '' },
    }),
  ];
}
