import type { ChargeEventData } from '@corridor/protocols/evt/charge';
import type { GatewayFaultData, GatewayInventory } from '@corridor/protocols/evt/gateway';
import type { TruckEventData } from '@corridor/protocols/evt/truck';
import type { BatteryData, IdToken } from '@corridor/protocols/ocpp';
import type { AbnormalReason, AuthorisationReason, Interlock } from '@corridor/protocols/reason-code';
import type { SwapEventName } from '@corridor/protocols/swap-step';
import type { DepositTerms } from '../account/deposit.rules.ts';
import type { Charge } from '../charge/charge.ts';
import type { Fen } from '../ledger/fen.ts';
import type { PackageDraw } from '../order/bill.ts';
import type { EnergyLot } from '../pack/energy-lot.ts';
import type { PackageGrant } from '../rating/swap-usage.ts';
import type { Correction } from '../settlement/correction.ts';
import type { EntityRef } from './entity-ref.ts';

/**
 * Every message between actors. Nobody reads another's state: what crosses entities is here, also a hold and its refusal,
 * so that a balance, a pack or a truck may live in another partition. `atMs` is scope time in ms since the epoch.
 * `by` says who caused it, for the audit trail: a source on the wire, a user, or the actor that tells.
 */
export interface Caused {
  atMs: number;
}

/** Sent back to the teller when nobody lives at the address. */
export interface Bounced extends Caused {
  type: 'delivery.bounced';
  to: EntityRef;
  eventType: string;
}

/** What the signal table says when a value crosses a threshold, or a source falls silent. */
export type SignalEvent =
  | (Caused & { type: 'signal.stale' })
  | (Caused & { type: 'signal.fresh' })
  | (Caused & { type: 'signal.crossed'; signal: string; side: 'ABOVE' | 'BELOW'; value: number })
  | (Caused & { type: 'signal.changed'; signal: string; value: string | null });

// ── gateway ────────────────────────────────────────────────────────────────────────────────────────
export type GatewayEvent =
  | SignalEvent
  | (Caused & { type: 'gateway.onlineReported'; bootId: number; firmware: string })
  | (Caused & { type: 'gateway.offlineReported'; reason: string })
  | (Caused & { type: 'gateway.backfillBegun' })
  | (Caused & { type: 'gateway.backfillEnded' })
  | (Caused & { type: 'gateway.gapDetected'; missingFrom: number; missingTo: number })
  | (Caused & { type: 'gateway.gapSkipped'; missingFrom: number; missingTo: number })
  | (Caused & { type: 'gateway.clockSkewed'; offsetMs: number })
  | (Caused & { type: 'gateway.revoked' })
  /** Its events go on being refused for the number of its boot: nothing that it says arrives. */
  | (Caused & { type: 'gateway.lockedOut'; reason: string })
  | Bounced;

// ── station ────────────────────────────────────────────────────────────────────────────────────────
export type StationEvent =
  | SignalEvent
  | (Caused & { type: 'station.gatewayOnline' })
  | (Caused & { type: 'station.gatewayOffline' })
  | (Caused & { type: 'station.faultRaised'; fault: GatewayFaultData })
  | (Caused & { type: 'station.faultCleared'; fault: GatewayFaultData })
  /** What stands where. `saidAt`: when, by the gateway's own clock; `timeBelieved`: that can be so. */
  | (Caused & {
      type: 'station.inventoryReported';
      slots: GatewayInventory['data']['slots'];
      saidAt: string;
      timeBelieved: boolean;
    })
  /** From a slot: what it can offer now. */
  | (Caused & {
      type: 'station.stockChanged';
      evseId: number;
      packId: string | null;
      issuable: boolean;
      energyWh: number;
      socPercent: number;
      sohPercent: number;
      ownerId: string;
      typeCode: string;
    })
  /** From an order: keep a pack for it. `requestId` null: number it (remote initiation). */
  | (Caused & {
      type: 'station.reservationRequested';
      orderId: string;
      requestId: number | null;
      truckId: string;
      interfaceType: string;
      requiredEnergyWh: number;
      minSohPercent: number;
      packOwnerIds: readonly string[];
    })
  | (Caused & { type: 'station.reservationReleased'; orderId: string })
  | (Caused & {
      type: 'station.operatorAct';
      act: 'SLOT_SET_ASIDE' | 'SLOT_RETURNED';
      evseId: number;
      by: string;
    })
  /** Serves from now on, or no more. */
  | (Caused & { type: 'station.opened'; partyId: string })
  | (Caused & { type: 'station.closed'; partyId: string })
  | Bounced;

