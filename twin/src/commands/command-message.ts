import type { EffectOf } from '@corridor/actors/network/effect';
import type { CommandOf, CommandVerb } from '@corridor/protocols/cmd/command';
import { subject } from '@corridor/protocols/subject';

/** A command that waits in the outbox. */
export interface OutgoingCommand {
  readonly commandId: string;
  readonly orderId: string | null;
  /** Gateway that it goes to: `station:HH1`, `truck:T001`. */
  readonly source: string;
  readonly subject: string;
  readonly expiresAtMs: number;
  /** The message, JSON. */
  readonly payload: string;
}

/** What a command effect becomes on the wire. */
export function commandMessage(effect: EffectOf<'command.issued'>, scope: string): OutgoingCommand {
  const [topic = '', verb = ''] = effect.verb.split('.');
  const message = {
    commandId: effect.commandId,
    issuedBy: effect.issuedBy,
    issuedAt: new Date(effect.atMs).toISOString(),
    expiresAt: new Date(effect.expiresAtMs).toISOString(),
    args: effect.args,
  } satisfies Omit<CommandOf<CommandVerb>, 'args'> & { args: unknown };
  return {
    commandId: effect.commandId,
    orderId: effect.orderId,
    source: `${effect.source}:${effect.id}`,
    subject: subject.command(scope, effect.source, effect.id, topic, verb),
    expiresAtMs: effect.expiresAtMs,
    payload: JSON.stringify(message),
  };
}
