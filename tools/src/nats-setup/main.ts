import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '@corridor/twin/embedded/make-folder';
import { issueService } from '@corridor/twin/nats/enrolment';
import { createOperatorKeys, readOperatorKeys, writeOperatorKeys } from '@corridor/twin/nats/operator-keys';
import { natsServerConfig } from '@corridor/twin/nats/server-config';
import { Command } from 'commander';

/**
 * Prepares a nats-server of one's own: makes the operator's keys where there are none yet, writes the server's configuration
 * from them, and gives the twin and the clock their credentials. Run before each start of the server: keys and credentials stay, the
 * configuration follows the revocations.
 */
const options = new Command('nats-setup')
  .requiredOption('--keys <file>', "file of the operator's keys; made when missing")
  .requiredOption('--out <file>', 'configuration to write')
  .requiredOption('--creds <folder>', 'folder for twin.creds and clock.creds; made when missing')
  .option('--scope <scope>', 'scope of the account', 'live')
  .option('--host <host>', 'address to listen on', '0.0.0.0')
  .option('--port <port>', 'port to listen on', '4222')
  .option('--monitor-port <port>', 'port of the monitoring endpoint', '8222')
  .option('--store <folder>', "folder of JetStream, as the server's machine sees it", '/data')
  .parse()
  .opts<{ keys: string; out: string; creds: string; scope: string; host: string; port: string; monitorPort: string; store: string }>();

try {
  for (const folder of [dirname(options.keys), dirname(options.out), options.creds]) makeFolder(folder);
} catch (cause) {
  process.stderr.write(`nats-setup: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exit(1);
}
if (!existsSync(options.keys)) {
  writeOperatorKeys(options.keys, createOperatorKeys());
  process.stdout.write(`new operator keys in ${options.keys}: back them up\n`);
}
const keys = readOperatorKeys(options.keys);
if (!keys) throw new Error(`${options.keys} vanished while it was read`);
const config = await natsServerConfig({
  keys,
  scope: options.scope,
  host: options.host,
  port: Number(options.port),
  monitorPort: Number(options.monitorPort),
  storeDir: join(options.store, 'jetstream'),
  resolverDir: join(options.store, 'accounts'),
});
for (const role of ['twin', 'clock'] as const) {
  const file = join(options.creds, `${role}.creds`);
  if (existsSync(file)) continue;
  const { creds } = await issueService(keys, { scope: options.scope, name: role, role });
  writeFileSync(file, creds, { mode: 0o600 });
}
writeFileSync(options.out, config, { mode: 0o644 });
process.stdout.write(`configuration in ${options.out}, credentials in ${options.creds}\n`);
