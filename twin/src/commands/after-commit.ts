import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import { subjectOfAct } from '@corridor/actors/roster/roster-act';
import { NOTICE_ENGLISH, wordedNotice } from '@corridor/protocols/notice';
import { subject } from '@corridor/protocols/subject';
import type { TwinMessage } from '@corridor/protocols/twin/twin-event';

/** What the platform concluded, as it is published on `TWIN` after the commit. */
export interface TwinPublication {
  readonly subject: string;
  readonly message: TwinMessage;
}

const TOKEN_SAFE = /[^A-Za-z0-9_-]/g;
const TEXT_MAX = 400;
const NOTIFICATION_MAX = 1_000;

export function twinPublications(effects: readonly Effect[], scope: string): TwinPublication[] {
  return effects.flatMap((effect) => publicationsOf(effect).map((message) => ({ subject: subjectOf(message, scope), message })));
}

function publicationsOf(effect: Effect): TwinMessage[] {
  switch (effect.type) {
    case 'order.changed':
      return [orderMessage(effect)];
    case 'order.billed':
      return [clearingMessage(effect)];
    case 'custody.moved':
      return [custodyMessage(effect)];
    case 'alarm.raised':
      return [alarmMessage(effect)];
    case 'notification.sent':
      return [notificationMessage(effect)];
    case 'roster.changed':
      return [assetMessage(effect)];
    case 'alarm.cleared':
    case 'alarm.acknowledged':
    case 'alarm.closed':
    case 'alarm.shelved':
    case 'notification.read':
    case 'notification.answered':
    case 'alarm.unshelved':
    case 'order.quoted':
    case 'swap.changed':
    case 'ledger.posted':
    case 'custody.passed':
    case 'lots.changed':
    case 'correction.booked':
    case 'meter.mismatched':
    case 'statement.frozen':
    case 'agreement.drafted':
    case 'agreement.approved':
    case 'agreement.withdrawn':
    case 'penalty.incurred':
    case 'charge.booked':
    case 'settlement.progressed':
    case 'command.issued':
    case 'intent.answered':
      return [];
  }
}

const idToken = (id: string): string => id.replace(TOKEN_SAFE, '_').slice(0, 64);
const at = (atMs: number): string => new Date(atMs).toISOString();

function orderMessage({ order, atMs }: EffectOf<'order.changed'>): TwinMessage {
  return {
    schema: 'twin.order/1',
    id: idToken(order.orderId),
    event: order.state.toLowerCase(),
    at: at(atMs),
    data: {
      state: order.state,
      stationId: order.stationId,
      truckId: order.truckId,
      carrierId: order.carrierId,
      payableFen: order.payableFen?.toString() ?? null,
      reason: order.reason,
    },
  };
}

function clearingMessage({ orderId, bill, atMs }: EffectOf<'order.billed'>): TwinMessage {
  return {
    schema: 'twin.clearing/1',
    id: idToken(orderId),
    event: 'cleared',
    at: at(atMs),
    data: {
      orderId,
      shares: bill.shares.map(({ principalId, grossFen, commissionFen, netFen }) => ({
        principalId,
        grossFen: grossFen.toString(),
        commissionFen: commissionFen.toString(),
        netFen: netFen.toString(),
      })),
    },
  };
}

function custodyMessage({ packId, place, atMs }: EffectOf<'custody.moved'>): TwinMessage {
  return {
    schema: 'twin.custody/1',
    id: idToken(packId),
    event: 'moved',
    at: at(atMs),
    data: { packId, fromKind: null, fromId: null, toKind: place.kind, toId: place.id },
  };
}

function alarmMessage({ alarmId, code, level, scope, scopeId, detail, atMs }: EffectOf<'alarm.raised'>): TwinMessage {
  return {
    schema: 'twin.alarm/1',
    id: idToken(alarmId),
    event: 'raised',
    at: at(atMs),
    data: { code, level, scope, scopeId, detail: detail.slice(0, TEXT_MAX) },
  };
}

function assetMessage({ change, atMs }: EffectOf<'roster.changed'>): TwinMessage {
  const { kind, id } = subjectOfAct(change);
  const events = {
    ACTIVATE: 'activated',
    SUSPEND: 'suspended',
    RESUME: 'resumed',
    DEREGISTER: 'deregistered',
    TRANSFER: 'transferred',
  } as const;
  const status = change.act === 'DEREGISTER' ? 'DEREGISTERED' : change.act === 'SUSPEND' ? 'SUSPENDED' : 'ACTIVE';
  return { schema: 'twin.asset/1', id: idToken(id), event: events[change.act], at: at(atMs), data: { kind, status } };
}

function notificationMessage(sent: EffectOf<'notification.sent'>): TwinMessage {
  const { to, atMs } = sent;
  const { title, text } = 'notice' in sent ? wordedNotice(NOTICE_ENGLISH, sent.notice) : sent;
  return {
    schema: 'twin.notification/1',
    id: idToken(to),
    event: 'sent',
    at: at(atMs),
    data: { to, title: title.slice(0, TEXT_MAX), text: text.slice(0, NOTIFICATION_MAX) },
  };
}

function subjectOf(message: TwinMessage, scope: string): string {
  switch (message.schema) {
    case 'twin.order/1':
      return subject.twin(scope, 'order', message.id, message.event);
    case 'twin.clearing/1':
      return subject.twin(scope, 'clearing', message.id, message.event);
    case 'twin.custody/1':
      return subject.twin(scope, 'custody', message.id, message.event);
    case 'twin.alarm/1':
      return subject.twin(scope, 'alarm', message.id, message.event);
    case 'twin.notification/1':
      return subject.twin(scope, 'notification', message.id, message.event);
    case 'twin.asset/1':
      return subject.twin(scope, 'asset', message.id, message.event);
  }
}
