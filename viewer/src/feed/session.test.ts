import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { KeptSignIn } from './kept-sign-in.ts';
import { type ClaimNames, OWN_CLAIMS } from './person.ts';
import { Session } from './session.ts';
import { type SharedSignIn, SharedSignInError } from './shared-sign-in.ts';
import type { Renewal, SignedIn } from './signed-in.ts';

const HOUR_S = 3_600;
const KEYCLOAK: ClaimNames = { roles: 'realm_access.roles', principal: 'company' };
const nowS = (): number => Math.floor(Date.now() / 1_000);

const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
const tokenOf = (sub: string, roles: string[], endsInS = HOUR_S): string =>
  jwt({ sub, roles, iat: nowS() - HOUR_S, exp: nowS() + endsInS });
const driver = (sub: string, endsInS = HOUR_S): string => tokenOf(sub, ['DRIVER', 'VIEWER'], endsInS);
const signedIn = (token: string, renewal: Renewal | null = null, claims = OWN_CLAIMS): SignedIn => ({ token, renewal, claims });

/** What a tab keeps for itself. */
class Tab implements Storage {
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

/** What all tabs of a browser see in one order; nobody is told of changes but when he looks. */
class Browser implements SharedSignIn {
  there: SignedIn | null = null;
  answers = true;
  /** The next change waits for this. */
  before: Promise<void> = Promise.resolve();

  async read(): Promise<SignedIn | null> {
    if (!this.answers) throw new SharedSignInError('it does not answer');
    return this.there;
  }

  async change(next: (there: SignedIn | null) => SignedIn | null): Promise<SignedIn | null> {
    await this.before;
    if (!this.answers) throw new SharedSignInError('it does not answer');
    this.there = next(this.there);
    return this.there;
  }

