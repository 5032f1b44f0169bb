import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bill } from '@corridor/protocols/http/scene';
import type { Contract, NetworkFile } from '@corridor/protocols/network-file';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { ScriptedStation } from '@corridor/testkit/scripted-station';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { isServiceScope, SERVICE_SCOPES, type ServiceScope } from '@corridor/twin/auth/caller';
import { createEmbeddedIssuer } from '@corridor/twin/auth/embedded-issuer';
import { openDatabase } from '@corridor/twin/db/db';
import { listClearing } from '@corridor/twin/http/clearing/clearing.queries';
import { silentLog } from '@corridor/twin/log';
import type { Rights } from '@corridor/twin/projection/rights';
import { readAs } from '@corridor/twin/rights/read-as';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { expect, it } from 'vitest';
import { AUTHORISATION, CALLERS, type Caller } from './authorisation-table.ts';

interface OpenApi {
  paths: Record<string, Record<string, { security?: readonly Record<string, readonly string[]>[] }>>;
}

const HOUR_MS = 3_600_000;
const OFFER_OF_OTHERS: Partial<Contract> = {
  billing: { mode: 'PER_SWAP', issuerId: 'SO2', replaces: ['SERVICE'], priceFen: '0' },
  incentives: [
    {
      id: 'I1',
      name: 'Discount',
      nameZh: '优惠',
      validFrom: '2020-01-01',
      validUntil: '2099-12-31',
      when: {},
      discount: { fenPerSwap: '100' },
      funderId: 'SO3',
    },
  ],
};
const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);

/** A cleared order of C1 at HH1, so that every route has something to find. */
async function oneSwap(platform: TestTwin): Promise<string> {
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(nc);
  const station = new ScriptedStation({ gateway, network: NETWORK, onTruck: ScriptedStation.packsOnTrucks(NETWORK) });
  await station.serve('T001');
  await gateway.settled();
  gateway.stop();
  await nc.close();
  const [swap] = station.log;
  if (!swap?.outcome.started) throw new Error('the swap did not start');
  return swap.outcome.orderId;
}

type Answer = { status: number; type: string | null };

async function ask(platform: TestTwin, { key, url, body }: Request, token: string | null): Promise<Answer> {
  const response = await fetch(`${platform.twin.url}${url}`, {
    method: key.split(' ')[0] ?? '',
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return { status: response.status, type: response.headers.get('content-type') };
}

interface Request {
  /** As in the table. */
  key: string;
  url: string;
  isPublic: boolean;
  /** Of a service. */
  scope: ServiceScope | null;
  body: object | undefined;
}

/** Every route of the document, with what the table asks of it. */
async function requests(platform: TestTwin, ids: Readonly<Record<string, string>>): Promise<Request[]> {
  const document = (await (await fetch(`${platform.twin.url}/openapi.json`)).json()) as OpenApi;
  const span = `from=${new Date(Date.now() - HOUR_MS).toISOString()}&until=${new Date(Date.now() + HOUR_MS).toISOString()}`;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => {
      const key = `${method.toUpperCase()} ${path}`;
      const id = ids[path.split('/')[3] ?? ''] ?? '';
      const scope = security?.[0]?.['bearer']?.[0];
      return {
        key,
        url: `${path.replace('{id}', id).replace('{machine}', 'order').replace('{kind}', 'TRUCK').replace('{date}', '2026-11-01').replace('{channel}', 'none')}${queryOf(path, span)}`,
        isPublic: security?.length === 0,
        scope: isServiceScope(scope) ? scope : null,
        body: AUTHORISATION[key]?.body,
      };
    }),
  );
}

function queryOf(path: string, span: string): string {
  if (path.endsWith('/recommendations')) return '?truckId=T001';
  if (path.endsWith('/equipment')) return '?kind=pack';
  return path.endsWith('/history') || path.endsWith('/curves') ? `?${span}` : '';
}

async function platformWithAnOrder(dataDir: string): Promise<{ platform: TestTwin; all: Request[] }> {
  const platform = await startTestTwin({ env: { DATA_DIR: dataDir } });
  const orderId = await oneSwap(platform);
  const { body: commands } = await platform.get('/api/v1/commands');
  const all = await requests(platform, {
    stations: 'HH1',
    slots: 'HH1-1',
    packs: 'LFP350-0001',
    trucks: 'T001',
    meters: 'HH1-none',
    drivers: 'D001',
    orders: orderId,
    accounts: 'C1_prepaid',
    payments: 'topup:C1:opening:C1',
    statements: 'SO1-20200101-20200102',
    disputes: 'D-none',
    charges: 'no-show:none',
    alarms: 'A-none',
    notifications: '999999999',
    swaps: 'HH1-1',
    'settlement-agreements': 'SA-none',
    tariffs: 'HEBEI_SOUTH-2025-1115',
    'station-rates': 'SR-HH1-1',
    'battery-rates': 'BR-BO1-1',
    contracts: 'CT-C1',
    alliances: 'CORRIDOR',
    registrations: 'T900',
    'ownership-offers': 'O-none',
    're-ratings': 'RR-none',
    actors: `order:${orderId}`,
    commands: (commands as { items: { id: string }[] }).items[0]?.id ?? '',
  });
  return { platform, all };
}

