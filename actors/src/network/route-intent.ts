import { assert } from '@corridor/protocols/assert';
import type { AnyCommand } from '@corridor/protocols/cmd/command';
import { slotIdOf, swapIdOf } from '@corridor/protocols/ids';
import { type DepositAct, type DepositView, handedOverDeposit, returnDeposit, takeDeposit } from '../account/deposit-act.rules.ts';
import { penaltyNotRatedAlarm } from '../charge/penalty-charge.ts';
import { yuanText } from '../ledger/decimal-text.ts';
import { fen } from '../ledger/fen.ts';
import type { OrderInput } from '../order/order-input.ts';
import { type FrozenStatement, splitPostings, splitTransfers } from '../settlement/frozen-statement.ts';
import type { Effect } from './effect.ts';
import type { Input, Intent } from './input.ts';
import { Create } from './message.ts';
import { type ActorsView, refuseAct } from './operator-act.rules.ts';
import { tell } from './outgoing.ts';
import { payoutFailedAlarm, receiverChangesAlarm, reconciliationAlarm, withdrawalStuckAlarm } from './payment-alarm.ts';
import type { Surroundings } from './reference.ts';
import type { Routed, RoutingView } from './routed.ts';
import { settlementAlarm } from './settlement-alarm.ts';

type IntentInput = Extract<Input, { kind: 'intent' }>;
type IntentOf<T extends Intent['type']> = Extract<Intent, { type: T }>;
type IntentRoutes = { [T in Intent['type']]: (intent: IntentOf<T>, input: IntentInput) => Routed[] };

