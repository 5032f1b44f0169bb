import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** One message on its way to the platform; `body` is JSON text. */
export type WireMessage = { subject: string; messageId: string; body: string };

/** The way of a message to the platform: resolves when a stream has it, rejects when none confirmed it. */
export type Wire = (message: WireMessage) => Promise<void>;

const PUBLISH_TIMEOUT_MS = 5_000;

export function jetStreamWire(connection: NatsConnection): Wire {
  const js = jetstream(connection, { timeout: PUBLISH_TIMEOUT_MS });
  return async ({ subject, messageId, body }) => {
    await js.publish(subject, body, { msgID: messageId, timeout: PUBLISH_TIMEOUT_MS });
  };
}
