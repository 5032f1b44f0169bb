import { createActor } from 'xstate';
import { type Charge, chargeOf } from '../charge/charge.ts';
import { fen } from '../ledger/fen.ts';
import { LedgerBook } from '../ledger/ledger-book.ts';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { aReference, flat, NOON_MS, someSurroundings } from '../order/order.fixture.ts';
import { perCase } from '../rating/mode-charge.ts';
import { type Correction, correctionOf } from '../settlement/correction.ts';
import { accountMachineOf } from './account.machine.ts';
import { DEPOSIT_CHARGE_NANO_YUAN_PER_KWH, DEPOSIT_NANO_YUAN_PER_KWH } from './deposit.rules.ts';

type AccountEvent = EventOf['account'];
const atMs = NOON_MS;

const depositTerms = {
  depositNanoYuanPerKwh: DEPOSIT_NANO_YUAN_PER_KWH,
  chargeNanoYuanPerKwh: DEPOSIT_CHARGE_NANO_YUAN_PER_KWH,
  beneficiaryId: 'BO1',
};

/** One line of order O1 given back. @param deltaFen signed */
export const aCorrection = (deltaFen = -1_000n): Correction =>
  correctionOf(
    {
      correctionId: 'dispute:D1',
      orderId: 'O1',
      chargeId: null,
      carrierId: 'C1',
      cause: 'DISPUTE',
      disputeId: 'D1',
      reason: 'counted twice',
      by: 'ops',
    },
    [
      {
        component: 'SERVICE',
        leg: 'NONE',
        description: 'Service',
        ...perCase(fen(deltaFen)),
        taxRateBasisPoints: 600,
        beneficiaryId: 'SO1',
        period: null,
        packId: null,
        derivation: '',
        ofLineNo: 3,
      },
    ],
    { platformId: 'PF', commission: { ELECTRICITY: 0, SERVICE: 500, BATTERY_RENT: 300, SWAP_HANDLING: 500, PENALTY: 0 } },
  );

/** Rent of a month. */
export const aCharge = (amountFen = 3_000n): Charge =>
  chargeOf(
    {
      chargeId: 'rent:CT1:T1:2026-10',
      kind: 'MONTHLY_RENT',
      carrierId: 'C1',
      truckId: 'T1',
      stationId: null,
      orderId: null,
      contractId: 'CT1',
      basis: { month: '2026-10', days: 31, daysOfMonth: 31, packId: 'P1', nominalWh: 282_000 },
    },
    [
      {
        component: 'MODE_ADJUSTMENT',
        leg: 'NONE',
        description: 'Rent',
        ...perCase(fen(amountFen)),
        taxRateBasisPoints: 600,
        beneficiaryId: 'BO1',
        period: null,
        packId: null,
        derivation: () => '',
      },
    ],
    { platformId: 'PF', commission: { ELECTRICITY: 0, SERVICE: 500, BATTERY_RENT: 300, SWAP_HANDLING: 500, PENALTY: 0 } },
  );