/** Intent -> what it becomes. Exhaustive by its type. */
const INTENT_ROUTES: IntentRoutes = {
  'order.quote': (intent, input) => [quote(intent, input)],
  'order.confirm': ({ orderId, onBehalf, tellsDriver }, { atMs, by, intentId }) => [
    tell('order', orderId, { type: 'order.confirmed', atMs, by, intentId, onBehalf, tellsDriver }),
  ],
  'order.cancel': ({ orderId, reason }, { atMs, by, intentId }) => [
    tell('order', orderId, { type: 'order.cancelled', atMs, by, reason, intentId }),
  ],
  'order.repair': ({ orderId, note, measured }, { atMs, by, intentId }) => [
    tell('order', orderId, { type: 'order.repaired', atMs, by, note, measured, intentId }),
  ],
  'order.writeOff': ({ orderId, note }, { atMs, by, intentId }) => [
    tell('order', orderId, { type: 'order.writtenOff', atMs, by, note, intentId }),
  ],
  'correction.book': ({ correction }, { atMs, intentId }) => [
    tell('account', correction.carrierId, { type: 'account.correctionRequested', atMs, correction, intentId }),
  ],
  'statement.freeze': ({ statement }, { atMs }) => freeze(statement, atMs),
  'settlement.progress': ({ paidStatementIds, settledOrderIds }, { atMs }) => [
    { type: 'effect', effect: { type: 'settlement.progressed', atMs, paidStatementIds, settledOrderIds } },
  ],
  'settlement.failed': (intent, { atMs }) => [{ type: 'effect', effect: settlementAlarm(intent, atMs) }],
  'payment.topUp': ({ key, principalId, amountFen, channel }, { atMs, by, intentId }) => [
    tell('account', principalId, { type: 'account.toppedUp', atMs, key, amountFen: fen(amountFen), channel, by, intentId }),
  ],
  'payment.collected': ({ paymentId: key, principalId, amountFen, channel }, { atMs, by, intentId }) => [
    tell('account', principalId, {
      type: 'account.toppedUp',
      atMs,
      key,
      amountFen: fen(amountFen),
      channel,
      by,
      intentId,
      isCollection: true,
    }),
  ],
  'charge.book': ({ charge }, { atMs, intentId }) => [
    tell('account', charge.carrierId, { type: 'account.chargeRequested', atMs, charge, intentId }),
  ],
  'penalty.notRated': ({ incident, rated }, { atMs }) => [{ type: 'effect', effect: penaltyNotRatedAlarm(incident, rated, atMs) }],
  'payment.paidOut': ({ key, principalId, amountFen, channel }, { atMs, by, intentId }) => [
    tell('account', principalId, { type: 'account.paidOut', atMs, key, amountFen: fen(amountFen), channel, by, intentId }),
  ],
  'payment.payoutFailed': (intent, { atMs }) => [{ type: 'effect', effect: payoutFailedAlarm(intent, atMs) }],
  'payment.withdraw': ({ key, principalId, amountFen }, { atMs, by, intentId }) => [
    tell('account', principalId, { type: 'account.withdrawalRequested', atMs, key, amountFen: fen(amountFen), by, intentId }),
  ],
  'payment.withdrawalStuck': (intent, { atMs }) => [{ type: 'effect', effect: withdrawalStuckAlarm(intent, atMs) }],
  'payment.receiverChanges': (intent, { atMs }) => [{ type: 'effect', effect: receiverChangesAlarm(intent, atMs) }],
  'payment.withdrawn': ({ key, principalId, paidBy }, { atMs, by, intentId }) => [
    tell('account', principalId, { type: 'account.withdrawalEnded', atMs, key, paidBy, by, intentId }),
  ],
  'payment.reconciled': (intent, { atMs }) => [{ type: 'effect', effect: reconciliationAlarm(intent, atMs) }],
  'package.buy': ({ principalId, key, offerId }, { atMs, by, intentId }) => [
    tell('account', principalId, { type: 'account.packageBought', atMs, packageId: key, offerId, by, intentId }),
  ],
  'package.expire': ({ principalId }, { atMs }) => [tell('account', principalId, { type: 'account.packagesExpired', atMs })],
  // Decided by what is on board: see `depositOf`.
  'deposit.take': () => [],
  'deposit.return': () => [],
  'pack.correctCustody': ({ packId, kind, id }, { atMs, by }) => [
    tell('pack', packId, { type: 'pack.custodyCorrected', atMs, place: { kind, id }, by }),
  ],
  'pack.clear': ({ packId }, { atMs, by }) => [tell('pack', packId, { type: 'pack.cleared', atMs, by })],
  'slot.setAside': (intent, input) => [
    tell('station', intent.stationId, {
      type: 'station.operatorAct',
      atMs: input.atMs,
      act: 'SLOT_SET_ASIDE',
      evseId: intent.evseId,
      by: input.by,
    }),
    { type: 'effect', effect: availabilityOf(intent, input) },
  ],
  'slot.return': (intent, input) => [
    tell('station', intent.stationId, {
      type: 'station.operatorAct',
      atMs: input.atMs,
      act: 'SLOT_RETURNED',
      evseId: intent.evseId,
      by: input.by,
    }),
    { type: 'effect', effect: availabilityOf(intent, input) },
  ],
  'station.open': ({ stationId, partyId }, { atMs }) => [tell('station', stationId, { type: 'station.opened', atMs, partyId })],
  'station.close': ({ stationId, partyId }, { atMs }) => [tell('station', stationId, { type: 'station.closed', atMs, partyId })],
  'swap.abort': ({ stationId, requestId, note }, { atMs, by }) => [
    tell('swap', swapIdOf(stationId, requestId), { type: 'swap.abortAsked', atMs, by, note }),
  ],
  'truck.block': ({ truckId, partyId }, { atMs }) => [tell('truck', truckId, { type: 'truck.stopped', atMs, partyId })],
  'truck.unblock': ({ truckId, partyId }, { atMs }) => [tell('truck', truckId, { type: 'truck.letGo', atMs, partyId })],
  'alarm.acknowledge': ({ alarmId, note }, { atMs, by }) => [
    { type: 'effect', effect: { type: 'alarm.acknowledged', atMs, alarmId, by, note } },
  ],
  'alarm.close': ({ alarmId, reason }, { atMs, by }) => [{ type: 'effect', effect: { type: 'alarm.closed', atMs, alarmId, by, reason } }],
  'alarm.shelve': ({ point, untilMs, reason }, { atMs, by }) => [
    { type: 'effect', effect: { type: 'alarm.shelved', atMs, point, untilMs, by, reason } },
  ],
  'alarm.unshelve': ({ point }, { atMs, by }) => [{ type: 'effect', effect: { type: 'alarm.unshelved', atMs, point, by } }],
  'command.send': (intent, { atMs, by }) => [{ type: 'effect', effect: commandOf(intent, atMs, by) }],
  'notification.send': (intent, { atMs, by }) => messageOf(intent, atMs, by),
  'notification.read': ({ no }, { atMs, by }) => [{ type: 'effect', effect: { type: 'notification.read', atMs, no, by } }],
  'notification.answer': ({ no, answer }, { atMs, by }) => [
    { type: 'effect', effect: { type: 'notification.answered', atMs, no, by, answer } },
  ],
  'agreement.draft': ({ agreement }, { atMs, by }) => [{ type: 'effect', effect: { type: 'agreement.drafted', atMs, by, agreement } }],
  'agreement.approve': ({ agreement, partyId, isWhole }, { atMs, by }) => {
    const { kind, definition } = agreement;
    const approved = { type: 'agreement.approved', atMs, by, agreement: { kind, id: definition.id }, partyId, isWhole } as const;
    return [...(isWhole ? [{ type: 'agreed', agreement } as const] : []), { type: 'effect', effect: approved }];
  },
  'agreement.withdraw': ({ agreement }, { atMs, by }) => [
    { type: 'withdrawn', agreement },
    { type: 'effect', effect: { type: 'agreement.withdrawn', atMs, by, agreement } },
  ],
  'roster.act': ({ roster }, { by, intentId }) => [{ type: 'roster', act: roster, by, intentId }],
  'asset.registered': ({ asset, id }) => [{ type: 'register', asset: { asset, id } }],
};

