import type { Emitted } from '../network/effect.ts';
import { effect, raiseAlarm, tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import { remembered } from '../network/remembered.ts';
import { isMismatch } from '../settlement/meter-correction.ts';
import { type PvPricing, pvPricingOf } from '../tariff/pv-price.ts';
import { pricedPeriodAt, tariffCutsMs } from '../tariff/time-of-use.ts';
import { addLots, chargedLots } from './energy-lot.rules.ts';
import type { EnergyLot } from './energy-lot.ts';
import { contentWhOf, lotsChanged, nominalWhOf, type PackContext, type PackEventOf } from './pack.rules.ts';

/** Gateways report registers at least this often: how far back energy of a transaction without a known start may lie. */
const REPORTED_AT_LEAST_MS = 15 * 60_000;
/** An interval between two reports is never priced over more than this. */
const INTERVAL_MAX_MS = 7 * 24 * 3_600_000;

/** Of a charge in which the sun had no part: nobody asks. */
const NO_PV: PvPricing = { priceAt: () => null, cutsMs: [] };

interface Charged {
  lots: readonly EnergyLot[];
  meteredWh: number;
  /** What is wrong with the report; the energy is then not in the books. */
  flaw: 'COUNTER_RESET' | 'TARIFF_MISSING' | null;
}

/** Energy since the last report of the registers, as lots at the prices of its hours. */
export const chargedSince = remembered((context: PackContext, event: PackEventOf<'pack.charged'>, { reference }: Surroundings): Charged => {
  const { charge, atMs, stationId } = event;
  const known = context.charge?.transactionId === charge.transactionId ? context.charge : null;
  const gridWh = charge.gridRegisterWh - (known?.gridWh ?? 0);
  const pvWh = charge.pvRegisterWh - (known?.pvWh ?? 0);
  if (gridWh < 0 || pvWh < 0) return { lots: context.lots, meteredWh: 0, flaw: 'COUNTER_RESET' };
  if (gridWh + pvWh === 0) return { lots: context.lots, meteredWh: 0, flaw: null };
  const earliestMs = known === null ? Math.max(context.charge?.atMs ?? 0, atMs - REPORTED_AT_LEAST_MS) : known.atMs;
  const fromMs = Math.max(Math.min(earliestMs, atMs), atMs - INTERVAL_MAX_MS);
  const tariffOf = (id: string, date: string) => reference.tariffOf(id, date);
  const added = chargedLots({
    stationId,
    gridWh,
    pvWh,
    fromMs,
    toMs: atMs,
    cutsMs: tariffCutsMs(tariffOf, stationId, fromMs, atMs),
    pv: pvWh === 0 ? NO_PV : pvPricingOf((id, date) => reference.stationRate(id, date), stationId, fromMs, atMs),
    priceAt: (instantMs) => pricedPeriodAt(tariffOf, stationId, instantMs),
  });
  if (added === null) return { lots: context.lots, meteredWh: gridWh + pvWh, flaw: 'TARIFF_MISSING' };
  return { lots: addLots(context.lots, added.lots), meteredWh: gridWh + pvWh, flaw: null };
});

export function chargeReported(context: PackContext, event: PackEventOf<'pack.charged'>, surroundings: Surroundings): Emitted[] {
  const { lots, flaw } = chargedSince(context, event, surroundings);
  const { atMs } = event;
  const changed = lots === context.lots || surroundings.omitsRows === true ? [] : [lotsChanged(context.id, lots, atMs)];
  if (flaw === null) return changed;
  return [...changed, flawAlarm({ scope: 'pack', scopeId: context.id, sinceMs: atMs, level: 2 }, flaw, event)];
}

function flawAlarm(
  of: { scope: 'pack'; scopeId: string; sinceMs: number; level: 2 },
  flaw: 'COUNTER_RESET' | 'TARIFF_MISSING',
  { stationId, charge: { transactionId } }: PackEventOf<'pack.charged'>,
): Emitted {
  if (flaw === 'TARIFF_MISSING') {
    return raiseAlarm({ ...of, code: flaw, detail: `no tariff in force at ${stationId}; the energy is in no lot`, args: { stationId } });
  }
  return raiseAlarm({
    ...of,
    code: flaw,
    detail: `registers of ${transactionId} went back; a new segment begins there`,
    args: { transactionId },
  });
}

/** Full again: what the meter counted beside what the returned content leaves to fill; the order that took it back hears of it when they differ. */
export function comparedWithMeter(
  context: PackContext,
  { event, atMs, charge }: PackEventOf<'pack.charged'>,
  surroundings: Surroundings,
): Emitted[] {
  const { refill } = context;
  if (refill === null || event !== 'ended' || charge.reason !== 'MAX_SOC') return [];
  const billedWh = contentWhOf(context, surroundings) - refill.contentAtReturnWh;
  const nominalWh = nominalWhOf(context.id, surroundings);
  const { orderId, meteredWh } = refill;
  if (!isMismatch({ meteredWh, billedWh, nominalWh })) return [];
  return [
    tell('order', orderId, { type: 'order.meterCompared', atMs, leg: 'IN', meteredWh, billedWh, nominalWh }),
    effect({ type: 'meter.mismatched', atMs, difference: { orderId, meteredWh, billedWh, nominalWh } }),
  ];
}
