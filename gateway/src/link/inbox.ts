import { Ack, type CommandReply } from '@corridor/protocols/cmd/command';
import { RefusalNotice } from '@corridor/protocols/cmd/refusal-notice';
import { MESSAGE_BYTES_MAX } from '@corridor/protocols/envelope';
import { filter, parseSubject, subject } from '@corridor/protocols/subject';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { Compile } from 'typebox/compile';

const ackValidator = Compile(Ack);
const noticeValidator = Compile(RefusalNotice);
const REFUSAL_NOTICE = 'notify.refused';

/** What the platform says to a station: commands, what it has committed, and what it refused. */
export type InboxHandlers = {
  command(verb: string, value: unknown): CommandReply | null;
  ack(position: Ack): void;
  refused(notice: RefusalNotice): void;
};

function parse(message: Msg): unknown {
  if (message.data.length > MESSAGE_BYTES_MAX) return null;
  try {
    return JSON.parse(message.string());
  } catch {
    // Not JSON: refused by the schema like anything else that is not a command.
    return null;
  }
}

/** Subscribes to the station's commands and acknowledgements; the subscriptions live as long as the connection. */
export function openInbox(
  connection: NatsConnection,
  address: { scope: string; stationId: string },
  handlers: InboxHandlers,
  log: Logger,
): void {
  const { scope, stationId } = address;
  connection.subscribe(filter.commandsOf(scope, 'station', stationId), {
    callback: (error, message) => {
      if (error) {
        log.warn({ err: error.message }, 'command subscription');
        return;
      }
      const parsed = parseSubject(message.subject);
      if (parsed?.lane !== 'cmd') return;
      const verb = `${parsed.topic}.${parsed.verb}`;
      const value = parse(message);
      if (verb === REFUSAL_NOTICE) {
        if (noticeValidator.Check(value)) handlers.refused(value);
        else log.warn('a notice of refusal that is none');
        return;
      }
      const reply = handlers.command(verb, value);
      if (reply && message.reply !== undefined && message.reply !== '') message.respond(JSON.stringify(reply));
    },
  });
  connection.subscribe(subject.ack(scope, 'station', stationId), {
    callback: (error, message) => {
      if (error) {
        log.warn({ err: error.message }, 'ack subscription');
        return;
      }
      const value = parse(message);
      if (ackValidator.Check(value)) handlers.ack(value);
      else log.warn('an acknowledgement that is none');
    },
  });
}
