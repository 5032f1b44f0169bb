import type { Page } from 'playwright-core';

/** What the pictures show: ids that are in the scene just now. */
export interface Subjects {
  station: string;
  /** A truck that drives, and one that is being served (or queues). */
  truckDriving: string;
  truckInBay: string;
  /** An order with a bill. */
  order: string;
}

export interface Shot {
  name: string;
  size: 'desktop' | 'phone';
  theme: 'light' | 'dark';
  language: 'zh-CN' | 'en';
  hash?: (subjects: Subjects) => string;
  /** Who signs in at the fixture; the platform when not told. */
  user?: string;
  /** What is done before the picture is taken. */
  act?: (page: Page) => Promise<void>;
}

const openBill = async (page: Page): Promise<void> => {
  await page.locator('.bill-line .fold').first().click();
};

/** Closes the live connection and lets no new one through. */
const cutLine = async (page: Page): Promise<void> => {
  await page.route('**/api/v1/tickets', (route) => route.abort());
  await page.evaluate(() => {
    for (const socket of Reflect.get(window, 'openSockets') as WebSocket[]) socket.close();
  });
  await page.locator('[data-connection="offline"]').waitFor();
};

const station = ({ station: id }: Subjects): string => `#station/${id}`;
const truckDriving = ({ truckDriving: id }: Subjects): string => `#truck/${id}`;
const truckInBay = ({ truckInBay: id }: Subjects): string => `#truck/${id}`;
const bay = ({ station: id }: Subjects): string => `#bay/${id}-B1`;
const order = ({ order: id }: Subjects): string => `#order/${id}`;

const money = (): string => '#/money';
const moneyOrders = (): string => '#/money/orders';
const moneyTopUp = (): string => '#/money/top-up';
const moneyPart = (part: string) => (): string => `#/money/${part}`;
const openFirst = (page: Page): Promise<void> => page.locator('.order-fold').first().click();
const openStatement = (page: Page): Promise<void> => page.locator('[data-action="open-statement"]').first().click();
const compare = (page: Page): Promise<void> => page.locator('[data-action="compare"]').click();
const rateAgain = async (page: Page): Promise<void> => {
  await page.locator('[name="draft"]').first().check();
  await page.locator('[data-action="re-rate"]').click();
  await page.locator('[data-part="re-rate-result"]').waitFor();
};
const openOrder = async (page: Page): Promise<void> => {
  await page.locator('.order-fold[data-billed]').first().click();
  await openBill(page);
};
const askTopUp = async (page: Page): Promise<void> => {
  await page.locator('[name="amount"]').fill('20,000');
  await page.locator('[data-action="top-up"]').click();
  await page.locator('[data-payment]').waitFor();
};

const chooseLayer =
  (layer: string) =>
  async (page: Page): Promise<void> => {
    await page.locator('[data-action="layers"]').click();
    await page.locator(`[name="heat-layer"][value="${layer}"]`).check();
  };
const keepViews = async (page: Page): Promise<void> => {
  await chooseLayer('power')(page);
  for (const name of ['Taihang tunnels', 'Baoding, morning peak']) {
    await page.locator('[name="view-name"]').fill(name);
    await page.locator('[data-action="keep-view"]').click();
  }
  await page.locator('[data-field="relief-auto"]').uncheck();
};
const findBaoding = async (page: Page): Promise<void> => {
  await page.keyboard.press('Control+k');
  await page.locator('.find-field input').fill('bd1');
};

