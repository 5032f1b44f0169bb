import type { Billing, Contract, Incentive, Order, Penalty } from './bundle.ts';
import { type ExpectedLine, feeFen } from './expected-line.ts';
import { dividedBy, fractionOf, rounded, times } from './fraction.ts';
import { chinaTime } from './tariff-hour.ts';

/** Components that the party of a line cannot compute alone: they follow from a bill of which it sees its own part. */
export const OF_THE_WHOLE_BILL: readonly string[] = ['MODE_ADJUSTMENT', 'INCENTIVE', 'PENALTY', 'WAIVER'];

type Grant = Exclude<Exclude<Order['usage'], null>['packageGrant'], null>;
const MINUTE_MS = 60_000;
const total = (lines: readonly ExpectedLine[]): bigint => lines.reduce((sum, { amountFen }) => sum + amountFen, 0n);
const sumOf = (lines: readonly ExpectedLine[], components: readonly string[]): bigint =>
  total(lines.filter(({ component }) => components.includes(component)));

/** What a contract makes of the lines that were rated per kWh: the adjustment of its mode, incentives, penalties. */
export function contractLines(contract: Contract, order: Order, rated: readonly ExpectedLine[]): ExpectedLine[] {
  const mode = modeLines(contract.billing, order, rated);
  if (order.isCredit) return mode.lines;
  const dueFen = total([...rated, ...mode.lines]) - mode.drawnFen;
  return [...mode.lines, ...incentiveLines(contract.incentives ?? [], order, dueFen), ...deepDischarge(contract.penalties ?? [], order)];
}

/** Lines of offers that the party itself made: its mode by the sum that its price replaced, its discounts by the net energy. */
export function offeredLines(contract: Contract, order: Order, offer: Exclude<Order['offer'], null>): ExpectedLine[] {
  const told: Order = { ...order, usage: offer.usage };
  const [component = ''] = contract.billing?.mode === 'MONTHLY_RENT' ? ['BATTERY_RENT'] : (contract.billing?.replaces ?? []);
  const replaced = oneCase(component, 'NONE', null, BigInt(offer.replacedFen));
  const mode = modeLines(contract.billing, told, [replaced]);
  if (order.isCredit) return mode.lines;
  return [...mode.lines, ...incentiveLines(contract.incentives ?? [], told, BigInt(offer.dueFen) - mode.drawnFen)];
}

/** What the mode charges less what its price replaces; `drawnFen` was paid before, by a package. */
function modeLines(
  billing: Billing | undefined,
  order: Order,
  rated: readonly ExpectedLine[],
): { lines: ExpectedLine[]; drawnFen: bigint } {
  if (billing === undefined || billing.mode === 'PER_KWH') return { lines: [], drawnFen: 0n };
  if (billing.mode === 'PACKAGE') return packageLines(billing, order, rated);
  const replacedFen = sumOf(rated, billing.mode === 'MONTHLY_RENT' ? ['BATTERY_RENT'] : (billing.replaces ?? []));
  return { lines: [oneCase('MODE_ADJUSTMENT', 'NONE', null, chargeFen(billing, order) - replacedFen)], drawnFen: 0n };
}

function chargeFen({ mode, priceFen, priceNanoYuanPerKm }: Billing, { isCredit, usage }: Order): bigint {
  if (mode === 'MONTHLY_RENT' || isCredit) return 0n;
  if (mode === 'PER_SWAP') return BigInt(priceFen ?? '0');
  const distanceM = BigInt(Math.round(usage?.distanceSinceSwapM ?? Number.NaN));
  return feeFen(distanceM, BigInt(priceNanoYuanPerKm ?? '0')); // metres by a price per km, as Wh by one per kWh
}

function packageLines(
  { replaces = [] }: Billing,
  order: Order,
  rated: readonly ExpectedLine[],
): { lines: ExpectedLine[]; drawnFen: bigint } {
  const grant = order.usage?.packageGrant ?? null;
  if (grant === null || order.isCredit) return { lines: [], drawnFen: 0n };
  const { quantity, wanted } = coverOf(grant, netWh(order));
  if (quantity <= 0n) return { lines: [], drawnFen: 0n };
  const part = fractionOf(quantity);
  const drawnFen = rounded(dividedBy(times(fractionOf(grant.amountFen), part), fractionOf(grant.quantity)));
  const replacedFen = rounded(dividedBy(times(fractionOf(sumOf(rated, replaces)), part), fractionOf(wanted)));
  return { lines: [oneCase('MODE_ADJUSTMENT', 'NONE', null, drawnFen - replacedFen)], drawnFen };
}

