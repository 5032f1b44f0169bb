import type { AlarmView, Scene } from '@corridor/protocols/http/scene';
import { until } from '@corridor/testkit/until';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { brokenRules, prepareRules } from '../../test/axe-rules.ts';
import { browserTestsRun } from '../../test/chromium.ts';
import { drivenTwin } from '../../test/driven-twin.ts';
import { type OpenBrowser, openBrowser } from '../../test/open-browser.ts';
import { ViewerTab } from '../../test/viewer-tab.ts';

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** Ten minutes of the scope are six seconds. */
const FACTOR = 100;
const SEED = 7;
const FOUND_WITHIN_MS = 120_000;
/** A command that expires in five minutes of the scope has half a minute to be done on a busy machine. */
const CALM_FACTOR = 10;
const CLOSED_STATION = 'BD1';
const CHARGER = { kind: 'CHARGER_DOWN', stationId: 'HH1', evseId: 3 } as const;
const SLOT = `${CHARGER.stationId}-${CHARGER.evseId}`;

describe.skipIf(!browserTestsRun('operations'))('the operations page in a browser', { timeout: 480_000 }, () => {
  let opened: OpenBrowser;
  let tab: ViewerTab;

  beforeAll(async () => {
    opened = await openBrowser({ draws: false });
    tab = await ViewerTab.open(opened);
    await prepareRules(tab.page);
  }, 240_000);

  afterEach(() => tab.leaveInPeace());

  afterAll(() => opened?.[Symbol.asyncDispose]());

  it('breaks no rule of WCAG A and AA in any of its parts, on a desk and on a phone', async () => {
    const found: string[] = [];
    for (const look of [
      { ...DESKTOP, dark: false },
      { ...PHONE, dark: true },
    ]) {
      const page = await tab.show({ hash: '#/operations', user: 'ops', ...look });
      const names = await page
        .locator('[data-operations-tab]')
        .evaluateAll((all) => all.map((each) => each.getAttribute('data-operations-tab') ?? ''));
      expect(names).toHaveLength(6);
      for (const name of names) {
        await page.evaluate((part) => document.querySelector<HTMLElement>(`[data-operations-tab="${part}"]`)?.click(), name);
        await page.locator('.money-body .money-part').first().waitFor();
        await page.locator('.money-body [aria-busy="true"]').first().waitFor({ state: 'detached' });
        await page.evaluate(() =>
          document.querySelectorAll<HTMLElement>('.money-body tbody tr:first-child .order-fold').forEach((fold) => fold.click()),
        );
        found.push(...(await brokenRules(page)).map((rule) => `${name}, ${look.width} px: ${rule}`));
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
          `${name} is as wide as the screen`,
        ).toBe(true);
      }
    }
    expect(found).toEqual([]);
  });

  it('groups alarms by station and cause when one wants it, and says what has to be done', async () => {
    const page = await tab.show({ hash: '#/operations/alarms', user: 'ops', ...DESKTOP });
    await page.locator('[data-alarm="A-3"] .order-fold').click();
    await page.getByText('移走其电池包并报修充电机。').waitFor();
    expect(new URL(page.url()).hash).toBe('#/operations/alarms?open=A-3');
    // Put aside, it is told apart and no longer counted.
    await page.locator('[data-part="aside"] [data-alarm-state="SHELVED"]').waitFor();
    expect(await page.locator('.alarm-button').getAttribute('data-alarms')).toBe('4');
    await page.locator('[name="grouping"]').selectOption('grouped');
    expect(await page.locator('[data-group]').count()).toBe(4);
  });

  it('follows an alarm from a fault of a real station to its repair: seen, put aside, back by itself, over', async () => {
    await using world = await drivenTwin(opened.dist, { factor: FACTOR, seed: SEED });
    const { twin } = world;
    await until('the station is there', FOUND_WITHIN_MS, async () => {
      const { stations } = (await twin.get('/api/v1/scene')).body as Scene;
      return stations.find(({ id }) => id === CHARGER.stationId)?.connectivity === 'ONLINE' ? true : null;
    });
    const repair = await world.fault(CHARGER);
    const page = await tab.show({ base: twin.twin.url, hash: '#/operations/alarms', user: 'demo-SO1', ...DESKTOP });
    const alarm = await until('the alarm', FOUND_WITHIN_MS, async () => {
      const { alarms } = (await twin.get('/api/v1/scene', 'SO1')).body as Scene;
      return alarms.find(({ code, scopeId }) => code === CHARGER.kind && scopeId === SLOT) ?? null;
    });
    const row = page.locator(`[data-alarm="${alarm.id}"]`);
    const stands = (state: AlarmView['state']) => row.locator(`[data-alarm-state="${state}"]`).waitFor();
    await stands('UNACKNOWLEDGED');
    await row.locator('.order-fold').click();
    await page.locator('[data-action="acknowledge"]').click();
    await stands('ACKNOWLEDGED');
    await page.locator('[data-action="shelve"]').click();
    await page.getByText('请填写搁置原因。').waitFor();
    await page.locator('[name="alarm-note"]').fill('维修人员中午到');
    await page.locator('[name="shelve-for"]').selectOption('900000');
    await page.locator('[data-action="shelve"]').click();
    await page.locator(`[data-part="aside"] [data-alarm="${alarm.id}"] [data-alarm-state="SHELVED"]`).waitFor();
    // Nobody does anything: after a quarter of an hour of the corridor it is told again.
    await page.locator(`[data-part="alarms"] [data-alarm="${alarm.id}"] [data-alarm-state="ACKNOWLEDGED"]`).waitFor();
    await repair();
    await row.waitFor({ state: 'detached' });
    await page.locator('[data-operations-tab="alarm-history"]').click();
    await page.locator(`[data-part="alarm-history"] [data-alarm="${alarm.id}"]`).waitFor();
  });

  it('sends a command to a real station and a message to a real truck, and shows what became of both', async () => {
    await using world = await drivenTwin(opened.dist, { factor: CALM_FACTOR, seed: SEED });
    const { twin } = world;
    // A station that begins no swap, and none of whose packs a swap takes: whatever its slots are asked, they do.
    const id = CLOSED_STATION;
    expect(await twin.post(`/api/v1/stations/${id}/close`, { key: 'K-close', note: 'nobody swaps while we look' })).toMatchObject({
      status: 200,
    });
    const slot = await until('a pack in a slot of a station that is heard', FOUND_WITHIN_MS, async () => {
      const { stations, slots } = (await twin.get('/api/v1/scene')).body as Scene;
      const station = stations.find((each) => each.id === id);
      if (station?.connectivity !== 'ONLINE' || !station.bays.every(({ bayState }) => bayState === 'FREE')) return null;
      return slots.find(({ stationId, packId, reservedFor }) => stationId === id && packId !== null && reservedFor === null) ?? null;
    });
    const page = await tab.show({ base: twin.twin.url, hash: `#slot/${slot.id}`, user: 'demo-PF', ...DESKTOP });
    await page.locator('[data-section="setpoint"] .fold').click();
    await page.locator('[name="setpoint-kw"]').fill('60');
    await page.locator('[name="setpoint-hold"]').selectOption('3600000');
    await page.locator('[data-section="setpoint"] [name="act-note"]').fill('尖峰电价');
    await page.locator('[data-action="setpoint"]').click();
    await page.locator('[data-section="setpoint"] .sent-commands [data-command-state="DONE"]').waitFor();
    await page.locator('[data-section="setpoint"]').getByText('60.0 kW').waitFor();
    await page.locator('[data-section="setpoint"] [name="act-note"]').fill('尖峰已过');
    await page.locator('[data-action="to-plan"]').click();
    await page
      .locator('[data-section="setpoint"] .sent-commands li')
      .filter({ hasText: '按计划' })
      .locator('[data-command-state="DONE"]')
      .waitFor();
    await page.locator('[data-section="setpoint"] .fold').click();
    await page.locator('[data-section="slot-at-station"] .fold').click();
    await page.locator('[data-section="slot-at-station"] [name="act-note"]').fill('气味异常');
    await page.locator('[data-action="quarantine"]').click();
    const quarantined = page.locator('[data-section="slot-at-station"] .sent-commands li').filter({ hasText: '气味异常' });
    await quarantined.locator('[data-command-state="DONE"]').waitFor();
    await page.evaluate(() => {
      location.hash = '#/operations/messages';
    });
    await page.locator('[data-form="message"] [name="recipient"]').waitFor();
    await page.locator('[data-form="message"] [name="title"]').fill('前方降雪');
    await page.locator('[data-form="message"] [name="text"]').fill('请减速慢行');
    await page.locator('[data-action="write"]').click();
    await page.locator('[data-form="message"] [role="alert"]').getByText('请先选择收件方').waitFor();
    await page.locator('[data-form="message"] [name="recipient"]').selectOption({ index: 1 });
    await page.locator('[data-action="write"]').click();
    await page.locator('[data-message] [data-message-state="DONE/UNREAD/NONE"]').first().waitFor();
    await page.locator('[data-operations-tab="commands"]').click();
    await page.locator('[data-part="commands"]').getByText('尖峰电价').waitFor();
    await page.locator('[data-operations-tab="queue"]').click();
    await page.locator(`[data-queue="${slot.stationId}"]`).waitFor();
  });
});
