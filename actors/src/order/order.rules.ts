import type { BillingOf } from '@corridor/protocols/agreement/billing';
import { SWAP_STEPS } from '@corridor/protocols/swap-step';
import { type Fen, fen, ZERO_FEN } from '../ledger/fen.ts';
import { divideHalfUp, holdForQuote } from '../ledger/fen-arithmetic.ts';
import type { EventOf, PackLeg } from '../network/actor-event.ts';
import type { Reference, Surroundings } from '../network/reference.ts';
import { rateSwap, type SwapLegs } from '../rating/rate-swap.ts';
import { ratingTermsAt } from '../rating/rating-terms.ts';
import { type SwapUsage, usageRefusal } from '../rating/swap-usage.ts';
import { isMismatch } from '../settlement/meter-correction.ts';
import { localDateOf } from '../tariff/local-time.ts';
import {
  checkCarrier,
  checkIdentity,
  checkNetwork,
  checkPack,
  checkStationInterface,
  type Refused,
  requiredIssueWh,
} from './authorisation.ts';
import { cashFenOf } from './bill.ts';
import { imbalanceOf } from './bill-balance.ts';
import type { OrderContext, Rated } from './order.context.ts';
import { FIRST_STEP_OF_NO_RETURN, SOC_JUMP_PERCENT } from './order-config.ts';
import { type RatedBy, rateForBill, rateForQuote } from './quoted-rating.ts';

export type OrderEventOf<T extends EventOf['order']['type']> = Extract<EventOf['order'], { type: T }>;

/** Who drives which truck for whom, or why that is not so. */
export interface Parties {
  driverId: string | null;
  carrierId: string | null;
  reason: string | null;
  detail: string;
}

/** Checks 1 to 3, the station's interface and network access: all that needs nobody else. */
export function partiesOf(reference: Reference, context: OrderContext, atMs: number): Parties {
  const identity = checkIdentity(reference, { ...context, idToken: context.idToken.idToken, atMs });
  if (!identity.ok) return { driverId: null, ...carrierOf(reference, context), reason: identity.reason, detail: identity.detail };
  const { driver, truck } = identity;
  const parties = { driverId: driver.id, carrierId: truck.carrierId };
  const refused = (refusal: Refused): Parties => ({ ...parties, reason: refusal.reason, detail: refusal.detail });
  const standing = checkCarrier(reference, truck.carrierId);
  if (!standing.ok) return refused(standing);
  const fits = checkStationInterface(reference, { stationId: context.stationId, truckId: truck.id });
  if (!fits.ok) return refused(fits);
  const access = checkNetwork(reference, { carrierId: truck.carrierId, stationId: context.stationId, atMs });
  return access.ok ? { ...parties, reason: null, detail: '' } : refused(access);
}

/** Parties of a swap that was not authorised, as far as they can be told: who would have to pay. */
export function partiesAfterwards(reference: Reference, context: OrderContext): Parties {
  const driver = reference.driverByToken(context.idToken.idToken);
  return { driverId: driver?.id ?? null, ...carrierOf(reference, context), reason: null, detail: '' };
}

const carrierOf = (reference: Reference, { truckId }: OrderContext) => ({
  carrierId: truckId === null ? null : (reference.truck(truckId)?.carrierId ?? null),
});

/** Owners whose packs the order may move; none when the network is closed to it. */
export function packOwnersOf(reference: Reference, { carrierId, stationId, createdAtMs }: OrderContext): readonly string[] {
  if (carrierId === null) return [];
  const access = checkNetwork(reference, { carrierId, stationId, atMs: createdAtMs });
  return access.ok ? access.packOwnerIds : [];
}

/** Why a pack may not be part of the order; null: it may. */
export function refusalOfPack(reference: Reference, context: OrderContext, leg: PackLeg): string | null {
  if (context.truckId === null) return 'TRUCK_NOT_REGISTERED';
  const checked = checkPack(reference, { leg, truckId: context.truckId, packOwnerIds: packOwnersOf(reference, context) });
  return checked.ok ? null : checked.reason;
}

/** What the pack to be issued must hold for the way to the next station [Wh]. */
export function requiredWhOf(reference: Reference, { stationId, truck, quotedIn }: OrderContext): number {
  return requiredIssueWh(reference, {
    stationId,
    direction: truck?.direction ?? null,
    grossMassKg: truck?.grossMassKg ?? null,
    destinationChainageM: truck?.destinationChainageM ?? null,
    nominalWh: quotedIn?.nominalWh ?? 0,
  });
}

type RatingSurroundings = Pick<Surroundings, 'reference' | 'omitsDerivations'>;

