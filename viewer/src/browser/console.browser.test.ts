import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { brokenRules, EVERY_RULE, prepareRules } from '../../test/axe-rules.ts';
import { browserTestsRun } from '../../test/chromium.ts';
import type { FixtureServer } from '../../test/fixture-server.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { ViewerTab } from '../../test/viewer-tab.ts';

describe.skipIf(!browserTestsRun('console'))('panels in a browser', { timeout: 240_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;
  let server: FixtureServer;
  beforeAll(async () => {
    opened = await openBrowser({ draws: false });
    ({ server } = opened);
    tab = await ViewerTab.open(opened);
    await prepareRules(tab.page);
  }, 240_000);

  afterEach(async () => {
    server.refuseTickets(false);
    await tab.leaveInPeace();
  });

  afterAll(() => opened?.[Symbol.asyncDispose]());

  it('shows a bill that adds up, with the derivation of each line', async () => {
    const page = await tab.show({ hash: '#order/O-1001' });
    await page.locator('.bill-line').first().waitFor();
    expect(await page.locator('.bill-line').count()).toBe(10);
    expect(await page.locator('.bill tfoot .amount').first().textContent()).toBe('¥289.00');
    await page.locator('.bill-line .fold').first().click();
    expect(await page.locator('.derivation code').textContent()).toContain('130.000');
  });

  it('opens an order that has left the scene, and says so of one that never was', async () => {
    const page = await tab.show({ hash: '#order/O-PAST-7' });
    await page.locator('.bill-line').first().waitFor();
    expect(await page.locator('.inspector-head p').first().textContent()).toContain('O-PAST-7');
    await page.evaluate(() => {
      location.hash = '#order/O-NEVER';
    });
    await page.locator('.inspector-head h2', { hasText: 'O-NEVER' }).waitFor();
    expect(await page.locator('.inspector-head').textContent()).toContain('暂不可用');
  });

  it('leads to the page of a control room where it is known, and only whom it concerns', async () => {
    const page = await tab.show({ hash: '#station/BD1' });
    const link = page.locator('[data-action="station-page"]');
    await link.waitFor();
    expect([await link.getAttribute('href'), await link.getAttribute('rel')]).toEqual(['http://127.0.0.1:1/', 'noopener noreferrer']);
    const carrier = await tab.show({ hash: '#station/BD1', user: 'c1' });
    await carrier.locator('[data-inspects="station/BD1"]').waitFor();
    expect(await link.count()).toBe(0);
  });

  it('draws the chart of the actor with its current state lit', async () => {
    const page = await tab.show({ hash: '#truck/T007' });
    await page.locator('.machine-chart .node.current').waitFor();
    expect((await page.locator('.machine-chart .node.current text').textContent())?.trim()).toBe('在工位');
    // What moved it is the way to the next: a swap is nothing of the scene, and has its chart all the same.
    await page.locator('[data-section="transitions"] .link', { hasText: 'BD1-7' }).click();
    await page.locator('[data-inspects="actor/swap:BD1-7"] .machine-chart [data-state="PICKING"].current').waitFor();
    expect(new URL(page.url()).hash).toBe('#actor/swap:BD1-7');
    // All of a chart that has states inside of states, on a page of its own, by keys alone.
    await page.evaluate(() => {
      location.hash = '#order/O-1004';
    });
    await page.locator('[data-inspects="order/O-1004"] .machine-chart .frame.around').waitFor();
    await page.locator('[data-action="enlarge-chart"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('.chart-dialog[open] [data-state="ABNORMAL.open"].current').waitFor();
    expect(await page.locator('.chart-dialog .node').count()).toBeGreaterThan(30);
    await page.keyboard.press('Escape');
    await page.locator('.chart-dialog').waitFor({ state: 'detached' });
    await page.locator('[data-inspects="order/O-1004"]').waitFor();
  });

  it.each([
    ['bay:BD1-B1', 'bay/BD1-B1', false],
    ['gateway:BD1', 'actor/gateway:BD1', true],
    ['account:C1', 'actor/account:C1', false],
  ])('shows the whole chart by its address, of %s, breaks no rule in it, and gives the focus back', async (actor, inspected, dark) => {
    const page = await tab.show({ hash: `#actor/${actor}`, width: 390, height: 844, dark });
    await page.locator('[data-action="enlarge-chart"]').click();
    await page.locator('.chart-dialog[open] .node.current').waitFor();
    expect(await brokenRules(page, EVERY_RULE, 'svg-img-alt')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('.chart-dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-action'))).toBe('enlarge-chart');
    await page.locator(`[data-inspects="${inspected}"]`).waitFor();
  });

  it('changes language and theme at once and remembers both', async () => {
    const page = await tab.show();
    await page.locator('.top-right [data-action="language"]').click();
    await page.locator('[data-tab="stations"]', { hasText: 'Stations' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.locator('[data-menu="settings"]').click();
    await page.locator('[data-theme-choice="dark"]').click();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await page.reload();
    await page.locator('[data-connection="live"]').waitFor();
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset['theme']])).toEqual(['en', 'dark']);
  });

  it('keeps old values while the line is down, says so, and comes back by itself', async () => {
    const page = await tab.show();
    server.refuseTickets(true);
    server.cut();
    await page.locator('[data-connection="offline"]').waitFor();
    expect(await page.locator('.rail .row').count()).toBe(10);
    expect(await page.locator('.console.aged').count()).toBe(1);
    server.refuseTickets(false);
    await page.locator('[data-connection="live"]').waitFor();
  });

  it('goes to the sign-in page when the token has expired', async () => {
    const page = await tab.show();
    server.expireTokens();
    await page.locator('.sign-in .notice.wait').waitFor();
    await page.locator('[data-user="ops"]').click();
    await page.locator('[data-connection="live"]').waitFor();
  });

  it('works from the keyboard: search, list, inspector', async () => {
    const page = await tab.show();
    await page.locator('[data-tab="trucks"]').click();
    await page.keyboard.press('/');
    await page.keyboard.type('T033');
    await page.locator('.rail .row').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-inspects="truck/T033"]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.inspector').waitFor({ state: 'detached' });
  });

  it('says what an alarm means in the language of the page, acknowledges it, asks why it is closed, and says why that was refused', async () => {
    const page = await tab.show({ hash: '#alarm/A-4' });
    const inspector = page.locator('[data-inspects="alarm/A-4"]');
    await inspector.getByText('LFP350-0007 放入了登记为 LFP350-0003 的仓位').waitFor();
    await inspector.locator('[data-action="close-alarm"]').click();
    await inspector.getByText('请填写结束原因。').waitFor();
    await inspector.locator('[data-action="acknowledge"]').click();
    await inspector.getByText('请填写结束原因。').waitFor({ state: 'detached' });
    await inspector.locator('[name="alarm-note"]').fill('已找到');
    await inspector.locator('[data-action="close-alarm"]').click();
    await inspector.getByText('未执行：该告警在恢复正常时自动结束').waitFor();
    expect(server.acts).toEqual([
      { path: '/api/v1/alarms/A-4/acknowledge', body: {} },
      { path: '/api/v1/alarms/A-4/close', body: { reason: '已找到' } },
    ]);
    // Who may only acknowledge is not offered more.
    await page.locator('[data-tab="alarms"]').click();
    await page.locator('.rail .row').first().click();
    await page.locator('[data-inspects="alarm/A-1"] [data-action="acknowledge"]').waitFor();
    expect(await page.locator('[data-action="close-alarm"]').count()).toBe(0);
  });

  it('takes a slot out of use with a reason, says where a pack is, and why a truck was not blocked', async () => {
    const page = await tab.show({ hash: '#slot/BD1-3' });
    const done = server.acts.length;
    await page.locator('[data-section="acts"] .fold').click();
    await page.locator('[data-action="set-aside"]').click();
    await page.locator('[data-section="acts"] [role="alert"]', { hasText: '请至少填写' }).waitFor();
    await page.locator('[name="act-note"]').fill('托盘变形');
    await page.locator('[data-action="set-aside"]').click();
    await page.locator('[data-section="acts"] .done-text:not(:empty)').waitFor();
    await page.locator('[data-section="slot-told"] [data-command-state="PENDING"]').waitFor();
    // Of a station that is away it is said that it is told later.
    await page.evaluate(() => {
      location.hash = '#slot/RC1-3';
    });
    await page.locator('[data-section="slot-told"]', { hasText: '未连接，稍后通知' }).waitFor();
    await page.evaluate(() => {
      location.hash = '#pack/LFP350-0003';
    });
    await page.locator('[data-section="custody"] .fold').click();
    await page.locator('[name="place-kind"]').selectOption('STORE');
    await page.locator('[name="place-id"]').fill('仓库一');
    await page.locator('[data-section="custody"] [name="act-note"]').fill('盘点');
    await page.locator('[data-action="correct-custody"]').click();
    await page.locator('[data-section="custody"] .done-text:not(:empty)').waitFor();
    await page.evaluate(() => {
      location.hash = '#truck/T012';
    });
    await page.locator('[data-section="acts"] .fold').click();
    await page.locator('[name="act-note"]').fill('欠费');
    await page.locator('[data-action="block"]').click();
    await page.getByText('未受理：车辆已被禁止换电').waitFor();
    const key = expect.stringMatching(/^[0-9a-f]{32}$/) as unknown;
    expect(server.acts.slice(done)).toEqual([
      { path: '/api/v1/slots/BD1-3/set-aside', body: { key, note: '托盘变形' } },
      { path: '/api/v1/packs/LFP350-0003/custody', body: { key, note: '盘点', place: { kind: 'STORE', id: '仓库一' } } },
      { path: '/api/v1/trucks/T012/block', body: { key, note: '欠费' } },
    ]);
  });

  it('reserves a pack for a truck: where and why there, for how much, with a reason, until when; and takes it back', async () => {
    const page = await tab.show({ hash: '#truck/T012' });
    const done = server.charges.acts.length;
    const part = page.locator('[data-section="reserve"]');
    await part.locator('.fold').click();
    expect(await part.locator('[data-offer]').first().textContent()).toContain('正驶往此站');
    // Only where the truck gets to and could swap; of the others it is said why not.
    const offered = await part.locator('[data-offer]').evaluateAll((all) => all.map((each) => each.getAttribute('data-offer')));
    expect(offered).toEqual(['BD1', 'HJ1', 'FP1']);
    await part.locator('details', { hasText: /RC1.*YP1/s }).waitFor();
    await part.locator('[data-offer="HJ1"] input').check();
    await part.locator('[data-action="quote"]', { hasText: 'HJ1' }).click();
    await part.locator('[data-reservation="QUOTED"]', { hasText: '¥290.57' }).waitFor();
    await part.locator('[data-action="reserve"]').click();
    await part.locator('[role="alert"]', { hasText: '请至少填写' }).waitFor();
    await part.locator('[name="act-note"]').fill('BD1 排队');
    await part.locator('[data-action="reserve"]').click();
    const held = part.locator('[data-reservation="HELD"]');
    await held.getByText('¥310.00').waitFor();
    await held.locator('time').waitFor();
    await held.locator('[name="act-note"]').fill('改线');
    await held.locator('[data-action="cancel-reservation"]').click();
    await part.locator('[data-reservation-ended="CANCELLED"]', { hasText: '平台取消' }).waitFor();
    const key = expect.stringMatching(/^[0-9a-f]{32}$/) as unknown;
    expect(server.charges.acts.slice(done)).toEqual([
      { path: '/api/v1/orders', body: { stationId: 'HJ1', truckId: 'T012', key } },
      { path: '/api/v1/orders/O-NEW/confirm', body: { note: 'BD1 排队' } },
      { path: '/api/v1/orders/O-NEW/cancel', body: { note: '改线' } },
    ]);
    // Whoever may not bind the carrier's money is not offered it.
    const operator = await tab.show({ hash: '#truck/T012', user: 'so1' });
    await operator.locator('[data-inspects="truck/T012"]').waitFor();
    expect(await operator.locator('[data-section="reserve"]').count()).toBe(0);
  });
});