// ── bay ────────────────────────────────────────────────────────────────────────────────────────────
export type BayEvent =
  | SignalEvent
  | (Caused & { type: 'bay.truckArrived'; swapId: string; truckId: string | null })
  | (Caused & { type: 'bay.swapBegan'; swapId: string; orderId: string })
  | (Caused & { type: 'bay.suspended'; swapId: string; reason: string })
  | (Caused & { type: 'bay.resumed'; swapId: string })
  | (Caused & { type: 'bay.blocked'; swapId: string; reason: string })
  /** `served`: the truck that was given a pack and has to leave, with the order of it; null: nobody was swapped. */
  | (Caused & { type: 'bay.released'; swapId: string; served: { orderId: string; truckId: string } | null })
  | (Caused & { type: 'bay.faultRaised'; code: string })
  | (Caused & { type: 'bay.faultCleared'; code: string })
  | Bounced;

// ── slot (with its charger) ────────────────────────────────────────────────────────────────────────
export type SlotEvent =
  | SignalEvent
  | (Caused & { type: 'slot.packInserted'; packId: string; orderId: string | null })
  | (Caused & { type: 'slot.packRemoved'; packId: string; orderId: string | null })
  | (Caused & { type: 'slot.chargeReported'; event: 'started' | 'updated' | 'ended'; charge: ChargeEventData })
  /** From the pack in the slot: its condition, after each change that matters for issue. */
  | (Caused & {
      type: 'slot.packCondition';
      packId: string;
      issuable: boolean;
      energyWh: number;
      socPercent: number;
      sohPercent: number;
      ownerId: string;
      typeCode: string;
    })
  | (Caused & { type: 'slot.reserved'; orderId: string })
  | (Caused & { type: 'slot.reservationReleased'; orderId: string })
  | (Caused & { type: 'slot.setAside'; by: string })
  | (Caused & { type: 'slot.returned'; by: string })
  | (Caused & { type: 'slot.quarantined'; reason: string })
  | (Caused & { type: 'slot.faultRaised'; code: string })
  | (Caused & { type: 'slot.faultCleared'; code: string })
  | Bounced;

// ── pack (custody, lots, life) ─────────────────────────────────────────────────────────────────────
export type PackPlace = { kind: 'TRUCK' | 'SLOT' | 'TRANSFER' | 'STORE'; id: string };
type HandedOver = Caused & { swapId: string; orderId: string | null; stationId: string; battery: BatteryData };
export type PackEvent =
  | SignalEvent
  /**
   * An order asks what the pack holds and whose it is, for its quote; or, `handedOverAt` a station, for the repair of a bill:
   * then a pack that came in is in some slot there, and one that went out on its truck.
   */
  | (Caused & {
      type: 'pack.legRequested';
      orderId: string;
      leg: 'IN' | 'OUT';
      socPercent: number | null;
      expectedPlace: PackPlace | null;
      handedOverAt?: string;
      /** With `handedOverAt`: the swap that it moved in. Each movement is billed by one order at most. */
      swapId?: string;
    })
  /** An order billed this movement: no other order may. */
  | (Caused & { type: 'pack.legBilled'; orderId: string; swapId: string; leg: 'IN' | 'OUT' })
  /** Put into a slot by a swap: BMS values at hand-over. */
  | (HandedOver & { type: 'pack.returned'; truckId: string | null; evseId: number })
  /** Taken from a slot and locked onto a truck. The truck and the slot that the swap knows are told by it. */
  | (HandedOver & { type: 'pack.issued'; truckId: string })
  | (Caused & { type: 'pack.charged'; event: 'started' | 'updated' | 'ended'; stationId: string; charge: ChargeEventData })
  /** Inventory of a gateway, or telemetry, places the pack somewhere. */
  | (Caused & {
      type: 'pack.seen';
      place: PackPlace;
      socPercent: number | null;
      sohPercent: number | null;
      evidence: 'INVENTORY' | 'TELEMETRY';
    })
  | (Caused & { type: 'pack.custodyCorrected'; place: PackPlace; by: string })
  | (Caused & { type: 'pack.quarantined'; reason: string })
  | (Caused & { type: 'pack.cleared'; by: string })
  /** The pack's own timer: a place that telemetry claimed against custody is still claimed. */
  | { type: 'pack.claimRipened' }
  | Bounced;

