import { WS_CLOSE } from '@corridor/protocols/http/scene';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserTestsRun } from '../../test/chromium.ts';
import { startOidcProvider, type TestProvider } from '../../test/oidc-provider.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { WAIT_MS } from '../../test/viewer-tab.ts';

const AUDIENCE = 'corridor-twin';
/** Short enough to be renewed while one looks, and longer than the provider needs to answer [s]. */
const SHORT_LIFE_S = 4;
const LONG_LIFE_S = 3_600;
/** As providers do: roles inside another claim, and a claim of one's own by a URL with dots. */
const CLAIMS = { roles: 'realm_access.roles', principal: 'https://corridor.example/principal' } as const;
const claimsOf = (name: string, role: string, principalId: string) => ({
  name,
  realm_access: { roles: [role] },
  [CLAIMS.principal]: principalId,
});
/** Of the seeded network. */
const DRIVER = { ...claimsOf('Driver', 'DRIVER', 'C1'), driver_id: 'D001' };

/** What the page's database holds, read beside the page. */
const keptForAllTabs = (): Promise<unknown[]> =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open('corridor');
    opening.addEventListener('error', () => reject(opening.error));
    opening.addEventListener('success', () => {
      const reading = opening.result.transaction('sign-in').objectStore('sign-in').getAll();
      reading.addEventListener('error', () => reject(reading.error));
      reading.addEventListener('success', () => {
        opening.result.close();
        resolve(reading.result.filter((value: unknown) => value !== undefined));
      });
    });
  });

