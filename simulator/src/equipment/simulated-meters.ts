import type { Meters, MetersReading } from '@corridor/gateway/ports/meters';
import type { PlantHost } from '../host/plant-host.ts';
import { gridLimitNowW } from '../plant/active-faults.ts';

export class SimulatedMeters implements Meters {
  readonly #host: PlantHost;
  readonly #stationId: string;

  constructor(host: PlantHost, stationId: string) {
    this.#host = host;
    this.#stationId = stationId;
  }

  read(): MetersReading {
    const { plant } = this.#host;
    const station = plant.station(this.#stationId);
    const gridPowerW = Math.round(station.gridPowerW);
    const pvPowerW = Math.round(station.pvPowerW);
    const auxPowerW = Math.round(station.auxPowerW);
    return {
      meters: [
        {
          meterId: `${station.id}-GRID`,
          kind: 'GRID',
          importWh: Math.floor(station.gridImportWh),
          exportWh: Math.floor(station.gridExportWh),
          powerW: gridPowerW,
        },
        { meterId: `${station.id}-PV`, kind: 'PV', importWh: 0, exportWh: Math.floor(station.pvEnergyWh), powerW: -pvPowerW },
        { meterId: `${station.id}-AUX`, kind: 'STATION_AUX', importWh: Math.floor(station.auxWh), exportWh: 0, powerW: auxPowerW },
      ],
      gridPowerW,
      gridLimitW: gridLimitNowW(plant.state, station.id, station.gridLimitW),
      pv: station.pvPeakW > 0 ? { powerW: pvPowerW, energyWh: Math.floor(station.pvEnergyWh) } : null,
      auxPowerW,
    };
  }
}
