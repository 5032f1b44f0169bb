import { startTestTwin } from '@corridor/testkit/test-twin';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserTestsRun } from '../../test/chromium.ts';
import type { FixtureServer } from '../../test/fixture-server.ts';
import { lookedAt } from '../../test/looked-at.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { ViewerTab } from '../../test/viewer-tab.ts';

const PHONE = { user: null, width: 390, height: 844 };
const ENTRY = {
  realName: '孙七',
  idNumber: '11010519491231002x',
  phone: '138 1234 5678',
  licenceNo: '130900000001',
  certifiedUntil: '2035-12-31',
  plates: '冀J10000D',
};

async function fill(page: Page, entry: Partial<typeof ENTRY>): Promise<void> {
  for (const [name, text] of Object.entries(entry)) await page.locator(`[name="${name}"]`).fill(text);
}

describe.skipIf(!browserTestsRun('registration'))('registration in a browser', { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;
  let server: FixtureServer;

  beforeAll(async () => {
    opened = await openBrowser({ draws: false });
    ({ server } = opened);
    tab = await ViewerTab.open(opened);
    await tab.page.addInitScript(axe.source);
  }, 240_000);

  afterEach(async () => {
    server.registrations.forgetOwn();
    await tab.leaveInPeace();
  });

  afterAll(() => opened?.[Symbol.asyncDispose]());

  it.each(['light', 'dark'] as const)('lets a driver register with his real name before all else: %s', async (theme) => {
    const page = await tab.show({ ...PHONE, dark: theme === 'dark' });
    await page.locator('[data-user="d2"]').click();
    await page.locator('[data-registration="none"]').waitFor();
    const found = await lookedAt(page, 'empty');
    await page.locator('[data-action="register"]').click();
    expect(await page.locator('[aria-invalid="true"]').count()).toBe(6);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('realName');
    found.push(...(await lookedAt(page, 'flaws')));
    await fill(page, { ...ENTRY, idNumber: '110105194912310021' });
    await page.locator('[data-action="register"]').click();
    expect(await page.locator('[aria-invalid="true"]').getAttribute('name')).toBe('idNumber');
    await fill(page, { idNumber: ENTRY.idNumber, plates: '冀X00000D' });
    await page.locator('[data-action="register"]').click();
    await page.locator('[role="alert"]', { hasText: '没有其中某个车牌' }).waitFor();
    await fill(page, { plates: ENTRY.plates });
    await page.locator('[data-action="register"]').click();
    await page.locator('[data-registration="APPLIED"]').waitFor();
    expect(server.registrations.acts.at(-1)).toEqual({
      path: '/api/v1/registrations/own',
      body: {
        identity: { realName: '孙七', idNumber: '11010519491231002X', phone: '13812345678', licenceNo: '130900000001' },
        certifiedUntil: '2035-12-31',
        plates: ['冀J10000D'],
      },
    });
    found.push(...(await lookedAt(page, 'applied')));
    server.registrations.setOwn('REJECTED', '<img src=x onerror=alert(1)>');
    await page.locator('[data-registration="REJECTED"]', { hasText: '<img src=x' }).waitFor();
    found.push(...(await lookedAt(page, 'rejected')));
    await fill(page, ENTRY);
    await page.locator('[data-action="register"]').click();
    await page.locator('[data-registration="APPLIED"]').waitFor();
    server.registrations.setOwn('ACTIVE');
    await page.locator('[data-driver-part="truck"]').waitFor();
    expect(found).toEqual([]);
  });

  it('shows the platform what waits, who it is when it asks, and takes what it decides', async () => {
    const page = await tab.show({ hash: '#/money/registrations', width: 1_440, height: 900 });
    const done = server.registrations.acts.length;
    const list = page.locator('[data-part="registrations"]');
    await list.locator('[data-registration="PACK/LFP350-0900"] .order-fold').click();
    await list.locator('[data-action="reject"]').click();
    await list.getByText('请填写原因').waitFor();
    await list.locator('[name="registration-reason"]').fill('铭牌不符');
    await list.locator('[data-action="reject"]').click();
    await list.getByText('没有待审核的申请').waitFor();
    await list.locator('[name="registration-state"]').selectOption('CERTIFIED');
    await list.locator('[data-registration="TRUCK/T900"] .order-fold').click();
    await list.getByText('<script>alert(1)</script>').waitFor();
    await list.locator('[data-action="read-identity"]').click();
    await list.locator('[data-identity="open"]', { hasText: '王建国' }).waitFor();
    await list.locator('[data-action="activate"]').click();
    await list.locator('[data-registration="TRUCK/T900"]').waitFor({ state: 'detached' });
    await list.locator('[name="registration-state"]').selectOption('ACTIVE');
    await list.locator('[data-registration="DRIVER/D001"] .order-fold').click();
    await list.locator('[data-action="deregister"]').click();
    await list.locator('[data-action="deregister"]', { hasText: '确认注销' }).click();
    await list.locator('[role="alert"]', { hasText: '有未结束的订单' }).waitFor();
    await page.locator('[name="suspend-id"]').fill('D001');
    await page.locator('[name="suspend-kind"]').selectOption('DRIVER');
    await page.locator('[name="suspend-reason"]').fill('超速');
    await page.locator('[data-action="suspend-by-id"]').click();
    await page.locator('[data-part="without-papers"] [role="status"]', { hasText: 'D001' }).waitFor();
    const root = '/api/v1/registrations';
    expect(server.registrations.acts.slice(done)).toEqual([
      { path: `${root}/PACK/LFP350-0900/reject`, body: { reason: '铭牌不符' } },
      { path: `${root}/TRUCK/T900/activate`, body: undefined },
      { path: `${root}/DRIVER/D001/deregister`, body: {} },
      { path: `${root}/DRIVER/D001/suspend`, body: { reason: '超速' } },
    ]);
  });

  it('lets a carrier apply for a truck, again for a rejected driver, and end an offer', async () => {
    const page = await tab.show({ hash: '#/money/registrations', user: 'c1', width: 1_440, height: 900 });
    const list = page.locator('[data-part="registrations"]');
    await list.locator('[data-registration="DRIVER/D017"]', { hasText: '身份证号无效' }).locator('.order-fold').click();
    await list.locator('[data-action="apply-again"]').click();
    expect(await list.locator('[name="id"]').isDisabled()).toBe(true);
    expect(await list.locator('[name="certifiedUntil"]').inputValue()).toBe('2027-08-31');
    await fill(page, {});
    await list.locator('[name="identity.realName"]').fill('李四');
    await list.locator('[name="identity.idNumber"]').fill('11010519491231002X');
    await list.locator('[data-action="apply"]').click();
    await list.locator('[role="alert"]', { hasText: '缺失或有误' }).waitFor();
    await list.locator('[name="idToken.idToken"]').fill('CARD-17');
    await list.locator('[data-action="apply"]').click();
    await list.locator('[data-registration="DRIVER/D017"]', { hasText: '审核中' }).waitFor();
    expect(server.registrations.acts.at(-1)).toEqual({
      path: '/api/v1/registrations',
      body: {
        kind: 'DRIVER',
        definition: {
          id: 'D017',
          name: '-',
          carrierId: 'C1',
          idToken: { idToken: 'CARD-17', type: 'ISO14443' },
          truckIds: [],
          certifiedUntil: '2027-08-31',
        },
        identity: { realName: '李四', idNumber: '11010519491231002X' },
      },
    });
    expect(await list.locator('[data-apply]').evaluateAll((all) => all.map((each) => each.getAttribute('data-apply')))).toEqual([
      'TRUCK',
      'DRIVER',
    ]);
    await page.locator('[name="offer-kind"]').selectOption('TRUCK');
    await page.locator('[name="offer-id"]').fill('T001');
    await page.locator('[data-action="offer"]').click();
    await page.locator('[data-form="offer"] [role="alert"]', { hasText: '已在转让中' }).waitFor();
    const buyer = await tab.show({ hash: '#/money/registrations', user: 'so1', width: 1_440, height: 900 });
    await buyer.locator('[data-offer="O-1"] [data-action="accept-offer"]').click();
    await buyer.locator('[data-offer="O-1"]', { hasText: '已接受' }).waitFor();
  });

  it('takes a new driver from his form to his truck at a real twin', async () => {
    await using twin = await startTestTwin({ viewerDir: opened.dist });
    const plate = readNetworkFile(DEFAULT_NETWORK_FILE).trucks.find(({ id }) => id === 'T001')?.plate ?? '';
    const page = await tab.show({ ...PHONE, base: twin.twin.url });
    await page.locator('[data-user="demo-D-NEW"]').click();
    await fill(page, { ...ENTRY, plates: plate });
    await page.locator('[data-action="register"]').click();
    await page.locator('[data-registration="APPLIED"]').waitFor();
    const act = async (verb: string) => twin.post(`/api/v1/registrations/DRIVER/D-NEW/${verb}`, {});
    expect(await act('certify')).toMatchObject({ status: 200 });
    await page.locator('[data-registration="CERTIFIED"]').waitFor();
    expect(await act('activate')).toMatchObject({ status: 200 });
    await page.locator('[data-driver-part="truck"]', { hasText: plate }).waitFor();
    await page.locator('[data-tab="me"]').click();
    await page.locator('[data-driver-part="papers"][data-standing="ok"]', { hasText: '孙*' }).waitFor();
    // Signed off while he is there, he is shown how he stands, and not the sign-in page.
    expect(await act('deregister')).toMatchObject({ status: 200 });
    await page.locator('[data-registration="DEREGISTERED"]').waitFor();
    await tab.leaveInPeace();
  });
});