it('lets in whom the table says, on every route of the OpenAPI document, and nobody without a token that counts', async () => {
  using folder = temporaryFolder();
  using elsewhere = temporaryFolder();
  const { platform, all } = await platformWithAnOrder(folder.path);
  await using _ = platform;
  // A new route without a row fails here, and so does a row without its route.
  expect(Object.keys(AUTHORISATION).toSorted()).toEqual(all.map(({ key }) => key).toSorted());

  const issuer = await createEmbeddedIssuer({ dir: folder.path, isProduction: false, users: [] });
  const stranger = await createEmbeddedIssuer({ dir: elsewhere.path, isProduction: false, users: [] });
  const service = { name: 'test', scopes: SERVICE_SCOPES };
  const tokenOf = async (caller: Caller) => (caller === 'service' ? issuer.issueServiceToken(service) : platform.token(caller));
  const tokens = await Promise.all(CALLERS.map(tokenOf));
  const refused = {
    none: null,
    'of another key': await stranger.issueServiceToken(service),
    expired: await issuer.issueServiceToken({ ...service, life: '-1h' }),
    garbled: `${tokens[0]?.slice(0, -8)}AAAAAAAA`,
  };

  for (const request of all) {
    const statuses: number[] = [];
    for (const token of tokens) {
      const { status, type } = await ask(platform, request, token);
      statuses.push(status);
      if (status >= 400) expect(type, request.key).toContain('application/problem+json');
    }
    const { key } = request;
    expect(`${key} ${statuses.join(' ')}`).toBe(`${key} ${AUTHORISATION[key]?.statuses}`);
    for (const [what, token] of Object.entries(refused)) {
      const { status } = await ask(platform, request, token);
      expect({ key, what, status }).toEqual({ key, what, status: request.isPublic ? statuses[0] : 401 });
    }
  }
});

it('lets a service do what its scopes name, and nothing else', async () => {
  using folder = temporaryFolder();
  const { platform, all } = await platformWithAnOrder(folder.path);
  await using _ = platform;
  const issuer = await createEmbeddedIssuer({ dir: folder.path, isProduction: false, users: [] });
  const guarded = all.filter(({ isPublic }) => !isPublic);
  expect(new Set(guarded.flatMap(({ scope }) => scope ?? []))).toEqual(new Set(SERVICE_SCOPES));
  for (const only of [null, ...SERVICE_SCOPES]) {
    const token = await issuer.issueServiceToken({ name: 'test', scopes: only === null ? [] : [only] });
    for (const request of guarded) {
      const { status } = await ask(platform, request, token);
      const isIn = only !== null && request.scope === only;
      expect({ only, key: request.key, isRefused: status === 403 }).toEqual({ only, key: request.key, isRefused: !isIn });
    }
  }
});

/** Carrier 1 pays per swap to an operator whose station it does not use; another one funds a discount. */
const OFFERED: NetworkFile = {
  ...NETWORK,
  contracts: NETWORK.contracts.map((contract) => (contract.carrierId === 'C1' ? { ...contract, ...OFFER_OF_OTHERS } : contract)),
};

it('reads shares as the reader: what a query forgets to filter, the database does not give', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'network.json');
  writeFileSync(file, JSON.stringify(OFFERED));
  await using platform = await startTestTwin({ env: { NETWORK_FILE: file } });
  const orderId = await oneSwap(platform);
  const database = openDatabase({ url: platform.postgres.url, log: silentLog(), name: 'reader' });
  const whole = { principalId: null, from: null, until: null, limit: 100, after: null };
  const seenBy = async (rights: Rights) =>
    new Set((await listClearing(readAs(database, rights), 'PF', whole)).map(({ principal_id }) => principal_id));
  expect((await seenBy({ kind: 'ALL' })).size).toBeGreaterThan(2);
  expect([...(await seenBy({ kind: 'STATION_OPERATOR', principalId: 'SO1' }))]).toEqual(['SO1']);
  expect([...(await seenBy({ kind: 'STATION_OPERATOR', principalId: 'SO9' }))]).toEqual([]);
  expect([...(await seenBy({ kind: 'DRIVER', driverId: 'D001', carrierId: 'C1' }))]).toEqual([]);
  await database.close();
  await showsIssuersTheirLine(platform, orderId);
});

/** Whoever has a line as the issuer of the offer or a funder sees the order, its own line with its derivation, and nothing else of it. */
async function showsIssuersTheirLine(platform: TestTwin, orderId: string): Promise<void> {
  const read = async <T>(path: string, as: string) => (await platform.get(`/api/v1/orders${path}`, as)).body as T;
  const { lines } = await read<Bill>(`/${orderId}/bill`, 'PF');
  for (const [as, component] of [
    ['SO2', 'MODE_ADJUSTMENT'],
    ['SO3', 'INCENTIVE'],
  ] as const) {
    const own = lines.filter((line) => line.component === component);
    expect(own).toMatchObject([{ beneficiaryId: as, derivation: expect.stringMatching(/\d/) as unknown }]);
    const bill = await read<Bill>(`/${orderId}/bill`, as);
    expect(bill).toMatchObject({ lines: own, payableFen: own[0]?.amountFen, quotedFen: null, energyOutWh: null, energyInWh: null });
    expect(bill.clearing.map(({ principalId }) => principalId)).toEqual([as]);
    expect((await read<{ items: { id: string }[] }>('', as)).items.map(({ id }) => id)).toEqual([orderId]);
    const { items } = await read<{ items: { kind: string; data: unknown }[] }>(`/${orderId}/events`, as);
    expect(items.filter(({ data }) => data !== null)).toEqual([]);
    expect((await platform.get('/api/v1/contracts/CT-C1', as)).status).toBe(200);
  }
}
