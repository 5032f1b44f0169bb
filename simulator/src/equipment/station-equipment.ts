import type { StationEquipment } from '@corridor/gateway/ports/equipment';
import type { LocalPanel, PanelAct } from '@corridor/gateway/ports/local-panel';
import type { StationSensors } from '@corridor/gateway/ports/station-sensors';
import type { PlantHost } from '../host/plant-host.ts';
import type { PlantFact } from '../plant/plant-state.ts';
import { Listeners } from './listeners.ts';
import { SimulatedBaySensors } from './simulated-bay-sensors.ts';
import { SimulatedIdentification } from './simulated-identification.ts';
import { SimulatedMeters } from './simulated-meters.ts';
import { SimulatedRack } from './simulated-rack.ts';
import { SimulatedRobot } from './simulated-robot.ts';

/** Everything a gateway touches at one station of the plant. `detach` ends the facts' way to it. */
export function simulatedEquipment(host: PlantHost, stationId: string): { equipment: StationEquipment; detach: () => void } {
  const station = host.plant.station(stationId);
  const rackChanged = new Listeners<[number]>();
  const stationChanged = new Listeners<[]>();
  const acted = new Listeners<[PanelAct]>();
  const bays = station.bays.map(({ id: bayId }) => {
    const changed = new Listeners<[]>();
    return {
      bayId,
      changed,
      robot: new SimulatedRobot(host, stationId, bayId),
      sensors: new SimulatedBaySensors(host, { stationId, bayId, changed }),
      identification: new SimulatedIdentification(host, stationId, bayId),
    };
  });
  const onFact = (fact: PlantFact): void => {
    switch (fact.kind) {
      case 'MOTION_ENDED':
        bays.find(({ bayId }) => bayId === fact.bayId)?.robot.motionEnded(fact.motionId, fact.result);
        return;
      case 'BAY_CHANGED':
        bays.find(({ bayId }) => bayId === fact.bayId)?.changed.call();
        return;
      case 'SLOT_CHANGED':
        rackChanged.call(fact.evseId);
        return;
      case 'STATION_CHANGED':
        stationChanged.call();
        return;
      case 'SLOT_REPAIRED':
        acted.call({ kind: 'QUARANTINE_LIFTED', evseId: fact.evseId });
        return;
      case 'PERSON_ACTED':
        acted.call(actOf(host, fact));
        return;
      case 'TRUCK_EVENT':
        return;
    }
  };
  const detach = host.onStation(stationId, onFact);
  const equipment: StationEquipment = {
    clock: host.clock,
    bays: bays.map(({ bayId, robot, sensors, identification }) => ({ bayId, robot, sensors, identification })),
    rack: new SimulatedRack(host, stationId, rackChanged),
    meters: new SimulatedMeters(host, stationId),
    sensors: stationSensors(host, stationId, stationChanged),
    panel: localPanel(host, stationId, acted),
  };
  return { equipment, detach };
}

function stationSensors(host: PlantHost, stationId: string, changed: Listeners<[]>): StationSensors {
  return {
    read: () => {
      const station = host.plant.station(stationId);
      return {
        emergencyStop: station.emergencyStop,
        fire: station.fire,
        powerLoss: station.dark,
        windMps: Math.round(station.windMps * 10) / 10,
        ambientC: Math.round(station.ambientC * 10) / 10,
        queueLength: station.queue.length,
      };
    },
    onChange: (listener) => changed.add(listener),
  };
}

function localPanel(host: PlantHost, stationId: string, acted: Listeners<[PanelAct]>): LocalPanel {
  return {
    onAct: (listener) => acted.add(listener),
    press: (act) => acted.call(act),
    show: (bayId, prompt) => host.plant.showPrompt(stationId, bayId, prompt),
    showOutOfUse: (slots) => host.plant.showOutOfUse(stationId, slots),
    showKept: (packs) => host.plant.showKept(stationId, packs),
  };
}

function actOf(host: PlantHost, fact: Extract<PlantFact, { kind: 'PERSON_ACTED' }>): PanelAct {
  const { bayId } = fact;
  const truck = fact.truckId === null ? undefined : host.plant.state.trucks[fact.truckId];
  switch (fact.prompt.kind) {
    case 'CONFIRM_RESUME':
      return { kind: 'RESUME_CONFIRMED', bayId };
    case 'CONFIRM_IDENTITY':
      // The person reads the plate by eye; nobody in the bay any more means there is nothing to go on with.
      return truck ? { kind: 'IDENTITY_CONFIRMED', bayId, truckId: truck.id, plate: truck.plate } : { kind: 'ABORT', bayId };
    case 'CLEAR_BAY':
      return { kind: 'GIVEN_UP', bayId, detail: 'cleared by hand' };
  }
}