/** Rates legs at the prices of the instant the order began, which both quote and bill go by. */
function rateLegs(
  { reference, omitsDerivations = false }: RatingSurroundings,
  context: OrderContext,
  { legs, rateFor }: { legs: SwapLegs; rateFor: typeof rateForQuote },
): Rated {
  const { orderId, stationId, carrierId, createdAtMs } = context;
  if (carrierId === null) return { ok: false, reason: 'NETWORK_NOT_ALLOWED' };
  const found = ratingTermsAt(reference, { stationId, carrierId, atMs: createdAtMs });
  if (!found.ok) return { ok: false, reason: found.reason };
  const usage = usageOf(context);
  const unknown = legs.out === null ? null : usageRefusal(found.terms, usage);
  if (unknown !== null) return { ok: false, reason: unknown };
  return rateFor(orderId, { terms: found.terms, legs, usage, omitsDerivations }, balancedBill);
}

const balancedBill = ({ terms, legs, usage, omitsDerivations }: RatedBy): Rated =>
  balanced({ ok: true, bill: rateSwap(terms, legs, usage, { omitsDerivations }) });

/** A bill of which somebody would get more or less than is paid is none. */
export function balanced(rated: Rated): Rated {
  const imbalance = rated.ok ? imbalanceOf(rated.bill) : null;
  return imbalance === null ? rated : { ok: false, reason: 'CLEARING_UNBALANCED', detail: imbalance };
}

/** Packages that the contract of the order is billed by; null: another mode. */
export function packageBillingOf(reference: Reference, { carrierId, createdAtMs }: OrderContext): BillingOf<'PACKAGE'> | null {
  const contract = carrierId === null ? undefined : reference.contractOf(carrierId, localDateOf(createdAtMs));
  return contract?.billing?.mode === 'PACKAGE' ? contract.billing : null;
}

/** Net energy of the quote with the margin of its hold [Wh]: what a package should cover. */
export function packageWantedWh(reference: Reference, { carrierId, createdAtMs, quotedIn, quotedOut }: OrderContext): bigint {
  const contract = carrierId === null ? undefined : reference.contractOf(carrierId, localDateOf(createdAtMs));
  const netWh = BigInt((quotedOut?.energyWh ?? 0) - (quotedIn?.energyWh ?? 0));
  return netWh <= 0n ? 0n : divideHalfUp(netWh * BigInt(WHOLE + (contract?.holdMarginBasisPoints ?? 0)), BigInt(WHOLE));
}
const WHOLE = 10_000;

/** Use of truck and station, as far as the order knows it. An odometer that went back says nothing of the distance. */
export function usageOf({ odometerM, odometerAtSwapM, readyPacks, waitedMs, packageGrant }: OrderContext): SwapUsage {
  const isKnown = odometerM !== null && odometerAtSwapM !== null && odometerM >= odometerAtSwapM;
  return { distanceSinceSwapM: isKnown ? odometerM - odometerAtSwapM : null, readyPacks, waitedMs, packageGrant };
}

export function rateQuote(surroundings: RatingSurroundings, context: OrderContext): Rated {
  const { quotedOut, quotedIn } = context;
  if (quotedOut === null || quotedIn === null) return { ok: false, reason: 'BATTERY_UNKNOWN' };
  return rateLegs(surroundings, context, { legs: { out: quotedOut, in: quotedIn }, rateFor: rateForQuote });
}

/**
 * Bill of what was measured; with `creditReason`, of the pack brought back alone. A bill that cannot be made names the
 * wrong pack when another than the reserved one was issued: that is then why.
 */
export function rateMeasured(surroundings: RatingSurroundings, context: OrderContext): Rated {
  const { measuredOut, measuredIn, creditReason, issuePackId } = context;
  if (measuredIn === null) return { ok: false, reason: 'BATTERY_IN_MISSING' };
  if (creditReason !== null) return rateLegs(surroundings, context, { legs: { out: null, in: measuredIn }, rateFor: rateForBill });
  if (measuredOut === null) return { ok: false, reason: 'SWAP_LOST' };
  const rated = rateLegs(surroundings, context, { legs: { out: measuredOut, in: measuredIn }, rateFor: rateForBill });
  const wrongPack = issuePackId !== null && issuePackId !== measuredOut.packId;
  return !rated.ok && wrongPack ? { ok: false, reason: 'WRONG_PACK_ISSUED' } : rated;
}

/**
 * What to hold. For a swap that is yet to come: the quote with its margin. For one that is over (late or repaired): exactly
 * what is payable, and one fen when nothing is, so that the account sees every order.
 */
export function holdOf(reference: Reference, context: OrderContext): Fen {
  if (context.rated?.ok) {
    return holdForQuote({ quotedFen: cashFenOf(context.rated.bill), marginBasisPoints: 0, stepFen: fen(1n) });
  }
  if (context.dueFen !== null) return context.dueFen;
  return context.quotedFen === null ? ZERO_FEN : withMargin(reference, context, context.quotedFen);
}

