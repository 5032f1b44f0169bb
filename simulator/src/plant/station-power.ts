import { CHARGER_EFFICIENCY_RATIO } from '@corridor/actors/pack/charge-curve';
import { violated } from '@corridor/protocols/assert';
import { gridLimitNowW, isBlackedOut, isChargerDown } from './active-faults.ts';
import { acceptanceW, socPercentOf, stepPack } from './pack-physics.ts';
import type { ChargingState, PlantFact, PlantSlot, PlantState, PlantStation } from './plant-state.ts';
import { pvPowerW } from './sunshine.ts';
import type { Weather } from './weather.ts';
import type { World } from './world.ts';

/** Control, lighting, gantry at rest, and 2 % of what is charged (assumption). */
const AUX_BASE_W = 8_000;
const AUX_RATIO = 0.02;

/**
 * Charges the packs of a station for one step. The gateway sets the chargers; the connection itself cuts everything
 * down in proportion when they draw more than its limit.
 */
export function stepStationPower(
  {
    state,
    world,
    station,
    weather,
    facts,
  }: { state: PlantState; world: World; station: PlantStation; weather: Weather; facts: PlantFact[] },
  durationMs: number,
): void {
  const dark = isBlackedOut(state, station.id);
  const hours = durationMs / 3_600_000;
  const wantedW = station.slots.map((slot) => (dark ? 0 : wantedPowerW(state, station, slot)));
  const dcW = wantedW.reduce((sum, powerW) => sum + powerW, 0);
  const peakW = dark ? 0 : station.pvPeakW;
  station.pvPowerW = pvPowerW(world.sky, { atMs: state.atMs, lat: station.lat, lon: station.lon, peakW, cloudRatio: weather.cloudRatio });
  const auxW = dark ? 0 : AUX_BASE_W + AUX_RATIO * dcW + station.slots.reduce((sum, slot) => sum + conditioningW(state, slot), 0);
  const limitW = gridLimitNowW(state, station.id, station.gridLimitW);
  const roomW = Math.max(0, limitW + station.pvPowerW - auxW) * CHARGER_EFFICIENCY_RATIO;
  const cut = dcW > roomW ? roomW / dcW : 1;
  const chargersW = (dcW * cut) / CHARGER_EFFICIENCY_RATIO;
  // The sun serves the station itself first, then all chargers alike.
  const sunForChargersW = Math.min(chargersW, Math.max(0, station.pvPowerW - auxW));
  const sunRatio = chargersW > 0 ? sunForChargersW / chargersW : 0;
  station.slots.forEach((slot, index) =>
    chargeSlot({ state, world, station, slot, facts, dark }, (wantedW[index] ?? violated(`no slot ${index} at ${station.id}`)) * cut, {
      sunRatio,
      durationMs,
      ambientC: weather.ambientC,
    }),
  );
  station.auxPowerW = auxW;
  station.gridPowerW = chargersW + auxW - station.pvPowerW;
  station.gridImportWh += Math.max(0, station.gridPowerW) * hours;
  station.gridExportWh += Math.max(0, -station.gridPowerW) * hours;
  station.pvEnergyWh += station.pvPowerW * hours;
  station.auxWh += auxW * hours;
}

function wantedPowerW(state: PlantState, station: PlantStation, slot: PlantSlot): number {
  const pack = slot.packId === null ? undefined : state.packs[slot.packId];
  if (!pack || slot.order.powerW <= 0 || isChargerDown(state, station.id, slot.evseId)) return 0;
  if (socPercentOf(pack) >= slot.order.untilSocPercent) return 0;
  return Math.min(slot.order.powerW, acceptanceW(pack, station.chargerPowerW));
}

function conditioningW(state: PlantState, slot: PlantSlot): number {
  const pack = slot.packId === null ? undefined : state.packs[slot.packId];
  if (!pack || pack.conditioning === 'OFF') return 0;
  return pack.conditioning === 'HEATING' ? 11_200 : 3_000;
}

function chargeSlot(
  {
    state,
    world,
    station,
    slot,
    facts,
    dark,
  }: { state: PlantState; world: World; station: PlantStation; slot: PlantSlot; facts: PlantFact[]; dark: boolean },
  powerW: number,
  { sunRatio, durationMs, ambientC }: { sunRatio: number; durationMs: number; ambientC: number },
): void {
  const wh = (powerW * durationMs) / 3_600_000;
  slot.powerW = powerW;
  slot.gridWh += wh * (1 - sunRatio);
  slot.pvWh += wh * sunRatio;
  slot.plugTempC += ((ambientC + 25 * (powerW / station.chargerPowerW) - slot.plugTempC) * durationMs) / 600_000;
  const pack = slot.packId === null ? undefined : state.packs[slot.packId];
  if (pack) stepPack(pack, { powerW, durationMs, ambientC: Math.max(ambientC, 5), conditioned: !dark }, world.cells);
  const chargingState = chargingStateOf(state, station, slot);
  if (chargingState === slot.chargingState) return;
  slot.chargingState = chargingState;
  facts.push({ kind: 'SLOT_CHANGED', stationId: station.id, evseId: slot.evseId });
}

function chargingStateOf(state: PlantState, station: PlantStation, slot: PlantSlot): ChargingState {
  if (isChargerDown(state, station.id, slot.evseId)) return 'FAULT';
  if (slot.packId === null) return 'IDLE';
  if (slot.powerW > 0) return 'CHARGING';
  return slot.order.powerW > 0 ? 'SUSPENDED' : 'CONNECTED';
}
