import { decimalText, kwhText, priceText, yuanText } from '../ledger/decimal-text.ts';
import { type Fen, fen } from '../ledger/fen.ts';
import { energyFeeFen, NANO_YUAN_PER_FEN } from '../ledger/fen-arithmetic.ts';
import type { PackLeg } from '../network/actor-event.ts';
import type { BillLine } from '../order/bill.ts';
import type { EnergyLot } from '../pack/energy-lot.ts';
import type { RatingTerms } from './rating-terms.ts';

/** A line before it has its number. Its derivation is put into words only for who reads them: that takes as long as the rating. */
export type DraftLine = Omit<BillLine, 'lineNo' | 'derivation'> & { derivation: () => string };
export type LegSide = 'OUT' | 'IN';

/** Periods in the order of a bill: cheapest first. */
const PERIOD_RANK: Record<EnergyLot['period'], number> = { DEEP_VALLEY: 0, VALLEY: 1, FLAT: 2, PEAK: 3, SHARP: 4 };
const PERIOD_TEXT: Record<EnergyLot['period'], string> = {
  DEEP_VALLEY: 'deep valley',
  VALLEY: 'valley',
  FLAT: 'flat',
  PEAK: 'peak',
  SHARP: 'sharp',
};

/** `46.699 kWh x 0.65 = 30.35435, rounded 30.35 yuan`: to be done again with pen and paper. */
export function feeText(energyWh: bigint, priceNanoYuan: bigint, amountFen: Fen): string {
  const exact = decimalText(energyWh * priceNanoYuan, 12, 2);
  const rounded = yuanText(amountFen);
  return `${kwhText(energyWh)} kWh x ${priceText(priceNanoYuan)} yuan/kWh = ${exact === rounded ? exact : `${exact}, rounded ${rounded}`} yuan`;
}

/** `96 % SOC x 97.5 % SOH x 282.000 kWh = 263.952 kWh` */
export function contentText({ packId, socPercent, sohPercent, nominalWh, energyWh }: PackLeg): string {
  return `${packId}: ${socPercent} % SOC x ${sohPercent} % SOH x ${kwhText(BigInt(nominalWh))} kWh = ${kwhText(BigInt(energyWh))} kWh`;
}

/** Energy of one leg at one period and price, whatever stations and sources it came from. */
interface PricedEnergy {
  period: EnergyLot['period'];
  priceNanoYuanPerKwh: bigint;
  energyWh: number;
  /** Lots that it is made of; none where the price is that of the swap's time. */
  lots: EnergyLot[];
}

/** A pack has few prices: looking through the groups is quicker than a key for each. */
function groupOf(groups: PricedEnergy[], { period, priceNanoYuanPerKwh }: EnergyLot): PricedEnergy {
  for (const group of groups) if (group.period === period && group.priceNanoYuanPerKwh === priceNanoYuanPerKwh) return group;
  const made: PricedEnergy = { period, priceNanoYuanPerKwh, energyWh: 0, lots: [] };
  groups.push(made);
  return made;
}

function energyByPrice(leg: PackLeg, terms: RatingTerms): PricedEnergy[] {
  if (terms.contract.splitRule === 'SWAP_TIME') {
    const { period, priceNanoYuanPerKwh } = terms.priceNow;
    return [{ period, priceNanoYuanPerKwh, energyWh: leg.energyWh, lots: [] }];
  }
  const groups: PricedEnergy[] = [];
  for (const lot of leg.lots) {
    const group = groupOf(groups, lot);
    group.energyWh += lot.energyWh;
    group.lots.push(lot);
  }
  return groups.length === 1
    ? groups
    : groups.sort((a, b) => PERIOD_RANK[a.period] - PERIOD_RANK[b.period] || Number(a.priceNanoYuanPerKwh - b.priceNanoYuanPerKwh));
}

const originText = (lots: readonly EnergyLot[], { priceNow }: RatingTerms): string =>
  lots.length === 0
    ? `tariff ${priceNow.tariffId} at the time of the swap`
    : lots.map(({ stationId, source, energyWh }) => `${stationId} ${source} ${kwhText(BigInt(energyWh))}`).join(', ');

