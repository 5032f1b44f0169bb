import { COMMANDS, type CommandArgs, type CommandReply, type CommandVerb } from '@corridor/protocols/cmd/command';
import { isToken } from '@corridor/protocols/ids';
import type { Validator } from 'typebox/compile';
import { Compile } from 'typebox/compile';
import type { JournalTransaction, StageTwo } from '../journal/journal.ts';
import type { StationCore } from '../station/station-core.ts';
import { type CommandTarget, HANDLERS, type Outcome } from './command-handlers.ts';

type Received = { commandId: string; issuedAt: string; expiresAt: string; args: unknown };

const validators = new Map<CommandVerb, Validator>();
function validatorOf(verb: CommandVerb): Validator {
  const known = validators.get(verb);
  if (known) return known;
  const compiled = Compile(COMMANDS[verb]);
  validators.set(verb, compiled);
  return compiled;
}

const isVerb = (verb: string): verb is CommandVerb => Object.hasOwn(COMMANDS, verb);

function refusal(commandId: string, result: 'REJECTED' | 'NOT_SUPPORTED', reasonCode: string, additionalInfo?: string): CommandReply {
  const statusInfo = { reasonCode, ...(additionalInfo === undefined ? {} : { additionalInfo: additionalInfo.slice(0, 1024) }) };
  return { commandId, result, statusInfo, timeoutMs: 0 };
}

/** A command could not be carried out because the gateway is ending: it is not answered, and asked again later. */
export class BayStoppedError extends Error {
  readonly code = 'BAY_STOPPED';
  constructor(verb: string) {
    super(`bay stopped before ${verb}`);
    this.name = 'BayStoppedError';
  }
}

/**
 * Executes commands, each once: the answer of stage 1 and its effect on the station's memory are journalled together, and the
 * same commandId gets the same answer for ever, also after a restart.
 */
export class CommandExecutor {
  readonly #core: StationCore;
  readonly #target: CommandTarget;

  constructor(core: StationCore, target: CommandTarget) {
    this.#core = core;
    this.#target = target;
  }

  /** Stage 1. Never throws on input; throws when the journal cannot be written. */
  receive(verb: string, value: unknown): CommandReply {
    const { journal, equipment, log } = this.#core;
    const claimedId = (value as { commandId?: unknown } | null)?.commandId;
    const commandId = typeof claimedId === 'string' && isToken(claimedId) ? claimedId : 'unknown';
    if (!isVerb(verb)) return refusal(commandId, 'NOT_SUPPORTED', 'COMMAND_UNKNOWN', verb);
    const validator = validatorOf(verb);
    if (!validator.Check(value)) {
      const [first] = validator.Errors(value);
      return refusal(commandId, 'REJECTED', 'COMMAND_INVALID', first ? `${first.instancePath || '/'}: ${first.message}` : undefined);
    }
    const command = value as Received;
    const known = journal.command(command.commandId);
    if (known) return known.reply;
    const nowMs = equipment.clock.nowMs();
    // A wrong clock is what time.sync repairs: it cannot be late by that clock.
    const outcome: Outcome =
      verb !== 'time.sync' && Date.parse(command.expiresAt) <= nowMs
        ? { result: 'REJECTED', reasonCode: 'COMMAND_EXPIRED' }
        : this.#decide(verb, command);
    const reply = this.#replyTo(command.commandId, outcome);
    this.#carryOut(verb, command, reply, outcome, nowMs);
    log.info({ verb, commandId: command.commandId, result: reply.result, reasonCode: reply.statusInfo?.reasonCode }, 'command');
    return reply;
  }

  #decide<V extends CommandVerb>(verb: V, command: Received): Outcome {
    return HANDLERS[verb](this.#core, this.#target, command.args as CommandArgs<V>, command);
  }

  #replyTo(commandId: string, outcome: Outcome): CommandReply {
    if (outcome.result === 'REJECTED') return refusal(commandId, 'REJECTED', outcome.reasonCode, outcome.detail);
    return { commandId, result: 'ACCEPTED', timeoutMs: outcome.timeoutMs ?? 0 };
  }

  #carryOut(verb: CommandVerb, command: Received, reply: CommandReply, outcome: Outcome, nowMs: number): void {
    const { journal, events } = this.#core;
    const { commandId, args } = command;
    const write = (tx: JournalTransaction): void => {
      tx.putCommand({ commandId, verb, args, reply, receivedAtMs: nowMs });
      if (outcome.result === 'REJECTED') {
        tx.putResult(commandId, { result: 'REJECTED', ...(reply.statusInfo ? { statusInfo: reply.statusInfo } : {}) });
        return;
      }
      outcome.write?.(tx);
      if (outcome.stageTwo) events.result(tx, commandId, outcome.stageTwo satisfies StageTwo, nowMs);
    };
    // A refusal may also move a bay (a swap that cannot be begun), so both kinds may have one.
    if (!outcome.bay) journal.transaction(write);
    else if (!outcome.bay.controller.apply(outcome.bay.input, write)) throw new BayStoppedError(verb);
    if (outcome.result === 'ACCEPTED') outcome.after?.();
  }

  /** Commands accepted before a kill whose swap is not there any more: told as failed, so that nobody waits for ever. */
  closeOrphans(isAlive: (commandId: string) => boolean): void {
    const { journal, events, equipment } = this.#core;
    const orphans = journal.openCommands().filter(({ commandId }) => !isAlive(commandId));
    if (orphans.length === 0) return;
    journal.transaction((tx) => {
      for (const { commandId } of orphans) {
        events.result(tx, commandId, { result: 'FAILED', statusInfo: { reasonCode: 'SWAP_LOST' } }, equipment.clock.nowMs());
      }
    });
  }
}