/** One event of each kind; a new kind does not compile until it is here. */
export const accountEvents: { [T in AccountEvent['type']]: Extract<AccountEvent, { type: T }> } = {
  'account.toppedUp': {
    type: 'account.toppedUp',
    atMs,
    key: 'K1',
    amountFen: fen(100_000n),
    channel: 'sandbox',
    by: 'ops',
    intentId: 'I1',
  },
  'account.paidOut': { type: 'account.paidOut', atMs, key: 'S1', amountFen: fen(2_000n), channel: 'sandbox', by: 'PF', intentId: 'I2' },
  'account.withdrawalRequested': {
    type: 'account.withdrawalRequested',
    atMs,
    key: 'W1',
    amountFen: fen(40_000n),
    by: 'C1',
    intentId: 'I3',
  },
  'account.withdrawalEnded': { type: 'account.withdrawalEnded', atMs, key: 'W1', paidBy: 'sandbox', by: 'C1', intentId: 'I4' },
  'account.depositRequested': {
    type: 'account.depositRequested',
    atMs,
    truckId: 'T1',
    energyWh: 250_000n,
    terms: depositTerms,
    intentId: 'I3',
  },
  'account.depositReturnRequested': {
    type: 'account.depositReturnRequested',
    atMs,
    truckId: 'T1',
    energyWh: 60_000n,
    terms: depositTerms,
    intentId: 'I4',
  },
  'account.packageBought': { type: 'account.packageBought', atMs, packageId: 'PK1', offerId: 'KWH-1000', by: 'C1', intentId: 'I5' },
  'account.packageRequested': { type: 'account.packageRequested', atMs, orderId: 'O1', issuerId: 'PF', wantedWh: 250_000n },
  'account.packagesExpired': { type: 'account.packagesExpired', atMs },
  'account.holdRequested': { type: 'account.holdRequested', atMs, orderId: 'O1', amountFen: fen(36_000n), attempt: 1, driverId: 'D1' },
  'account.holdRaiseRequested': { type: 'account.holdRaiseRequested', atMs, orderId: 'O1', amountFen: fen(50_000n) },
  'account.captureRequested': { type: 'account.captureRequested', atMs, orderId: 'O1', amountFen: fen(33_400n), packageDraw: null },
  'account.releaseRequested': { type: 'account.releaseRequested', atMs, orderId: 'O1', reason: 'REJECTED' },
  'account.chargeRequested': { type: 'account.chargeRequested', atMs, charge: aCharge(), intentId: 'I7' },
  'account.correctionRequested': { type: 'account.correctionRequested', atMs, correction: aCorrection(), intentId: 'I6' },
  'account.posted': { type: 'account.posted', atMs, key: 'order:O1:refund', amountFen: fen(5_000n) },
  'account.blocked': { type: 'account.blocked', atMs, reason: 'OVERDUE', by: 'ops' },
  'account.unblocked': { type: 'account.unblocked', atMs, by: 'ops' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'order:O1', eventType: 'order.held' },
};

/** One account and the ledger that its transfers make. */
export class AccountRun {
  readonly ledger = new LedgerBook();
  readonly emitted: Emitted[] = [];
  readonly #actor;
  #error: unknown = null;

  constructor(id = 'C1', reference = aReference()) {
    this.#actor = createActor(accountMachineOf(someSurroundings(() => NOON_MS, reference)), { input: { id } });
    this.#actor.on('*', (emitted) => {
      for (const each of flat([emitted])) {
        this.emitted.push(each);
        if (each.type === 'effect' && each.effect.type === 'ledger.posted') this.ledger.postAll(each.effect.transfers);
      }
    });
    this.#actor.subscribe({ error: (error) => (this.#error = error) });
    this.#actor.start();
  }

  send(...events: readonly AccountEvent[]): this {
    for (const event of events) {
      this.#actor.send(event);
      if (this.#error !== null) throw this.#error;
    }
    return this;
  }

  get state() {
    return this.#actor.getSnapshot().value;
  }

  get books() {
    return this.#actor.getSnapshot().context.books;
  }

  /** What orders were told: `order.held 36000`, `order.holdRefused NO_CREDIT`. */
  get answers(): string[] {
    return this.emitted.flatMap((each) => {
      if (each.type !== 'tell') return [];
      const { event } = each;
      if (event.type === 'order.held') return [`${event.type} ${event.amountFen}`];
      if (event.type === 'order.captured') return [`${event.type} ${event.capturedFen} ${event.releasedFen}`];
      if (event.type === 'order.holdRefused' || event.type === 'order.captureRefused') return [`${event.type} ${event.reason}`];
      return [event.type];
    });
  }

  get codes(): string[] {
    return this.emitted.flatMap((each) => (each.type === 'effect' && each.effect.type === 'intent.answered' ? [each.effect.code] : []));
  }
}
