import type { CommandOf, CommandVerb } from '@corridor/protocols/cmd/command';
import { COMMANDS, type CommandReply } from '@corridor/protocols/cmd/command';
import { Compile, type Validator } from 'typebox/compile';

const STAGE_TWO_MS = 10_000;
const REMEMBERED_MAX = 200;
const validators = new Map<string, Validator>();

export type Notice = CommandOf<'notify.show'>['args'];
/** What a command asks of the T-box beyond its answer. */
export type Answer = { reply: CommandReply; done: { commandId: string; notice: Notice | null } | null };

/** Answers commands once: the same commandId gets the same reply and is not done again. */
export class CommandAnswers {
  readonly #replies = new Map<string, CommandReply>();

  /**
   * @param verb as in the subject, `notify.show`
   * @param nowMs scope time, for the expiry
   * @returns null when there is no commandId to answer to
   */
  answer(verb: string, text: string, nowMs: number): Answer | null {
    const value = parse(text);
    if (value === null) return null;
    const known = this.#replies.get(value.commandId);
    if (known) return { reply: known, done: null };
    const answer = judge(verb, value, nowMs);
    this.#replies.set(value.commandId, answer.reply);
    const [oldest] = this.#replies.keys();
    if (this.#replies.size > REMEMBERED_MAX && oldest !== undefined) this.#replies.delete(oldest);
    return answer;
  }
}

function parse(text: string): { commandId: string } | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: there is no commandId to answer to, and the sender's request runs into its timeout.
    return null;
  }
  const commandId = (value as { commandId?: unknown } | null)?.commandId;
  return typeof commandId === 'string' ? (value as { commandId: string }) : null;
}

function judge(verb: string, value: { commandId: string }, nowMs: number): Answer {
  const { commandId } = value;
  const refused = (result: 'REJECTED' | 'NOT_SUPPORTED', reasonCode: string): Answer => ({
    reply: { commandId, result, statusInfo: { reasonCode }, timeoutMs: 0 },
    done: null,
  });
  if (verb !== 'notify.show' && verb !== 'time.sync') return refused('NOT_SUPPORTED', 'NOT_SUPPORTED');
  if (!validatorOf(verb).Check(value)) return refused('REJECTED', 'SCHEMA_VIOLATION');
  const command = value as CommandOf<'notify.show'> | CommandOf<'time.sync'>;
  if (Date.parse(command.expiresAt) < nowMs) return refused('REJECTED', 'EXPIRED');
  const notice = verb === 'notify.show' ? (command as CommandOf<'notify.show'>).args : null;
  return { reply: { commandId, result: 'ACCEPTED', timeoutMs: STAGE_TWO_MS }, done: { commandId, notice } };
}

function validatorOf(verb: CommandVerb): Validator {
  const known = validators.get(verb);
  if (known) return known;
  const compiled: Validator = Compile(COMMANDS[verb]);
  validators.set(verb, compiled);
  return compiled;
}