describe.skipIf(!browserTestsRun('provider'))('sign-in at an OpenID provider', { timeout: 240_000 }, () => {
  const stack = new AsyncDisposableStack();
  let opened: OpenBrowser;
  let provider: TestProvider;
  let twin: TestTwin;
  let context: BrowserContext;
  let page: Page;
  /** Signed in before the tests with tokens of a short life: one got another since, the other none. */
  let renewed: Page;
  let forgotten: Page;

  beforeAll(async () => {
    opened = stack.use(await openBrowser({ draws: false }));
    provider = stack.use(
      await startOidcProvider({
        audience: AUDIENCE,
        claims: (login) => (login === DRIVER.driver_id ? DRIVER : claimsOf(`${login} of the platform`, 'PLATFORM_OPERATOR', 'PF')),
      }),
    );
    const env = {
      JWKS_URL: provider.jwksUrl,
      JWT_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: provider.clientId,
      JWT_ROLES_CLAIM: CLAIMS.roles,
      JWT_PRINCIPAL_CLAIM: CLAIMS.principal,
    };
    twin = stack.use(await startTestTwin({ viewerDir: opened.dist, env }));
    // The twin takes a token for some time after its end: that passes while the other tests run.
    provider.lifeOfTokens(SHORT_LIFE_S);
    forgotten = await signedInFirst('wei.lan');
    provider.forgetsPeople(true);
    await forgotten.waitForFunction(() => sessionStorage.getItem('corridor.renewal') === null);
    provider.forgetsPeople(false);
    renewed = await signedInFirst('sun.jie');
    const first = await renewed.evaluate(() => sessionStorage.getItem('corridor.token'));
    provider.lifeOfTokens(LONG_LIFE_S);
    await renewed.waitForFunction((before) => sessionStorage.getItem('corridor.token') !== before, first);
  }, 240_000);

  afterEach(async () => {
    provider.lifeOfTokens(LONG_LIFE_S);
    provider.forgetsPeople(false);
    await context?.close();
  });

  afterAll(() => stack.disposeAsync());

  const newContext = () => opened.browser.newContext({ viewport: { width: 1_280, height: 800 }, locale: 'en' });

  async function open(hash: string): Promise<void> {
    context = await newContext();
    page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(`${twin.twin.url}/${hash}`);
  }

  /** A page of its own for all tests, with a stream; with which codes its streams end stands in its `streamEnds`. */
  async function signedInFirst(login: string): Promise<Page> {
    const own = await (await newContext()).newPage();
    own.setDefaultTimeout(WAIT_MS);
    await own.addInitScript(() => {
      const codes: number[] = [];
      const Stream = WebSocket;
      Object.assign(window, {
        streamEnds: codes,
        WebSocket: class extends Stream {
          constructor(url: string) {
            super(url);
            this.addEventListener('close', ({ code }) => codes.push(code));
          }
        },
      });
    });
    await own.goto(twin.twin.url);
    await signIn(login, own);
    await own.locator('[data-connection="live"]').waitFor();
    return own;
  }

  /** Says at the provider who one is, and that this page may know it. */
  async function signIn(login: string, at = page): Promise<void> {
    await at.locator('.sign-in button.primary').click();
    await at.locator('[name="login"]').fill(login);
    await at.locator('[name="password"]').fill('any');
    await at.locator('button[type="submit"]').click();
    await at.locator('button[type="submit"]:not([disabled])', { hasText: 'Continue' }).click();
  }

  it('leads to the provider and back to what was linked to, by a code that only this page can use', async () => {
    await open('#station/HH1');
    const asked = page.waitForRequest((request) => request.url().startsWith(`${provider.issuer}/auth`));
    const redeemed = page.waitForRequest((request) => request.url() === `${provider.issuer}/token`);
    await signIn('wei.lan');
    const question = new URL((await asked).url()).searchParams;
    expect(question.get('response_type')).toBe('code');
    expect(question.get('code_challenge_method')).toBe('S256');
    await page.locator('[data-connection="live"]').waitFor();
    await page.locator('[data-inspects="station/HH1"]').waitFor();
    expect(new URL(page.url()).search).toBe('');
    // The code alone is worth nothing, and with its verifier it is worth it once.
    const form = new URLSearchParams((await redeemed).postData() ?? '');
    for (const verifier of [form.get('code_verifier') ?? '', 'x'.repeat(43)]) {
      form.set('code_verifier', verifier);
      const again = await fetch(`${provider.issuer}/token`, { method: 'POST', body: form });
      expect([again.status, ((await again.json()) as { error: string }).error]).toEqual([400, 'invalid_grant']);
    }
    await page.locator('[data-menu="settings"]').click();
    await page.locator('.person-line', { hasText: 'wei.lan of the platform' }).waitFor();
  });

  it('renews the token by itself, and neither the line nor what is looked at is lost', async () => {
    provider.lifeOfTokens(SHORT_LIFE_S);
    const before = provider.granted.length;
    await open('#/money/orders');
    await signIn('sun.jie');
    await page.locator('[data-part="orders"], .money-part').first().waitFor();
    const tokenOf = () => page.evaluate(() => sessionStorage.getItem('corridor.token'));
    const first = await tokenOf();
    let sockets = 0;
    page.on('websocket', () => sockets++);
    const renewals = () => provider.granted.slice(before).filter((kind) => kind === 'refresh_token').length;
    await expect.poll(renewals, { timeout: WAIT_MS }).toBeGreaterThanOrEqual(2);
    expect(await tokenOf()).not.toBe(first);
    expect(await page.locator('.sign-in').count()).toBe(0);
    expect(sockets).toBe(0);
    expect(new URL(page.url()).hash).toBe('#/money/orders');
    // The last one is good for the twin.
    const answer = await fetch(`${twin.twin.url}/api/v1/orders`, { headers: { authorization: `Bearer ${await tokenOf()}` } });
    expect(answer.status).toBe(200);
  });

  it('renews for all tabs of a driver, whose refresh token counts as stolen when it is used twice, until he signs out', async () => {
    provider.lifeOfTokens(SHORT_LIFE_S);
    const before = provider.granted.length;
    await open('#/bay/HH1-B1');
    await signIn(DRIVER.driver_id);
    await page.locator('[data-bay="HH1-B1"]').waitFor({ timeout: 20_000 });
    const scanned = await context.newPage();
    await scanned.goto(`${twin.twin.url}/#/bay/BD1-B1`);
    await scanned.locator('[data-bay="BD1-B1"]').waitFor({ timeout: 20_000 });
    await expect.poll(() => provider.granted.length - before, { timeout: WAIT_MS }).toBeGreaterThanOrEqual(4);
    for (const tab of [page, scanned]) expect(await tab.locator('.sign-in').count()).toBe(0);
    expect(await page.evaluate(keptForAllTabs)).toEqual([expect.objectContaining({ claims: CLAIMS })]);
    await scanned.locator('[data-menu="settings"]').click();
    await scanned.locator('[data-action="sign-out"]').click();
    for (const tab of [scanned, page]) await tab.locator('.sign-in').waitFor();
    await expect.poll(() => page.evaluate(keptForAllTabs), { timeout: WAIT_MS }).toEqual([]);
  });

  it('asks for another token when the twin refuses the one it has, and sends the request again', async () => {
    await open('#/money/orders');
    await signIn('sun.jie');
    await page.locator('.money-part').first().waitFor();
    await page.evaluate(() => sessionStorage.setItem('corridor.token', 'e30.e30.x'));
    await page.reload();
    await page.locator('.money-part .list-foot, .money-part .nothing').first().waitFor();
    await page.locator('[data-connection="live"]').waitFor();
    expect(await page.locator('.sign-in').count()).toBe(0);
  });

  it('asks to sign in again when the provider renews nothing any more, and keeps what was looked at', async () => {
    await open('#station/HH1');
    await signIn('sun.jie');
    await page.locator('[data-inspects="station/HH1"]').waitFor();
    provider.forgetsPeople(true);
    await page.evaluate(() => sessionStorage.setItem('corridor.token', 'e30.e30.x'));
    await page.reload();
    await page.locator('.sign-in .notice.wait').waitFor();
    provider.forgetsPeople(false);
    await context.clearCookies();
    await signIn('sun.jie');
    await page.locator('[data-inspects="station/HH1"]').waitFor();
  });

  it('says so when the provider sends an error, or the answer is to another question', async () => {
    await open('?code=stolen&state=theirs#station/HH1');
    await page.locator('.sign-in button.primary').waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem('corridor.token'))).toBeNull();
    await page.locator('.sign-in button.primary').click();
    await page.locator('[name="login"]').waitFor();
    await page.goto(`${twin.twin.url}/?error=access_denied&state=any`);
    await page.locator('.sign-in .notice.wait').waitFor();
    await page.locator('.sign-in button.primary').click();
    await page.locator('[name="login"]').waitFor();
  });

  it('goes on with the next token when the twin ends a stream with its own, and asks to sign in when there is none', async () => {
    const endsOf = (of: Page) => of.evaluate(() => Reflect.get(window, 'streamEnds') as number[]);
    await expect.poll(() => endsOf(renewed), { timeout: WAIT_MS }).toEqual([WS_CLOSE.tokenEnded]);
    await renewed.locator('[data-connection="live"]').waitFor();
    expect(await renewed.locator('.sign-in').count()).toBe(0);
    await forgotten.locator('.sign-in .notice.wait').waitFor();
    expect(await endsOf(forgotten)).toEqual([WS_CLOSE.tokenEnded]);
  });
});
