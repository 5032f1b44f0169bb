import type { GatewayFaultData } from '@corridor/protocols/evt/gateway';
import type { Journal, JournalTransaction } from '../journal/journal.ts';
import type { FaultNotice } from '../procedure/procedure-effect.ts';
import type { StationEvents } from './station-events.ts';
import { stateKey, statePrefix } from './station-journal-keys.ts';

/** Whether it tells all of the other: one that becomes more severe is told again. */
const tells = (known: FaultNotice, fault: FaultNotice): boolean => sameFault(known, fault) && known.level >= fault.level;

const sameFault = (a: FaultNotice, b: FaultNotice): boolean => a.code === b.code && a.scope === b.scope && a.scopeId === b.scopeId;

/** Equipment faults that stand: raised once, and again by the same id when they become more severe, cleared once, kept over restarts. */
export class FaultList {
  readonly #faults = new Map<string, GatewayFaultData>();
  readonly #journal: Journal;
  readonly #events: StationEvents;
  #count = 0;

  constructor(journal: Journal, events: StationEvents) {
    this.#journal = journal;
    this.#events = events;
    for (const { value } of journal.states<GatewayFaultData>(statePrefix.fault)) this.#faults.set(value.faultId, value);
  }

  get open(): readonly GatewayFaultData[] {
    return [...this.#faults.values()];
  }

  raise(tx: JournalTransaction, fault: FaultNotice, atMs: number): void {
    const known = this.open.find((standing) => sameFault(standing, fault));
    if (known !== undefined && tells(known, fault)) return;
    const raised = {
      ...fault,
      faultId: known?.faultId ?? this.#nextId(),
      detail: fault.detail.slice(0, 400),
    };
    this.#faults.set(raised.faultId, raised);
    tx.putState(stateKey.fault(raised.faultId), raised);
    tx.event(this.#events.of('gateway', 'fault_raised', atMs, raised));
  }

  #nextId(): string {
    this.#count += 1;
    return `${this.#events.stationId}-${this.#journal.bootId}-f${this.#count}`;
  }

  clear(tx: JournalTransaction, matches: (fault: GatewayFaultData) => boolean, atMs: number): void {
    for (const fault of this.open.filter(matches)) {
      this.#faults.delete(fault.faultId);
      tx.deleteState(stateKey.fault(fault.faultId));
      tx.event(this.#events.of('gateway', 'fault_cleared', atMs, fault));
    }
  }

  /** Whether {@link raise} or {@link clear} would write anything for these standing conditions of `codes`. */
  differsFrom(conditions: readonly FaultNotice[], codes: ReadonlySet<string>): boolean {
    const missing = conditions.some((fault) => !this.open.some((known) => tells(known, fault)));
    const stale = this.open.some((known) => codes.has(known.code) && !conditions.some((fault) => sameFault(known, fault)));
    return missing || stale;
  }

  /** Makes the faults with one of `codes` be exactly `conditions`. */
  reconcile(tx: JournalTransaction, conditions: readonly FaultNotice[], codes: ReadonlySet<string>, atMs: number): void {
    this.clear(tx, (known) => codes.has(known.code) && !conditions.some((fault) => sameFault(known, fault)), atMs);
    for (const fault of conditions) this.raise(tx, fault, atMs);
  }
}
