import type { IdToken } from '@corridor/protocols/ocpp';
import type { Fen } from '../ledger/fen.ts';
import type { PackLeg, RepairMeasurement } from '../network/actor-event.ts';
import type { PackageGrant } from '../rating/swap-usage.ts';
import type { Bill } from './bill.ts';
import type { OrderInput } from './order-input.ts';

/** What the truck's actor said of the trip when it was booked. */
export interface BookedTruck {
  packId: string | null;
  socPercent: number | null;
  grossMassKg: number | null;
  direction: 'WEST' | 'EAST' | null;
  destinationChainageM: number | null;
}

/** Somebody waits for `intent.answered`. */
export interface PendingIntent {
  intentId: string;
  kind: 'quote' | 'confirm' | 'cancel' | 'repair' | 'writeOff';
}

export type Rated = { ok: true; bill: Bill } | { ok: false; reason: string; detail?: string };

/** Everything an order knows. Money is bigint fen, energy Wh, times scope ms. */
export interface OrderContext {
  orderId: string;
  initiation: 'LOCAL' | 'REMOTE';
  begin: OrderInput['begin'];
  backfill: boolean;
  stationId: string;
  bayId: string | null;
  requestId: number | null;
  truckId: string | null;
  idToken: IdToken;
  plate: string | null;
  rfid: string | null;
  vin: string | null;
  packSerialNumber: string | null;
  packSocPercent: number | null;
  /** With which the truck should arrive [%]; absent: it stands there, or nobody can say. */
  arrivalSocPercent?: number;
  intent: PendingIntent | null;
  createdAtMs: number;
  driverId: string | null;
  carrierId: string | null;
  /** Why it was refused, cancelled or is abnormal; on a cleared order: a flag. */
  reason: string | null;
  reasonDetail: string;
  truck: BookedTruck | null;
  /** Read at the bay, else as reported when it was booked [m]. */
  odometerM: number | null;
  /** When the truck's last swap was billed [m]. */
  odometerAtSwapM: number | null;
  /** Since it queued, for a waiver [ms]. */
  waitedMs: number | null;
  /** Packs that the station could issue when it reserved one. */
  readyPacks: number | null;
  /** Part of a package of the carrier that is kept for this order. */
  packageGrant: PackageGrant | null;
  returnPackId: string | null;
  issuePackId: string | null;
  issueEvseId: number | null;
  /** Asked of others and to be given back at the end; a release of what was not given is harmless. */
  askedTruck: boolean;
  askedStation: boolean;
  askedAccount: boolean;
  /** The swap knows this order: it is told the end. */
  knownToSwap: boolean;
  /** Legs as quoted; dropped when the money is held. */
  quotedIn: PackLeg | null;
  quotedOut: PackLeg | null;
  /** SOC of the returned pack that the quote was made with. */
  quotedInSocPercent: number | null;
  measuredIn: PackLeg | null;
  measuredOut: PackLeg | null;
  /** A leg that cannot be billed: why. */
  faultIn: string | null;
  faultOut: string | null;
  rated: Rated | null;
  quotedFen: Fen | null;
  heldFen: Fen | null;
  /** What has to be held by the newest quote; null: by the first. */
  dueFen: Fen | null;
  payableFen: Fen | null;
  releasedFen: Fen | null;
  /** Abnormal, but the pack brought back is credited first: the reason it will have. */
  creditReason: string | null;
  /** Lines and clearing are in the books: never again. */
  cleared: boolean;
  cancelReason: string | null;
  /** One more with each repair, which holds anew. */
  attempt: number;
  /** What a person measured, while packs are asked for the rest of it; absent: no such repair is under way. */
  byHand?: RepairMeasurement | null;
  /** When it became abnormal: part of its alarm's id. */
  abnormalAtMs: number | null;
  /** The platform reserved for the carrier: that the truck does not come is not the carrier's fault. Absent: somebody of the carrier did. */
  onBehalf?: boolean;
  /** Not its driver reserved, so he is told. Absent: he did it himself. */
  tellsDriver?: boolean;
}

export function orderContextOf(input: OrderInput): OrderContext {
  const { orderId, initiation, begin, backfill, stationId, bayId, requestId, truckId, idToken, plate, rfid, vin } = input;
  return {
    orderId,
    initiation,
    begin,
    backfill,
    stationId,
    bayId,
    requestId,
    truckId,
    idToken,
    plate,
    rfid,
    vin,
    packSerialNumber: input.packSerialNumber,
    packSocPercent: input.packSocPercent,
    ...(input.arrivalSocPercent === undefined ? {} : { arrivalSocPercent: input.arrivalSocPercent }),
    intent: input.intentId === null ? null : { intentId: input.intentId, kind: 'quote' },
    createdAtMs: 0,
    driverId: null,
    carrierId: null,
    reason: null,
    reasonDetail: '',
    truck: null,
    odometerM: input.odometerM,
    odometerAtSwapM: null,
    waitedMs: null,
    readyPacks: null,
    packageGrant: null,
    returnPackId: null,
    issuePackId: null,
    issueEvseId: null,
    askedTruck: false,
    askedStation: false,
    askedAccount: false,
    knownToSwap: initiation === 'LOCAL' || begin === 'UNAUTHORISED',
    quotedIn: null,
    quotedOut: null,
    quotedInSocPercent: null,
    measuredIn: null,
    measuredOut: null,
    faultIn: null,
    faultOut: null,
    rated: null,
    quotedFen: null,
    heldFen: null,
    dueFen: null,
    payableFen: null,
    releasedFen: null,
    creditReason: null,
    cleared: false,
    cancelReason: null,
    attempt: 1,
    abnormalAtMs: null,
  };
}
