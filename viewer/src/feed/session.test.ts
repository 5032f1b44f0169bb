import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { KeptSignIn } from './kept-sign-in.ts';
import { Session } from './session.ts';
import type { LatestSignIn, SignInRecord } from './sign-in-record.ts';
import type { Renewal } from './signed-in.ts';

const HOUR_S = 3_600;
const nowS = (): number => Math.floor(Date.now() / 1_000);

const tokenOf = (sub: string, roles: string[], endsInS = HOUR_S): string =>
  `e30.${Buffer.from(JSON.stringify({ sub, roles, iat: nowS() - HOUR_S, exp: nowS() + endsInS })).toString('base64url')}.sig`;
const driver = (sub: string, endsInS = HOUR_S): string => tokenOf(sub, ['DRIVER', 'VIEWER'], endsInS);

/** As a browser keeps it: its tabs share one, and each has one of its own. */
class Kept implements Storage {
  readonly #items = new Map<string, string>();
  readonly getItem = (key: string): string | null => this.#items.get(key) ?? null;
  readonly setItem = (key: string, value: string): void => void this.#items.set(key, value);
  readonly removeItem = (key: string): void => void this.#items.delete(key);
  readonly clear = (): void => this.#items.clear();
  readonly key = (index: number): string | null => [...this.#items.keys()][index] ?? null;
  get length(): number {
    return this.#items.size;
  }
}

/** As a tab's process reads what all tabs share: of what others write it hears later, when it is told. */
class OwnCopy extends Kept {
  constructor(of: Storage) {
    super();
    for (const key of Array.from({ length: of.length }, (_, index) => of.key(index) ?? '')) this.setItem(key, of.getItem(key) ?? '');
  }
}

/** What the tabs of a browser are told in transactions. */
class Told implements SignInRecord {
  #latest: LatestSignIn | null = null;
  readonly read = async (): Promise<LatestSignIn | null> => this.#latest;
  readonly write = async (latest: LatestSignIn): Promise<void> => {
    this.#latest = latest;
  };
}

const opened: Session[] = [];
function tabOf(browser: Storage, tab: Storage = new Kept(), record: SignInRecord = new Told()): Session {
  const session = new Session(new KeptSignIn(tab, browser, record));
  opened.push(session);
  return session;
}

afterEach(() => {
  // Without a token nothing is planned.
  for (const session of opened.splice(0)) session.signOut();
});

it("keeps a driver's sign-in for every tab until one of them signs out", () => {
  const browser = new Kept();
  const first = tabOf(browser);
  first.signIn({ token: driver('d1'), renewal: null });
  const second = tabOf(browser);
  expect(second.person?.userId).toBe('d1');
  second.signOut();
  expect(browser.length).toBe(0);
  first.follow();
  expect([first.signedIn.value, first.expired.value]).toEqual([false, false]);
  expect(tabOf(browser).signedIn.value).toBe(false);
});

it.each([['PLATFORM_OPERATOR'], ['STATION_OPERATOR'], ['BATTERY_OWNER'], ['CARRIER'], ['VIEWER'], ['DRIVER', 'CARRIER'], []])(
  'keeps the sign-in of %s for its tab alone',
  (...roles) => {
    const browser = new Kept();
    const tab = new Kept();
    tabOf(browser, tab).signIn({ token: tokenOf('u1', roles), renewal: null });
    expect(tabOf(browser, tab).person?.userId).toBe('u1');
    expect(tabOf(browser).signedIn.value).toBe(false);
    expect(browser.length).toBe(0);
  },
);

it('knows the driver of a provider that tells roles elsewhere, also in a tab that nobody told where', () => {
  const browser = new Kept();
  const first = tabOf(browser);
  first.learn({ roles: 'realm_access.roles', principal: 'company' });
  const claims = { sub: 'd1', realm_access: { roles: ['DRIVER'] }, company: 'C1', exp: nowS() + HOUR_S };
  first.signIn({ token: `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`, renewal: null });
  expect(tabOf(browser).person).toMatchObject({ userId: 'd1', roles: ['DRIVER'], principalId: 'C1' });
  for (const text of ['', '7', '{"roles":1,"principal":"p"}']) {
    browser.setItem('corridor.claims', text);
    expect(tabOf(browser).person?.roles).toEqual([]);
  }
});

it('leaves the tab of somebody else alone when a driver signs in and out beside it', () => {
  const browser = new Kept();
  const operator = tabOf(browser);
  operator.signIn({ token: tokenOf('ops', ['PLATFORM_OPERATOR']), renewal: null });
  const phone = tabOf(browser);
  phone.signIn({ token: driver('d1'), renewal: null });
  operator.follow();
  phone.signOut();
  operator.follow();
  expect(operator.person?.userId).toBe('ops');
  operator.signOut();
});

it('lets one driver into a browser at a time', () => {
  const browser = new Kept();
  const [one, other] = [tabOf(browser), tabOf(browser)];
  one.signIn({ token: driver('d1'), renewal: null });
  other.signIn({ token: driver('d2'), renewal: null });
  one.follow();
  expect(one.signedIn.value).toBe(false);
  expect(tabOf(browser).person?.userId).toBe('d2');
});

it('removes a token that has ended or that nobody can read, and asks again', () => {
  const browser = new Kept();
  tabOf(browser).signIn({ token: driver('d1', -1), renewal: null });
  const late = tabOf(browser);
  expect([late.signedIn.value, late.expired.value, browser.length]).toEqual([false, true, 0]);
  for (const text of ['', '{', '7', '{"token":1,"renewal":null}']) {
    browser.setItem('corridor.driver', text);
    expect(tabOf(browser).signedIn.value).toBe(false);
  }
});

it('does not lose the newer token of another tab when its own has been refused', () => {
  const browser = new Kept();
  const first = tabOf(browser);
  first.signIn({ token: driver('d1', HOUR_S), renewal: null });
  const second = tabOf(browser);
  second.signIn({ token: driver('d1', 2 * HOUR_S), renewal: null });
  first.signOut(true);
  expect(tabOf(browser).person?.userId).toBe('d1');
});

it('takes no token for refused that another tab brought while the answer was on its way', async () => {
  const browser = new Kept();
  const first = tabOf(browser);
  const old = driver('d1', HOUR_S);
  first.signIn({ token: old, renewal: null });
  tabOf(browser).signIn({ token: driver('d1', 2 * HOUR_S), renewal: null });
  first.follow();
  expect(await first.renew(old)).toBe(true);
  first.endRefused(old);
  expect([first.signedIn.value, tabOf(browser).signedIn.value]).toEqual([true, true]);
  first.endRefused(first.token.peek());
  expect([first.signedIn.value, first.expired.value, tabOf(browser).signedIn.value]).toEqual([false, true, false]);
});

it('keeps a sign-in whose token has ended while its provider is away, and renews it when it is back', async () => {
  let isAway = true;
  const provider = createServer((_, response) => {
    response.writeHead(isAway ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isAway ? {} : { access_token: driver('d1'), refresh_token: 'r2' }));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const tokenEndpoint = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/token`;
  try {
    const tab = new Kept();
    const session = tabOf(new Kept(), tab);
    const ended = tokenOf('ops', ['PLATFORM_OPERATOR'], -1);
    session.signIn({ token: ended, renewal: { refreshToken: 'r1', tokenEndpoint, clientId: 'viewer' } });
    expect(await session.renew(ended)).toBe(false);
    session.endRefused(ended);
    expect([session.signedIn.value, tab.getItem('corridor.renewal')]).toEqual([true, expect.stringContaining('r1')]);
    isAway = false;
    expect(await session.renew(ended)).toBe(true);
    expect(session.person?.userId).toBe('d1');
  } finally {
    provider.close();
  }
});

it('takes over a driver whom an older page kept for his tab, and leaves all tabs of one whose roles became more', () => {
  const browser = new Kept();
  const tab = new Kept();
  tab.setItem('corridor.token', driver('d1'));
  const session = tabOf(browser, tab);
  session.follow();
  expect([session.person?.userId, tabOf(browser).person?.userId, tab.length]).toEqual(['d1', 'd1', 0]);
  session.signIn({ token: tokenOf('d1', ['DRIVER', 'CARRIER']), renewal: null });
  expect([browser.length, tabOf(browser).signedIn.value, session.signedIn.value]).toEqual([0, false, true]);
});

/** A provider that takes a second use of a refresh token for theft; what it is asked with is in `asked`. */
async function rotatingProvider(): Promise<AsyncDisposable & { asked: string[]; renewal: Renewal }> {
  const asked: string[] = [];
  const provider = createServer((request, response) => {
    request.setEncoding('utf8').once('data', (body: string) => {
      const used = new URLSearchParams(body).get('refresh_token') ?? '';
      const isStolen = asked.includes(used);
      asked.push(used);
      response.writeHead(isStolen ? 400 : 200, { 'content-type': 'application/json' });
      const next = { access_token: driver('d1', (asked.length + 1) * HOUR_S), refresh_token: `r${asked.length + 1}` };
      response.end(JSON.stringify(isStolen ? { error: 'invalid_grant' } : next));
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const tokenEndpoint = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/token`;
  return {
    asked,
    renewal: { refreshToken: 'r1', tokenEndpoint, clientId: 'viewer' },
    async [Symbol.asyncDispose]() {
      provider.closeAllConnections();
      await new Promise((resolve) => provider.close(resolve));
    },
  };
}

it('uses a refresh token once, however many tabs want to renew with it', async () => {
  await using provider = await rotatingProvider();
  const browser = new Kept();
  const first = tabOf(browser);
  first.signIn({ token: driver('d1'), renewal: provider.renewal });
  const second = tabOf(browser);
  expect(await Promise.all([first.renew(), second.renew()])).toEqual([true, true]);
  expect(provider.asked).toEqual(['r1']);
  expect(second.token.value).toBe(first.token.value);
  // Who signs out in one tab while the other renews is signed out.
  const renewing = second.renew();
  first.signOut();
  expect(await renewing).toBe(false);
  expect([browser.length, second.signedIn.value]).toEqual([0, false]);
});

it('uses it once also where a tab has not heard yet of what the others kept, and stays signed out', async () => {
  await using provider = await rotatingProvider();
  const record = new Told();
  const browser = new Kept();
  const first = tabOf(browser, new Kept(), record);
  first.signIn({ token: driver('d1'), renewal: provider.renewal });
  const second = tabOf(new OwnCopy(browser), new Kept(), record);
  const asleep = tabOf(new OwnCopy(browser), new Kept(), record);
  expect(await Promise.all([first.renew(), second.renew()])).toEqual([true, true]);
  expect(await first.renew()).toBe(true);
  expect([await second.renew(), await asleep.renew()]).toEqual([true, true]);
  expect(provider.asked).toEqual(['r1', 'r2']);
  expect([second.token.value, asleep.token.value]).toEqual([first.token.value, first.token.value]);
  const late = tabOf(new OwnCopy(browser), new Kept(), record);
  first.signOut();
  expect([await late.renew(), late.signedIn.value, late.expired.value]).toEqual([false, false, false]);
  expect(provider.asked).toEqual(['r1', 'r2']);
});

it('heeds nothing older than its own sign-in', async () => {
  await using provider = await rotatingProvider();
  const record = new Told();
  await record.write({ userId: 'd1', issuedAtMs: (nowS() - 2 * HOUR_S) * 1_000, signedIn: null });
  const older = {
    async read() {
      return record.read();
    },
    async write() {},
  };
  const session = tabOf(new Kept(), new Kept(), older);
  session.signIn({ token: driver('d1'), renewal: provider.renewal });
  expect([await session.renew(), provider.asked]).toEqual([true, ['r1']]);
});
