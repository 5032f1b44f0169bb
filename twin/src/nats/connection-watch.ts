import type { NatsConnection } from '@nats-io/transport-node';
import type { Log } from '../log.ts';

/** Says in the log when NATS goes and comes. */
export function watchConnection(nc: NatsConnection, log: Log, onReconnect: () => void): void {
  const watch = async () => {
    for await (const status of nc.status()) {
      if (status.type === 'disconnect') log.warn('NATS is away');
      if (status.type === 'reconnect') {
        log.info('NATS is back');
        onReconnect();
      }
      if (status.type === 'error') log.warn({ err: status.error }, 'NATS refused something');
    }
  };
  watch().catch((cause: unknown) => log.error({ err: cause }, 'the watch over the NATS connection broke'));
}
