import { readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { AnyActorEvent } from '@corridor/actors/network/actor-event';
import { ENGINES } from '@corridor/actors/network/engines';
import type { EntityKind, EntityRef } from '@corridor/actors/network/entity-ref';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { beginFleets } from '@corridor/simulator/fleets/fleet-of';
import { FullWorld, type FullWorldOptions } from '@corridor/simulator/full/full-world';
import { fullScenario } from '@corridor/simulator/scenario/corridor-file';
import { startMsOf } from '@corridor/simulator/scenario/scenario-calendar';
import { shippedScenario } from '@corridor/simulator/scenario/scenario-folder';
import { type Answer, RecordingSignals } from './recorded-signals.ts';
import { recording } from './recording-host.ts';

const SEED = 1;
const HOUR_MS = 3_600_000;

/** One thing that a network did with one of its actors, and the last values that this actor then asked for. */
export type Delivery = { answers?: Answer[] } & (
  | { kind: 'create'; atMs: number; ref: EntityRef; entity: EntityKind; input: unknown }
  | { kind: 'send'; atMs: number; ref: EntityRef; event: AnyActorEvent }
  /** The next timer of all. */
  | { kind: 'fire' }
  | { kind: 'end'; ref: EntityRef }
);

/** A trace while it is written, and what came of it: a replay that is true to it comes to the same. */
export interface Recorded {
  deliveries: Delivery[];
  outcome: { emitted: number; changed: number };
  signals: RecordingSignals;
}

export type RecordedTrace = Pick<Recorded, 'deliveries' | 'outcome'> & { originMs: number; reference: ReferenceStore };

/** What the actors of the shipped full corridor are told in its first hours: what a plan runs, and nothing that it does not. */
export function recordTrace(hours: number): Pick<Recorded, 'deliveries' | 'outcome'> {
  const deliveries: Delivery[] = [];
  const outcome = { emitted: 0, changed: 0 };
  let signals: RecordingSignals | null = null;
  const throughSignals: FullWorldOptions['throughSignals'] = (own) => {
    signals = new RecordingSignals(own);
    return signals;
  };
  const engine: FullWorldOptions['engine'] = (machines) => {
    if (signals === null) throw new TypeError('actors ask for signals, and nobody listens');
    return recording(ENGINES.xstate, { deliveries, outcome, signals })(machines);
  };
  corridor({ engine, throughSignals }).runUntil(hours * HOUR_MS);
  return { deliveries, outcome };
}

/** With its trucks and packs, before anything has moved. */
function corridor(options: Pick<FullWorldOptions, 'engine' | 'throughSignals'>): FullWorld {
  const scenario = fullScenario(shippedScenario('corridor-full.json'));
  const world = new FullWorld({ scenario, seed: SEED, detailed: false, ...options });
  beginFleets(world);
  return world;
}

/** Keeps a trace for other processes. */
export function writeTrace(file: string, trace: Pick<Recorded, 'deliveries' | 'outcome'>): void {
  writeFileSync(file, serialize(trace));
}

export function readTrace(file: string): RecordedTrace {
  const { deliveries, outcome } = deserialize(readFileSync(file)) as Pick<Recorded, 'deliveries' | 'outcome'>;
  internalise(deliveries);
  const { scenario, twin } = corridor({ engine: 'compiled' });
  return { deliveries, outcome, originMs: startMsOf(scenario), reference: twin.reference };
}

/**
 * Puts one object for all equal texts in place of those that were read. In a run, types and ids are the same few objects over and over;
 * texts that were read from a file are all different ones, and each comparison and look-up of them takes several times as long.
 */
function internalise(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const [key, inner] of Object.entries(holder)) {
    if (typeof inner === 'string') [holder[key]] = Object.keys({ [inner]: true });
    else internalise(inner);
  }
}