/** Electricity of one leg, a line for each period and price; the pack returned is credited at what its energy cost. */
export function electricityLines(side: LegSide, leg: PackLeg, terms: RatingTerms): DraftLine[] {
  return energyByPrice(leg, terms)
    .filter(({ energyWh }) => energyWh !== 0)
    .map(({ period, priceNanoYuanPerKwh, energyWh, lots }) => {
      const quantity = BigInt(side === 'OUT' ? energyWh : -energyWh);
      const amountFen = energyFeeFen(quantity, priceNanoYuanPerKwh);
      return {
        component: 'ELECTRICITY',
        leg: side,
        description: `Electricity ${side === 'OUT' ? 'out' : 'residual in'}, ${PERIOD_TEXT[period]}`,
        quantity,
        unit: 'Wh',
        unitPriceNanoYuan: priceNanoYuanPerKwh,
        amountFen,
        taxRateBasisPoints: terms.tax.ELECTRICITY,
        beneficiaryId: terms.operatorId,
        period,
        packId: leg.packId,
        derivation: () => `${feeText(quantity, priceNanoYuanPerKwh, amountFen)}; charged: ${originText(lots, terms)}`,
      };
    });
}

/** Rent of one leg, at the rate that was frozen when the pack was issued, to or from its owner. */
export function rentLine(side: LegSide, leg: PackLeg, terms: RatingTerms): DraftLine {
  const quantity = BigInt(side === 'OUT' ? leg.energyWh : -leg.energyWh);
  const amountFen = energyFeeFen(quantity, leg.rentNanoYuanPerKwh);
  return {
    component: 'BATTERY_RENT',
    leg: side,
    description: `Battery rent ${side === 'OUT' ? 'out' : 'in'}, pack ${leg.packId}`,
    quantity,
    unit: 'Wh',
    unitPriceNanoYuan: leg.rentNanoYuanPerKwh,
    amountFen,
    taxRateBasisPoints: terms.tax.BATTERY_RENT,
    beneficiaryId: leg.ownerId,
    period: null,
    packId: leg.packId,
    derivation: () => `${feeText(quantity, leg.rentNanoYuanPerKwh, amountFen)}; ${contentText(leg)}; rate frozen when the pack was issued`,
  };
}

/** Service on net energy; a credit when more came in than went out. */
export function serviceLine(energyOutWh: number, energyInWh: number, terms: RatingTerms): DraftLine {
  const quantity = BigInt(energyOutWh - energyInWh);
  const unitPriceNanoYuan = BigInt(terms.stationRate.serviceNanoYuanPerKwh);
  const amountFen = energyFeeFen(quantity, unitPriceNanoYuan);
  const net = () => `${kwhText(BigInt(energyOutWh))} out - ${kwhText(BigInt(energyInWh))} in`;
  return {
    component: 'SERVICE',
    leg: 'NONE',
    description: 'Service on net energy',
    quantity,
    unit: 'Wh',
    unitPriceNanoYuan,
    amountFen,
    taxRateBasisPoints: terms.tax.SERVICE,
    beneficiaryId: terms.operatorId,
    period: null,
    packId: null,
    derivation: () => `${net()}; ${feeText(quantity, unitPriceNanoYuan, amountFen)}; rate ${terms.stationRate.id}`,
  };
}

export function handlingLine(terms: RatingTerms): DraftLine {
  const amountFen = fen(BigInt(terms.stationRate.handlingFen));
  return {
    component: 'SWAP_HANDLING',
    leg: 'NONE',
    description: 'Swap handling',
    quantity: 1n,
    unit: 'swap',
    unitPriceNanoYuan: amountFen * NANO_YUAN_PER_FEN,
    amountFen,
    taxRateBasisPoints: terms.tax.SWAP_HANDLING,
    beneficiaryId: terms.operatorId,
    period: null,
    packId: null,
    derivation: () => `1 swap x ${yuanText(amountFen)} yuan; rate ${terms.stationRate.id}`,
  };
}
