/**
 * What can go wrong with a server that we start ourselves. Each message is one line and says what to do; `code` is
 * constant. The start script prints the message and ends with an exit code other than 0.
 */
export abstract class EmbeddedServerError extends Error {
  abstract readonly code: string;
}

export class PortInUseError extends EmbeddedServerError {
  readonly code = 'PORT_IN_USE';
  readonly port: number;
  constructor(options: { server: string; port: number }) {
    super(`Port ${options.port} for ${options.server} is in use: stop what listens there or choose another port.`);
    this.port = options.port;
  }
}

export class DataDirInUseError extends EmbeddedServerError {
  readonly code = 'DATA_DIR_IN_USE';
  readonly dir: string;
  constructor(options: { dir: string; pid: number }) {
    super(`${options.dir} is in use by process ${options.pid}: stop that one or start with another DATA_DIR.`);
    this.dir = options.dir;
  }
}

export class DataDirNotUsableError extends EmbeddedServerError {
  readonly code = 'DATA_DIR_NOT_USABLE';
  readonly dir: string;
  constructor(options: { dir: string; reason: string; cause?: unknown }) {
    super(`${options.dir} cannot hold data (${options.reason}): start with another DATA_DIR.`, { cause: options.cause });
    this.dir = options.dir;
  }
}

export class DataDirDamagedError extends EmbeddedServerError {
  readonly code = 'DATA_DIR_DAMAGED';
  readonly dir: string;
  constructor(options: { dir: string; reason: string }) {
    super(
      `The database in ${options.dir} is damaged (${options.reason}): restore a backup into another DATA_DIR (docs/architecture/backup.md), or move the folder away to begin anew.`,
    );
    this.dir = options.dir;
  }
}

export class PostgresMissingError extends EmbeddedServerError {
  readonly code = 'POSTGRES_MISSING';
  constructor(options: { platform: string; cause?: unknown }) {
    super(
      `No embedded PostgreSQL for ${options.platform}: run "npm ci" again without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause: options.cause },
    );
  }
}

export class PostgresStartError extends EmbeddedServerError {
  readonly code = 'POSTGRES_START_FAILED';
  constructor(options: { reason: string; cause?: unknown }) {
    super(`The embedded PostgreSQL did not start (${options.reason}): mend that, or set DATABASE_URL to a server of your own.`, {
      cause: options.cause,
    });
  }
}

export class NatsServerMissingError extends EmbeddedServerError {
  readonly code = 'NATS_SERVER_MISSING';
  constructor(options: { reason: string; cause?: unknown }) {
    super(
      `No nats-server found (${options.reason}): install it ("apt-get install nats-server", or a release from nats.io), point NATS_SERVER_BIN at it, or set NATS_URL to a server of your own.`,
      { cause: options.cause },
    );
  }
}

export class NatsStartError extends EmbeddedServerError {
  readonly code = 'NATS_START_FAILED';
  constructor(options: { reason: string; cause?: unknown }) {
    super(`The embedded nats-server did not start (${options.reason}): mend that, or set NATS_URL to a server of your own.`, {
      cause: options.cause,
    });
  }
}
