import { expectedLines } from './bill.ts';
import type { BatteryRate, Bundle, Contract, Leg, Line, Lot, Order, Share } from './bundle.ts';
import { OF_THE_WHOLE_BILL } from './contract-lines.ts';
import type { Comparison } from './difference.ts';
import { contentWh, type ExpectedLine, feeFen } from './expected-line.ts';
import { dividedBy, type Fraction, fractionOf, rounded, sumOf, times } from './fraction.ts';

const BASIS_POINTS = fractionOf(10_000);

/** Computes every line, total, share and commission of every order again. */
export function compareOrders(bundle: Bundle, comparison: Comparison): void {
  compareRentsSinceIssue(bundle.orders, comparison);
  for (const order of bundle.orders) {
    compareLegs(bundle, order, comparison);
    compareLines(bundle, order, comparison);
    compareShares(bundle, order, comparison);
  }
}

function compareLegs(bundle: Bundle, order: Order, comparison: Comparison): void {
  for (const [name, leg] of [['out', order.out] as const, ['in', order.in] as const]) {
    if (leg === null) continue;
    const where = `order ${order.orderId} pack ${leg.packId} ${name}`;
    comparison.equal(`${where}: content`, leg.energyWh, contentWh(leg));
    if (leg.lots !== null) {
      const inLots = leg.lots.reduce((sum, lot) => sum + BigInt(lot.energyWh), 0n);
      comparison.equal(`${where}: energy in lots`, leg.energyWh, inLots);
      comparePvPrices(bundle, where, leg.lots, comparison);
    }
  }
  compareIssuedRent(bundle, order, comparison);
}

/** PV energy at a price of its own costs what the rate says that was in force when it was charged; of another operator's the bundle has none. */
function comparePvPrices({ agreements }: Bundle, where: string, lots: readonly Lot[], comparison: Comparison): void {
  for (const { pvRateId, priceNanoYuanPerKwh } of lots) {
    const rate = agreements.stationRates.find(({ id }) => id === pvRateId);
    if (rate !== undefined)
      comparison.equal(`${where}: PV by ${rate.id}`, priceNanoYuanPerKwh, rate.pvNanoYuanPerKwh ?? 'no price of its own');
  }
}

/**
 * What is frozen when a pack is issued is what it comes back with: of each truck, the pack of its swap before. By the begin of the orders,
 * because one that was repaired is billed after those that followed it.
 */
function compareRentsSinceIssue(orders: readonly Order[], comparison: Comparison): void {
  const onBoard = new Map<string, Leg | null>();
  for (const { orderId, truckId, out, in: back } of orders.toSorted((a, b) => Date.parse(a.ratedAt) - Date.parse(b.ratedAt))) {
    const issued = onBoard.get(truckId) ?? null;
    onBoard.set(truckId, out);
    if (back === null || issued === null || issued.packId !== back.packId) continue;
    comparison.equal(`order ${orderId} pack ${back.packId}: rent since its issue`, back.rentNanoYuanPerKwh, issued.rentNanoYuanPerKwh);
  }
}

/** The rent of a pack that is issued follows from the owner's own rate card. */
function compareIssuedRent(bundle: Bundle, order: Order, comparison: Comparison): void {
  const { out } = order;
  if (out === null || out.rentNanoYuanPerKwh === null) return;
  const cards = bundle.agreements.batteryRates;
  if (cards.every(({ ownerId }) => ownerId !== out.ownerId)) return;
  const possible = [order.ratedAt, order.billedAt].map((at) => rentOf(cards, out, at));
  const said = out.rentNanoYuanPerKwh;
  comparison.equal(
    `order ${order.orderId} pack ${out.packId}: rent by its rate card`,
    said,
    possible.includes(said) ? said : (possible[0] ?? null),
  );
}

/** Rate of the newest card in force, a pack's own before its owner's, times the factor of the SOH step reached. */
function rentOf(cards: readonly BatteryRate[], leg: Leg, at: string): string | null {
  const date = new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10);
  const inForce = cards
    .filter((card) => card.ownerId === leg.ownerId && card.effectiveFrom <= date && (card.packId ?? leg.packId) === leg.packId)
    .toSorted((a, b) => Number(b.packId !== undefined) - Number(a.packId !== undefined) || (a.effectiveFrom < b.effectiveFrom ? 1 : -1));
  const [card] = inForce;
  if (card === undefined) return null;
  const steps = card.sohSteps.toSorted((a, b) => b.minSohPercent - a.minSohPercent);
  const lowest = Math.min(...steps.map(({ factorBasisPoints }) => factorBasisPoints));
  const factor = steps.find(({ minSohPercent }) => leg.sohPercent >= minSohPercent)?.factorBasisPoints ?? lowest;
  return rounded(times(fractionOf(card.rentNanoYuanPerKwh), dividedBy(fractionOf(factor), BASIS_POINTS))).toString();
}

