import { bayMachineOf } from '../bay/bay.machine.ts';
import { gatewayMachineOf } from '../gateway/gateway.machine.ts';
import { packMachineOf } from '../pack/pack.machine.ts';
import { slotMachineOf } from '../slot/slot.machine.ts';
import { stationMachineOf } from '../station/station.machine.ts';
import { swapMachineOf } from '../swap/swap.machine.ts';
import { truckMachineOf } from '../truck/truck.machine.ts';
import { surroundings } from './example-surroundings.fixture.ts';
import { packContexts, packEvents, swapContexts, swapEvents, truckContexts, truckEvents } from './mover-examples.fixture.ts';
import {
  bayContexts,
  bayEvents,
  gatewayContexts,
  gatewayEvents,
  slotContexts,
  slotEvents,
  stationContexts,
  stationEvents,
} from './place-examples.fixture.ts';

/** Every machine of an asset, a context for each of its states, an event of each of its types. */
export const examples = {
  gateway: { machine: gatewayMachineOf(surroundings), contexts: gatewayContexts, events: gatewayEvents },
  station: { machine: stationMachineOf(surroundings), contexts: stationContexts, events: stationEvents },
  bay: { machine: bayMachineOf(surroundings), contexts: bayContexts, events: bayEvents },
  slot: { machine: slotMachineOf(surroundings), contexts: slotContexts, events: slotEvents },
  pack: { machine: packMachineOf(surroundings), contexts: packContexts, events: packEvents },
  truck: { machine: truckMachineOf(surroundings), contexts: truckContexts, events: truckEvents },
  swap: { machine: swapMachineOf(surroundings), contexts: swapContexts, events: swapEvents },
} as const;
