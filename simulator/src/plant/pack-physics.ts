import { acceptedPowerW, PACK_CHARGE_EFFICIENCY_RATIO } from '@corridor/actors/pack/charge-curve';
import { type CellVoltageTable, packVoltageV } from '@corridor/actors/pack/open-circuit-voltage';
import { fadeBy, sohRatioOf } from '@corridor/actors/pack/soh-fade';
import type { PlantPack } from './plant-state.ts';

/** Internal resistance of a pack, Ω (assumption: 192 cells of 0.3 mΩ). */
const PACK_RESISTANCE_OHM = 0.06;
/** Specific heat of cells and frame, J/(kg K) (assumption). */
const SPECIFIC_HEAT_J_PER_KG_K = 900;
/** Heat exchange with the air through the insulated frame, W/K (assumption). */
const COUPLING_W_PER_K = 40;
/** Liquid cooling runs from 33 °C down to 31.5 °C and removes 10 kW. */
const COOLING = { onC: 33, offC: 31.5, heatW: 10_000, electricW: 3_000 };
/** The heater of a slot runs from 10 °C up to 16 °C with 11.2 kW. */
const HEATING = { onC: 10, offC: 16, heatW: 11_200, electricW: 11_200 };
/** Fade is computed when this much time has been gathered. */
const FADE_EVERY_MS = 6 * 3_600_000;

export function capacityWh(pack: PlantPack): number {
  return pack.nominalWh * sohRatioOf(pack.fade);
}

/** @returns 0..100 */
export function socPercentOf(pack: PlantPack): number {
  return Math.min(100, Math.max(0, (pack.contentWh / capacityWh(pack)) * 100));
}

export function sohPercentOf(pack: PlantPack): number {
  return sohRatioOf(pack.fade) * 100;
}

export type PackLoad = {
  /** At the terminals, positive into the pack, W. */
  powerW: number;
  durationMs: number;
  ambientC: number;
  /** Heater and cooler have power from outside the pack. */
  conditioned: boolean;
};

/**
 * Moves a pack on by one step: content, temperature, throughput, what fade needs.
 * @returns electric power of its heater or cooler, W
 */
export function stepPack(pack: PlantPack, { powerW, durationMs, ambientC, conditioned }: PackLoad, cells: CellVoltageTable): number {
  const wh = (powerW * durationMs) / 3_600_000;
  const storedWh = wh > 0 ? wh * PACK_CHARGE_EFFICIENCY_RATIO : wh;
  const full = capacityWh(pack);
  pack.contentWh = Math.min(full, Math.max(0, pack.contentWh + storedWh));
  pack.powerW = powerW;
  if (wh < 0) pack.throughputWh -= wh;
  const voltageV = packVoltageV(cells, socPercentOf(pack));
  const currentA = powerW / voltageV;
  pack.voltageV = voltageV + currentA * PACK_RESISTANCE_OHM;
  pack.currentA = currentA;
  const electricW = stepTemperature(pack, { lossW: currentA * currentA * PACK_RESISTANCE_OHM, durationMs, ambientC, conditioned });
  gatherFade(pack, { storedWh, durationMs, full });
  return electricW;
}

function stepTemperature(
  pack: PlantPack,
  { lossW, durationMs, ambientC, conditioned }: { lossW: number; durationMs: number; ambientC: number; conditioned: boolean },
): number {
  if (pack.tempC > COOLING.onC) pack.conditioning = 'COOLING';
  else if (pack.tempC < HEATING.onC && conditioned) pack.conditioning = 'HEATING';
  else if (pack.conditioning === 'COOLING' && pack.tempC <= COOLING.offC) pack.conditioning = 'OFF';
  else if (pack.conditioning === 'HEATING' && (pack.tempC >= HEATING.offC || !conditioned)) pack.conditioning = 'OFF';
  const heatW =
    lossW +
    (pack.conditioning === 'HEATING' ? HEATING.heatW : 0) -
    (pack.conditioning === 'COOLING' ? COOLING.heatW : 0) -
    COUPLING_W_PER_K * (pack.tempC - ambientC);
  pack.tempC += (heatW * (durationMs / 1000)) / (pack.massKg * SPECIFIC_HEAT_J_PER_KG_K);
  if (pack.conditioning === 'OFF') return 0;
  return pack.conditioning === 'HEATING' ? HEATING.electricW : COOLING.electricW;
}

/** Fade is slow: its drivers are summed and applied every few hours. */
function gatherFade(pack: PlantPack, { storedWh, durationMs, full }: { storedWh: number; durationMs: number; full: number }): void {
  const wear = pack.wear;
  wear.durationMs += durationMs;
  wear.absoluteWh += Math.abs(storedWh);
  wear.tempCMs += pack.tempC * durationMs;
  wear.socRatioMs += (pack.contentWh / full) * durationMs;
  if (wear.durationMs < FADE_EVERY_MS) return;
  const equivalentFullCycles = wear.absoluteWh / 2 / full;
  pack.cycles += equivalentFullCycles;
  pack.fade = fadeBy(pack.fade, {
    days: wear.durationMs / 86_400_000,
    equivalentFullCycles,
    tempC: wear.tempCMs / wear.durationMs,
    socRatio: wear.socRatioMs / wear.durationMs,
    depthOfDischargeRatio: 0.8,
    meanRatePerHour: wear.absoluteWh / pack.nominalWh / (wear.durationMs / 3_600_000),
  });
  pack.wear = { durationMs: 0, absoluteWh: 0, tempCMs: 0, socRatioMs: 0 };
  pack.contentWh = Math.min(pack.contentWh, capacityWh(pack));
}

/** What a charger can put into this pack now, W. */
export function acceptanceW(pack: PlantPack, chargerPowerW: number): number {
  return acceptedPowerW({ socPercent: socPercentOf(pack), capacityWh: capacityWh(pack), tempC: pack.tempC, chargerPowerW });
}
