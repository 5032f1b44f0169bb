import type { BaySensors } from './bay-sensors.ts';
import type { Clock } from './clock.ts';
import type { Identification } from './identification.ts';
import type { LocalPanel } from './local-panel.ts';
import type { Meters } from './meters.ts';
import type { Rack } from './rack.ts';
import type { Robot } from './robot.ts';
import type { StationSensors } from './station-sensors.ts';

export type BayEquipment = { bayId: string; robot: Robot; sensors: BaySensors; identification: Identification };

/**
 * Everything physical that a gateway touches. The rack is shared by all bays. All callbacks come on the same thread; after
 * a restart of the gateway the same truth is read from the same ports.
 */
export type StationEquipment = {
  clock: Clock;
  bays: readonly BayEquipment[];
  rack: Rack;
  meters: Meters;
  sensors: StationSensors;
  panel: LocalPanel;
};