  listen(): void {}
}

const opened: Session[] = [];
async function tabOf(browser: Browser, tab: Storage = new Tab()): Promise<Session> {
  const session = await Session.open(new KeptSignIn(tab, browser));
  opened.push(session);
  return session;
}

afterEach(async () => {
  // Without a token nothing is planned.
  for (const session of opened.splice(0)) await session.signOut();
});

/** A provider that takes a second use of a refresh token for theft; what it is asked with is in `asked`. */
async function rotatingProvider(whileAsked: () => Promise<void> = async () => {}) {
  const asked: string[] = [];
  const provider = createServer((request, response) => {
    const answer = async (body: string): Promise<void> => {
      const used = new URLSearchParams(body).get('refresh_token') ?? '';
      const isStolen = asked.includes(used);
      asked.push(used);
      await whileAsked();
      response.writeHead(isStolen ? 400 : 200, { 'content-type': 'application/json' });
      const next = { access_token: driver('d1', (asked.length + 1) * HOUR_S), refresh_token: `r${asked.length + 1}` };
      response.end(JSON.stringify(isStolen ? { error: 'invalid_grant' } : next));
    };
    request.setEncoding('utf8').once('data', (body: string) => void answer(body));
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

it("keeps a driver's sign-in for every tab until one of them signs out", async () => {
  const browser = new Browser();
  const first = await tabOf(browser);
  await first.signIn(signedIn(driver('d1')));
  const second = await tabOf(browser);
  expect([second.person?.userId, second.isForAllTabs]).toEqual(['d1', true]);
  await second.signOut();
  expect(browser.there).toBeNull();
  await first.follow();
  expect([first.signedIn.value, first.expired.value]).toEqual([false, false]);
  expect((await tabOf(browser)).signedIn.value).toBe(false);
});

it.each([['PLATFORM_OPERATOR'], ['STATION_OPERATOR'], ['BATTERY_OWNER'], ['CARRIER'], ['VIEWER'], ['DRIVER', 'CARRIER'], []])(
  'keeps the sign-in of %s for its tab alone',
  async (...roles) => {
    const browser = new Browser();
    const tab = new Tab();
    await (await tabOf(browser, tab)).signIn(signedIn(tokenOf('u1', roles)));
    const again = await tabOf(browser, tab);
    expect([again.person?.userId, again.isForAllTabs]).toEqual(['u1', false]);
    expect((await tabOf(browser)).signedIn.value).toBe(false);
    expect(browser.there).toBeNull();
    await again.signOut();
    expect(tab.length).toBe(0);
  },
);

it('leaves the tab of somebody else alone when a driver signs in and out beside it', async () => {
  const browser = new Browser();
  const operator = await tabOf(browser);
  await operator.signIn(signedIn(tokenOf('ops', ['PLATFORM_OPERATOR'])));
  const phone = await tabOf(browser);
  await phone.signIn(signedIn(driver('d1')));
  await operator.follow();
  await phone.signOut();
  await operator.follow();
  expect(operator.person?.userId).toBe('ops');
});

it('lets one driver into a browser at a time, and ends the tab of the one before, who can take nothing back', async () => {
  await using provider = await rotatingProvider();
  const browser = new Browser();
  const one = await tabOf(browser);
  await one.signIn(signedIn(driver('d1'), provider.renewal));
  const sleeping = await tabOf(browser);
  const other = await tabOf(browser);
  await other.signIn(signedIn(driver('d2')));
  await one.follow();
  expect(one.signedIn.value).toBe(false);
  expect([await sleeping.renew(), sleeping.signedIn.value, provider.asked]).toEqual([false, false, []]);
  await sleeping.signOut();
  expect((await tabOf(browser)).person?.userId).toBe('d2');
});

it('removes a token that has ended, and asks again', async () => {
  const browser = new Browser();
  await (await tabOf(browser)).signIn(signedIn(driver('d1', -1)));
  const late = await tabOf(browser);
  expect([late.signedIn.value, late.expired.value, browser.there]).toEqual([false, true, null]);
});

it('does not lose the newer token of another tab when its own has been refused', async () => {
  const browser = new Browser();
  const first = await tabOf(browser);
  const old = driver('d1');
  await first.signIn(signedIn(old));
  await (await tabOf(browser)).signIn(signedIn(driver('d1', 2 * HOUR_S)));
  expect(await first.renew(old)).toBe(true);
  first.endRefused(old);
  expect([first.signedIn.value, (await tabOf(browser)).person?.userId]).toEqual([true, 'd1']);
  const asleep = await tabOf(browser);
  await (await tabOf(browser)).signIn(signedIn(driver('d1', 3 * HOUR_S)));
  await asleep.signOut(true);
  expect((await tabOf(browser)).person?.userId).toBe('d1');
});

it('signs out in all tabs also from one that knows an older token only', async () => {
  const browser = new Browser();
  const old = await tabOf(browser);
  await old.signIn(signedIn(driver('d1')));
  const newer = await tabOf(browser);
  await newer.signIn(signedIn(driver('d1', 2 * HOUR_S)));
  await old.signOut();
  await newer.follow();
  expect([browser.there, newer.signedIn.value]).toEqual([null, false]);
});

it('keeps a sign-in whose token has ended while its provider is away or busy, and renews it when it is back', async () => {
  let status = 503;
  const provider = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? { access_token: tokenOf('ops', ['PLATFORM_OPERATOR']), refresh_token: 'r2' } : {}));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const tokenEndpoint = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/token`;
  try {
    const tab = new Tab();
    const session = await tabOf(new Browser(), tab);
    const ended = tokenOf('ops', ['PLATFORM_OPERATOR'], -1);
    await session.signIn(signedIn(ended, { refreshToken: 'r1', tokenEndpoint, clientId: 'viewer' }));
    for (status of [503, 429]) {
      expect(await session.renew(ended)).toBe(false);
      session.endRefused(ended);
      expect([session.signedIn.value, tab.getItem('corridor.renewal')]).toEqual([true, expect.stringContaining('r1')]);
    }
    status = 200;
    expect(await session.renew(ended)).toBe(true);
    expect([session.person?.userId, tab.getItem('corridor.renewal')]).toEqual(['ops', expect.stringContaining('r2')]);
  } finally {
    provider.close();
  }
});

it('leaves all tabs of a driver whose roles became more', async () => {
  const browser = new Browser();
  const session = await tabOf(browser);
  await session.signIn(signedIn(driver('d1')));
  await session.signIn(signedIn(tokenOf('d1', ['DRIVER', 'CARRIER'])));
  expect([browser.there, (await tabOf(browser)).signedIn.value, session.signedIn.value]).toEqual([null, false, true]);
});

it('uses a refresh token once, however many tabs want to renew with it, and stays signed out', async () => {
  await using provider = await rotatingProvider();
  const browser = new Browser();
  const first = await tabOf(browser);
  await first.signIn(signedIn(driver('d1'), provider.renewal));
  const second = await tabOf(browser);
  const asleep = await tabOf(browser);
  expect(await Promise.all([first.renew(), second.renew()])).toEqual([true, true]);
  expect(await first.renew()).toBe(true);
  expect([await second.renew(), await asleep.renew()]).toEqual([true, true]);
  expect(provider.asked).toEqual(['r1', 'r2']);
  expect([second.token.value, asleep.token.value]).toEqual([first.token.value, first.token.value]);
  await first.signOut();
  expect([await asleep.renew(), asleep.signedIn.value, asleep.expired.value]).toEqual([false, false, false]);
  expect(provider.asked).toEqual(['r1', 'r2']);
});

it('stays signed out when that happened in another tab while the provider was asked', async () => {
  const answered = Promise.withResolvers<void>();
  await using provider = await rotatingProvider(() => answered.promise);
  const browser = new Browser();
  const first = await tabOf(browser);
  await first.signIn(signedIn(driver('d1'), provider.renewal));
  const second = await tabOf(browser);
  const renewing = second.renew();
  await expect.poll(() => provider.asked).toEqual(['r1']);
  await first.signOut();
  answered.resolve();
  expect([await renewing, second.signedIn.value, browser.there]).toEqual([false, false, null]);
});

it('takes a new refresh token also where the provider gives the same token again', async () => {
  const browser = new Browser();
  const [token, at] = [driver('d1'), { tokenEndpoint: 'http://127.0.0.1:9/token', clientId: 'viewer' }];
  const first = await tabOf(browser);
  await first.signIn(signedIn(token, { ...at, refreshToken: 'r1' }));
  const second = await tabOf(browser);
  await first.signIn(signedIn(token, { ...at, refreshToken: 'r2' }));
  await second.follow();
  await second.signOut(true);
  expect(browser.there).toBeNull();
});

it('goes on in its tab alone where the browser answers nothing, and renews without the others', async () => {
  await using provider = await rotatingProvider();
  using warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const browser = new Browser();
  browser.answers = false;
  const tab = new Tab();
  const session = await tabOf(browser, tab);
  await session.signIn(signedIn(driver('d1'), provider.renewal));
  expect([session.person?.userId, session.isForAllTabs, (await tabOf(browser)).signedIn.value]).toEqual(['d1', false, false]);
  expect([await session.renew(), provider.asked]).toEqual([true, ['r1']]);
  expect((await tabOf(browser, tab)).token.value).toBe(session.token.value);
  // One that stopped to answer later.
  const other = new Browser();
  const shared = await tabOf(other);
  await shared.signIn(signedIn(driver('d1'), { ...provider.renewal, refreshToken: 'r2' }));
  other.answers = false;
  expect([await shared.renew(), provider.asked]).toEqual([true, ['r1', 'r2']]);
  other.answers = true;
  expect(warned).toHaveBeenCalled();
});

it('does not come back to who signed out before the browser had kept the sign-in', async () => {
  const browser = new Browser();
  const written = Promise.withResolvers<void>();
  browser.before = written.promise;
  const tab = new Tab();
  const session = await tabOf(browser, tab);
  const signing = session.signIn(signedIn(driver('d1')));
  const leaving = session.signOut();
  written.resolve();
  await Promise.all([signing, leaving]);
  expect([session.signedIn.value, browser.there, tab.length]).toEqual([false, null, 0]);
});

it('knows the driver of a provider that tells roles elsewhere, in every tab', async () => {
  const browser = new Browser();
  const token = jwt({ sub: 'd1', realm_access: { roles: ['DRIVER'] }, company: 'C1', exp: nowS() + HOUR_S });
  await (await tabOf(browser)).signIn(signedIn(token, null, KEYCLOAK));
  expect((await tabOf(browser)).person).toMatchObject({ userId: 'd1', roles: ['DRIVER'], principalId: 'C1' });
});

it('learns later where its token tells who it is, and is not another kind of sign-in by that', async () => {
  const browser = new Browser();
  const tab = new Tab();
  const session = await tabOf(browser, tab);
  const token = jwt({ sub: 'd1', realm_access: { roles: ['DRIVER'] }, company: 'C1', exp: nowS() + HOUR_S });
  await session.signIn(signedIn(token));
  expect(session.person?.roles).toEqual([]);
  session.learn(KEYCLOAK);
  expect([session.person?.roles, session.isForAllTabs, browser.there]).toEqual([['DRIVER'], false, null]);
  await session.follow();
  expect((await tabOf(browser, tab)).person?.principalId).toBe('C1');
  await session.signOut();
  expect(tab.length).toBe(0);
  // And the other way round: what was kept for all tabs is removed from all.
  await session.signIn(signedIn(driver('d2')));
  session.learn(KEYCLOAK);
  expect([session.person?.roles, session.isForAllTabs]).toEqual([[], true]);
  await session.signOut();
  expect(browser.there).toBeNull();
});

it('takes what another version of the page kept for its own where it is whole', async () => {
  const tab = new Tab();
  tab.setItem('corridor.token', tokenOf('ops', ['PLATFORM_OPERATOR']));
  for (const text of ['', '7', '{"roles":1,"principal":"p"}', '{"refreshToken":"r1"}']) {
    tab.setItem('corridor.claims', text);
    tab.setItem('corridor.renewal', text);
    expect((await tabOf(new Browser(), tab)).person?.roles).toEqual(['PLATFORM_OPERATOR']);
  }
});
