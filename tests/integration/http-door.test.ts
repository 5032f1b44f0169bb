import { createServer } from 'node:http';
import { startTestTwin } from '@corridor/testkit/test-twin';
import { expect, it } from 'vitest';

const signIn = (url: string, userId: string) =>
  fetch(`${url}/api/v1/auth/demo-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  });

it('answers 429 with the time to wait to whoever asks too often, and to nobody else', async () => {
  await using platform = await startTestTwin({ env: { RATE_SIGN_IN: '3', RATE_ENROL: '2', RATE_WRITE: '4' } });
  const { url } = platform.twin;
  const tooMany = { status: 429, body: { status: 429, code: 'TOO_MANY_REQUESTS', title: 'Too many requests' } };
  const enrol = (id: string, as: string) => platform.post(`/api/v1/stations/${id}/credentials`, {}, as);
  expect([(await enrol('HH1', 'SO1')).status, (await enrol('HJ1', 'SO1')).status]).toEqual([201, 201]);
  expect(await enrol('HJ2', 'SO1')).toMatchObject(tooMany);
  expect((await enrol('HH1', 'PF')).status).toBe(201);

  // Of all routes that write together; what is malformed counts as well.
  const top = { carrierId: 'C1', amountFen: '1', channel: 'sandbox' };
  for (const [path, body, status] of [
    ['/api/v1/payments/top-ups', top, 503],
    ['/api/v1/payments/top-ups', { ...top, surplus: 1 }, 400],
    ['/api/v1/tickets', {}, 201],
    ['/api/v1/orders', { stationId: 'none', truckId: 'T001' }, 404],
  ] as const) {
    expect({ path, status: (await platform.post(path, body, 'C1')).status }).toEqual({ path, status });
  }
  expect(await platform.post('/api/v1/payments/top-ups', top, 'C1')).toMatchObject(tooMany);
  // Reading goes on, and so does enrolling.
  for (const _ of Array.from({ length: 10 })) expect((await platform.get('/api/v1/scene', 'C1')).status).toBe(200);
  expect((await platform.post('/api/v1/trucks/T001/credentials', {}, 'C1')).status).toBe(201);

  for (const userId of ['demo-C1', 'demo-nobody', 'demo-C2']) expect((await signIn(url, userId)).ok).toBe(userId !== 'demo-nobody');
  const refused = await signIn(url, 'demo-C1');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
});

it('ends a stream with the token that it was opened by, and goes on with the next one', async () => {
  await using platform = await startTestTwin();
  const { url, issuer } = platform.twin;
  if (issuer === null) throw new Error('the default twin signs people in itself');
  const watch = async (life: string) => {
    // Clocks may differ by half a minute: this long a token counts after its end.
    const token = await issuer.issueServiceToken({ name: 'watch', scopes: ['network:read'], life });
    const answer = await fetch(`${url}/api/v1/tickets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    const { ticket } = (await answer.json()) as { ticket: string };
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?ticket=${ticket}`);
    const first = Promise.withResolvers<unknown>();
    const closed = Promise.withResolvers<{ code: number; reason: string }>();
    socket.addEventListener('message', ({ data }) => first.resolve(JSON.parse(String(data))));
    socket.addEventListener('close', ({ code, reason }) => closed.resolve({ code, reason }));
    expect(await first.promise).toMatchObject({ type: 'snapshot' });
    return { token, socket, closed: closed.promise };
  };
  const short = await watch('-27s');
  expect(await short.closed).toEqual({ code: 4_402, reason: 'the token has ended' });
  // From then on the token opens nothing else either.
  const refused = await fetch(`${url}/api/v1/scene`, { headers: { authorization: `Bearer ${short.token}` } });
  expect(refused.status).toBe(401);
  const next = await watch('1h');
  next.socket.close();
  await next.closed;
});

it('limits nothing with a limit of 0', async () => {
  await using platform = await startTestTwin({ env: { RATE_SIGN_IN: '0' } });
  for (const _ of Array.from({ length: 80 })) expect((await signIn(platform.twin.url, 'demo-C1')).status).toBe(201);
});

it("says 503, not 401, when the identity provider's keys cannot be had, and tells the viewer where to sign in", async () => {
  const provider = createServer((_request, response) => response.writeHead(500).end());
  const listening = Promise.withResolvers<void>();
  provider.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const address = provider.address();
  const at = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  try {
    await using platform = await startTestTwin({
      env: { JWKS_URL: `${at}/keys`, JWT_ISSUER: at, JWT_AUDIENCE: 'corridor', OIDC_CLIENT_ID: 'viewer' },
    });
    const { url } = platform.twin;
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'ES256', kid: 'k1' })}.${part({ sub: 'u1', exp: 4_000_000_000 })}.${Buffer.alloc(64).toString('base64url')}`;
    const isUnavailable = async () => {
      const response = await fetch(`${url}/api/v1/scene`, { headers: { authorization: `Bearer ${token}` } });
      expect(response.headers.get('retry-after')).toBe('1');
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await response.json()).toMatchObject({ status: 503, code: 'KEYS_UNAVAILABLE' });
    };
    await isUnavailable();
    provider.closeAllConnections();
    await new Promise((resolve) => provider.close(resolve));
    await isUnavailable();
    // What needs no keys goes on.
    expect((await fetch(`${url}/api/v1/scene`)).status).toBe(401);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${url}/api/v1/auth/config`)).json()).toEqual({
      issuer: 'oidc',
      oidcIssuer: at,
      audience: 'corridor',
      clientId: 'viewer',
      claims: { roles: 'roles', principal: 'principal_id' },
      paymentChannel: null,
    });
    expect((await signIn(url, 'demo-C1')).status).toBe(404);
  } finally {
    provider.close();
  }
});
