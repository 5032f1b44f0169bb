import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { connectNats } from './connection.ts';
import { accountJwt, issueSystemUser } from './enrolment.ts';
import { type OperatorKeys, publicKeyOf } from './operator-keys.ts';

const Answer = Type.Object({ data: Type.Object({ code: Type.Integer() }) });

/** Somebody waits for the answer: the caller tries again, not the client. */
const ONE_ATTEMPT = { waitOnFirstConnect: false, maxReconnectAttempts: 0, timeout: 5_000 };

/** The servers did not take the changed account. */
export class AccountPushError extends Error {
  readonly code = 'NATS_ACCOUNT_NOT_TAKEN';
}

/**
 * Makes a changed account (a revocation) known to the servers, which at once disconnect whom it concerns.
 * @throws AccountPushError
 */
export async function pushAccount(options: { url: string; keys: OperatorKeys; scope: string }): Promise<void> {
  const { url, keys, scope } = options;
  const system = await issueSystemUser(keys);
  const connection = await connectNats({ url, creds: system.creds, name: 'enrolment', inboxPrefix: system.inboxPrefix, more: ONE_ATTEMPT });
  try {
    const to = `$SYS.REQ.ACCOUNT.${publicKeyOf(keys.accountSeed)}.CLAIMS.UPDATE`;
    const reply = await connection.request(to, await accountJwt(keys, scope), { timeout: 5_000 });
    const answer: unknown = reply.json();
    if (!Check(Answer, answer) || answer.data.code !== 200)
      throw new AccountPushError(`nats-server answered ${reply.string().slice(0, 300)}`);
  } finally {
    await connection.close();
  }
}