/** @returns what the intent becomes, which is its refusal when it is not possible now; null when whom it concerns does not exist */
export function routeIntent(input: IntentInput, { reference }: Surroundings, network: RoutingView & ActorsView): Routed[] | null {
  const { intent } = input;
  // Each entry takes the intent of its own key; TypeScript cannot see that the union is narrowed by the index.
  const route = INTENT_ROUTES[intent.type] as (intent: Intent, input: IntentInput) => Routed[];
  const routed = route(intent, input);
  if (intent.type === 'order.quote' && reference.station(intent.stationId) === undefined) return null;
  if (intent.type === 'pack.correctCustody' && !isPlace(intent, network)) return null;
  if ('evseId' in intent && !network.has({ kind: 'slot', id: slotIdOf(intent.stationId, intent.evseId) })) return null;
  if (!routed.every((each) => each.type !== 'tell' || network.has(each))) return null;
  const { atMs, intentId } = input;
  const refused = refuseAct(intent, network, reference.platformId);
  const deposit = refused === null ? depositOf(input, { reference, view: (ref) => network.view(ref) }) : NO_DEPOSIT;
  if (deposit === null) return null;
  if (refused === null && deposit.ok) return [...deposit.tells, ...routed];
  const answer = refused ?? (deposit.ok ? null : deposit.refused);
  assert(answer !== null, 'neither done nor refused');
  return [{ type: 'effect', effect: { type: 'intent.answered', atMs, intentId, ok: false, ...answer, orderId: null } }];
}

const NO_DEPOSIT: DepositAct = { ok: true, tells: [] };

/** What an act means for the deposit of a truck, as things stand in its step; null: there is no such truck. */
function depositOf({ intent, atMs, intentId }: IntentInput, network: DepositView): DepositAct | null {
  switch (intent.type) {
    case 'deposit.take':
      return takeDeposit({ truckId: intent.truckId, intentId, atMs }, network);
    case 'deposit.return':
      return returnDeposit({ truckId: intent.truckId, energyWh: intent.energyWh, intentId, atMs }, network);
    case 'pack.correctCustody':
      return intent.kind === 'TRUCK' ? handedOverDeposit({ truckId: intent.id, packId: intent.packId, atMs }, network) : NO_DEPOSIT;
    default:
      return NO_DEPOSIT;
  }
}

/** Stores are not actors: any name is one. */
function isPlace({ kind, id }: IntentOf<'pack.correctCustody'>, network: RoutingView): boolean {
  return kind === 'STORE' || network.has({ kind: kind === 'SLOT' ? 'slot' : 'truck', id });
}

function quote(
  { orderId, stationId, truckId, idToken, arrivalSocPercent }: IntentOf<'order.quote'>,
  { atMs, intentId }: IntentInput,
): Routed {
  const input: OrderInput = {
    orderId,
    initiation: 'REMOTE',
    begin: 'CHECKED',
    backfill: false,
    stationId,
    bayId: null,
    requestId: null,
    truckId,
    idToken,
    plate: null,
    rfid: null,
    vin: null,
    packSerialNumber: null,
    packSocPercent: null,
    ...(arrivalSocPercent === undefined ? {} : { arrivalSocPercent }),
    odometerM: null,
    intentId,
  };
  return new Create('order', orderId, { input, first: { type: 'order.begun', atMs } });
}

/** Longer than this nobody waits for a truck in a tunnel to show what was written to it [scope ms]. */
const MESSAGE_EXPIRES_MS = 1_800_000;
/** What the sender is called on the wire: as long as its schema allows, and of whole characters. */
const ISSUER_CHARS_MAX = 128;
const issuerOf = (by: string): string => by.slice(0, ISSUER_CHARS_MAX).toWellFormed();