export const SHOTS: readonly Shot[] = [
  { name: 'layer-wait-light-zh', size: 'desktop', theme: 'light', language: 'zh-CN', act: chooseLayer('wait') },
  { name: 'layer-price-dark-en', size: 'desktop', theme: 'dark', language: 'en', act: chooseLayer('price') },
  { name: 'layer-power-light-en', size: 'desktop', theme: 'light', language: 'en', act: keepViews },
  { name: 'layer-soc-near-light-en', size: 'desktop', theme: 'light', language: 'en', hash: station, act: chooseLayer('soc') },
  { name: 'layer-phone-dark-zh', size: 'phone', theme: 'dark', language: 'zh-CN', act: chooseLayer('wait') },
  { name: 'find-light-zh', size: 'desktop', theme: 'light', language: 'zh-CN', act: findBaoding },
  { name: 'find-phone-dark-en', size: 'phone', theme: 'dark', language: 'en', act: findBaoding },
  { name: 'readme', size: 'desktop', theme: 'light', language: 'en', hash: order },
  { name: 'sign-in-zh', size: 'desktop', theme: 'light', language: 'zh-CN' },
  { name: 'sign-in-phone-en', size: 'phone', theme: 'dark', language: 'en' },
  { name: 'desktop-light-zh', size: 'desktop', theme: 'light', language: 'zh-CN' },
  { name: 'desktop-dark-en', size: 'desktop', theme: 'dark', language: 'en' },
  { name: 'station-light-en', size: 'desktop', theme: 'light', language: 'en', hash: station },
  { name: 'bay-light-en', size: 'desktop', theme: 'light', language: 'en', hash: bay },
  { name: 'phone-bay-dark-zh', size: 'phone', theme: 'dark', language: 'zh-CN', hash: bay },
  { name: 'station-dark-zh', size: 'desktop', theme: 'dark', language: 'zh-CN', hash: station },
  { name: 'truck-light-zh', size: 'desktop', theme: 'light', language: 'zh-CN', hash: truckDriving },
  { name: 'truck-dark-en', size: 'desktop', theme: 'dark', language: 'en', hash: truckInBay },
  { name: 'order-dark-en', size: 'desktop', theme: 'dark', language: 'en', hash: order, act: openBill },
  { name: 'order-light-zh', size: 'desktop', theme: 'light', language: 'zh-CN', hash: order, act: openBill },
  {
    name: 'mid-light-en',
    size: 'desktop',
    theme: 'light',
    language: 'en',
    hash: station,
    act: async (page) => {
      for (let i = 0; i < 12; i++) await page.keyboard.press('-');
      await page.waitForTimeout(600);
    },
  },
  { name: 'lost-light-zh', size: 'desktop', theme: 'light', language: 'zh-CN', act: cutLine },
  { name: 'phone-light-zh', size: 'phone', theme: 'light', language: 'zh-CN' },
  { name: 'phone-truck-dark-en', size: 'phone', theme: 'dark', language: 'en', hash: truckInBay },
  { name: 'phone-order-light-zh', size: 'phone', theme: 'light', language: 'zh-CN', hash: order, act: openBill },
  { name: 'phone-station-light-en', size: 'phone', theme: 'light', language: 'en', hash: station },
  {
    name: 'phone-list-zh',
    size: 'phone',
    theme: 'light',
    language: 'zh-CN',
    act: (page) => page.locator('[data-action="lists"]').click(),
  },
  {
    name: 'orders-dark-zh',
    size: 'desktop',
    theme: 'dark',
    language: 'zh-CN',
    act: (page) => page.locator('[data-tab="orders"]').click(),
  },
  {
    name: 'menu-dark-zh',
    size: 'desktop',
    theme: 'dark',
    language: 'zh-CN',
    act: (page) => page.locator('[data-menu="settings"]').click(),
  },
  {
    name: 'kpi-light-en',
    size: 'desktop',
    theme: 'light',
    language: 'en',
    act: async (page) => {
      await page.waitForTimeout(3_000);
      await page.locator('[data-kpi="gridPowerW"]').click();
    },
  },
  { name: 'money-light-zh', size: 'desktop', theme: 'light', language: 'zh-CN', hash: money, user: 'c1' },
  { name: 'money-dark-en', size: 'desktop', theme: 'dark', language: 'en', hash: money },
  { name: 'money-phone-light-zh', size: 'phone', theme: 'light', language: 'zh-CN', hash: money, user: 'c1' },
  { name: 'money-orders-light-en', size: 'desktop', theme: 'light', language: 'en', hash: moneyOrders, user: 'c1', act: openOrder },
  { name: 'money-orders-phone-dark-zh', size: 'phone', theme: 'dark', language: 'zh-CN', hash: moneyOrders, user: 'c1', act: openOrder },
  { name: 'money-statements-phone-dark-en', size: 'phone', theme: 'dark', language: 'en', hash: () => '#/money/statements', user: 'c1' },
  { name: 'money-clearing-light-en', size: 'desktop', theme: 'light', language: 'en', hash: moneyPart('clearing'), act: openFirst },
  { name: 'money-clearing-phone-dark-zh', size: 'phone', theme: 'dark', language: 'zh-CN', hash: moneyPart('clearing'), act: openFirst },
  {
    name: 'money-statement-light-zh',
    size: 'desktop',
    theme: 'light',
    language: 'zh-CN',
    hash: moneyPart('statements'),
    act: openStatement,
  },
  { name: 'money-re-rate-dark-zh', size: 'desktop', theme: 'dark', language: 'zh-CN', hash: moneyPart('re-rate'), act: rateAgain },
  { name: 'money-re-rate-phone-light-en', size: 'phone', theme: 'light', language: 'en', hash: moneyPart('re-rate'), act: rateAgain },
  { name: 'money-abnormal-dark-en', size: 'desktop', theme: 'dark', language: 'en', hash: moneyPart('abnormal'), act: openFirst },
  {
    name: 'money-reconciliation-light-zh',
    size: 'desktop',
    theme: 'light',
    language: 'zh-CN',
    hash: moneyPart('reconciliation'),
    act: compare,
  },
  { name: 'money-top-up-dark-zh', size: 'desktop', theme: 'dark', language: 'zh-CN', hash: moneyTopUp, user: 'c1', act: askTopUp },
  { name: 'money-top-up-phone-light-en', size: 'phone', theme: 'light', language: 'en', hash: moneyTopUp, user: 'c1' },
];
