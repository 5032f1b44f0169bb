import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bundle } from '@corridor/protocols/http/bundle';
import { readBundle } from '@corridor/recompute/bundle';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import type { TestDatabase } from '@corridor/testkit/test-database';
import { principalKindOf, writeBundle } from '@corridor/twin/bundle/write-bundle';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MONTH, startBookedMonth } from '../verify/booked-month.fixture.ts';

const MAIN = fileURLToPath(new URL('../../../recompute/src/main.ts', import.meta.url));
// SO2 has no station of its own here: it issued an offer that is used at those of SO1.
const PARTIES = ['PF', 'SO1', 'SO2', 'BO1', 'BO2', 'BO3', 'C1', 'C2', 'C3', 'C4'] as const;
type Party = (typeof PARTIES)[number];
const folder = temporaryFolder();
const bundles = new Map<Party, string>();
const validator = Compile(Bundle);

interface Result {
  orders: number;
  lines: number;
  transfers: number;
  compared: number;
  differences: { where: string; said: string; computed: string }[];
}

async function recomputed(text: string): Promise<{ code: number | null; result: Result }> {
  const path = join(folder.path, 'bundle.json');
  writeFileSync(path, text);
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, path, '--json'], { maxBuffer: 1 << 28 }, (_, out) =>
      resolve({ code: child.exitCode, result: JSON.parse(out) as Result }),
    );
  });
}