function commandOf({ commandId, source, id, expiresInMs, note, ...rest }: IntentOf<'command.send'>, atMs: number, by: string): Effect {
  // The verb with the arguments that are its own: the union of both is narrowed by neither alone.
  const command = { verb: rest.verb, args: rest.args } as AnyCommand;
  const expiresAtMs = atMs + expiresInMs;
  return { ...command, type: 'command.issued', atMs, commandId, source, id, issuedBy: issuerOf(by), expiresAtMs, orderId: null, note };
}

/** A station that is not heard is told when it is, for as long as stations were ever away [scope ms]. */
const AVAILABILITY_EXPIRES_MS = 30 * 86_400_000;

/** The station is told what the books say of its slot, so that it keeps to it also while it serves on its own. */
function availabilityOf(
  { type, stationId, evseId, note }: IntentOf<'slot.setAside' | 'slot.return'>,
  { atMs, by, intentId }: IntentInput,
): Effect {
  return {
    type: 'command.issued',
    atMs,
    commandId: `slot-${intentId}`,
    source: 'station',
    id: stationId,
    issuedBy: issuerOf(by),
    expiresAtMs: atMs + AVAILABILITY_EXPIRES_MS,
    orderId: null,
    note,
    verb: 'slot.availability',
    args: { evseId, operationalStatus: type === 'slot.setAside' ? 'INOPERATIVE' : 'OPERATIVE' },
  };
}

/** Kept for whom it is for; a truck and a station show it on their own screens besides. */
function messageOf({ to, title, text, message }: IntentOf<'notification.send'>, atMs: number, by: string): Routed[] {
  const sent: Routed = { type: 'effect', effect: { type: 'notification.sent', atMs, to, title, text, message: { ...message, by } } };
  const [kind, id] = [to.slice(0, to.indexOf(':')), to.slice(to.indexOf(':') + 1)];
  if (kind !== 'truck' && kind !== 'station') return [sent];
  const args = { title, text, ...(message.stationId === null ? {} : { stationId: message.stationId }) };
  const shown: Effect = {
    type: 'command.issued',
    atMs,
    commandId: message.id,
    source: kind,
    id,
    issuedBy: issuerOf(by),
    expiresAtMs: atMs + MESSAGE_EXPIRES_MS,
    orderId: null,
    note: title,
    verb: 'notify.show',
    args,
  };
  return [sent, { type: 'effect', effect: shown }];
}

/** The statement with its splits in the books; who is told has an account, or nothing of it is done. */
function freeze(statement: FrozenStatement, atMs: number): Routed[] {
  const transfers = splitTransfers(statement);
  const { statementId, principalId, totalFen } = statement;
  const due = {
    type: 'notification.sent',
    atMs,
    to: `principal:${principalId}`,
    notice: { code: 'STATEMENT_DUE', statementId, yuan: yuanText(0n - totalFen) },
  } as const;
  return [
    { type: 'effect', effect: { type: 'statement.frozen', atMs, statement } },
    ...(statement.state === 'DUE' ? [{ type: 'effect', effect: due } as const] : []),
    ...(transfers.length === 0 ? [] : [{ type: 'effect', effect: { type: 'ledger.posted', atMs, transfers } } as const]),
    ...splitPostings(statement).map(({ principalId, key, amountFen }) =>
      tell('account', principalId, { type: 'account.posted', atMs, key, amountFen }),
    ),
  ];
}

/** Intents that the actor answers, because only it knows what became of them. */
const ANSWERED_BY_ACTOR: readonly Intent['type'][] = [
  'order.confirm',
  'order.cancel',
  'order.repair',
  'order.writeOff',
  'correction.book',
  'charge.book',
  'payment.topUp',
  'payment.collected',
  'package.buy',
  'payment.paidOut',
  'payment.withdraw',
  'payment.withdrawn',
  'deposit.take',
  'deposit.return',
];

/** The answer to an intent after its step, where no actor gave one: it was done, or it was nothing that an actor could take now. */
export function answerIntent(input: IntentInput, routed: Routed[] | null, effects: readonly Effect[]): Effect[] {
  const { intentId, atMs, intent } = input;
  if (effects.some((effect) => effect.type === 'intent.answered' && effect.intentId === intentId)) return [];
  const orderId = 'orderId' in intent ? intent.orderId : null;
  const answer = (ok: boolean, code: string, detail: string): Effect[] => [
    { type: 'intent.answered', atMs, intentId, ok, code, detail, orderId },
  ];
  if (routed === null) return answer(false, 'NOT_FOUND', 'whom it concerns is not registered');
  if (intent.type === 'order.quote') return answer(true, 'EXISTS', 'the order was asked for before');
  if (ANSWERED_BY_ACTOR.includes(intent.type)) return answer(false, 'NOT_POSSIBLE', 'it is in no state for this');
  return answer(true, 'DONE', '');
}
