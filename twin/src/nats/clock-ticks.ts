import { ClockTick } from '@corridor/protocols/cmd/command';
import { subject } from '@corridor/protocols/subject';
import type { NatsConnection } from '@nats-io/transport-node';
import { Compile } from 'typebox/compile';

const valid = Compile(ClockTick);

/** Hears whoever drives the scope's clock. What is no tick is passed over: the clock stands still without one. */
export function listenToClock(nc: NatsConnection, scope: string, onTick: (tick: { scopeAtMs: number; factor: number }) => void): void {
  nc.subscribe(subject.clock(scope), {
    callback: (error, message) => {
      const tick = error ? null : readTick(message.data);
      if (tick) onTick({ scopeAtMs: Date.parse(tick.scopeAt), factor: tick.factor });
    },
  });
}

function readTick(bytes: Uint8Array): ClockTick | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
  return valid.Check(value) ? value : null;
}