function coverOf({ unit, quantity }: Grant, wantedWh: bigint): { quantity: bigint; wanted: bigint } {
  const wanted = unit === 'swap' ? 1n : wantedWh;
  return { quantity: wanted < BigInt(quantity) ? wanted : BigInt(quantity), wanted };
}

/** What a mode bears of what the meter changed: all that it includes, or the part that a package covered. */
export function borneFen(billing: Billing, order: Order, changedFen: (components: readonly string[]) => bigint): bigint {
  const includedFen = changedFen(billing.mode === 'MONTHLY_RENT' ? ['BATTERY_RENT'] : (billing.replaces ?? []));
  const grant = order.usage?.packageGrant ?? null;
  if (billing.mode !== 'PACKAGE') return -includedFen;
  if (grant === null || order.isCredit) return 0n;
  const { quantity, wanted } = coverOf(grant, netWh(order));
  if (quantity <= 0n) return 0n;
  return -rounded(dividedBy(times(fractionOf(includedFen), fractionOf(quantity)), fractionOf(wanted)));
}

const netWh = (order: Order): bigint => (order.offer === null ? legsWh(order) : BigInt(order.offer.netEnergyWh));
const legsWh = (order: Order): bigint => BigInt(order.out?.energyWh ?? '0') - BigInt(order.in?.energyWh ?? '0');

/** Each that holds, in the order of the contract; together at most what there is to pay. */
function incentiveLines(incentives: readonly Incentive[], order: Order, dueFen: bigint): ExpectedLine[] {
  let leftFen = dueFen > 0n ? dueFen : 0n;
  const lines: ExpectedLine[] = [];
  for (const incentive of incentives.filter((one) => holds(one, order))) {
    const line = incentiveLine(incentive, order, leftFen);
    if (line.amountFen === 0n) continue;
    leftFen += line.amountFen;
    lines.push(line);
  }
  return lines;
}

function incentiveLine({ discount }: Incentive, order: Order, leftFen: bigint): ExpectedLine {
  const perKwh = discount.nanoYuanPerKwh;
  const energyWh = netWh(order) > 0n ? netWh(order) : 0n;
  const wantedFen = perKwh === undefined ? -BigInt(discount.fenPerSwap ?? '0') : feeFen(-energyWh, BigInt(perKwh));
  if (-wantedFen > leftFen || perKwh === undefined) return oneCase('INCENTIVE', 'NONE', null, -wantedFen > leftFen ? -leftFen : wantedFen);
  const price = { quantity: -energyWh, unitPriceNanoYuan: BigInt(perKwh), amountFen: wantedFen };
  return { component: 'INCENTIVE', leg: 'NONE', period: null, packId: null, ...price };
}

function holds({ validFrom, validUntil, when }: Incentive, { ratedAt, stationId, usage }: Order): boolean {
  const { date, hour } = chinaTime(ratedAt);
  const ready = usage?.readyPacks ?? null;
  return (
    date >= validFrom &&
    date <= validUntil &&
    (when.hours === undefined || when.hours.some(([from, to]) => hour >= from && hour < to)) &&
    (when.stationIds === undefined || when.stationIds.includes(stationId)) &&
    (when.readyPacksAbove === undefined || (ready !== null && ready > when.readyPacksAbove)) &&
    (when.readyPacksBelow === undefined || (ready !== null && ready < when.readyPacksBelow))
  );
}

/** Penalty for a pack that came back too empty, and what takes it back. */
function deepDischarge(penalties: readonly Penalty[], order: Order): ExpectedLine[] {
  const penalty = penalties.find(({ kind }) => kind === 'DEEP_DISCHARGE');
  const back = order.in;
  if (penalty === undefined || back === null || back.socPercent >= (penalty.belowSocPercent ?? 0)) return [];
  const owedFen = BigInt(penalty.amountFen);
  const line = oneCase('PENALTY', 'IN', back.packId, owedFen);
  const { date } = chinaTime(order.ratedAt);
  const isWaived = penalty.waivers.some(
    ({ rule, until = '', stationIds = [], minutes = 0 }) =>
      (rule === 'INTRODUCTION' && date <= until) ||
      (rule === 'STATIONS' && stationIds.includes(order.stationId)) ||
      (rule === 'WAITED' && (order.usage?.waitedMs ?? -1) >= minutes * MINUTE_MS),
  );
  return isWaived ? [line, oneCase('WAIVER', 'IN', back.packId, -owedFen)] : [line];
}

/** A line that is no product of two measured figures. */
function oneCase(component: string, leg: string, packId: string | null, amountFen: bigint): ExpectedLine {
  const [quantity, sizeFen] = amountFen < 0n ? [-1n, -amountFen] : [1n, amountFen];
  return { component, leg, period: null, packId, quantity, unitPriceNanoYuan: sizeFen * 10_000_000n, amountFen };
}
