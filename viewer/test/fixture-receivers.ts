import type { Receiver } from '../src/feed/money-api.ts';

interface Answer {
  status: number;
  body: unknown;
}

const ROUTE = '/api/v1/payments/receivers';
/** Drafted by the other person of the platform, and not approved. */
export const draftOf = (account: string, isWaivable = true): Receiver['draft'] => ({
  account,
  name: '新账户',
  draftedBy: 'ops2',
  inForceFrom: null,
  isWaivable,
});

/** Where parties of the fixture are paid out: a first account of one, and a change of another, that wait for an approval. */
export class FixtureReceivers {
  /** What was asked to be done, in order. */
  readonly acts: { path: string; body: unknown }[] = [];
  readonly #receivers = new Map<string, Receiver>([
    ['SO1', { principalId: 'SO1', inForce: { account: 'so1-first', name: '站点公司' }, draft: draftOf('so1-second', false) }],
    ['BO1', { principalId: 'BO1', inForce: null, draft: draftOf('bo1-first') }],
  ]);
  readonly #coolsUntil: string;

  constructor(startMs: number) {
    this.#coolsUntil = new Date(startMs + 86_400_000).toISOString();
  }

  /** null: not a route of receivers. */
  answer({ method, path, body, principalId }: { method: string; path: string; body: string; principalId: string }): Answer | null {
    if (path === ROUTE && method === 'GET') {
      const all = [...this.#receivers.values()];
      return { status: 200, body: { items: principalId === 'PF' ? all : all.filter((each) => each.principalId === principalId) } };
    }
    if (path !== `${ROUTE}/approve`) return null;
    const asked = JSON.parse(body) as { principalId: string; waiver?: string };
    this.acts.push({ path, body: asked });
    const receiver = this.#receivers.get(asked.principalId);
    if (receiver?.draft == null) return { status: 404, body: { status: 404, code: 'NOT_FOUND', title: 'no draft' } };
    if (asked.waiver !== undefined && receiver.inForce !== null)
      return { status: 409, body: { status: 409, code: 'COOLING_NOT_WAIVABLE', title: 'a change cools' } };
    const { account, name } = receiver.draft;
    if (asked.waiver === undefined) receiver.draft.inForceFrom = this.#coolsUntil;
    else this.putInForce(asked.principalId, { account, name });
    return { status: 204, body: '' };
  }

  /** As if it had been put in force, and another one drafted or none, in the meantime. */
  putInForce(principalId: string, inForce: Receiver['inForce'], draft: Receiver['draft'] = null): void {
    this.#receivers.set(principalId, { principalId, inForce, draft });
  }
}
