import type { EntityKind } from '@corridor/actors/network/entity-ref';
import { parseRef } from '@corridor/actors/network/entity-ref';
import type { Intent } from '@corridor/actors/network/input';
import { type RosterAct, subjectOfAct } from '@corridor/actors/roster/roster-act';
import { slotIdOf, swapIdOf } from '@corridor/protocols/ids';
import { splitSource } from '../commands/outlet.ts';
import type { Stepped } from './job.ts';

/** How an input is called when the writer failed on it, also in the next process. */
export interface InputName {
  readonly kind: Stepped['kind'];
  /** Unique among inputs of its kind that come once; else the same for all that would do the same. */
  readonly name: string;
  /** Whether it is over when it was passed over. What people and sensors repeat is not: it is tried again after a while. */
  readonly comesOnce: boolean;
  /** Whom it concerns. */
  readonly scope: EntityKind;
  readonly scopeId: string;
}

export const INPUT_KINDS: readonly Stepped['kind'][] = ['event', 'timer', 'signal', 'source', 'reply', 'intent', 'register', 'forget'];

export function nameOf(input: Stepped): InputName {
  switch (input.kind) {
    case 'event': {
      const { source, bootId, seq } = input.event;
      return { kind: 'event', name: `${source} ${bootId} ${seq}`, comesOnce: true, ...scopeOfSource(source) };
    }
    case 'timer': {
      const { ref, name, dueAtMs } = input.timer;
      const { kind, id } = parseRef(ref);
      return { kind: 'timer', name: `${ref} ${name} ${new Date(dueAtMs).toISOString()}`, comesOnce: true, scope: kind, scopeId: id };
    }
    case 'signal': {
      const { to, event } = input.input;
      const { kind, id } = parseRef(to);
      const signal = 'signal' in event ? ` ${event.signal}` : '';
      return { kind: 'signal', name: `${to} ${event.type}${signal}`, comesOnce: false, scope: kind, scopeId: id };
    }
    case 'source':
      return { kind: 'source', name: `${input.id} ${input.event(0).type}`, comesOnce: false, scope: 'gateway', scopeId: input.id };
    case 'reply': {
      const { commandId, orderId, source } = input.command;
      const scope = orderId === null ? scopeOfSource(source) : ({ scope: 'order', scopeId: orderId } as const);
      return { kind: 'reply', name: commandId, comesOnce: true, ...scope };
    }
    case 'intent': {
      const scope = concernOf(input.intent);
      return { kind: 'intent', name: `${input.intent.type} ${scope.scope}:${scope.scopeId}`, comesOnce: false, ...scope };
    }
    case 'register': {
      const { asset, definition } = input.registered;
      return { kind: 'register', name: `${asset} ${definition.id}`, comesOnce: false, scope: asset, scopeId: definition.id };
    }
    case 'forget':
      return { kind: 'forget', name: input.source, comesOnce: false, ...scopeOfSource(input.source) };
  }
}

type Scope = Pick<InputName, 'scope' | 'scopeId'>;

function scopeOfSource(source: string): Scope {
  const { kind, id } = splitSource(source);
  return { scope: kind, scopeId: id };
}

function concernOfRoster(act: RosterAct): Scope {
  const { kind, id } = subjectOfAct(act);
  const scopes = { PRINCIPAL: 'account', STATION: 'station', PACK: 'pack', TRUCK: 'truck', DRIVER: 'account' } as const;
  return { scope: scopes[kind], scopeId: id };
}

/** Whom an act concerns, whatever ids were made for it alone; the narrowest that it names. */
function concernOf(intent: Intent): Scope {
  if ('of' in intent) {
    const { kind, id } = parseRef(intent.of);
    return { scope: kind, scopeId: id };
  }
  if ('correction' in intent) {
    const { orderId, carrierId } = intent.correction;
    return orderId === null ? { scope: 'account', scopeId: carrierId } : { scope: 'order', scopeId: orderId };
  }
  if ('statement' in intent) return { scope: 'account', scopeId: intent.statement.principalId };
  if ('truckId' in intent) return { scope: 'truck', scopeId: intent.truckId };
  if ('orderId' in intent) return { scope: 'order', scopeId: intent.orderId };
  if ('principalId' in intent) return { scope: 'account', scopeId: intent.principalId };
  if ('packId' in intent) return { scope: 'pack', scopeId: intent.packId };
  if ('evseId' in intent) return { scope: 'slot', scopeId: slotIdOf(intent.stationId, intent.evseId) };
  if ('requestId' in intent) return { scope: 'swap', scopeId: swapIdOf(intent.stationId, intent.requestId) };
  if ('stationId' in intent) return { scope: 'station', scopeId: intent.stationId };
  if ('roster' in intent) return concernOfRoster(intent.roster);
  if ('asset' in intent) return { scope: intent.asset, scopeId: intent.id };
  return { scope: 'account', scopeId: 'platform' };
}