// ── truck ──────────────────────────────────────────────────────────────────────────────────────────
export type TruckEvent =
  | SignalEvent
  | (Caused & { type: 'truck.reported'; event: string; report: TruckEventData })
  /** An order wants this truck for itself: answered by order.truckBooked or order.truckRefused. */
  | (Caused & { type: 'truck.bookingRequested'; orderId: string; stationId: string })
  | (Caused & { type: 'truck.bookingReleased'; orderId: string })
  /** A swap of it was billed at this odometer: the next distance begins here. */
  | (Caused & { type: 'truck.swapBilled'; orderId: string; odometerM: number })
  | (Caused & { type: 'truck.docked'; stationId: string; bayId: string })
  /** `content`: what the pack held when it came off; absent: a swap took it, which bills it. */
  | (Caused & { type: 'truck.packRemoved'; packId: string; orderId: string | null; content?: { socPercent: number; sohPercent: number } })
  | (Caused & { type: 'truck.packFitted'; packId: string; orderId: string | null })
  | (Caused & { type: 'truck.released'; stationId: string })
  /** By an order that was not paid. */
  | (Caused & { type: 'truck.blocked'; reason: string; by: string })
  | (Caused & { type: 'truck.unblocked'; by: string })
  /** By a person, for the platform or for the carrier. */
  | (Caused & { type: 'truck.stopped'; partyId: string })
  | (Caused & { type: 'truck.letGo'; partyId: string })
  | Bounced;

// ── swap (the procedure as the twin follows it) ────────────────────────────────────────────────────
export type SwapEvent =
  /** A fact of the gateway; payload fields that the event does not have are null. */
  | (Caused & {
      type: 'swap.reported';
      event: SwapEventName;
      bayId: string;
      truckId: string | null;
      plate: string | null;
      idToken: IdToken;
      step: number;
      orderId: string | null;
      batteryData: BatteryData[];
      reasonCode: string | null;
      interlock: string | null;
      recoverable: boolean;
      initiation: 'LOCAL' | 'REMOTE' | null;
      rfid: string | null;
      vin: string | null;
      packSerialNumber: string | null;
      packSocPercent: number | null;
      odometerM: number | null;
      backfill: boolean;
    })
  /** From the order: it holds the money and the pack, the swap may go on. */
  | (Caused & { type: 'swap.authorised'; orderId: string; issuePackId: string; issueEvseId: number; returnPackId: string | null })
  | (Caused & { type: 'swap.refused'; orderId: string; reason: string })
  /** From the bay: another swap arrived in it, so this one's truck has left. `truckId` is the newcomer's, null while unknown. */
  | (Caused & { type: 'swap.bayTaken'; truckId: string | null })
  | (Caused & { type: 'swap.abortAsked'; by: string; note: string })
  | Bounced;

