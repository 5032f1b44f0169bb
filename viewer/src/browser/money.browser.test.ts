import { readFileSync } from 'node:fs';
import { startSandboxedTwin } from '@corridor/twin/rail/sandboxed-twin.fixture';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserTestsRun } from '../../test/chromium.ts';
import { draftOf } from '../../test/fixture-receivers.ts';
import type { FixtureServer } from '../../test/fixture-server.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { ViewerTab, WAIT_MS } from '../../test/viewer-tab.ts';

describe.skipIf(!browserTestsRun('money'))('money pages in a browser', { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;
  let server: FixtureServer;
  beforeAll(async () => {
    opened = await openBrowser({ draws: false });
    ({ server } = opened);
    tab = await ViewerTab.open(opened);
  }, 240_000);

  afterEach(() => tab.leaveInPeace());

  afterAll(() => opened?.[Symbol.asyncDispose]());

  it('shows a carrier its accounts and movements: paged, filtered, and saved as they are shown', async () => {
    const page = await tab.show({ user: 'c1' });
    await page.locator('[data-action="money"]').click();
    await page.locator('[data-account="C1_prepaid"] b', { hasText: '¥18,432.21' }).waitFor();
    expect(await page.locator('[data-account="C1_held"] b').textContent()).toBe('¥1,125.00');
    expect(await page.locator('.account').count()).toBe(3);
    await page.locator('[data-movement]').nth(49).waitFor();
    await page.locator('[data-action="more"]').click();
    await page.locator('[data-movement]').nth(99).waitFor();
    await page.locator('[name="kind"]').selectOption('SWAP_EXPENSE');
    await page.locator('[data-movement]').nth(20).waitFor({ state: 'detached' });
    expect(await page.locator('[data-movement] .amount').allTextContents()).toEqual(Array.from({ length: 20 }, () => '−¥340.57'));
    const download = page.waitForEvent('download');
    await page.locator('[data-action="csv"]').click();
    const rows = readFileSync(await (await download).path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(rows).toHaveLength(21);
    expect(rows[1]).toMatch(/,SWAP_EXPENSE,PF_clearing,O-PAST-3,-340\.57,/);
    expect(await page.evaluate(() => location.hash)).toBe('#/money?kind=SWAP_EXPENSE');
    await page.goBack();
    await page.locator('.rail').waitFor();
  });

  it('opens an own order in the money view down to the derivation of a line', async () => {
    const page = await tab.show({ hash: '#/money/orders', user: 'c1' });
    await page.locator('.order-fold[data-billed]').first().click();
    await page.locator('.order-bill .bill-line .fold').first().click();
    expect(await page.locator('.order-bill .derivation code').textContent()).toContain('130.000');
    await page.keyboard.press('Escape');
    await page.locator('.money').waitFor({ state: 'detached' });
  });

  it('keeps in the address how a list is narrowed and what is opened in it, and names what of it means nothing', async () => {
    const page = await tab.show({ hash: '#/money/orders', user: 'c1' });
    await page.locator('[name="state"]').selectOption('CLEARED');
    const fold = page.locator('.order-fold[data-billed]').first();
    await fold.click();
    const orderId = await page.locator('tr[data-order]').first().getAttribute('data-order');
    const hash = `#/money/orders?state=CLEARED&open=${orderId}`;
    await expect.poll(() => new URL(page.url()).hash).toBe(hash);
    await page.locator('[data-money-tab="payments"]').click();
    await page.locator('[name="payment-state"]').waitFor();
    expect(new URL(page.url()).hash).toBe('#/money/payments');
    await page.goBack();
    await page.locator('.order-fold[aria-expanded="true"]').waitFor();
    expect(await page.locator('[name="state"]').inputValue()).toBe('CLEARED');
    const sent = await tab.show({ hash: '#/money?owner=C1&account=C1_prepaid&kind=HOLD&colour=red', user: 'c1' });
    await sent.locator('.place-notice[data-wrong="colour=red"]').waitFor();
    expect(await sent.locator('[name="kind"]').inputValue()).toBe('HOLD');
    await sent.locator('[data-money-tab="top-up"]').click();
    await sent.locator('[name="amount"]').waitFor();
    expect(await sent.locator('.place-notice').count()).toBe(0);
  });

  it('pays in at the cashier in a new tab, and follows the payment until it is booked', async () => {
    const page = await tab.show({ hash: '#/money/top-up', user: 'c1', width: 390, height: 844 });
    await page.locator('[name="amount"]').fill('0.001');
    await page.locator('[data-action="top-up"]').click();
    await page.locator('#top-up-problem:not(:empty)').waitFor();
    await page.locator('[name="amount"]').fill('5,000,000.01');
    await page.locator('[data-action="top-up"]').click();
    await page.locator('#top-up-problem', { hasText: '¥5,000,000.00' }).waitFor();
    await page.locator('[name="amount"]').fill('1,000.50');
    const another = page.context().waitForEvent('page');
    await page.locator('[data-action="top-up"]').click();
    await (await another).waitForURL('**/cashier/C1-1');
    await page.locator('[data-payment="C1-1"][data-state="REQUESTED"]').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    server.money.pay('C1-1');
    await page.locator('[data-payment="C1-1"][data-state="CONFIRMED"]').waitFor();
    await page.locator('[data-money-tab="account"]').click();
    await page.locator('[data-account="C1_prepaid"] b', { hasText: '¥19,432.71' }).waitFor();
  });

  it('pays a top-up at the cashier of the sandbox rail, whose signed callback a real twin books', async () => {
    await using world = await startSandboxedTwin({}, { viewerDir: opened.dist });
    const before = await world.prepaidFen();
    const page = await tab.show({ base: world.twin.twin.url, hash: '#/money/top-up', user: 'demo-C1' });
    await page.locator('[name="amount"]').fill('1,234.56');
    const another = page.context().waitForEvent('page');
    await page.locator('[data-action="top-up"]').click();
    const cashier = await another;
    await cashier.getByText('¥ 1234.56').waitFor({ timeout: WAIT_MS });
    await cashier.getByRole('button', { name: 'Pay' }).click();
    await cashier.getByText('已支付').waitFor({ timeout: WAIT_MS });
    await page.locator('[data-payment][data-state="CONFIRMED"]').waitFor();
    expect((await world.prepaidFen()) - before).toBe(123_456n);
    await page.locator('[data-money-tab="payments"]').click();
    await page.locator('[data-paid] .amount', { hasText: '¥1,234.56' }).waitFor();
    await tab.leave();
  });

  it('keeps a statement as a file, and opens it as a sheet that is alone on paper', async () => {
    const page = await tab.show({ hash: '#/money/statements', user: 'c1' });
    const download = page.waitForEvent('download');
    await page.locator('[data-statement="ST-1"] [data-form="json"]').click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('statement-ST-1.json');
    expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toMatchObject({ id: 'ST-1', totalFen: '1250' });
    await page.locator('[data-action="open-statement"]').click();
    await page.locator('.sheet').waitFor();
    expect(await page.locator('.statement-totals .amount').allTextContents()).toEqual(['−¥289.00', '¥1.50', '¥300.00', '¥12.50']);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.money-head, .top-bar, [data-action="print"]').filter({ visible: true }).count()).toBe(0);
    expect(await page.locator('.sheet').isVisible()).toBe(true);
  });

  it('lets the platform draft when a party is settled, and another person of it, the party and its partner approve that', async () => {
    const hash = '#/money/agreements';
    const author = await tab.show({ hash, width: 390, height: 844 });
    await author.locator('[name="agreement-kind"]').selectOption('settlement-agreements');
    await author.locator('[data-agreement="SA-SO1-1"] .order-fold').click();
    await author.locator('.order-bill .data-table', { hasText: '2.50 %' }).waitFor();
    await author.locator('.order-bill [data-action="new-version"]').click();
    await author.locator('[name="settled-period"]').selectOption('W1');
    await author.locator('[name="settled-below-zero"]').selectOption('COLLECT');
    await author.locator('[name="settled-from"]').fill('2026-12-01');
    await author.locator('[data-action="draft"]').click();
    await author.locator('[data-agreement="SA-SO1-2"] .order-fold').click();
    await author.getByText('须由本企业另一人批准').waitFor();
    expect(await author.locator('[data-action="approve"]').count()).toBe(0);
    expect(await author.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    // Who drafted it does not approve it, and is not told to.
    expect(await author.locator('[data-waiting]').count()).toBe(0);
    const approve = async (user: string, chip: string): Promise<void> => {
      const page = await tab.show({ hash, user });
      await page.locator('.top-bar .waiting-count', { hasText: '1' }).waitFor();
      await page.locator('[data-money-tab="agreements"] .waiting-count', { hasText: '1' }).waitFor();
      // All of it from the keyboard, and one sees where one is.
      await page.locator('[data-waiting="SA-SO1-2"] .order-fold').focus();
      await page.keyboard.press('Enter');
      await page.locator('[data-action="approve"]').waitFor();
      const focused = () =>
        page.evaluate(() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
          const action = document.activeElement?.getAttribute('data-action') ?? null;
          return { action, isSeen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 };
        });
      await page.keyboard.press('Tab');
      expect(await focused()).toEqual({ action: 'approve', isSeen: true });
      await page.keyboard.press('Enter');
      await page.locator('[data-part="waiting"]').waitFor({ state: 'detached' });
      expect(await page.locator('.waiting-count').count()).toBe(0);
      await page.locator('[name="agreement-kind"]').selectOption('settlement-agreements');
      await page.locator(`[data-agreement="SA-SO1-2"] .chip.${chip}`).waitFor();
    };
    await approve('ops2', 'wait');
    await approve('so1', 'wait');
    await approve('bo1', 'active');
    const partners = [{ kind: 'SITE_OWNER', partnerId: 'BO1', basisPoints: 250 }];
    expect(server.agreements.acts).toEqual([
      {
        path: '/api/v1/settlement-agreements',
        body: { id: 'SA-SO1-2', principalId: 'SO1', effectiveFrom: '2026-12-01', period: 'W1', belowZero: 'COLLECT', partners },
      },
      ...Array.from({ length: 3 }, () => ({ path: '/api/v1/settlement-agreements/SA-SO1-2/approve', body: null })),
    ]);
  });

  it('sells a package to a carrier for its balance, and shows what is owed beside swaps', async () => {
    const page = await tab.show({ hash: '#/money/packages', user: 'c1', width: 390, height: 844 });
    await page.locator('[data-offer="KWH-10000"] [data-action="buy"]').click();
    await page.locator('[data-action="buy-now"]', { hasText: '¥12,000.00' }).click();
    await page.locator('[data-package="first"] .amount', { hasText: '10,000 kWh' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.locator('[data-money-tab="charges"]').click();
    await page.locator('[data-charge] .order-fold').click();
    await page.locator('.order-bill .amount', { hasText: '¥50.00' }).waitFor();
    expect(server.charges.acts).toEqual([
      {
        path: '/api/v1/packages',
        body: { carrierId: 'C1', offerId: 'KWH-10000', key: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown },
      },
    ]);
    // A part that the role does not have is said to be so, at its own address.
    await page.goto(`${server.url}/#/money/re-rate`);
    await page.locator('[data-part="no-access"]').waitFor();
    expect(new URL(page.url()).hash).toBe('#/money/re-rate');
  });

  it('has a statement below zero paid in at the cashier by its principal', async () => {
    const page = await tab.show({ hash: '#/money/statements', user: 'bo1' });
    const another = page.context().waitForEvent('page');
    await page.locator('[data-statement="ST-2"] [data-action="collect"]').click();
    await (await another).waitForURL('**/cashier/collect-ST-2');
    server.money.pay('collect-ST-2');
    await page.locator('[data-payment="collect-ST-2"][data-state="CONFIRMED"]').waitFor();
  });

  it('begins a failed payout again, and takes balance back to a carrier', async () => {
    const page = await tab.show({ hash: '#/money/payments' });
    await page.locator('[name="payment-state"]').selectOption('FAILED');
    await page.locator('[data-paid="payout:ST-1"] .order-fold').click();
    await page.locator('[data-action="retry-payout"]').click();
    await page.locator('[data-paid="payout:ST-1"]').waitFor({ state: 'detached' });
    await page.locator('[name="payment-state"]').selectOption('');
    await page.locator('[data-paid="payout:ST-1"] .chip.wait').waitFor();
    await page.locator('[name="withdraw-amount"]').fill('1,200');
    await page.locator('[data-action="withdraw"]').click();
    await page.locator('[data-paid^="WITHDRAWAL-"] .amount', { hasText: '¥1,200.00' }).waitFor();
    expect(server.money.acts).toEqual([
      { path: '/api/v1/payments/payout%3AST-1/retry', body: null },
      {
        path: '/api/v1/payments/withdrawals',
        body: { carrierId: 'C1', amountFen: '120000', key: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown },
      },
    ]);
  });

  it('lets the second person waive the cooling of a first account with a reason, and says when that came too late', async () => {
    const page = await tab.show({ hash: '#/money/payments' });
    const first = page.locator('[data-receiver="BO1"]');
    await first.locator('[name="waiver"]').fill('急');
    await first.locator('[data-action="approve-receiver"]').click();
    await first.locator('[role="alert"]', { hasText: '至少两个字' }).waitFor();
    await first.locator('[name="waiver"]').fill(' 已当面核对证件 ');
    server.receivers.putInForce('BO1', { account: 'bo1-other', name: '电池公司' }, draftOf('bo1-first'));
    await first.locator('[data-action="approve-receiver"]').click();
    await first.locator('[role="alert"]', { hasText: '变更须经冷静期' }).waitFor();
    server.receivers.putInForce('BO1', null, draftOf('bo1-first'));
    await first.locator('[data-action="approve-receiver"]').click();
    await first.locator('.figure', { hasText: 'bo1-first' }).waitFor();
    await first.locator('[data-action]').first().waitFor({ state: 'detached' });
    // A change cools, whoever approves it.
    const changed = page.locator('[data-receiver="SO1"]');
    expect(await changed.locator('[name="waiver"]').count()).toBe(0);
    await changed.locator('[data-action="approve-receiver"]').click();
    await changed.getByText('按实际时间').waitFor();
    const asked = { principalId: 'BO1', account: 'bo1-first', waiver: '已当面核对证件' };
    const change = { principalId: 'SO1', account: 'so1-second' };
    expect(server.receivers.acts.map(({ body }) => body)).toEqual([asked, asked, change]);
  });

  it('shows the platform what each party got of an order, and what it is made of', async () => {
    const page = await tab.show({ hash: '#/money/clearing' });
    await page.locator('[data-share]').nth(3).waitFor();
    expect(await page.locator('[data-share]').count()).toBe(4);
    // The nets of all parties are what the carrier pays.
    expect(await page.locator('.sum-figures dd').allTextContents()).toEqual(['¥289.00', '¥0.00', '¥289.00']);
    await page.locator('[name="principal"]').selectOption('SO1');
    await page.locator('[data-share]').nth(3).waitFor({ state: 'detached' });
    await page.locator('[data-share] .order-fold').click();
    const parts = page.locator('.order-bill .composition');
    expect(await parts.locator('.amount').allTextContents()).toEqual(['¥126.50', '¥86.90', '¥10.00']);
  });

  it('takes an objection of a carrier, and the decision of the platform line by line', async () => {
    const carrier = await tab.show({ hash: '#/money/orders', user: 'c1', width: 390, height: 844 });
    await carrier.locator('.order-fold[data-billed]').first().click();
    await carrier.locator('[data-action="dispute"]').click();
    await carrier.locator('[name="dispute-reason"]').fill('Handling was charged twice.');
    await carrier.locator('[data-action="raise-dispute"]').click();
    await carrier.locator('[data-raised="D-1"]').waitFor();
    const platform = await tab.show({ hash: '#/money/disputes' });
    // Who raised it, also for another, does not decide it.
    server.settlement.raisedAs('ops');
    await platform.reload();
    await platform.locator('[data-dispute="D-1"] .order-fold').click();
    await platform.locator('[data-action="withdraw-dispute"]').waitFor();
    expect(await platform.locator('[data-form="decision"]').count()).toBe(0);
    server.settlement.raisedAs('c1');
    await platform.reload();
    // What was opened still is.
    await platform.locator('[name="credit-10"]').fill('2.50');
    await platform.locator('[name="credit-5"]').fill('1');
    await platform.locator('[data-action="uphold"]').click();
    await platform.locator('[data-form="decision"] [role="alert"]:not(:empty)').waitFor();
    await platform.locator('[name="decision"]').fill('Charged twice.');
    await platform.locator('[data-action="uphold"]').click();
    await platform.locator('[data-dispute="D-1"] .chip.active').waitFor();
    const changes = [
      { lineNo: 5, deltaFen: '100' },
      { lineNo: 10, deltaFen: '-250' },
    ];
    expect(server.settlement.acts.at(-1)?.body).toEqual({ outcome: 'UPHELD', decision: 'Charged twice.', changes });
  });

  it('takes an objection to a charge, and gives back what still stands of it', async () => {
    const carrier = await tab.show({ hash: '#/money/charges', user: 'c1' });
    await carrier.locator('[data-charge] .order-fold').click();
    await carrier.locator('[data-charge] .amount', { hasText: '−¥20.00' }).waitFor();
    await carrier.locator('[data-action="dispute"]').click();
    await carrier.locator('[name="dispute-reason"]').fill('It came in time.');
    await carrier.locator('[data-action="raise-dispute"]').click();
    await carrier.locator('[data-raised]').waitFor();
    const platform = await tab.show({ hash: '#/money/disputes' });
    await platform.locator('[data-dispute] .order-fold').last().click();
    await platform.locator('[data-form="decision"] .amount', { hasText: '¥30.00' }).waitFor();
    await platform.locator('[name="credit-1"]').fill('30');
    await platform.locator('[name="decision"]').fill('The gate says so.');
    await platform.locator('[data-action="uphold"]').click();
    await expect.poll(() => server.settlement.acts.at(-1)?.body).toMatchObject({ changes: [{ lineNo: 1, deltaFen: '-3000' }] });
    expect(server.settlement.acts.map(({ path }) => path)).toContain(`/api/v1/charges/${encodeURIComponent('no-show:O-PAST-1')}/dispute`);
  });

  it('rates a past period again, compares a day with the provider, and repairs an abnormal order', async () => {
    const page = await tab.show({ hash: '#/money/re-rate', width: 390, height: 844, dark: true });
    await page.locator('[name="draft"]').check();
    await page.locator('[name="from"]').fill('2026-11-20');
    await page.locator('[name="until"]').fill('2026-11-21');
    await page.locator('[data-action="re-rate"]').click();
    await page.locator('.difference-plot canvas').waitFor();
    const asked = {
      draftTariffIds: ['SR-HH1-2'],
      draftContractIds: [],
      from: '2026-11-19T16:00:00.000Z',
      until: '2026-11-21T16:00:00.000Z',
    };
    expect(server.settlement.acts.at(-1)?.body).toEqual(asked);
    const differences = page.locator('[data-part="re-rate-result"] td:last-child');
    expect(await differences.allTextContents()).toEqual(['+¥523.40', '¥0.00', '−¥42.30', '−¥481.10']);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.locator('[data-money-tab="reconciliation"]').click();
    await page.locator('[data-action="compare"]').click();
    await page.locator('[data-compared]').waitFor();
    await page.locator('[data-money-tab="abnormal"]').click();
    await page.locator('[data-abnormal] .order-fold').click();
    await page.locator('[name="soc-in"]').fill('21.5');
    await page.locator('[name="repair-note"]').fill('display of the pack');
    await page.locator('[data-action="repair"]').click();
    await page.locator('[data-abnormal]').waitFor({ state: 'detached' });
    expect(server.settlement.acts.at(-1)?.body).toMatchObject({ note: 'display of the pack', measured: { in: { socPercent: 21.5 } } });
  });
});
