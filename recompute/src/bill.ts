import type { Bundle, Leg, Order } from './bundle.ts';
import { contractLines, offeredLines } from './contract-lines.ts';
import { type ExpectedLine, feeFen } from './expected-line.ts';
import { fractionOf, minus, rounded } from './fraction.ts';
import { pricedHour } from './tariff-hour.ts';

/**
 * Lines of a swap that follow from what changed hands and what was agreed, as far as the party sees them: who pays and the platform all of
 * them, who earns those of its part. That of the station is its operator's alone: whoever issued an offer that was used there has none of it.
 */
export function expectedLines(bundle: Bundle, order: Order): ExpectedLine[] {
  const isWhole = bundle.principalKind === 'CARRIER' || bundle.principalKind === 'PLATFORM';
  const isOfStation =
    isWhole || order.shares.some(({ role, principalId }) => role === 'STATION_OPERATOR' && principalId === bundle.principalId);
  const legs = [
    { side: 'OUT' as const, leg: order.out },
    { side: 'IN' as const, leg: order.in },
  ];
  const lines: ExpectedLine[] = [];
  for (const { side, leg } of legs) if (leg !== null && isOfStation) lines.push(...electricity(bundle, order, side, leg));
  if (isOfStation) lines.push(...ofTheStation(bundle, order));
  for (const { side, leg } of legs) if (leg !== null && (isWhole || leg.ownerId === bundle.principalId)) lines.push(rent(side, leg));
  const contract = bundle.agreements.contracts.find(({ id }) => id === order.contractId);
  // Only who sees the whole bill can say all that the contract makes of it; others their own offers in it.
  if (contract !== undefined && order.offer !== null) return [...lines, ...offeredLines(contract, order, order.offer)];
  return contract === undefined || order.usage === null ? lines : [...lines, ...contractLines(contract, order, lines)];
}

function electricity(bundle: Bundle, order: Order, side: 'OUT' | 'IN', leg: Leg): ExpectedLine[] {
  const sign = side === 'OUT' ? 1n : -1n;
  return [...energyByPrice(bundle, order, leg)]
    .filter(([, energyWh]) => energyWh !== 0n)
    .map(([key, energyWh]) => {
      const [period = '', price = '0'] = key.split(' ');
      const quantity = sign * energyWh;
      const unitPriceNanoYuan = BigInt(price);
      const amountFen = feeFen(quantity, unitPriceNanoYuan);
      return { component: 'ELECTRICITY', leg: side, period, packId: leg.packId, quantity, unitPriceNanoYuan, amountFen };
    });
}

/** `PERIOD price` -> Wh. */
function energyByPrice({ agreements }: Bundle, order: Order, leg: Leg): Map<string, bigint> {
  const contract = agreements.contracts.find(({ id }) => id === order.contractId);
  if (contract?.splitRule === 'SWAP_TIME') {
    const tariff = agreements.tariffs.find(({ id }) => id === order.tariffId);
    const hour = tariff === undefined ? null : pricedHour(tariff, order.ratedAt);
    return new Map([[hour === null ? 'UNKNOWN 0' : `${hour.period} ${hour.priceNanoYuan}`, BigInt(leg.energyWh)]]);
  }
  const energy = new Map<string, bigint>();
  for (const { period, priceNanoYuanPerKwh, energyWh } of leg.lots ?? []) {
    const key = `${period} ${priceNanoYuanPerKwh}`;
    energy.set(key, (energy.get(key) ?? 0n) + BigInt(energyWh));
  }
  return energy;
}

/** Service on net energy, and handling where a pack was given. */
function ofTheStation({ agreements }: Bundle, order: Order): ExpectedLine[] {
  const rate = agreements.stationRates.find(({ id }) => id === order.stationRateId);
  if (rate === undefined || order.in === null) return [];
  const quantity = rounded(minus(fractionOf(order.out?.energyWh ?? '0'), fractionOf(order.in.energyWh)));
  const unitPriceNanoYuan = BigInt(rate.serviceNanoYuanPerKwh);
  const plain = { leg: 'NONE', period: null, packId: null };
  const service = { component: 'SERVICE', ...plain, quantity, unitPriceNanoYuan, amountFen: feeFen(quantity, unitPriceNanoYuan) };
  if (order.isCredit) return [service];
  const amountFen = BigInt(rate.handlingFen);
  return [service, { component: 'SWAP_HANDLING', ...plain, quantity: 1n, unitPriceNanoYuan: amountFen * 10_000_000n, amountFen }];
}

function rent(side: 'OUT' | 'IN', leg: Leg): ExpectedLine {
  const quantity = side === 'OUT' ? BigInt(leg.energyWh) : -BigInt(leg.energyWh);
  const unitPriceNanoYuan = BigInt(leg.rentNanoYuanPerKwh ?? '0');
  const amountFen = feeFen(quantity, unitPriceNanoYuan);
  return { component: 'BATTERY_RENT', leg: side, period: null, packId: leg.packId, quantity, unitPriceNanoYuan, amountFen };
}
