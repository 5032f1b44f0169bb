import type { Contract } from '@corridor/protocols/network-file';
import { expect, it } from 'vitest';
import { startSandboxedTwin } from '../rail/sandboxed-twin.fixture.ts';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '../seed/network-files.ts';

const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
const CONTRACT: Contract = {
  ...NETWORK.contracts.find(({ carrierId }) => carrierId === 'C1')!,
  id: 'CT-2',
  validFrom: '2100-01-01',
  validUntil: '2100-12-31',
};
const RATE = { ...NETWORK.stationRates.find(({ stationId }) => stationId === 'HH1'), id: 'SR-2', effectiveFrom: '2100-01-01' };
const SETTLEMENT = {
  id: 'SA-2',
  principalId: 'SO1',
  effectiveFrom: '2100-01-01',
  period: 'M1',
  partners: [{ kind: 'SITE_OWNER', partnerId: 'BO1', basisPoints: 100 }],
};

it('tells of a draft exactly those who may approve it, until they have', async () => {
  await using world = await startSandboxedTwin();
  const { twin } = world;
  const waiting = async (as: string): Promise<string[]> => {
    const { items } = (await twin.get('/api/v1/approvals', as)).body as { items: { kind: string; id: string }[] };
    return items.map(({ kind, id }) => `${kind} ${id}`).sort();
  };
  const EVERYBODY = ['PF', 'PF-2', 'SO1', 'SO1-2', 'SO2', 'BO1', 'C1', 'C1-2', 'C2', 'D001', 'guest'];
  const nobodyBut = async (expected: Record<string, string[]>): Promise<void> => {
    const told: Record<string, string[]> = {};
    for (const one of EVERYBODY) {
      const seen = await waiting(one);
      if (seen.length > 0) told[one] = seen;
    }
    expect(told).toEqual(expected);
  };
  const done = async (path: string, body: object, as: string): Promise<void> => {
    expect((await twin.post(`/api/v1/${path}`, body, as)).status, path).toBeLessThan(300);
  };
  await nobodyBut({});

  await done('contracts', CONTRACT, 'PF');
  const contract = ['contracts CT-2'];
  await nobodyBut({ 'PF-2': contract, C1: contract, 'C1-2': contract });
  expect((await twin.post('/api/v1/contracts/CT-2/approve', {}, 'PF')).body).toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
  await done('contracts/CT-2/approve', {}, 'C1');
  await nobodyBut({ 'PF-2': contract });
  await done('contracts/CT-2/approve', {}, 'PF-2');
  await nobodyBut({});

  // A party of its own prices is asked by another person of it, and the platform is not.
  await done('station-rates', RATE, 'SO1');
  await nobodyBut({ 'SO1-2': ['station-rates SR-2'] });
  await done('station-rates/SR-2/withdraw', { note: 'too early' }, 'SO1');
  await nobodyBut({});

  await done('settlement-agreements', SETTLEMENT, 'PF');
  const settlement = ['settlement-agreements SA-2'];
  await nobodyBut({ 'PF-2': settlement, SO1: settlement, 'SO1-2': settlement, BO1: settlement });
  await done('settlement-agreements/SA-2/approve', {}, 'BO1');
  await nobodyBut({ 'PF-2': settlement, SO1: settlement, 'SO1-2': settlement });
  await done('settlement-agreements/SA-2/withdraw', {}, 'SO1');

  await done('payments/withdrawals', { carrierId: 'C1', amountFen: '300', key: 'P1' }, 'PF');
  const [told] = ((await twin.get('/api/v1/approvals', 'C1')).body as { items: object[] }).items;
  expect(told).toMatchObject({ subjectId: 'C1', amountFen: '300', beginsOn: null, draftedBy: 'demo-PF' });
  const payment = ['withdrawals withdrawal:C1:P1'];
  await nobodyBut({ 'PF-2': payment, C1: payment, 'C1-2': payment });
  await done('payments/withdrawal:C1:P1/refuse', {}, 'C1');

  const receiver = { principalId: 'SO1', account: 'other', name: 'SO1' };
  const headers = { authorization: `Bearer ${await twin.token('PF')}`, 'content-type': 'application/json' };
  await fetch(`${twin.twin.url}/api/v1/payments/receivers`, { method: 'PUT', headers, body: JSON.stringify(receiver) });
  await nobodyBut({ 'PF-2': ['receivers SO1'] });
  await done('payments/receivers/approve', { principalId: 'SO1', account: 'other' }, 'PF-2');
  await nobodyBut({});

  // What one owner offers is taken by any person of the other, and by nobody else.
  const pack = NETWORK.packs.find(({ ownerId }) => ownerId === 'BO1')!.id;
  await done('ownership-offers', { kind: 'PACK', id: pack, toPrincipalId: 'SO1' }, 'BO1');
  const { items } = (await twin.get('/api/v1/approvals', 'SO1')).body as { items: { id: string }[] };
  expect(items).toMatchObject([{ subjectId: pack, draftedBy: 'demo-BO1', offered: { kind: 'PACK', fromPrincipalId: 'BO1' } }]);
  const offer = [`ownership-offers ${items[0]!.id}`];
  await nobodyBut({ SO1: offer, 'SO1-2': offer });
  await done(`ownership-offers/${items[0]!.id}/withdraw`, {}, 'SO1-2');
  await nobodyBut({});

  // What was to begin by today can be approved by nobody any more.
  await done('contracts', { ...CONTRACT, id: 'CT-3', validFrom: '2100-01-02' }, 'PF');
  await nobodyBut({ 'PF-2': ['contracts CT-3'], C1: ['contracts CT-3'], 'C1-2': ['contracts CT-3'] });
  await twin.db.query("update contract set valid_from = '2020-01-01' where contract_id = 'CT-3'");
  await nobodyBut({});
});
