import { assert } from '@corridor/protocols/assert';
import { isToken } from '@corridor/protocols/ids';
import { isScope, ROOT } from '@corridor/protocols/subject';
import { encodeAccount, encodeOperator, encodeUser, fmtCreds } from '@nats-io/jwt';
import { createUser } from '@nats-io/nkeys';
import { nativeKeyPair } from './native-key-pair.ts';
import { keyPairOf, type OperatorKeys, publicKeyOf } from './operator-keys.ts';

/**
 * NATS in operator mode: enrolling a gateway is signing a user JWT with a scoped signing key, whose template carries the
 * rights; the server learns nothing and needs no reload. Only a revocation changes the account.
 */
const UNLIMITED = -1;
/** An account without stated limits may hold no connection at all. */
const NO_LIMITS = {
  subs: UNLIMITED,
  conn: UNLIMITED,
  leaf: 0,
  imports: UNLIMITED,
  exports: UNLIMITED,
  data: UNLIMITED,
  payload: UNLIMITED,
  wildcards: true,
};
const RESPONSE_TTL_NS = 10_000_000_000;
/** A gateway needs three subscriptions; more than this is a fault of its program. */
const SUBSCRIPTIONS_MAX = 50;
const OPERATOR_NAME = 'corridor';

export type GatewayKind = 'station' | 'truck';
/** `twin`: everything of its scope and JetStream. `clock`: drives the scope's clock, nothing else. */
export type ServiceRole = 'twin' | 'clock';

/** What goes to a gateway or a service once: the text of a creds file, and the key it can be revoked by. */
export type Credentials = { creds: string; publicKey: string; inboxPrefix: string };

/** What a gateway may do: its own telemetry, events and results out; its commands, acks and inbox in; answers to requests. */
function gatewayTemplate(scope: string, kind: GatewayKind) {
  const own = `${ROOT}.${scope}.${kind}.{{name()}}`;
  return {
    pub: { allow: [`${own}.tele.>`, `${own}.evt.>`, `${own}.res.>`] },
    sub: { allow: [`${own}.cmd.>`, `${own}.ack`, '_INBOX.{{name()}}.>'] },
    resp: { max: 1, ttl: RESPONSE_TTL_NS },
    subs: SUBSCRIPTIONS_MAX,
    data: UNLIMITED,
    payload: UNLIMITED,
  };
}

/** Services answer on inboxes no gateway can hold: a gateway's id never makes `_SVC`. */
export const serviceInboxPrefix = (name: string) => `_SVC.${name}`;
export const gatewayInboxPrefix = (id: string) => `_INBOX.${id}`;

function servicePermissions(scope: string, role: ServiceRole, name: string) {
  const inbox = `${serviceInboxPrefix(name)}.>`;
  const clock = `${ROOT}.${scope}.clock`;
  if (role === 'clock') return { pub: { allow: [clock] }, sub: { allow: [clock, inbox] } };
  return {
    pub: { allow: [`${ROOT}.${scope}.>`, '$JS.API.>', '$JS.ACK.>'] },
    sub: { allow: [`${ROOT}.${scope}.>`, '$JS.EVENT.ADVISORY.>', inbox] },
    resp: { max: 1, ttl: RESPONSE_TTL_NS },
  };
}

export async function operatorJwt(keys: OperatorKeys): Promise<string> {
  return encodeOperator(OPERATOR_NAME, keyPairOf(keys.operatorSeed), { system_account: publicKeyOf(keys.systemSeed) });
}

export async function systemAccountJwt(keys: OperatorKeys): Promise<string> {
  return encodeAccount('SYS', keyPairOf(keys.systemSeed), { limits: NO_LIMITS }, { signer: keyPairOf(keys.operatorSeed) });
}

/** The account of one scope with its signing keys and revocations. */
export async function accountJwt(keys: OperatorKeys, scope: string): Promise<string> {
  assert(isScope(scope), `scope "${scope}"`);
  const scoped = (kind: GatewayKind, seed: string) => ({
    kind: 'user_scope' as const,
    key: publicKeyOf(seed),
    role: kind,
    template: gatewayTemplate(scope, kind),
  });
  return encodeAccount(
    scope.toUpperCase(),
    keyPairOf(keys.accountSeed),
    {
      limits: { ...NO_LIMITS, mem_storage: UNLIMITED, disk_storage: UNLIMITED, streams: UNLIMITED, consumer: UNLIMITED },
      signing_keys: [publicKeyOf(keys.serviceKeySeed), scoped('station', keys.stationKeySeed), scoped('truck', keys.truckKeySeed)],
      revocations: keys.revocations,
    },
    { signer: keyPairOf(keys.operatorSeed) },
  );
}

/** Signs a gateway's credentials. Its id becomes the user's name, which the template's rights are made of. */
export async function issueGateway(keys: OperatorKeys, kind: GatewayKind, id: string): Promise<Credentials> {
  assert(isToken(id), `"${id}" is no id`);
  const user = nativeKeyPair(createUser());
  const signer = keyPairOf(kind === 'station' ? keys.stationKeySeed : keys.truckKeySeed);
  const jwt = await encodeUser(id, user, signer, { issuer_account: publicKeyOf(keys.accountSeed) }, { scopedUser: true });
  return { creds: credsText(jwt, user), publicKey: user.getPublicKey(), inboxPrefix: gatewayInboxPrefix(id) };
}

/** Signs credentials of a part of the platform itself. */
export async function issueService(keys: OperatorKeys, options: { scope: string; name: string; role: ServiceRole }): Promise<Credentials> {
  const { scope, name, role } = options;
  assert(isToken(name), `"${name}" is no name`);
  assert(isScope(scope), `scope "${scope}"`);
  const user = nativeKeyPair(createUser());
  const rights = { ...servicePermissions(scope, role, name), subs: UNLIMITED, data: UNLIMITED, payload: UNLIMITED };
  const jwt = await encodeUser(name, user, keyPairOf(keys.serviceKeySeed), { issuer_account: publicKeyOf(keys.accountSeed), ...rights });
  return { creds: credsText(jwt, user), publicKey: user.getPublicKey(), inboxPrefix: serviceInboxPrefix(name) };
}

/** Credentials of the system account, by which a changed account is made known to the servers. */
export async function issueSystemUser(keys: OperatorKeys): Promise<Credentials> {
  const user = nativeKeyPair(createUser());
  const jwt = await encodeUser('corridor-system', user, keyPairOf(keys.systemSeed), {});
  return { creds: credsText(jwt, user), publicKey: user.getPublicKey(), inboxPrefix: serviceInboxPrefix('system') };
}

/** The keys with one user revoked: credentials it got until `atMs` (wall time) no longer count. */
export function withRevocation(keys: OperatorKeys, publicKey: string, atMs: number): OperatorKeys {
  assert(/^(\*|U[A-Z0-9]{55})$/.test(publicKey), `"${publicKey}" is no public key of a user`);
  return { ...keys, revocations: { ...keys.revocations, [publicKey]: Math.floor(atMs / 1000) } };
}

function credsText(jwt: string, user: ReturnType<typeof createUser>): string {
  return new TextDecoder().decode(fmtCreds(jwt, user));
}
