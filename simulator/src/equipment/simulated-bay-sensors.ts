import type { BayReading, BaySensors } from '@corridor/gateway/ports/bay-sensors';
import type { PlantHost } from '../host/plant-host.ts';
import { gripLoadKg } from '../plant/pack-place.ts';
import type { Listeners } from './listeners.ts';
import { plateAtEntrance } from './plate-camera.ts';

const HV_LIVE_V = 620;
const HV_DEAD_V = 12;
const ISOLATION_OHM_PER_V = 600;

export class SimulatedBaySensors implements BaySensors {
  readonly #host: PlantHost;
  readonly #stationId: string;
  readonly #bayId: string;
  readonly #changed: Listeners<[]>;

  constructor(host: PlantHost, { stationId, bayId, changed }: { stationId: string; bayId: string; changed: Listeners<[]> }) {
    this.#host = host;
    this.#stationId = stationId;
    this.#bayId = bayId;
    this.#changed = changed;
  }

  read(): BayReading {
    const { plant } = this.#host;
    const bay = plant.bay(this.#stationId, this.#bayId);
    const [l1, l2, l3, l4] = bay.locks;
    const parked = bay.docked && bay.parkBrakeOn;
    return {
      truckDocked: bay.docked,
      plateAtEntrance: bay.docked ? plateAtEntrance(plant, bay) : null,
      offsetM: bay.docked ? bay.offsetM : 0,
      angleDeg: bay.docked ? bay.angleDeg : 0,
      wheelsInGuide: bay.docked && bay.offsetM < 0.2,
      parkBrakeOn: parked,
      gearNeutral: parked,
      wheelChock: bay.chocked,
      hvOff: bay.hvOff,
      residualVoltageV: bay.docked && !bay.hvOff ? HV_LIVE_V : HV_DEAD_V,
      isolationOhmPerV: ISOLATION_OHM_PER_V,
      personDetected: bay.personDetected,
      positionSensorOk: bay.positionSensorOk,
      locks: { l1, l2, l3, l4 },
      seatSensors: bay.seatSensors,
      craneXM: bay.crane.xM,
      craneYM: bay.crane.yM,
      craneZM: bay.crane.zM,
      loadKg: gripLoadKg(plant.state, bay),
    };
  }

  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  setEntrance(open: boolean): void {
    this.#host.plant.setEntrance(this.#stationId, this.#bayId, open);
  }
}
