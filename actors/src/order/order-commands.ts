import type { AnyCommand } from '@corridor/protocols/cmd/command';
import type { Emitted } from '../network/effect.ts';
import { effect } from '../network/outgoing.ts';
import type { Reference } from '../network/reference.ts';
import type { OrderContext } from './order.context.ts';
import { ORDER_CONFIG } from './order-config.ts';

/** Ids of an order's commands are made of its own, so that a step done twice gives the same command. */
export const startCommandId = ({ orderId }: OrderContext) => `${orderId}-start`;
export const abortCommandId = ({ orderId }: OrderContext) => `${orderId}-abort`;
const rejectCommandId = ({ orderId }: OrderContext) => `${orderId}-reject`;

function issue(context: OrderContext, head: { commandId: string; atMs: number; validMs: number }, command: AnyCommand): Emitted {
  const { commandId, atMs, validMs } = head;
  return effect({
    type: 'command.issued',
    atMs,
    commandId,
    source: 'station',
    id: context.stationId,
    issuedBy: `order:${context.orderId}`,
    expiresAtMs: atMs + validMs,
    orderId: context.orderId,
    ...command,
  });
}

/** Authorises the swap; the station serves no other truck on it and gives the reserved pack. */
export function startCommand(context: OrderContext, reference: Reference, atMs: number): Emitted[] {
  const { orderId, idToken, truckId, returnPackId, initiation, requestId, issuePackId, issueEvseId } = context;
  if (requestId === null || issuePackId === null || issueEvseId === null || truckId === null) return [];
  const plate = reference.truck(truckId)?.plate ?? '';
  const validMs = initiation === 'LOCAL' ? ORDER_CONFIG.startLocalValidMs : ORDER_CONFIG.startRemoteValidMs;
  return [
    issue(
      context,
      { commandId: startCommandId(context), atMs, validMs },
      { verb: 'swap.start', args: { requestId, orderId, idToken, truckId, plate, returnPackId, issuePackId, issueEvseId, initiation } },
    ),
  ];
}

/** A truck waits in the bay for an answer: it gets a refusal with its reason. */
export function rejectCommand(context: OrderContext, reason: string, atMs: number): Emitted[] {
  const { requestId, initiation, reasonDetail } = context;
  if (requestId === null || initiation === 'REMOTE') return [];
  const detail = reasonDetail === '' ? {} : { detail: reasonDetail.slice(0, 400) };
  return [
    issue(
      context,
      { commandId: rejectCommandId(context), atMs, validMs: ORDER_CONFIG.endCommandValidMs },
      { verb: 'swap.reject', args: { requestId, reasonCode: reason, ...detail } },
    ),
  ];
}

/** The station forgets a pre-authorisation, or ends a procedure that has not unlocked yet. */
export function abortCommand(context: OrderContext, atMs: number): Emitted[] {
  const { requestId, cancelReason } = context;
  if (requestId === null) return [];
  const reasonCode = cancelReason === 'NO_CREDIT' ? cancelReason : 'ORDER_CANCELLED';
  return [
    issue(
      context,
      { commandId: abortCommandId(context), atMs, validMs: ORDER_CONFIG.startRemoteValidMs },
      { verb: 'swap.abort', args: { requestId, reasonCode } },
    ),
  ];
}
