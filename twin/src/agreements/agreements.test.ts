import type { AgreementKind } from '@corridor/actors/agreement/agreement';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedIssuer } from '../auth/embedded-issuer.ts';
import { openDatabase } from '../db/db.ts';
import { silentLog } from '../log.ts';
import { loadReference } from '../restore/load-reference.ts';
import { readAs } from '../rights/read-as.ts';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '../seed/network-files.ts';
import { listAgreements } from './agreements.queries.ts';

const DAY_MS = 86_400_000;
const NETWORK: NetworkFile = readNetworkFile(DEFAULT_NETWORK_FILE);
const folder = temporaryFolder();
const second = new Map<string, string>();
let platform: TestTwin;

beforeAll(async () => {
  platform = await startTestTwin({ env: { DATA_DIR: folder.path } });
  // The demo has one person for each; agreements take two.
  const people = [
    { principalId: 'PF', roles: ['PLATFORM_OPERATOR' as const] },
    { principalId: 'SO1', roles: ['STATION_OPERATOR' as const] },
  ].map(({ principalId, roles }) => ({
    userId: `second-${principalId}`,
    name: 'Second',
    nameZh: '第二人',
    roles,
    principalId,
    driverId: null,
    scopes: [],
  }));
  const issuer = await createEmbeddedIssuer({ dir: folder.path, isProduction: false, users: people });
  for (const { userId, principalId } of people) second.set(principalId, (await issuer.issueDemoToken(userId)) ?? '');
});
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly detail: string | undefined;
  readonly state: string | undefined;
  readonly parties: readonly string[];
}

