import type { CommandArgs } from '@corridor/protocols/cmd/command';
import type { StationDefinition } from '@corridor/protocols/network-file';
import type { Journal, JournalTransaction } from '../journal/journal.ts';
import { stateKey } from './station-journal-keys.ts';

/** What the platform may set, with its present values. */
export type StationConfigValues = {
  targetSocPercent: number;
  maxSocPercent: number;
  timeoutInMs: number;
  timeoutOutMs: number;
  gridLimitW: number;
  /** Minutes of the local day (Asia/Shanghai) at which a tariff period begins. */
  tariffBoundariesMinute: readonly number[];
};

/** Without the platform's own boundaries every full hour is one: no period of the trade begins elsewhere. */
const EVERY_HOUR = Array.from({ length: 24 }, (_, hour) => hour * 60);

/** Settings of the station, kept over restarts. */
export class StationConfig {
  #values: StationConfigValues;
  readonly #journal: Journal;

  constructor(journal: Journal, station: StationDefinition, timeouts: { timeoutInMs: number; timeoutOutMs: number }) {
    this.#journal = journal;
    const initial: StationConfigValues = {
      targetSocPercent: station.targetSocPercent,
      maxSocPercent: station.maxSocPercent,
      gridLimitW: station.gridLimitW,
      tariffBoundariesMinute: EVERY_HOUR,
      ...timeouts,
    };
    this.#values = { ...initial, ...journal.state<Partial<StationConfigValues>>(stateKey.config) };
  }

  get values(): Readonly<StationConfigValues> {
    return this.#values;
  }

  /** @returns reason of the refusal, or null when the values were taken */
  refusalOf(change: CommandArgs<'config.set'>['values']): 'VALUE_OUT_OF_RANGE' | null {
    const next = { ...this.#values, ...change };
    return next.targetSocPercent > next.maxSocPercent || next.gridLimitW < 0 ? 'VALUE_OUT_OF_RANGE' : null;
  }

  set(tx: JournalTransaction, change: CommandArgs<'config.set'>['values']): void {
    const overrides = { ...this.#journal.state<Partial<StationConfigValues>>(stateKey.config), ...change };
    tx.putState(stateKey.config, overrides);
    this.#values = { ...this.#values, ...change };
  }
}
