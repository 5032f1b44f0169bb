import { accountJwt, operatorJwt, systemAccountJwt } from './enrolment.ts';
import { type OperatorKeys, publicKeyOf } from './operator-keys.ts';

/** Biggest payload the server takes: above what the twin accepts, so that an oversize message is refused with a reason. */
const PAYLOAD_BYTES_MAX = 512 * 1024;
/** A client has this long to say who it is. */
const AUTHENTICATION_SECONDS_MAX = 30;

/**
 * Configuration of a nats-server (2.9.10 or newer) in operator mode. Accounts live in a resolver folder and are
 * preloaded from here, so that a revocation reaches a running server and outlives its restart.
 */
export async function natsServerConfig(options: {
  keys: OperatorKeys;
  scope: string;
  host: string;
  port: number;
  storeDir: string;
  resolverDir: string;
  /** Monitoring endpoint for health checks; none by default. */
  monitorPort?: number;
}): Promise<string> {
  const { keys, scope } = options;
  return [
    'server_name: corridor',
    `listen: ${JSON.stringify(`${options.host}:${options.port}`)}`,
    ...(options.monitorPort === undefined ? [] : [`http: ${JSON.stringify(`${options.host}:${options.monitorPort}`)}`]),
    `max_payload: ${PAYLOAD_BYTES_MAX}`,
    // A slow subscriber is cut off rather than let the server grow.
    'max_pending: 67108864',
    'write_deadline: "10s"',
    // A fleet that comes back all at once waits for its signatures to be checked; the default is 2 s.
    `authorization: { timeout: ${AUTHENTICATION_SECONDS_MAX} }`,
    'logtime: false',
    `operator: ${await operatorJwt(keys)}`,
    `system_account: ${publicKeyOf(keys.systemSeed)}`,
    `resolver: { type: full, dir: ${JSON.stringify(options.resolverDir)}, allow_delete: false, interval: "2m" }`,
    'resolver_preload: {',
    `  ${publicKeyOf(keys.systemSeed)}: ${await systemAccountJwt(keys)}`,
    `  ${publicKeyOf(keys.accountSeed)}: ${await accountJwt(keys, scope)}`,
    '}',
    `jetstream: { store_dir: ${JSON.stringify(options.storeDir)}, max_memory_store: 67108864 }`,
    '',
  ].join('\n');
}