/** What has to be held by a renewed quote; null: it could not be made. */
export function dueOf(reference: Reference, context: OrderContext): Fen | null {
  return context.rated?.ok ? withMargin(reference, context, cashFenOf(context.rated.bill)) : null;
}

function withMargin(reference: Reference, { carrierId, createdAtMs }: OrderContext, quotedFen: Fen): Fen {
  const contract = carrierId === null ? undefined : reference.contractOf(carrierId, localDateOf(createdAtMs));
  if (contract === undefined) return ZERO_FEN;
  const { holdMarginBasisPoints, holdStepFen } = contract;
  return holdForQuote({
    quotedFen,
    marginBasisPoints: holdMarginBasisPoints,
    stepFen: fen(BigInt(holdStepFen)),
  });
}

/** How an order ends when its swap ended before it was measured. */
export interface OrderEnd {
  to: 'REJECTED' | 'CANCELLED' | 'ABNORMAL' | 'CREDIT';
  reason: string;
}

const stepName = (step: number) => SWAP_STEPS.find((known) => known.step === step)?.event.toUpperCase() ?? String(step);

/**
 * The end of the swap decides the end of an order that is not billed yet. Before unlocking nothing has happened to the packs
 * and the order is cancelled; later it is abnormal. A pack brought back for which none was given is credited.
 */
export function endOf(context: OrderContext, ended: OrderEventOf<'order.swapEnded'>): OrderEnd {
  const end = plainEndOf(context, ended);
  return end.to === 'ABNORMAL' && isLate(context) ? { to: 'ABNORMAL', reason: 'GATEWAY_OFFLINE_BACKFILLED' } : end;
}

function plainEndOf(context: OrderContext, ended: OrderEventOf<'order.swapEnded'>): OrderEnd {
  const { outcome, reason, step } = ended;
  const { measuredIn, measuredOut } = context;
  const legFault = faultOf(context);
  const abnormal = (code: string): OrderEnd => ({ to: 'ABNORMAL', reason: code });
  // The last step that ended is known; what was aborted is the one after it.
  const underWay = step + 1;
  const aborted = `SWAP_ABORTED_${stepName(underWay)}`;
  const moved = measuredIn !== null || measuredOut !== null || legFault !== null;
  const mayCredit = measuredIn !== null && measuredOut === null && legFault === null;
  switch (outcome) {
    case 'REJECTED':
      return moved ? abnormal(legFault ?? 'SWAP_FAILED') : { to: 'REJECTED', reason: reason ?? 'STATION_NOT_OPERATIVE' };
    case 'ABORTED_SAFE':
      if (!moved && underWay < FIRST_STEP_OF_NO_RETURN) return { to: 'CANCELLED', reason: context.cancelReason ?? reason ?? aborted };
      return abnormal(legFault ?? aborted);
    case 'ABORTED_NO_PACK':
      return mayCredit ? { to: 'CREDIT', reason: aborted } : abnormal(legFault ?? aborted);
    case 'BATTERY_OUT_TIMEOUT':
      return mayCredit ? { to: 'CREDIT', reason: 'BATTERY_OUT_TIMEOUT' } : abnormal(legFault ?? 'BATTERY_OUT_TIMEOUT');
    case 'FAILED':
      return abnormal(legFault ?? 'SWAP_FAILED');
    case 'LOST':
      return abnormal(legFault ?? 'SWAP_LOST');
    case 'COMPLETED':
      return abnormal(legFault ?? (measuredOut !== null ? 'BATTERY_IN_MISSING' : 'SWAP_LOST'));
  }
}

/** A swap that was over before we heard of it. */
export const isLate = ({ begin, backfill }: OrderContext) => begin === 'UNAUTHORISED' && backfill;

/** Why a leg cannot be billed; null: both can, as far as they are known. */
export const faultOf = ({ faultIn, faultOut }: OrderContext): string | null => faultIn ?? faultOut;

/** Both packs are accounted for, measured or not. */
export const areLegsKnown = ({ measuredIn, measuredOut, faultIn, faultOut }: OrderContext): boolean =>
  (measuredIn !== null || faultIn !== null) && (measuredOut !== null || faultOut !== null);

/** The SOC read at the bay and the one at hand-over, with the pack at rest between them, are too far apart. */
export function isSocJump({ packSocPercent, measuredIn }: OrderContext): boolean {
  if (packSocPercent === null || measuredIn === null) return false;
  return Math.abs(measuredIn.socPercent - packSocPercent) > SOC_JUMP_PERCENT;
}

/** Metered energy that refilled the returned pack against what was billed for it. */
export const isMeterOff = (compared: OrderEventOf<'order.meterCompared'>): boolean => isMismatch(compared);