/** Lines are matched by what they are for, so that none may be missing, doubled or invented. */
function compareLines(bundle: Bundle, order: Order, comparison: Comparison): void {
  const missing = expectedLines(bundle, order);
  for (const line of order.lines) {
    const where = `order ${order.orderId} line ${line.lineNo} ${line.component}`;
    const index = missing.findIndex((one) => isSameLine(one, line));
    const [expected] = index < 0 ? [] : missing.splice(index, 1);
    if (expected === undefined && isTold(bundle, order, line)) {
      comparison.equal(`${where}: amount by quantity and price`, line.amountFen, amountOf(line));
      continue;
    }
    if (expected === undefined) {
      comparison.equal(`${where}: line`, `${line.amountFen} fen`, 'no such line');
      continue;
    }
    comparison.equal(`${where}: quantity`, line.quantity, expected.quantity);
    comparison.equal(`${where}: amount`, line.amountFen, expected.amountFen);
  }
  for (const { component, leg, amountFen } of missing) {
    comparison.equal(`order ${order.orderId} ${component} ${leg}: line`, 'no such line', `${amountFen} fen`);
  }
  if (order.payableFen !== null) comparison.equal(`order ${order.orderId}: payable`, order.payableFen, totalFen(order.lines));
}

/** Whether a line follows from a bill of which the party sees its part only, and from no offer of its own. */
function isTold({ agreements }: Bundle, { usage, offer, contractId }: Order, { component }: Line): boolean {
  if (usage !== null || !OF_THE_WHOLE_BILL.includes(component)) return false;
  const contract = offer === null ? undefined : agreements.contracts.find(({ id }) => id === contractId);
  const isOwnOffer = component === 'MODE_ADJUSTMENT' ? contract?.billing !== undefined : contract?.incentives !== undefined;
  return !(isOwnOffer && (component === 'MODE_ADJUSTMENT' || component === 'INCENTIVE'));
}

/** Of a line that is told, not computed: it must at least agree with itself. */
function amountOf({ unit, quantity, unitPriceNanoYuan }: Line): bigint {
  if (unit === 'Wh') return feeFen(BigInt(quantity), BigInt(unitPriceNanoYuan));
  return (BigInt(quantity) * BigInt(unitPriceNanoYuan)) / 10_000_000n;
}

const isSameLine = (one: ExpectedLine, line: Line): boolean =>
  one.component === line.component &&
  one.leg === line.leg &&
  one.period === line.period &&
  one.packId === line.packId &&
  one.unitPriceNanoYuan.toString() === line.unitPriceNanoYuan;

type ShareLine = Pick<Line, 'component' | 'amountFen' | 'beneficiaryId' | 'packId'>;

const totalFen = (lines: readonly Pick<Line, 'amountFen'>[]): bigint => lines.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n);

function compareShares(bundle: Bundle, order: Order, comparison: Comparison): void {
  const contract = bundle.agreements.contracts.find(({ id }) => id === order.contractId);
  if (contract === undefined) {
    comparison.equal(`order ${order.orderId}: contract`, order.contractId, 'not in the bundle');
    return;
  }
  const of = { contract, isWhole: bundle.principalKind === 'PLATFORM' };
  compareSharesOf(`order ${order.orderId}`, of, order, comparison);
  if (!of.isWhole) return;
  const nets = order.shares.reduce((sum, { netFen }) => sum + BigInt(netFen), 0n);
  comparison.equal(`order ${order.orderId}: payable by its shares`, order.payableFen, nets);
}

/** Shares of a bill, or of a correction: gross by the lines of each, commission by the contract, and the platform's by that of all. */
export function compareSharesOf(
  name: string,
  { contract, isWhole }: { contract: Contract; isWhole: boolean },
  { lines, shares }: { lines: readonly ShareLine[]; shares: readonly Share[] },
  comparison: Comparison,
): void {
  let commissionFen = 0n;
  for (const share of shares.filter(({ role }) => role !== 'PLATFORM')) {
    const own = lines.filter((line) => line.beneficiaryId === share.principalId && roleOf(line) === share.role);
    const where = `${name} share of ${share.principalId}`;
    const expected = { gross: totalFen(own), commission: -rounded(commissionOf(contract, own)) };
    comparison.equal(`${where}: gross`, share.grossFen, expected.gross);
    comparison.equal(`${where}: commission`, share.commissionFen, expected.commission);
    comparison.equal(`${where}: net`, share.netFen, expected.gross + expected.commission);
    commissionFen -= expected.commission;
  }
  if (!isWhole) return;
  for (const share of shares.filter(({ role }) => role === 'PLATFORM')) {
    comparison.equal(`${name} share of the platform: net`, share.netFen, commissionFen);
  }
}

function roleOf({ component, packId }: ShareLine): string {
  if (component === 'MODE_ADJUSTMENT') return 'ISSUER';
  if (component === 'INCENTIVE') return 'FUNDER';
  const isOfPack = component === 'BATTERY_RENT' || ((component === 'PENALTY' || component === 'WAIVER') && packId !== null);
  return isOfPack ? 'BATTERY_OWNER' : 'STATION_OPERATOR';
}

/** Commission of a share before it is rounded, once. */
function commissionOf(contract: Contract, lines: readonly ShareLine[]): Fraction {
  return sumOf(
    lines.map(({ component, amountFen }) => times(fractionOf(amountFen), dividedBy(fractionOf(rateOf(contract, component)), BASIS_POINTS))),
  );
}

function rateOf(contract: Contract, component: string): number {
  const named = component === 'WAIVER' ? 'PENALTY' : component;
  if (contract.commission !== undefined) return contract.commission[named] ?? 0;
  if (named === 'BATTERY_RENT') return contract.commissionRentBasisPoints;
  return named === 'SERVICE' || named === 'SWAP_HANDLING' ? contract.commissionServiceBasisPoints : 0;
}
