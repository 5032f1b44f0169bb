import type { SignalReader } from '@corridor/actors/network/reference';
import type { FullBay } from './full-bay.ts';
import { type FullPack, type FullTruck, socPercentOf } from './full-units.ts';
import { DIRECTION_OF_PASS } from './required-energy.ts';

/**
 * Telemetry without messages: whoever asks for a last value gets what it is now. Nothing is ever stale here; telemetry that is late or
 * wrong is what the live twin's own tests are for.
 */
export class PlantSignals implements SignalReader {
  readonly trucks = new Map<string, FullTruck>();
  readonly packs = new Map<string, FullPack>();
  readonly bays = new Map<string, FullBay>();
  readonly #nowMs: () => number;

  /** @param nowMs since the epoch */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  number(kind: 'pack' | 'slot' | 'station' | 'truck', id: string, signal: string): number {
    if (kind === 'pack' && signal === 'socPercent') return socOf(this.packs.get(id));
    if (kind !== 'truck') return Number.NaN;
    const truck = this.trucks.get(id);
    if (truck === undefined) return Number.NaN;
    if (signal === 'socPercent') return socOf(truck.pack);
    if (signal === 'odometerM') return Math.round(truck.odometerM);
    return signal === 'grossMassKg' ? grossMassKg(truck) : Number.NaN;
  }

  text(kind: 'pack' | 'slot' | 'station' | 'truck' | 'bay', id: string, signal: string): string | null {
    if (kind === 'bay' && signal === 'bayState') return this.bays.get(id)?.truck === null ? 'FREE' : null;
    if (kind === 'truck' && signal === 'packId') return this.trucks.get(id)?.pack.id ?? null;
    if (kind !== 'truck' || signal !== 'direction') return null;
    const truck = this.trucks.get(id);
    return truck === undefined || truck.masses === null ? null : DIRECTION_OF_PASS[truck.trip.pass];
  }

  reportedAtMs(): number {
    return this.#nowMs();
  }
}

const socOf = (pack: FullPack | undefined): number => (pack === undefined ? Number.NaN : socPercentOf(pack));

function grossMassKg({ masses, trip }: FullTruck): number {
  if (masses === null) return Number.NaN;
  if (trip.empty) return masses.empty;
  return trip.pass === 0 ? masses.out : masses.back;
}
