import { faultsOf, isBlackedOut } from './active-faults.ts';
import type { PlantFact, PlantState, PlantStation } from './plant-state.ts';
import type { Weather } from './weather.ts';

/** Outdoor gantries stop above this wind. */
const WIND_LIMIT_MPS = 12;

/** Brings a station's sensors in step with the faults and the weather; tells what changed. */
export function stepHazards(state: PlantState, station: PlantStation, weather: Weather, facts: PlantFact[]): void {
  const emergencyStop = faultsOf(state, 'EMERGENCY_STOP').some(({ stationId }) => stationId === station.id);
  const fire = faultsOf(state, 'FIRE').some(({ stationId }) => stationId === station.id);
  const dark = isBlackedOut(state, station.id);
  const windCrossed = weather.windMps > WIND_LIMIT_MPS !== station.windMps > WIND_LIMIT_MPS;
  if (emergencyStop !== station.emergencyStop || fire !== station.fire || dark !== station.dark || windCrossed) {
    facts.push({ kind: 'STATION_CHANGED', stationId: station.id });
  }
  Object.assign(station, { emergencyStop, fire, dark, windMps: weather.windMps, ambientC: weather.ambientC });
  for (const bay of station.bays) {
    const personDetected = faultsOf(state, 'PERSON_IN_ZONE').some(({ bayId }) => bayId === bay.id);
    const positionSensorOk = !faultsOf(state, 'POSITION_SENSOR_LOST').some(({ bayId }) => bayId === bay.id);
    if (personDetected !== bay.personDetected || positionSensorOk !== bay.positionSensorOk) {
      Object.assign(bay, { personDetected, positionSensorOk });
      facts.push({ kind: 'BAY_CHANGED', stationId: station.id, bayId: bay.id });
    }
  }
}

/** A hot pack stays hot while its fault holds, whatever the cooling does. */
export function heatPacks(state: PlantState): void {
  for (const { packId, tempC } of faultsOf(state, 'HOT_PACK')) {
    const pack = state.packs[packId];
    if (pack) pack.tempC = Math.max(pack.tempC, tempC);
  }
}