// ── order ──────────────────────────────────────────────────────────────────────────────────────────
/** One leg of a swap: what a pack held at hand-over and what its owner asks for it. */
export interface PackLeg {
  packId: string;
  typeCode: string;
  ownerId: string;
  socPercent: number;
  sohPercent: number;
  nominalWh: number;
  /** E = soC/100 x soH/100 x nominal, half up to Wh. */
  energyWh: number;
  /** The pack's lots scaled to energyWh; they sum to it. */
  lots: readonly EnergyLot[];
  /** Rent rate after the SOH factor, frozen when the pack was issued. */
  rentNanoYuanPerKwh: bigint;
}
/** What a person found out about a swap that its station could not measure; null: nothing new. */
export interface RepairMeasurement {
  in: RepairReading | null;
  /** NONE: no pack was given out. */
  out: RepairReading | 'NONE' | null;
  /** Of the truck at the swap [m]. */
  odometerM: number | null;
}
export interface RepairReading {
  packId: string;
  /** At the hand-over, 0..100. */
  socPercent: number;
}
export type OrderEvent =
  /** CREATED by: the swap (local) or an intent (remote); see OrderInput. First event of every order. */
  | (Caused & { type: 'order.begun' })
  | (Caused & {
      type: 'order.truckBooked';
      carrierId: string;
      packId: string | null;
      socPercent: number | null;
      grossMassKg: number | null;
      direction: 'WEST' | 'EAST' | null;
      destinationChainageM: number | null;
      /** As reported now, and when its last swap was billed [m]. */
      odometerM: number | null;
      odometerAtSwapM: number | null;
      /** Since it queued at the station [ms]; null: it does not. */
      waitedMs: number | null;
    })
  | (Caused & { type: 'order.truckRefused'; reason: AuthorisationReason })
  | (Caused & { type: 'order.packReserved'; packId: string; evseId: number; requestId: number; readyPacks: number })
  | (Caused & { type: 'order.reservationRefused'; reason: AuthorisationReason | Interlock })
  | (Caused & { type: 'order.legQuoted'; leg: 'IN' | 'OUT'; pack: PackLeg })
  /** `detail`: which pack, and where it is, for the person who named it. */
  | (Caused & { type: 'order.legRefused'; leg: 'IN' | 'OUT'; reason: AuthorisationReason; detail?: string })
  /** `intentId`: the HTTP intent behind it, which the order answers by `intent.answered`; null: nobody waits. */
  | (Caused & { type: 'order.confirmed'; by: string; intentId: string | null; onBehalf: boolean; tellsDriver: boolean })
  | (Caused & { type: 'order.cancelled'; by: string; reason: string; intentId: string | null })
  | (Caused & { type: 'order.packageGranted'; grant: PackageGrant | null })
  | (Caused & { type: 'order.held'; amountFen: Fen })
  | (Caused & { type: 'order.holdRefused'; reason: AuthorisationReason })
  | (Caused & {
      type: 'order.commandAnswered';
      commandId: string;
      result: 'ACCEPTED' | 'REJECTED' | 'NOT_SUPPORTED' | 'TIMEOUT' | 'FAILED' | 'CANCELLED';
      reasonCode: string | null;
    })
  /** The truck of a remote order was identified in the bay: the newest that is known of the pack on it. */
  | (Caused & {
      type: 'order.truckDocked';
      bayId: string;
      packSerialNumber: string | null;
      packSocPercent: number | null;
      odometerM: number | null;
    })
  /** After the identification the station names another truck: nothing may be billed to either by itself. */
  | (Caused & { type: 'order.truckChanged'; truckId: string })
  | (Caused & { type: 'order.swapStepped'; event: SwapEventName; step: number; bayId: string; backfill: boolean })
  /** `unfit`: why the platform would not have issued this pack; absent: it might. */
  | (Caused & { type: 'order.legMeasured'; leg: 'IN' | 'OUT'; pack: PackLeg; unfit?: string })
  /** A person counted this movement to another order of the swap. */
  | (Caused & { type: 'order.legWithdrawn'; leg: 'IN' | 'OUT'; packId: string; byOrderId: string })
  | (Caused & { type: 'order.legUnknown'; leg: 'IN' | 'OUT'; packId: string; reason: AbnormalReason })
  | (Caused & {
      type: 'order.swapEnded';
      outcome: 'COMPLETED' | 'REJECTED' | 'ABORTED_SAFE' | 'ABORTED_NO_PACK' | 'BATTERY_OUT_TIMEOUT' | 'FAILED' | 'LOST';
      reason: string | null;
      /** Last step of the procedure that ended; -1: none. */
      step: number;
    })
  | (Caused & { type: 'order.captured'; capturedFen: Fen; releasedFen: Fen })
  | (Caused & { type: 'order.captureRefused'; reason: string })
  | (Caused & { type: 'order.meterCompared'; leg: 'IN'; meteredWh: number; billedWh: number; nominalWh: number })
  | (Caused & { type: 'order.repaired'; by: string; note: string; measured: RepairMeasurement | null; intentId: string | null })
  | (Caused & { type: 'order.writtenOff'; by: string; note: string; intentId: string | null })
  | Bounced;