let month: TestDatabase;
beforeAll(async () => {
  month = await startBookedMonth({ deeds: 200, seed: 3, settled: true });
  for (const principalId of PARTIES) {
    const principalKind = await principalKindOf(month.database.pool, 'PF', principalId);
    if (principalKind === null) throw new Error(`no ${principalId}`);
    const path = join(folder.path, `${principalId}.json`);
    await writeBundle(month.database, { platformId: 'PF', principalId, principalKind, ...MONTH }, path);
    bundles.set(principalId, readFileSync(path, 'utf8'));
  }
});
afterAll(async () => {
  await month[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});
const textOf = (party: Party): string => bundles.get(party) ?? '';
// The tests below look into bundles by hand, as somebody would who has only the file.
const opened = (party: Party) => JSON.parse(textOf(party));

describe('a month of each party', () => {
  it.each(PARTIES)('%s: its bundle is as documented, and computed again there is no difference', async (party) => {
    const text = textOf(party);
    expect(validator.Errors(JSON.parse(text))).toEqual([]);
    const { code, result } = await recomputed(text);
    expect({ code, differences: result.differences }).toEqual({ code: 0, differences: [] });
    expect(result.orders).toBeGreaterThan(3);
    expect(result.compared).toBeGreaterThan(result.lines + result.transfers);
  });

  it('holds every kind of line that a contract can make', () => {
    const components = new Set(
      opened('PF').orders.flatMap(({ lines }: { lines: { component: string }[] }) => lines.map(({ component }) => component)),
    );
    for (const component of ['MODE_ADJUSTMENT', 'INCENTIVE', 'PENALTY', 'WAIVER']) expect([...components]).toContain(component);
  });

  it('holds every way of billing, and what is owed beside swaps', () => {
    const { orders, agreements, charges } = opened('PF');
    const modeOf = new Map(
      agreements.contracts.map(({ id, billing }: { id: string; billing?: { mode: string } }) => [id, billing?.mode ?? 'PER_KWH']),
    );
    const modes = new Set(orders.map(({ contractId }: { contractId: string }) => modeOf.get(contractId)));
    expect(modes).toEqual(new Set(['PER_KWH', 'PER_SWAP', 'PER_KM', 'MONTHLY_RENT', 'PACKAGE']));
    const keys: string[] = opened('C4').transfers.map(({ key }: { key: string }) => key);
    for (const packageId of ['K1', 'K3']) expect(keys.filter((key) => key.startsWith(`package:C4:${packageId}`))).not.toEqual([]);
    const kinds = new Set(charges.map(({ kind }: { kind: string }) => kind));
    expect(kinds).toEqual(new Set(['MONTHLY_RENT', 'NO_SHOW', 'OVERSTAY']));
    const disputed = opened('PF').corrections.flatMap(({ chargeId }: { chargeId: string | null }) => chargeId ?? []);
    expect(disputed.length).toBeGreaterThan(new Set(disputed).size);
    const waived = charges.find(({ payableFen }: { payableFen: string }) => payableFen === '0');
    expect(waived).toMatchObject({ kind: 'NO_SHOW', lines: [{ component: 'PENALTY' }, { component: 'WAIVER' }] });
    const lots = orders.flatMap(({ in: back }: { in: { lots: { pvRateId?: string }[] } }) => back.lots);
    for (const rate of agreements.stationRates.filter(({ pvNanoYuanPerKwh }: { pvNanoYuanPerKwh?: string }) => pvNanoYuanPerKwh))
      expect(lots.map(({ pvRateId }: { pvRateId?: string }) => pvRateId)).toContain(rate.id);
  });

  it('shows nobody what is not his', () => {
    for (const party of PARTIES.filter((one) => one !== 'PF')) {
      const { orders, transfers, accounts, agreements, principalKind } = opened(party);
      const own = new Set(accounts.map(({ id }: { id: string }) => id));
      for (const { debitAccountId, creditAccountId } of transfers) expect(own.has(debitAccountId) || own.has(creditAccountId)).toBe(true);
      for (const { carrierId, lines, shares, payableFen, out, in: back } of orders) {
        for (const { principalId } of shares) expect(principalId).toBe(party);
        if (principalKind === 'CARRIER') expect(carrierId).toBe(party);
        else {
          expect(payableFen).toBeNull();
          for (const { beneficiaryId } of lines) expect(beneficiaryId).toBe(party);
        }
        for (const leg of [out, back].filter((one) => one !== null)) {
          if (principalKind === 'BATTERY_OWNER') expect({ ownerId: leg.ownerId, lots: leg.lots }).toEqual({ ownerId: party, lots: null });
          if (principalKind === 'STATION_OPERATOR') expect(leg.rentNanoYuanPerKwh).toBeNull();
          expect(party, 'legs at stations of others').not.toBe('SO2');
        }
      }
      // A year of prices of another operator, and of the grid that it buys from, is none of theirs.
      if (party === 'SO2' || principalKind === 'BATTERY_OWNER') expect([agreements.stationRates, agreements.tariffs]).toEqual([[], []]);
      for (const { ownerId } of agreements.batteryRates) expect(ownerId).toBe(party);
      if (principalKind !== 'CARRIER') for (const contract of agreements.contracts) expect(contract).not.toHaveProperty('holdStepFen');
    }
  });

  it('lets who issued an offer see its own line and share of orders at stations of others, and nothing else of them', () => {
    const { orders } = opened('SO2');
    for (const { lines, shares, out, in: back, usage, offer } of orders) {
      expect(lines.map(({ component }: { component: string }) => component)).toEqual(['MODE_ADJUSTMENT']);
      expect(shares.map(({ role }: { role: string }) => role)).toEqual(['ISSUER']);
      expect({ out, back, usage, isTold: offer !== null }).toEqual({ out: null, back: null, usage: null, isTold: true });
    }
  });

  it('is the same bundle when it is exported again', async () => {
    const path = join(folder.path, 'again.json');
    await writeBundle(month.database, { platformId: 'PF', principalId: 'C1', principalKind: 'CARRIER', ...MONTH }, path);
    expect(readFileSync(path, 'utf8')).toBe(textOf('C1'));
  });

  it('carries over from one period to the next', async () => {
    const middle = '2026-11-25T00:00:00.000Z';
    const path = join(folder.path, 'part.json');
    let orders = 0;
    for (const span of [
      { from: MONTH.from, until: middle },
      { from: middle, until: MONTH.until },
    ]) {
      await writeBundle(month.database, { platformId: 'PF', principalId: 'C1', principalKind: 'CARRIER', ...span }, path);
      const { code, result } = await recomputed(readFileSync(path, 'utf8'));
      expect(code).toBe(0);
      orders += result.orders;
    }
    expect(orders).toBe(opened('C1').orders.length);
  });
});

describe('one figure that was changed is found', () => {
  const plusOne = (text: string) => (BigInt(text) + 1n).toString();
  // oxlint-disable-next-line typescript/no-explicit-any
  type Change = (bundle: any) => void;
  const ofKind = (charges: { kind: string }[], kind: string): ReturnType<typeof opened> => charges.find((one) => one.kind === kind);
  const ofCharge = (corrections: { chargeId: string | null }[]): ReturnType<typeof opened> =>
    corrections.find(({ chargeId }) => chargeId !== null);
  const dearer = (penalty: { amountFen: string }) => (penalty.amountFen = plusOne(penalty.amountFen));
  it.each<[what: string, party: Party, change: Change, where: RegExp]>([
    ['a fen of a line', 'C1', ({ orders }) => (orders[2].lines[1].amountFen = plusOne(orders[2].lines[1].amountFen)), /line 2 .*amount/],
    ['a fen of what is payable', 'C1', ({ orders }) => (orders[0].payableFen = plusOne(orders[0].payableFen)), /payable/],
    ['a Wh of a line', 'SO1', ({ orders }) => (orders[1].lines[0].quantity = plusOne(orders[1].lines[0].quantity)), /line 1 .*quantity/],
    ['the price of a mode', 'C2', ({ agreements }) => (agreements.contracts[0].billing.priceFen = '6499'), /MODE_ADJUSTMENT/],
    [
      'a discount',
      'C4',
      ({ agreements }) =>
        agreements.contracts.forEach(
          (one: { incentives: { discount: object }[] }) => (one.incentives[0]!.discount = { nanoYuanPerKwh: '1' }),
        ),
      /INCENTIVE/,
    ],
    ['a penalty', 'C4', ({ agreements }) => (agreements.contracts[0].penalties[0].belowSocPercent = 1), /PENALTY/],
    [
      'an adjustment, as its issuer sees it',
      'BO1',
      ({ orders }) => {
        const lines = orders.flatMap((one: { lines: { component: string }[] }) => one.lines);
        lines.find((one: { component: string }) => one.component === 'MODE_ADJUSTMENT').amountFen = '1';
      },
      /MODE_ADJUSTMENT/,
    ],
    [
      'the price that an issuer knows',
      'BO1',
      ({ orders }) =>
        orders.forEach(
          (one: { offer: { replacedFen: string } | null }) => one.offer && (one.offer.replacedFen = plusOne(one.offer.replacedFen)),
        ),
      /MODE_ADJUSTMENT/,
    ],
    [
      'a discount, as who funds it sees it',
      'SO1',
      ({ agreements }) =>
        agreements.contracts.forEach((one: { incentives?: { discount: object }[] }) =>
          one.incentives?.forEach((each) => (each.discount = { nanoYuanPerKwh: '1' })),
        ),
      /INCENTIVE/,
    ],
    [
      'a fen of a correction',
      'C1',
      ({ corrections }) => (corrections[0].lines[0].amountFen = plusOne(corrections[0].lines[0].amountFen)),
      /correction .*booked/,
    ],
    [
      'a share of a correction',
      'SO1',
      ({ corrections }) => (corrections[0].shares[0].netFen = plusOne(corrections[0].shares[0].netFen)),
      /correction .*net/,
    ],
    [
      'a fen of what was given back of a charge',
      'C3',
      ({ corrections }) => (ofCharge(corrections).lines[0].amountFen = plusOne(ofCharge(corrections).lines[0].amountFen)),
      /correction dispute:DC.*booked/,
    ],
    [
      'more given back of a charge than was paid',
      'PF',
      ({ charges, corrections }) => {
        const { chargeId } = ofCharge(corrections);
        const { lines } = charges.find((one: { chargeId: string }) => one.chargeId === chargeId);
        lines.push({ ...lines[0], lineNo: 2, component: 'WAIVER', amountFen: `-${lines[0].amountFen}` });
      },
      /correction dispute:DC.*gives back more than was paid/,
    ],
    [
      'the share in a correction of a charge',
      'BO1',
      ({ corrections }) => (ofCharge(corrections).shares[0].commissionFen = '1'),
      /correction dispute:DC.*commission/,
    ],
    ['a correction that is missing', 'SO1', ({ corrections }) => corrections.splice(0, 1), /without a correction/],
    [
      'a fen of a statement',
      'BO2',
      ({ statements }) => (statements[0].content.totals.totalFen = plusOne(statements[0].content.totals.totalFen)),
      /hash[^]*totalFen/,
    ],
    ['an order of a statement', 'SO1', ({ statements }) => statements[0].content.orders.pop(), /ordersFen[^]*moved/],
    [
      'a distance',
      'C2',
      ({ orders }) =>
        orders.forEach(
          ({ usage }: { usage: { distanceSinceSwapM: number | null } }) =>
            usage.distanceSinceSwapM !== null && (usage.distanceSinceSwapM += 1_000),
        ),
      /MODE_ADJUSTMENT/,
    ],
    ['the price of a kilometre', 'C2', ({ agreements }) => (agreements.contracts[1].billing.priceNanoYuanPerKm = '1'), /MODE_ADJUSTMENT/],
    [
      'what a package covered',
      'C4',
      ({ orders }) =>
        orders.forEach(
          ({ usage }: { usage: { packageGrant: { quantity: string } | null } }) =>
            usage.packageGrant !== null && (usage.packageGrant.quantity = '1'),
        ),
      /MODE_ADJUSTMENT/,
    ],
    [
      'how long a truck kept the bay',
      'C2',
      ({ charges }) => (ofKind(charges, 'OVERSTAY').basis.stayedMs += 15 * 60_000),
      /charge overstay:/,
    ],
    ['a share of a no-show', 'SO1', ({ charges }) => (ofKind(charges, 'NO_SHOW').shares[0].netFen = '1'), /charge no-show:/],
    ['a waiver', 'C2', ({ charges }) => charges.forEach((one: { lines: unknown[] }) => one.lines.splice(1)), /charge no-show:.* lines/],
    [
      'what penalties cost',
      'C2',
      ({ agreements }) => agreements.contracts.forEach((one: { penalties?: { amountFen: string }[] }) => one.penalties?.forEach(dearer)),
      /charge no-show:[^]*charge overstay:/,
    ],
    ['the days of a rent', 'C3', ({ charges }) => (charges[0].basis.days = 1), /charge rent:/],
    ['a share of a rent', 'BO1', ({ charges }) => (charges[0].shares[0].netFen = plusOne(charges[0].shares[0].netFen)), /charge rent:/],
    ['a line that is missing', 'C2', ({ orders }) => orders[3].lines.pop(), /line|payable/],
    ['a line that is doubled', 'SO1', ({ orders }) => orders[0].lines.push(orders[0].lines[0]), /line/],
    ['the content of a pack', 'C1', ({ orders }) => (orders[1].in.energyWh = plusOne(orders[1].in.energyWh)), /content/],
    ['a lot', 'C1', ({ orders }) => (orders[1].in.lots[0].energyWh = plusOne(orders[1].in.lots[0].energyWh)), /lots|quantity/],
    [
      'the SOC',
      'BO1',
      ({ orders }) => orders.forEach((one: { out: { socPercent: number } | null }) => one.out && (one.out.socPercent += 0.5)),
      /content/,
    ],
    ['a share', 'BO2', ({ orders }) => (orders[0].shares[0].netFen = plusOne(orders[0].shares[0].netFen)), /net/],
    ['a commission', 'SO1', ({ orders }) => (orders[4].shares[0].commissionFen = plusOne(orders[4].shares[0].commissionFen)), /commission/],
    [
      'the commission of the platform',
      'PF',
      ({ orders }) => (orders[0].shares.find((one: { role: string }) => one.role === 'PLATFORM').netFen = '1'),
      /platform/,
    ],
    ['the rate of the service', 'C1', ({ agreements }) => (agreements.stationRates[0].serviceNanoYuanPerKwh = '400000001'), /SERVICE/],
    [
      'the price of PV',
      'SO1',
      ({ agreements }) => agreements.stationRates.forEach((one: object) => Object.assign(one, { pvNanoYuanPerKwh: '1' })),
      /PV by/,
    ],
    ['the rate of the rent', 'BO1', ({ agreements }) => (agreements.batteryRates[0].rentNanoYuanPerKwh = '1'), /rate card/],
    ['a fen of a transfer', 'C1', ({ transfers }) => (transfers[5].amountFen = plusOne(transfers[5].amountFen)), /root of batch/],
    ['the time of a transfer', 'SO1', ({ transfers }) => (transfers[5].at = '2026-11-22T00:00:00.000Z'), /root of batch/],
    ['a transfer that is missing', 'BO3', ({ transfers }) => transfers.splice(3, 1), /booked|balance/],
    ['a balance', 'BO1', ({ accounts }) => (accounts[0].closingFen = plusOne(accounts[0].closingFen)), /balance/],
    ['a root', 'C2', ({ batches }) => (batches[0].root = batches[1].root), /root/],
    ['an order that was left out', 'C1', ({ orders }) => orders.splice(1, 1), /without a bill/],
  ])('%s (%s)', async (_, party, change, where) => {
    const bundle = opened(party);
    change(bundle);
    const { code, result } = await recomputed(JSON.stringify(bundle));
    expect(code).toBe(1);
    expect(result.differences.map((one) => one.where).join('\n')).toMatch(where);
  });
});

describe('a file that is not as it has to be is told in one line, with the place', () => {
  // oxlint-disable-next-line typescript/no-explicit-any
  type Change = (bundle: any) => void;
  it.each<[what: string, change: Change, said: RegExp]>([
    ['another format', (bundle) => (bundle.format = 'corridor-bundle/9'), /no bundle in the format corridor-bundle\/1/],
    ['a list that is missing', (bundle) => delete bundle.transfers, /^transfers has to be a list, it is missing\.$/],
    ['a field that is missing', ({ orders }) => delete orders[1].in.energyWh, /^orders\[1\]\.in\.energyWh has to be a whole number/],
    ['an amount as a number', ({ orders }) => (orders[0].lines[0].amountFen = 12), /^orders\[0\]\.lines\[0\]\.amountFen .*, it is 12\.$/],
    ['an amount that is none', ({ accounts }) => (accounts[0].openingFen = '1e3'), /^accounts\[0\]\.openingFen .*, it is "1e3"\.$/],
    ['an amount without end', ({ transfers }) => (transfers[0].amountFen = '9'.repeat(1_000)), /^transfers\[0\]\.amountFen .{1,140}$/],
    ['an object in place of a text', ({ orders }) => (orders[0].contractId = {}), /^orders\[0\]\.contractId has to be a text/],
    ['a null in place of a list', ({ orders }) => (orders[0].shares = null), /^orders\[0\]\.shares has to be a list, it is null/],
    ['a time that is none', ({ orders }) => (orders[0].ratedAt = 'yesterday'), /^orders\[0\]\.ratedAt has to be a time/],
    ['a proof that is a text', ({ transfers }) => (transfers[0].proof = 'yes'), /^transfers\[0\]\.proof has to be an object/],
    ['a rate that is a text', ({ agreements }) => (agreements.contracts[0].commissionRentBasisPoints = '3'), /^agreements\.contracts\[0\]/],
    ['a statement without totals', ({ statements }) => delete statements[0].content.totals, /^statements\[0\]\.content\.totals/],
  ])('%s', (_, change, said) => {
    const bundle = opened('PF');
    change(bundle);
    expect(() => readBundle(JSON.stringify(bundle))).toThrow(said);
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, Math.floor(text.length / 2)), 'The file is not JSON, or not whole: export it again.\n'],
    ['empty', () => '', 'The file is not JSON, or not whole: export it again.\n'],
    ['a list', () => '[]', 'The file is no bundle in the format corridor-bundle/1: export it again.\n'],
    [
      'without its orders',
      (text: string) => JSON.stringify({ ...JSON.parse(text), orders: undefined }),
      'orders has to be a list, it is missing.\n',
    ],
  ])('%s: exit code 2', async (_, change, said) => {
    const path = join(folder.path, 'hostile.json');
    writeFileSync(path, change(textOf('C1')));
    const ended = await new Promise((resolve) => {
      const child = execFile(process.execPath, [MAIN, path], (_error, out, err) => resolve({ code: child.exitCode, out, err }));
    });
    expect(ended).toEqual({ code: 2, out: '', err: said });
  });

  it('says nothing against the same facts in another order, and finds any line that is there twice', async () => {
    const bundle = opened('PF');
    for (const name of ['orders', 'transfers', 'corrections', 'accounts', 'batches', 'statements'] as const) bundle[name].reverse();
    for (const order of bundle.orders) order.lines.reverse();
    expect((await recomputed(JSON.stringify(bundle))).code).toBe(0);
    bundle.orders[3].lines.push({ ...bundle.orders[3].lines[0], lineNo: 99 });
    const { code, result } = await recomputed(JSON.stringify(bundle));
    expect(code).toBe(1);
    expect(result.differences.some(({ where }) => where.includes(bundle.orders[3].orderId))).toBe(true);
  });
});

it('shares no code with the product', () => {
  const sources = readdirSync(fileURLToPath(new URL('../../../recompute/src', import.meta.url)));
  expect(sources.length).toBeGreaterThan(12);
  for (const name of sources) {
    const text = readFileSync(fileURLToPath(new URL(`../../../recompute/src/${name}`, import.meta.url)), 'utf8');
    for (const [, from = ''] of text.matchAll(/from '([^']+)'/g)) expect(from).toMatch(/^(\.\/[a-z-]+\.ts|node:[a-z]+)$/);
    expect(text).not.toMatch(/import\(|require\(/);
  }
});
