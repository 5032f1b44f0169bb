import type { SignalReader, Surroundings } from './reference.ts';
import { emptyReference } from './reference-store.ts';

/** Nothing was ever reported. */
export const silentSignals: SignalReader = {
  number: () => Number.NaN,
  text: () => null,
  reportedAtMs: () => Number.NaN,
};

/** For charts and tables of transitions: no assets, no signals, time stands at 0. */
export const emptySurroundings: Surroundings = { reference: emptyReference, signals: silentSignals, nowMs: () => 0 };