// ── account ────────────────────────────────────────────────────────────────────────────────────────
/**
 * One account actor per principal. A carrier's holds its prepaid and held balances; every other's its income.
 * Idempotent by `key`: the same key with the same amount changes nothing, with another amount it is refused.
 */
export type AccountEvent =
  /** `intentId`: the HTTP intent that the account answers by `intent.answered`; null: nobody waits. */
  | (Caused & {
      type: 'account.toppedUp';
      key: string;
      amountFen: Fen;
      channel: string;
      by: string;
      intentId: string | null;
      /** Paid in by who is no carrier, for a statement below zero: `key` is that of the ledger, whole. */
      isCollection?: boolean;
    })
  /** A payment rail paid the principal out; the intent is answered. */
  | (Caused & { type: 'account.paidOut'; key: string; amountFen: Fen; channel: string; by: string; intentId: string | null })
  /** A carrier wants balance back; the rail paid it (`paidBy` its channel), or will not (null). Both answer the intent. */
  | (Caused & { type: 'account.withdrawalRequested'; key: string; amountFen: Fen; by: string; intentId: string | null })
  | (Caused & { type: 'account.withdrawalEnded'; key: string; paidBy: string | null; by: string; intentId: string | null })
  /** A truck joins with so much on board; a truck leaves with so much on board. The intent is answered. */
  | (Caused & {
      type: 'account.depositRequested';
      truckId: string;
      energyWh: bigint;
      terms: DepositTerms;
      intentId: string | null;
    })
  | (Caused & { type: 'account.depositReturnRequested'; truckId: string; energyWh: bigint; terms: DepositTerms; intentId: string | null })
  /**
   * `attempt` 1, and one more with each repair, after the hold before was released. `driverId`: refused while another order of the
   * same driver holds; null: not checked.
   */
  | (Caused & { type: 'account.holdRequested'; orderId: string; amountFen: Fen; attempt: number; driverId: string | null })
  /** Hold so much in all for this order: the quote it is held by is no longer enough. */
  | (Caused & { type: 'account.holdRaiseRequested'; orderId: string; amountFen: Fen })
  /** `packageDraw`: what the swap used of the package that was granted to it. */
  | (Caused & { type: 'account.captureRequested'; orderId: string; amountFen: Fen; packageDraw: PackageDraw | null })
  /** A carrier buys an offer of its contract; the intent is answered. */
  | (Caused & { type: 'account.packageBought'; packageId: string; offerId: string; by: string; intentId: string | null })
  /** Keep part of a package of this issuer for an order: answered by order.packageGranted, with null when there is none. */
  | (Caused & { type: 'account.packageRequested'; orderId: string; issuerId: string; wantedWh: bigint })
  /** Packages whose time is over go to their issuers. */
  | (Caused & { type: 'account.packagesExpired' })
  | (Caused & { type: 'account.releaseRequested'; orderId: string; reason: string })
  /** From an order's clearing: income (positive) or refund (negative), already a transfer in the books of the order. */
  | (Caused & { type: 'account.posted'; key: string; amountFen: Fen })
  /** To the carrier that paid the order: its bill is corrected, or that is refused; the intent is answered. */
  | (Caused & { type: 'account.correctionRequested'; correction: Correction; intentId: string | null })
  /** To the carrier that owes it: a rent or a penalty is paid, or refused while the balance is short; the intent is answered. */
  | (Caused & { type: 'account.chargeRequested'; charge: Charge; intentId: string | null })
  | (Caused & { type: 'account.blocked'; reason: string; by: string })
  | (Caused & { type: 'account.unblocked'; by: string })
  | Bounced;

export interface EventOf {
  gateway: GatewayEvent;
  station: StationEvent;
  bay: BayEvent;
  slot: SlotEvent;
  pack: PackEvent;
  truck: TruckEvent;
  swap: SwapEvent;
  order: OrderEvent;
  account: AccountEvent;
}
export type AnyActorEvent = EventOf[keyof EventOf];
