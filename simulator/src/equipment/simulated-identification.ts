import type { Identification, TruckIdentity } from '@corridor/gateway/ports/identification';
import type { PlantHost } from '../host/plant-host.ts';
import { bmsReading } from '../plant/bms-reading.ts';
import { plateAtEntrance } from './plate-camera.ts';

const IDENTIFY_MS = 15_000;
/** Tags that do not answer (assumption). */
const RFID_SILENT_RATIO = 0.003;
const TOKEN_TYPES = ['ISO14443', 'ISO15693', 'Central', 'KeyCode'] as const;

/** Camera, tag reader and CAN hand-shake of one bay. */
export class SimulatedIdentification implements Identification {
  readonly #host: PlantHost;
  readonly #stationId: string;
  readonly #bayId: string;

  constructor(host: PlantHost, stationId: string, bayId: string) {
    this.#host = host;
    this.#stationId = stationId;
    this.#bayId = bayId;
  }

  identify(): Promise<TruckIdentity> {
    const { plant, clock } = this.#host;
    const { visits } = plant.bay(this.#stationId, this.#bayId);
    const durationMs = Math.round(IDENTIFY_MS * plant.world.prng.fork(`identify:${this.#bayId}:${visits}`).triangular(0.8, 1, 1.6));
    return new Promise((resolve) => {
      clock.setTimer(durationMs, () => resolve(this.#read(durationMs)));
    });
  }

  #read(durationMs: number): TruckIdentity {
    const { plant } = this.#host;
    const bay = plant.bay(this.#stationId, this.#bayId);
    const truck = bay.truckId === null ? undefined : plant.state.trucks[bay.truckId];
    const nothing = { plate: null, rfid: null, vin: null, truckId: null, driverToken: null };
    if (!truck || !bay.docked)
      return { ...nothing, packSerialNumber: null, packSocPercent: null, packSohPercent: null, odometerM: null, durationMs };
    const pack = truck.packId === null ? undefined : plant.state.packs[truck.packId];
    const bms = pack ? bmsReading(plant.state, pack, plant.world.cells) : null;
    const silentTag = plant.world.prng.fork(`rfid:${bay.id}:${bay.visits}`).chance(RFID_SILENT_RATIO);
    const type = TOKEN_TYPES.find((type) => type === truck.driverToken.type);
    return {
      plate: plateAtEntrance(plant, bay),
      rfid: silentTag ? null : truck.rfid,
      vin: truck.vin,
      truckId: truck.id,
      driverToken: type ? { idToken: truck.driverToken.idToken, type } : null,
      packSerialNumber: bms === null || bms.packId === '' ? null : bms.packId,
      packSocPercent: bms?.socPercent ?? null,
      packSohPercent: bms?.sohPercent ?? null,
      odometerM: Math.round(truck.odometerM),
      durationMs,
    };
  }
}
