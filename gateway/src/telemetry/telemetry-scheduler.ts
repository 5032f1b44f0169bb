import type { StationTeleKind } from '@corridor/protocols/subject';
import type { TimerHandle } from '../ports/clock.ts';
import type { BayController } from '../station/bay-controller.ts';
import type { StationCore } from '../station/station-core.ts';
import { stationTelemetry } from '../station/station-view.ts';
import { bayReading, packReadings, slotReading } from './readings.ts';

/** Periods in scope time [ms]. */
const PERIOD_MS = { station: 5_000, slots: 10_000, packs: 10_000, meter: 10_000, pv: 60_000, bay: 1_000 } as const;
/** Idle packs are told every so many rounds of `packs`. */
const IDLE_ROUNDS = 6;
/** Bays without a swap are told every so many rounds of `bay`. */
const QUIET_ROUNDS = 30;
/** At a high clock factor periods are stretched, so that no kind sends more than this many messages a wall second. */
const PER_WALL_S_MAX = 2;
/** The first round waits for the link, which is up by then unless there is an outage [wall ms]. */
const FIRST_WALL_MS = 1_000;

export type SendTelemetry = (kind: StationTeleKind, atMs: number, data: unknown) => void;

/**
 * Sends the station's telemetry. Each message is the present state, read when it is sent; a round that comes late is one
 * message, never a backlog.
 */
export class TelemetryScheduler {
  readonly #core: StationCore;
  readonly #bays: readonly BayController[];
  readonly #send: SendTelemetry;
  readonly #rttMs: () => number | null;
  readonly #timers = new Map<StationTeleKind, TimerHandle>();
  readonly #rounds = new Map<StationTeleKind, number>();
  /** Kinds to be sent before their period is over, because something changed. */
  readonly #changed = new Map<StationTeleKind, TimerHandle>();
  readonly #lastWallMs = new Map<StationTeleKind, number>();
  #unsubscribe: (() => void) | null = null;

  constructor(core: StationCore, bays: readonly BayController[], send: SendTelemetry, rttMs: () => number | null) {
    this.#core = core;
    this.#bays = bays;
    this.#send = send;
    this.#rttMs = rttMs;
  }

  start(): void {
    this.#unsubscribe = this.#core.equipment.rack.onChange(() => this.changed('slots'));
    for (const kind of Object.keys(PERIOD_MS) as StationTeleKind[])
      this.#schedule(kind, FIRST_WALL_MS * this.#core.equipment.clock.factor());
  }

  stop(): void {
    this.#unsubscribe?.();
    const { clock } = this.#core.equipment;
    for (const timer of [...this.#timers.values(), ...this.#changed.values()]) clock.clearTimer(timer);
    this.#timers.clear();
    this.#changed.clear();
  }

  /** Something changed: told at once, or as soon as the rate allows. */
  changed(kind: 'slots' | 'bay'): void {
    if (this.#changed.has(kind)) return;
    const { clock } = this.#core.equipment;
    const sinceMs = performance.now() - (this.#lastWallMs.get(kind) ?? Number.NEGATIVE_INFINITY);
    const waitMs = Math.max(0, 1_000 / PER_WALL_S_MAX - sinceMs) * clock.factor();
    const timer = clock.setTimer(waitMs, () => {
      this.#changed.delete(kind);
      this.#emit(kind);
    });
    this.#changed.set(kind, timer);
  }

  #schedule(kind: StationTeleKind, waitMs: number): void {
    const { clock } = this.#core.equipment;
    const timer = clock.setTimer(waitMs, () => {
      this.#schedule(kind, Math.max(PERIOD_MS[kind], (1_000 / PER_WALL_S_MAX) * clock.factor()));
      this.#emit(kind);
    });
    this.#timers.set(kind, timer);
  }

  #emit(kind: StationTeleKind): void {
    this.#lastWallMs.set(kind, performance.now());
    const round = (this.#rounds.get(kind) ?? 0) + 1;
    this.#rounds.set(kind, round);
    const core = this.#core;
    const stationId = core.station.id;
    const atMs = core.equipment.clock.nowMs();
    switch (kind) {
      case 'station':
        this.#send(kind, atMs, stationTelemetry(core, this.#bays, this.#rttMs()));
        return;
      case 'slots':
        this.#send(kind, atMs, { stationId, slots: core.equipment.rack.slots().map((slot) => slotReading(core, slot)) });
        return;
      case 'packs': {
        const { active, idle } = packReadings(core);
        const packs = round % IDLE_ROUNDS === 1 ? [...active, ...idle] : active;
        if (packs.length > 0) this.#send(kind, atMs, { stationId, packs });
        return;
      }
      case 'meter':
        this.#send(kind, atMs, { stationId, meters: core.equipment.meters.read().meters });
        return;
      case 'pv': {
        const { pv } = core.equipment.meters.read();
        if (pv) this.#send(kind, atMs, { stationId, powerW: pv.powerW, energyWh: Math.floor(pv.energyWh) });
        return;
      }
      case 'bay':
        for (const bay of this.#bays) {
          if (bay.record !== null || round % QUIET_ROUNDS === 1 || this.#truckStands(bay)) this.#send(kind, atMs, bayReading(core, bay));
        }
    }
  }

  #truckStands(bay: BayController): boolean {
    return bay.bay.sensors.read().truckDocked;
  }
}
