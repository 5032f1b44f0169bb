import { catalogKey } from '@corridor/protocols/catalog';
import type { PackPlace } from './actor-event.ts';
import { isNews } from './command-order.ts';
import { parseRef } from './entity-ref.ts';
import type { Input } from './input.ts';
import { Tell } from './message.ts';
import { tell } from './outgoing.ts';
import { routeMessage, routeReport } from './route-message.ts';
import type { Routed } from './routed.ts';

/** Everything but intents, which are answered as well: see `route-intent.ts`. */
export function routeInput(input: Exclude<Input, { kind: 'intent' }>): Routed[] {
  switch (input.kind) {
    case 'message': {
      const key = catalogKey(input.subject);
      return key === null ? [] : routeMessage(key, input.subject, input.envelope, input.atMs);
    }
    case 'report':
      return routeReport(input);
    case 'signal':
      return routeSignal(input);
    case 'sensed':
      return [new Tell(input.of.kind, input.of.id, input.event)];
    case 'commandReply':
      return routeReply(input);
    case 'source':
      return [tell('gateway', input.id, input.event)];
    case 'tick':
      return [];
  }
}

const PLACE_KINDS: readonly PackPlace['kind'][] = ['TRUCK', 'SLOT', 'TRANSFER', 'STORE'];

/** Where telemetry saw a pack is a signal of the table, `SLOT:HH1-3`, and a sighting for the pack. */
function routeSignal({ to, event, atMs }: Extract<Input, { kind: 'signal' }>): Routed[] {
  const { kind, id } = parseRef(to);
  const isSighting = kind === 'pack' && event.type === 'signal.changed' && event.signal === 'place';
  if (!isSighting) return [new Tell(kind, id, event)];
  const [kindText, placeId] = (event.value ?? '').split(':');
  const placeKind = PLACE_KINDS.find((known) => known === kindText);
  if (placeKind === undefined || placeId === undefined) return [];
  const place = { kind: placeKind, id: placeId };
  return [tell('pack', id, { type: 'pack.seen', atMs, place, socPercent: null, sohPercent: null, evidence: 'TELEMETRY' })];
}

function routeReply({ atMs, commandId, orderId, reply }: Extract<Input, { kind: 'commandReply' }>): Routed[] {
  const result = reply === 'TIMEOUT' ? 'TIMEOUT' : reply.result;
  if (orderId === null || !isNews(commandId, result)) return [];
  const reasonCode = reply === 'TIMEOUT' ? null : (reply.statusInfo?.reasonCode ?? null);
  return [tell('order', orderId, { type: 'order.commandAnswered', atMs, commandId, result, reasonCode })];
}
