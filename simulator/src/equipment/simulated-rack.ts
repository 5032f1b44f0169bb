import type { Rack, RackSlot } from '@corridor/gateway/ports/rack';
import type { PlantHost } from '../host/plant-host.ts';
import { isChargerDown } from '../plant/active-faults.ts';
import { bmsReading } from '../plant/bms-reading.ts';
import type { PlantSlot } from '../plant/plant-state.ts';
import type { Listeners } from './listeners.ts';

const SMOKE_TEMP_C = 75;

export class SimulatedRack implements Rack {
  readonly #host: PlantHost;
  readonly #stationId: string;
  readonly #changed: Listeners<[number]>;

  constructor(host: PlantHost, stationId: string, changed: Listeners<[number]>) {
    this.#host = host;
    this.#stationId = stationId;
    this.#changed = changed;
  }

  slots(): readonly RackSlot[] {
    return this.#host.plant.station(this.#stationId).slots.map((slot) => this.#slot(slot));
  }

  setCharging(evseId: number, order: { powerW: number; untilSocPercent: number }): void {
    this.#host.plant.setCharging(this.#stationId, evseId, order);
  }

  setLock(evseId: number, locked: boolean): void {
    this.#host.plant.setLock(this.#stationId, evseId, locked);
  }

  onChange(listener: (evseId: number) => void): () => void {
    return this.#changed.add(listener);
  }

  #slot(slot: PlantSlot): RackSlot {
    const { plant } = this.#host;
    const station = plant.station(this.#stationId);
    const pack = slot.packId === null ? undefined : plant.state.packs[slot.packId];
    const bms = pack ? bmsReading(plant.state, pack, plant.world.cells) : null;
    const down = isChargerDown(plant.state, station.id, slot.evseId) || station.dark;
    const gridRegisterWh = Math.floor(slot.gridWh);
    const pvRegisterWh = Math.floor(slot.pvWh);
    return {
      evseId: slot.evseId,
      pack: bms,
      chargingState: slot.chargingState,
      setpointW: slot.order.powerW,
      powerW: Math.round(slot.powerW),
      voltageV: bms?.voltageV ?? null,
      currentA: bms?.currentA ?? null,
      meterWh: gridRegisterWh + pvRegisterWh,
      gridRegisterWh,
      pvRegisterWh,
      availablePowerW: down ? 0 : station.chargerPowerW,
      plugTempC: Math.round(slot.plugTempC * 10) / 10,
      smoke: (pack?.tempC ?? 0) > SMOKE_TEMP_C,
      doorOpen: slot.doorOpen,
      locked: slot.locked,
    };
  }
}
