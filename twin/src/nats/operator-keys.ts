import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createAccount, createOperator, fromSeed, type KeyPair } from '@nats-io/nkeys';
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import { nativeKeyPair } from './native-key-pair.ts';

const Seed = Type.String({ pattern: '^S[A-Z0-9]{57}$' });

/**
 * Seeds of the keys that a NATS operator needs, and the users whose credentials no longer count. Whoever has this file
 * can sign credentials: mode 0600, never in git, never logged.
 */
export const OperatorKeys = Type.Object(
  {
    operatorSeed: Seed,
    systemSeed: Seed,
    accountSeed: Seed,
    serviceKeySeed: Seed,
    stationKeySeed: Seed,
    truckKeySeed: Seed,
    /** Public key of a user -> revoked for credentials issued up to then, in s since 1970; `*` = everybody. */
    revocations: Type.Record(Type.String(), Type.Integer()),
  },
  { additionalProperties: false },
);
export type OperatorKeys = Static<typeof OperatorKeys>;

/** The keys file does not hold what it must. */
export class OperatorKeysError extends Error {
  readonly code = 'NATS_KEYS_DAMAGED';
  constructor(options: { file: string; cause?: unknown }) {
    super(`${options.file} holds no NATS keys: restore it from a backup, or remove it; then all gateways must be enrolled again.`, {
      cause: options.cause,
    });
  }
}

const text = new TextDecoder();
const bytes = new TextEncoder();

export function createOperatorKeys(): OperatorKeys {
  const seedOf = (pair: KeyPair) => text.decode(pair.getSeed());
  return {
    operatorSeed: seedOf(createOperator()),
    systemSeed: seedOf(createAccount()),
    accountSeed: seedOf(createAccount()),
    serviceKeySeed: seedOf(createAccount()),
    stationKeySeed: seedOf(createAccount()),
    truckKeySeed: seedOf(createAccount()),
    revocations: {},
  };
}

/** Pairs of the operator's few seeds: deriving one anew costs more than signing with it. */
const pairs = new Map<string, KeyPair>();

export function keyPairOf(seed: string): KeyPair {
  const known = pairs.get(seed);
  if (known !== undefined) return known;
  const pair = nativeKeyPair(fromSeed(bytes.encode(seed)));
  pairs.set(seed, pair);
  return pair;
}
export const publicKeyOf = (seed: string): string => keyPairOf(seed).getPublicKey();

/** @returns null when there is no such file  @throws OperatorKeysError */
export function readOperatorKeys(file: string): OperatorKeys | null {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new OperatorKeysError({ file, cause });
  }
  if (!Check(OperatorKeys, value)) throw new OperatorKeysError({ file });
  return value;
}

export function writeOperatorKeys(file: string, keys: OperatorKeys): void {
  writeFileSync(`${file}.new`, JSON.stringify(keys, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
