import type { FaultKind } from '../plant/plant-state.ts';
import { WIRE_FAULT_KINDS, type WireFaultKind } from './wire-fault.ts';

/** What can go wrong, by its number in docs/architecture/data-quality.md, and how it is brought about. */
export type CatalogueEntry = {
  id: string;
  problem: string;
  /** WIRE: on the way of the messages; PLANT: in the physical world; NATURAL: happens by itself. */
  injectors: readonly ({ layer: 'WIRE'; kind: WireFaultKind } | { layer: 'PLANT'; kind: FaultKind } | { layer: 'NATURAL'; how: string })[];
};

const wire = (...kinds: WireFaultKind[]) => kinds.map((kind) => ({ layer: 'WIRE' as const, kind }));
const plant = (...kinds: FaultKind[]) => kinds.map((kind) => ({ layer: 'PLANT' as const, kind }));

export const FAULT_CATALOGUE: readonly CatalogueEntry[] = [
  {
    id: 'Q1',
    problem: 'late message',
    injectors: [...wire('LATE'), { layer: 'NATURAL', how: 'T-boxes in the tunnels of the mountain section are silent and send later' }],
  },
  { id: 'Q2', problem: 'duplicate', injectors: wire('DUPLICATE') },
  { id: 'Q3', problem: 'out of order', injectors: wire('REORDER') },
  { id: 'Q4', problem: 'gateway offline, buffered back-fill', injectors: wire('OFFLINE') },
  { id: 'Q5', problem: 'clock skew, time zone, reset clock', injectors: wire('CLOCK_SKEW', 'CLOCK_RESET') },
  { id: 'Q6', problem: 'jump of the state of charge', injectors: wire('SOC_JUMP') },
  { id: 'Q7', problem: 'state of charge differs between sources', injectors: wire('SOC_DISAGREES') },
  { id: 'Q8', problem: 'frozen value', injectors: wire('STUCK') },
  { id: 'Q9', problem: 'invalid code, out of range', injectors: wire('INVALID_CODE', 'OUT_OF_RANGE') },
  { id: 'Q10', problem: 'sign error', injectors: wire('SIGN_FLIP') },
  {
    id: 'Q11',
    problem: 'position drifts or is lost',
    injectors: [...wire('GPS_DRIFT', 'GPS_ZERO'), { layer: 'NATURAL', how: 'no fix in tunnels' }],
  },
  { id: 'Q12', problem: 'GCJ-02 instead of WGS-84', injectors: wire('GCJ02') },
  { id: 'Q13', problem: 'one serial number on two packs', injectors: plant('SERIAL_CONFLICT') },
  { id: 'Q14', problem: 'half a swap', injectors: wire('HALF_SWAP') },
  { id: 'Q15', problem: 'counter begins again', injectors: wire('COUNTER_RESET') },
  { id: 'Q16', problem: 'schema drift', injectors: wire('SCHEMA_DRIFT') },
  { id: 'Q17', problem: 'burst: many reconnect together', injectors: wire('OFFLINE') },
  { id: 'Q18', problem: 'lost message', injectors: wire('LOST') },
  {
    id: 'Q19',
    problem: 'tariff boundary, midnight, end of the month',
    injectors: [{ layer: 'NATURAL', how: 'the clock of the scope passes them every day' }],
  },
  { id: 'Q20', problem: 'forged or replayed message', injectors: wire('FORGED') },
  { id: 'P1', problem: 'charger of a slot down', injectors: plant('CHARGER_DOWN') },
  { id: 'P2', problem: 'grid connection limited', injectors: plant('GRID_LIMIT') },
  { id: 'P3', problem: 'station blacked out', injectors: plant('BLACKOUT') },
  { id: 'P4', problem: 'gantry fault, failing motion', injectors: plant('GANTRY_FAULT', 'MOTION_FAILS', 'POSITION_SENSOR_LOST') },
  { id: 'P5', problem: 'hot pack, fire', injectors: plant('HOT_PACK', 'FIRE') },
  { id: 'P6', problem: 'truck breaks down', injectors: plant('BREAK_DOWN') },
  { id: 'P7', problem: 'road closed', injectors: plant('ROAD_CLOSED') },
  { id: 'P8', problem: 'snow', injectors: plant('SNOW') },
  { id: 'P9', problem: 'emergency stop, person in the zone', injectors: plant('EMERGENCY_STOP', 'PERSON_IN_ZONE') },
  { id: 'P10', problem: 'BMS silent', injectors: plant('SILENT_BMS') },
];

export const isWireFaultKind = (kind: string): kind is WireFaultKind => WIRE_FAULT_KINDS.some((known) => known === kind);
