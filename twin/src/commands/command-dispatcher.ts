import { COMMAND_REPLY_TIMEOUT_MS, CommandReply } from '@corridor/protocols/cmd/command';
import { holdsUnsafeText } from '@corridor/protocols/safe-text';
import type { NatsConnection } from '@nats-io/transport-node';
import { Compile } from 'typebox/compile';
import type { Log } from '../log.ts';
import type { OutgoingCommand } from './command-message.ts';

export interface CommandDispatcherOptions {
  nc: NatsConnection;
  scopeNowMs: () => number;
  onReply: (command: OutgoingCommand, reply: CommandReply | 'TIMEOUT') => void;
  log: Log;
}

/** Pause before a command is sent again, wall ms. */
const RETRY_MS = 1_000;
const validReply = Compile(CommandReply);

/**
 * Sends the commands of the outbox: a request that the gateway accepts or refuses within 5 s; unanswered it is sent again,
 * with the same id, until it expires. Gateways execute an id once, so sending again after a restart is harmless.
 */
export class CommandDispatcher {
  readonly #options: CommandDispatcherOptions;
  readonly #open = new Map<string, OutgoingCommand>();
  readonly #pauses = new Set<{ timer: NodeJS.Timeout; resolve: () => void }>();
  #stopped = false;

  constructor(options: CommandDispatcherOptions) {
    this.#options = options;
  }

  get open(): number {
    return this.#open.size;
  }

  send(command: OutgoingCommand): void {
    if (this.#stopped || this.#open.has(command.commandId)) return;
    this.#open.set(command.commandId, command);
    this.#sendUntilAnswered(command).then(
      () => this.#open.delete(command.commandId),
      (cause: unknown) => {
        this.#open.delete(command.commandId);
        this.#options.log.error({ err: cause, commandId: command.commandId }, 'a command was given up');
        // Whoever waits for it learns that nothing will come.
        this.#options.onReply(command, 'TIMEOUT');
      },
    );
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer, resolve } of this.#pauses) {
      clearTimeout(timer);
      resolve();
    }
    this.#pauses.clear();
  }

  async #sendUntilAnswered(command: OutgoingCommand): Promise<void> {
    const { scopeNowMs, onReply } = this.#options;
    while (!this.#stopped) {
      // Asked once also after it expired: it may have been taken in time and its answer lost while we were away.
      const reply = await this.#request(command);
      if (this.#stopped) return;
      if (reply || scopeNowMs() > command.expiresAtMs) {
        onReply(command, reply ?? 'TIMEOUT');
        return;
      }
      await this.#pause();
    }
  }

  /** @returns null when there was no answer, or none that can be read */
  async #request(command: OutgoingCommand): Promise<CommandReply | null> {
    let answer: unknown;
    try {
      const message = await this.#options.nc.request(command.subject, command.payload, { timeout: COMMAND_REPLY_TIMEOUT_MS });
      answer = message.json();
    } catch (cause) {
      // Nobody listens, no answer in time, or the server is away: all are tried again.
      this.#options.log.debug({ err: cause, commandId: command.commandId }, 'a command was not answered');
      return null;
    }
    // What the database cannot hold would stop the writer, and again after each restart: it counts as no answer.
    if (validReply.Check(answer) && answer.commandId === command.commandId && !holdsUnsafeText(answer)) return answer;
    this.#options.log.warn({ commandId: command.commandId, subject: command.subject }, 'the answer to a command does not match its schema');
    return null;
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const pause = {
        resolve,
        timer: setTimeout(() => {
          this.#pauses.delete(pause);
          resolve();
        }, RETRY_MS),
      };
      this.#pauses.add(pause);
    });
  }
}
