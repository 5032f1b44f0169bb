import { catalogKey } from '@corridor/protocols/catalog';
import type { PackPlace } from './actor-event.ts';
import { isNews } from './command-order.ts';
import { parseRef, refOf } from './entity-ref.ts';
import type { Input } from './input.ts';
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
    case 'commandReply':
      return routeReply(input);
    case 'source':
      return [{ kind: 'tell', to: refOf('gateway', input.id), event: input.event }];
    case 'tick':
      return [];
  }
}

const PLACE_KINDS: readonly PackPlace['kind'][] = ['TRUCK', 'SLOT', 'TRANSFER', 'STORE'];

/** Where telemetry saw a pack is a signal of the table, `SLOT:HH1-3`, and a sighting for the pack. */
function routeSignal({ to, event, atMs }: Extract<Input, { kind: 'signal' }>): Routed[] {
  const isSighting = event.type === 'signal.changed' && event.signal === 'place' && parseRef(to).kind === 'pack';
  if (!isSighting) return [{ kind: 'tell', to, event }];
  const [kindText, id] = (event.value ?? '').split(':');
  const kind = PLACE_KINDS.find((known) => known === kindText);
  if (kind === undefined || id === undefined) return [];
  const place = { kind, id };
  return [{ kind: 'tell', to, event: { type: 'pack.seen', atMs, place, socPercent: null, sohPercent: null, evidence: 'TELEMETRY' } }];
}

function routeReply({ atMs, commandId, orderId, reply }: Extract<Input, { kind: 'commandReply' }>): Routed[] {
  const result = reply === 'TIMEOUT' ? 'TIMEOUT' : reply.result;
  if (orderId === null || !isNews(commandId, result)) return [];
  const reasonCode = reply === 'TIMEOUT' ? null : (reply.statusInfo?.reasonCode ?? null);
  return [{ kind: 'tell', to: refOf('order', orderId), event: { type: 'order.commandAnswered', atMs, commandId, result, reasonCode } }];
}
