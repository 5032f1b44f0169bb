import type { Logger } from 'pino';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Default } from 'typebox/value';
import type { PlantHost } from '../host/plant-host.ts';
import type { PlantFault } from '../plant/plant-state.ts';
import { isWireFaultKind } from './fault-catalogue.ts';
import { missingTarget, PLANT_FAULTS, USUAL_DURATION_MS } from './plant-fault.ts';
import { WIRE_FAULTS, type WireFault } from './wire-fault.ts';
import type { WireProxy } from './wire-proxy.ts';

const USUAL_WIRE_DURATION_MS = 60_000;
const DURATION_MS_MAX = 30 * 86_400_000;

/** A refusal says what is wrong with the request. */
export type Injected = { ok: true; id: string; until: string } | { ok: false; reason: string };
export type ActiveFault = { id: string; kind: string; layer: 'WIRE' | 'PLANT'; until: string; parameters: unknown };

/**
 * Injects and clears faults of both layers. Faults on the wire last in wall time, because they are about the transport;
 * physical ones last in scope time.
 */
export class FaultControl {
  readonly #host: PlantHost;
  readonly #proxy: WireProxy | null;
  readonly #log: Logger;
  readonly #wire = new Map<string, { fault: WireFault; untilWallMs: number; timer: NodeJS.Timeout }>();
  #counter = 0;

  /** @param proxy null = messages do not pass a place where faults can be put in */
  constructor(host: PlantHost, proxy: WireProxy | null, log: Logger) {
    this.#host = host;
    this.#proxy = proxy;
    this.#log = log;
  }

  /** @param request `{kind, …parameters}` as in the catalogue; missing parameters get their usual values */
  inject(request: unknown, durationMs: number | null = null): Injected {
    const kind = (request as { kind?: unknown } | null)?.kind;
    if (typeof kind !== 'string') return { ok: false, reason: 'kind is missing' };
    if (durationMs !== null && !(durationMs > 0 && durationMs <= DURATION_MS_MAX))
      return { ok: false, reason: `a duration of ${durationMs} ms` };
    if (isWireFaultKind(kind)) return this.#injectWire(request, kind, durationMs ?? USUAL_WIRE_DURATION_MS);
    const schema = (PLANT_FAULTS as Record<string, TSchema>)[kind];
    if (!schema) return { ok: false, reason: `unknown kind ${kind}` };
    const checked = check(schema, request);
    if (!checked.ok) return checked;
    return this.#injectPlant(checked.value as Omit<PlantFault, 'id' | 'untilMs'>, durationMs);
  }

  /** @returns false when there is none of this id */
  clear(id: string): boolean {
    const wire = this.#wire.get(id);
    if (wire) {
      clearTimeout(wire.timer);
      this.#wire.delete(id);
      this.#apply();
      return true;
    }
    if (!this.#host.plant.state.faults.some((fault) => fault.id === id)) return false;
    this.#host.plant.clearFault(id);
    return true;
  }

  active(): ActiveFault[] {
    const wire = [...this.#wire].map(
      ([id, { fault, untilWallMs }]): ActiveFault => ({
        id,
        kind: fault.kind,
        layer: 'WIRE',
        until: new Date(untilWallMs).toISOString(),
        parameters: fault,
      }),
    );
    const { state } = this.#host.plant;
    const plant = state.faults
      .filter(({ untilMs }) => untilMs > state.atMs)
      .map(
        (fault): ActiveFault => ({
          id: fault.id,
          kind: fault.kind,
          layer: 'PLANT',
          until: new Date(fault.untilMs).toISOString(),
          parameters: fault,
        }),
      );
    return [...wire, ...plant];
  }

  stop(): void {
    for (const { timer } of this.#wire.values()) clearTimeout(timer);
    this.#wire.clear();
  }

  #injectWire(request: unknown, kind: WireFault['kind'], durationMs: number): Injected {
    const checked = check(WIRE_FAULTS[kind], request);
    if (!checked.ok) return checked;
    const fault = checked.value as WireFault;
    const { stations, trucks } = this.#host.plant.state;
    const nobody = fault.sources.find((source) => !(source in stations) && !(source in trucks));
    if (nobody !== undefined) return { ok: false, reason: `there is no station or truck ${nobody}` };
    if (!this.#proxy) return { ok: false, reason: 'started with --no-faults' };
    const id = this.#nextId(kind);
    const timer = setTimeout(() => this.clear(id), durationMs);
    const untilWallMs = new Date().getTime() + durationMs;
    this.#wire.set(id, { fault, untilWallMs, timer });
    this.#apply();
    this.#log.warn({ id, fault }, 'fault injected on the wire');
    return { ok: true, id, until: new Date(untilWallMs).toISOString() };
  }

  #injectPlant(parameters: Omit<PlantFault, 'id' | 'untilMs'>, durationMs: number | null): Injected {
    const { plant } = this.#host;
    const untilMs = plant.state.atMs + (durationMs ?? USUAL_DURATION_MS[parameters.kind]);
    const fault = { ...parameters, id: this.#nextId(parameters.kind), untilMs } as PlantFault;
    const { stations, packs, trucks } = plant.state;
    const bays = new Set(Object.values(stations).flatMap((station) => station.bays.map(({ id }) => id)));
    const missing = missingTarget(fault, {
      stations: new Set(Object.keys(stations)),
      bays,
      packs: new Set(Object.keys(packs)),
      trucks: new Set(Object.keys(trucks)),
    });
    if (missing) return { ok: false, reason: `there is no ${missing}` };
    plant.inject(fault);
    this.#log.warn({ fault }, 'fault injected into the plant');
    return { ok: true, id: fault.id, until: new Date(untilMs).toISOString() };
  }

  #apply(): void {
    this.#proxy?.setFaults([...this.#wire.values()].map(({ fault }) => fault));
  }

  #nextId(kind: string): string {
    this.#counter += 1;
    return `${kind.toLowerCase()}-${this.#host.plant.state.atMs}-${this.#counter}`;
  }
}

function check(schema: TSchema, request: unknown): { ok: true; value: unknown } | { ok: false; reason: string } {
  const value = Default(schema, structuredClone(request));
  const validator = Compile(schema);
  if (validator.Check(value)) return { ok: true, value };
  const [first] = validator.Errors(value);
  return { ok: false, reason: `${first?.instancePath || 'parameters'} ${first?.message ?? 'do not match'}` };
}
