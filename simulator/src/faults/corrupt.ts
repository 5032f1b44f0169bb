import type { Prng } from '@corridor/actors/time/prng';
import { toGcj02 } from './gcj02.ts';
import type { WireFault } from './wire-fault.ts';

/** An envelope as parsed JSON; `data` is whatever the kind of message has. */
export type LooseEnvelope = {
  schema: string;
  src: string;
  seq: number;
  tsEvent: string;
  tsSend: string;
  q: string[];
  data: Record<string, unknown>;
};

const METRES_PER_DEGREE = 111_320;
const clampPercent = (value: number) => Math.min(100, Math.max(0, Math.round(value * 10) / 10));

/** Applies a change to the data itself and to each reading in its arrays (`packs`, `slots`, `meters`). */
function eachReading(data: Record<string, unknown>, change: (reading: Record<string, unknown>) => void): void {
  change(data);
  for (const value of Object.values(data)) {
    if (!Array.isArray(value)) continue;
    for (const item of value) if (typeof item === 'object' && item !== null) change(item as Record<string, unknown>);
  }
}

function changeNumbers(data: Record<string, unknown>, names: readonly string[], change: (value: number) => number | null): void {
  eachReading(data, (reading) => {
    for (const name of names) {
      const value = reading[name];
      if (typeof value === 'number') reading[name] = change(value);
    }
  });
}

/** First readings of each source, for what freezes or starts from zero again. */
export type CorruptionMemory = Map<string, Record<string, unknown>>;

const MEASURED = [
  'socPercent',
  'voltageV',
  'currentA',
  'powerW',
  'speedKmh',
  'cellTmaxC',
  'packVoltageV',
  'packCurrentA',
  'motorPowerW',
] as const;
const COUNTERS = ['odometerM', 'importWh', 'exportWh', 'meterWh', 'energyWh', 'throughputWh'] as const;

/**
 * Falsifies what a telemetry message says, in place, as broken sensors and vendors' firmware do.
 * @returns false when the fault does not concern this message
 */
export function corruptTelemetry(
  fault: WireFault,
  envelope: LooseEnvelope,
  { prng, memory }: { prng: Prng; memory: CorruptionMemory },
): boolean {
  const { data } = envelope;
  const kind = envelope.schema.split('/')[0] ?? '';
  switch (fault.kind) {
    case 'SOC_JUMP':
    case 'SOC_DISAGREES':
      changeNumbers(data, ['socPercent'], (value) => clampPercent(value + fault.deltaPercent));
      return true;
    case 'STUCK':
      return freeze(data, `${envelope.src}:${kind}`, memory);
    case 'INVALID_CODE':
      changeNumbers(data, ['socPercent', 'cellTmaxC', 'speedKmh', 'packVoltageV', 'voltageV'], () => null);
      envelope.q = [...envelope.q, 'INVALID'];
      return kind !== 'tele.station' && kind !== 'tele.meter';
    case 'OUT_OF_RANGE':
      changeNumbers(data, ['socPercent', 'speedKmh', 'gridPowerW', 'powerW'], () => 1e9);
      return true;
    case 'SIGN_FLIP':
      changeNumbers(data, ['currentA', 'packCurrentA', 'powerW'], (value) => -value);
      return true;
    case 'GPS_DRIFT':
    case 'GPS_ZERO':
    case 'GCJ02':
      return displace(fault, data, prng);
    case 'COUNTER_RESET':
      return resetCounters(data, `${envelope.src}:${kind}:counters`, memory);
    default:
      return false;
  }
}

function freeze(data: Record<string, unknown>, key: string, memory: CorruptionMemory): boolean {
  const first = memory.get(key) ?? structuredClone(data);
  memory.set(key, first);
  if (typeof data['truckId'] === 'string' || typeof data['packId'] === 'string') {
    for (const name of MEASURED) if (name in data) data[name] = first[name];
    return true;
  }
  for (const [name, value] of Object.entries(first)) if (Array.isArray(value)) data[name] = value;
  return true;
}

function displace(
  fault: Extract<WireFault, { kind: 'GPS_DRIFT' | 'GPS_ZERO' | 'GCJ02' }>,
  data: Record<string, unknown>,
  prng: Prng,
): boolean {
  const { lat, lon } = data;
  if (typeof lat !== 'number' || typeof lon !== 'number') return false;
  if (fault.kind === 'GPS_ZERO') Object.assign(data, { lat: 0, lon: 0 });
  else if (fault.kind === 'GCJ02') Object.assign(data, toGcj02({ lat, lon }));
  else {
    const angle = prng.uniform(0, 2 * Math.PI);
    const degrees = (fault.driftM * prng.uniform(0.5, 1)) / METRES_PER_DEGREE;
    Object.assign(data, { lat: lat + degrees * Math.cos(angle), lon: lon + (degrees * Math.sin(angle)) / Math.cos((lat * Math.PI) / 180) });
  }
  return true;
}

/** Registers begin again from zero, as after an exchange of the meter. */
function resetCounters(data: Record<string, unknown>, key: string, memory: CorruptionMemory): boolean {
  const first = memory.get(key) ?? {};
  memory.set(key, first);
  let concerned = false;
  eachReading(data, (reading) => {
    const id = JSON.stringify([reading['meterId'], reading['evseId'], reading['packId']]);
    for (const name of COUNTERS) {
      const value = reading[name];
      // The content of a pack bears the name of a counter and is none.
      if (typeof value !== 'number' || (name === 'energyWh' && 'socPercent' in reading)) continue;
      const base = first[`${id}:${name}`];
      first[`${id}:${name}`] = typeof base === 'number' ? base : value;
      reading[name] = Math.max(0, value - (typeof base === 'number' ? base : value));
      concerned = true;
    }
  });
  return concerned;
}