/** @param as principal; `PF*` is its second person */
async function post(path: string, body: object | undefined, as: string): Promise<Answer> {
  const token = as.endsWith('*') ? second.get(as.slice(0, -1)) : await platform.token(as);
  const response = await fetch(`${platform.twin.url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Omit<Answer, 'status'>;
  return { ...answer, status: response.status };
}
const ids = async (path: string, as: string): Promise<readonly string[]> => {
  const { body } = await platform.get(`/api/v1${path}`, as);
  return (body as { items: { id: string }[] }).items.map(({ id }) => id);
};

const today = (): string => localDateOf(platform.twin.live.clock().scopeAtMs);
const inDays = (days: number): string => localDateOf(platform.twin.live.clock().scopeAtMs + days * DAY_MS);
function first<T>(items: readonly T[], is: (item: T) => boolean): T {
  const found = items.find(is);
  if (found === undefined) throw new Error('the network has none');
  return found;
}
const tariff = (id: string, effectiveFrom: string) => ({
  ...first(NETWORK.tariffs, ({ gridRegion }) => gridRegion === 'SHANXI'),
  id,
  effectiveFrom,
});
const rate = (id: string, effectiveFrom: string, handlingFen = '1500') => ({
  ...first(NETWORK.stationRates, ({ stationId }) => stationId === 'HH1'),
  id,
  effectiveFrom,
  handlingFen,
});
const contract = (id: string, validFrom: string, rest: object = {}) => ({
  ...first(NETWORK.contracts, ({ carrierId }) => carrierId === 'C1'),
  id,
  validFrom,
  ...rest,
});
/** Handling at HH1 on a day, as swaps of that day pay it. */
const handlingOn = (date: string) => platform.twin.live.core.reference.stationRate('HH1', date)?.handlingFen;

describe('a draft', () => {
  it.each([
    [
      'with a gap',
      {
        seasons: [
          {
            months: [1],
            hours: [
              {
                period: 'FLAT',
                ranges: [
                  [0, 7],
                  [8, 24],
                ],
              },
            ],
          },
        ],
      },
      'GAP',
      'month 1, hour 7: no period',
    ],
    [
      'with an overlap',
      {
        seasons: [
          {
            months: [1],
            hours: [
              { period: 'FLAT', ranges: [[0, 24]] },
              { period: 'PEAK', ranges: [[8, 9]] },
            ],
          },
        ],
      },
      'OVERLAP',
      'month 1, hour 8: FLAT and PEAK',
    ],
  ])('of a tariff %s is refused with the hour', async (_, change, code, text) => {
    const { status, ...answer } = await post('/tariffs', { ...tariff('T-BAD', inDays(9)), ...change, holidays: [] }, 'PF');
    expect({ status, ...answer }).toMatchObject({ status: 422, code, detail: expect.stringContaining(text) });
    expect(await ids('/tariffs', 'PF')).not.toContain('T-BAD');
  });

  it('of an amount that is negative, fractional or huge is refused', async () => {
    const priced = async (handlingFen: string) => post('/station-rates', { ...rate('SR-BAD', inDays(9)), handlingFen }, 'SO1');
    expect(await priced('-1')).toMatchObject({ status: 422, code: 'AMOUNT_NEGATIVE' });
    for (const amount of ['1.5', '1e3', '9'.repeat(40), ''])
      expect(await priced(amount)).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
  });

  it('that names somebody who is not there is refused', async () => {
    expect(await post('/contracts', contract('CT-BAD', inDays(9), { allianceIds: ['NONE'] }), 'PF')).toMatchObject({
      status: 422,
      code: 'ALLIANCE_UNKNOWN',
    });
    expect(await post('/station-rates', { ...rate('SR-BAD', inDays(9)), stationId: 'XX9' }, 'PF')).toMatchObject({
      status: 422,
      code: 'STATION_UNKNOWN',
    });
  });

  it('is for its parties to make and to see', async () => {
    expect(await post('/station-rates', rate('SR-SEEN', inDays(9)), 'SO2')).toMatchObject({ status: 403, code: 'NOT_A_PARTY' });
    expect(await post('/station-rates', rate('SR-SEEN', inDays(9)), 'SO1')).toMatchObject({
      status: 201,
      state: 'DRAFT',
      parties: ['SO1'],
    });
    expect(await post('/station-rates', rate('SR-SEEN', inDays(8)), 'SO1')).toMatchObject({ status: 409, code: 'AGREEMENT_EXISTS' });
    expect(await ids('/station-rates?limit=500', 'SO1')).toContain('SR-SEEN');
    for (const other of ['SO2', 'BO1', 'C1', 'D001', 'guest'])
      expect(await ids('/station-rates?limit=500', other)).not.toContain('SR-SEEN');
    expect(await ids('/battery-rates', 'C1')).toEqual([]);
    expect(await ids('/contracts', 'C2')).toEqual(['CT-C2']);
  });
});

describe('an agreement', () => {
  it('of one party takes a second person of it, begins at its date, and is there after a restart', async () => {
    const from = inDays(2);
    expect(await post('/station-rates', rate('SR-HH1-2', from), 'SO1')).toMatchObject({ status: 201 });
    expect(await post('/station-rates/SR-HH1-2/approve', undefined, 'SO1')).toMatchObject({ status: 403, code: 'SECOND_PERSON_NEEDED' });
    expect(await post('/station-rates/SR-HH1-2/approve', undefined, 'PF')).toMatchObject({ status: 403, code: 'NOT_A_PARTY' });
    expect(await post('/station-rates/SR-HH1-2/approve', undefined, 'SO2')).toMatchObject({ status: 404 });
    expect(handlingOn(from)).toBe('1000');
    expect(await post('/station-rates/SR-HH1-2/approve', undefined, 'SO1*')).toMatchObject({ status: 200, state: 'APPROVED' });
    expect([handlingOn(inDays(1)), handlingOn(from)]).toEqual(['1000', '1500']);
    expect(await post('/station-rates/SR-HH1-2/approve', undefined, 'SO1*')).toMatchObject({ status: 409, code: 'NOT_A_DRAFT' });
    expect(await ids('/station-rates?limit=500', 'C1')).toContain('SR-HH1-2');
    const { stationRates = [] } = await loadReference(platform.db, 'PF');
    expect(stationRates.map(({ id }) => id)).toContain('SR-HH1-2');
  });

  it('of two parties is approved by each for itself', async () => {
    const from = inDays(3);
    const on = () => platform.twin.live.core.reference.contractOf('C1', from)?.id;
    expect(await post('/contracts', contract('CT-C1-2', from), 'PF')).toMatchObject({ status: 201, parties: ['PF', 'C1'] });
    expect(await post('/contracts/CT-C1-2/approve', undefined, 'C2')).toMatchObject({ status: 404 });
    expect(await post('/contracts/CT-C1-2/approve', undefined, 'C1')).toMatchObject({ status: 200, state: 'DRAFT' });
    expect(await post('/contracts/CT-C1-2/approve', undefined, 'C1')).toMatchObject({ status: 409, code: 'APPROVED_ALREADY' });
    expect(on()).toBe('CT-C1');
    expect(await post('/contracts/CT-C1-2/approve', undefined, 'PF')).toMatchObject({ status: 403, code: 'SECOND_PERSON_NEEDED' });
    expect(await post('/contracts/CT-C1-2/approve', undefined, 'PF*')).toMatchObject({ status: 200, state: 'APPROVED' });
    expect(on()).toBe('CT-C1-2');
  });

  it('does not begin on a day that has begun, nor beside another of that day', async () => {
    expect(await post('/tariffs', tariff('T-TODAY', today()), 'PF')).toMatchObject({ status: 201 });
    expect(await post('/tariffs/T-TODAY/approve', undefined, 'PF*')).toMatchObject({ status: 422, code: 'EFFECTIVE_IN_PAST' });
    const from = inDays(5);
    for (const id of ['T-1', 'T-2']) expect(await post('/tariffs', tariff(id, from), 'PF')).toMatchObject({ status: 201 });
    expect(await post('/tariffs/T-1/approve', undefined, 'PF*')).toMatchObject({ status: 200 });
    expect(await post('/tariffs/T-2/approve', undefined, 'PF*')).toMatchObject({ status: 409, code: 'VERSION_EXISTS' });
    expect(platform.twin.live.core.reference.tariffOf('RC1', from)?.id).toBe('T-1');
    expect(await ids('/tariffs', 'C4')).toContain('T-1');
    expect(await ids('/tariffs', 'C4')).not.toContain('T-2');
  });

  it('is withdrawn only before it is in force', async () => {
    const note = { note: 'a wrong figure' };
    expect(await post('/contracts/CT-C1/withdraw', note, 'C1')).toMatchObject({ status: 409, code: 'IN_FORCE' });
    expect(await post('/station-rates', rate('SR-HH1-3', inDays(4), '9900'), 'SO1')).toMatchObject({ status: 201 });
    expect(await post('/station-rates/SR-HH1-3/approve', undefined, 'SO1*')).toMatchObject({ status: 200 });
    expect(handlingOn(inDays(4))).toBe('9900');
    expect(await post('/station-rates/SR-HH1-3/withdraw', note, 'C1')).toMatchObject({ status: 403, code: 'NOT_A_PARTY' });
    expect(await post('/station-rates/SR-HH1-3/withdraw', note, 'SO1')).toMatchObject({ status: 200, state: 'WITHDRAWN' });
    expect(handlingOn(inDays(4))).toBe('1500');
    expect(await post('/station-rates/SR-HH1-3/withdraw', note, 'SO1')).toMatchObject({ status: 409, code: 'NOT_A_DRAFT' });
  });

  it('of an alliance takes everybody whose stations and packs it opens, and stays while a contract names it', async () => {
    const alliance = { id: 'WEST', name: 'West', stationIds: ['HH1'], packOwnerIds: ['BO1', 'BO2'] };
    expect(await post('/alliances', alliance, 'SO1')).toMatchObject({ status: 201, parties: ['BO1', 'BO2', 'PF', 'SO1'] });
    for (const party of ['BO1', 'BO2', 'PF'])
      expect(await post('/alliances/WEST/approve', undefined, party)).toMatchObject({ state: 'DRAFT' });
    const named = contract('CT-C2-2', inDays(6), { carrierId: 'C2', allianceIds: ['WEST'] });
    expect(await post('/contracts', named, 'PF')).toMatchObject({ code: 'ALLIANCE_UNKNOWN' });
    expect(await post('/alliances/WEST/approve', undefined, 'SO1*')).toMatchObject({ state: 'APPROVED' });
    expect(await post('/contracts', named, 'PF')).toMatchObject({ status: 201 });
    for (const party of ['C2', 'PF*']) expect(await post('/contracts/CT-C2-2/approve', undefined, party)).toMatchObject({ status: 200 });
    expect(await post('/alliances/WEST/withdraw', { note: 'x' }, 'BO1')).toMatchObject({ status: 409, code: 'IN_FORCE' });
    expect(await ids('/alliances', 'C2')).toEqual(['CORRIDOR', 'WEST']);
    expect(await ids('/alliances', 'C1')).toEqual(['CORRIDOR']);
  });

  it('of a union takes everybody whom its members open, and shows a carrier its members and the rates of their stations', async () => {
    const member = { id: 'EAST', name: 'East', stationIds: ['HH1'], packOwnerIds: ['BO1'] };
    const union = { id: 'UNION', name: 'Union', stationIds: [], packOwnerIds: [], unionOf: ['EAST'] };
    const inner = { id: 'INNER', name: 'Inner', stationIds: [], packOwnerIds: [], unionOf: ['EAST'], withinId: 'NOWHERE' };
    const agreed = async (id: string) => {
      for (const party of ['PF*', 'SO1', 'BO1']) await post(`/alliances/${id}/approve`, undefined, party);
    };
    expect(await post('/alliances', member, 'PF')).toMatchObject({ status: 201, parties: ['BO1', 'PF', 'SO1'] });
    await agreed('EAST');
    expect(await post('/alliances', union, 'PF')).toMatchObject({ status: 201, parties: ['BO1', 'PF', 'SO1'] });
    await agreed('UNION');
    expect((await platform.get('/api/v1/alliances/UNION')).body).toMatchObject({ state: 'APPROVED' });
    expect(await post('/alliances', inner, 'PF')).toMatchObject({ code: 'ALLIANCE_UNKNOWN' });

    const carrier = { kind: 'CARRIER', id: 'C8', name: 'Eighth', nameZh: '八' };
    await platform.db.query(
      "insert into principal (platform_id, principal_id, kind, name, name_zh, definition, registered_at) values ('PF', 'C8', 'CARRIER', $1, $2, $3, now())",
      [carrier.name, carrier.nameZh, JSON.stringify(carrier)],
    );
    const named = { ...NETWORK.contracts[0], id: 'CT-C8', carrierId: 'C8', allianceIds: ['UNION'] };
    await platform.db.query(
      `insert into contract (platform_id, contract_id, carrier_id, state, valid_from, valid_until, definition, registered_at)
       values ('PF', 'CT-C8', 'C8', 'APPROVED', '2020-01-01', '2030-01-01', $1, now())`,
      [JSON.stringify(named)],
    );
    const database = openDatabase({ url: platform.postgres.url, log: silentLog(), name: 'reader' });
    const reader = readAs(database, { kind: 'CARRIER', principalId: 'C8' });
    const seen = async (kind: AgreementKind) => {
      const rows = await listAgreements(reader, 'PF', { kind, subjectId: null, state: null, after: null, limit: 100 });
      return rows.map(({ agreement_id }) => agreement_id);
    };
    expect(await seen('ALLIANCE')).toEqual(['EAST', 'UNION']);
    // Of the one station that it reaches, and of no other.
    const stations = new Set((await seen('STATION_RATE')).map((id) => id.split('-')[1]));
    expect([...stations]).toEqual(['HH1']);
    expect(await seen('CONTRACT')).toEqual(['CT-C8']);

    // Of a contract that is over, what held while it was in force, and nothing that begins later.
    const { rows: begun } = await platform.db.query<{ day: string; id: string }>(
      `select tariff_id as id, effective_from::text as day from tariff
        where kind = 'STATION_RATE' and subject_id = 'HH1' and state = 'APPROVED' order by effective_from`,
    );
    for (const { id, day } of begun) {
      const endsOn = (last: string) => platform.db.query(`update contract set valid_until = ${last} where contract_id = 'CT-C8'`);
      await endsOn(`date '${day}'`);
      expect(await seen('STATION_RATE')).toContain(id);
      await endsOn(`date '${day}' - 1`);
      expect(await seen('STATION_RATE')).not.toContain(id);
    }
    expect(begun.length).toBeGreaterThan(0);
    await database.close();
  });

  it('is agreed once, however many approve at the same time', async () => {
    expect(await post('/station-rates', rate('SR-RACE', inDays(20)), 'PF')).toMatchObject({ status: 201 });
    const answers = await Promise.all(['SO1', 'SO1*', 'SO1'].map((as) => post('/station-rates/SR-RACE/approve', undefined, as)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409, 409]);
  });

  it('leaves its acts in the audit log of its parties, and is never edited', async () => {
    const actions = async (as: string) => {
      const { body } = await platform.get('/api/v1/audit?entityKind=agreement&entityId=CT-C1-2', as);
      return (body as { items: { action: string; userId: string }[] }).items
        .map(({ action, userId }) => `${action} ${userId}`)
        .toReversed();
    };
    const acts = ['agreement.draft demo-PF', 'agreement.approve demo-C1', 'agreement.approve second-PF'];
    expect(await actions('C1')).toEqual(acts);
    expect(await actions('PF')).toEqual(acts);
    expect(await actions('C2')).toEqual([]);
    const edit = `update contract set definition = definition || '{"holdStepFen":"1"}' where contract_id = 'CT-C1-2'`;
    await expect(platform.db.query(edit)).rejects.toThrow('never edited');
  });
});
