import { type Logger, pino } from 'pino';

/** Structured log of the twin: one JSON object a line on stderr, so that stdout stays free for what a command prints. */
export type Log = Logger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What must never reach a log line, wherever it stands in an object that is logged. */
const SECRET_PATHS = ['password', 'seed', 'creds', 'token', 'authorization'].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export function createLog(options: { name: string; level: LogLevel }): Log {
  return pino(
    {
      name: options.name,
      level: options.level,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: [...SECRET_PATHS, 'req.headers.authorization', 'req.headers.cookie'], censor: '[secret]' },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** For tests and tools that must not print. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}
