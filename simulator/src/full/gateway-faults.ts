import type { FaultNotice } from '@corridor/gateway/procedure/procedure-effect';
import type { GatewayFaultData } from '@corridor/protocols/evt/gateway';

/** Faults that a station's gateway has raised and not cleared yet. */
export class GatewayFaults {
  readonly #stationId: string;
  readonly #tell: (event: 'fault_raised' | 'fault_cleared', fault: GatewayFaultData) => void;
  #open: GatewayFaultData[] = [];
  #raised = 0;

  constructor(stationId: string, tell: (event: 'fault_raised' | 'fault_cleared', fault: GatewayFaultData) => void) {
    this.#stationId = stationId;
    this.#tell = tell;
  }

  raise(fault: FaultNotice): void {
    this.#raised += 1;
    const data = { faultId: `${this.#stationId}-f${this.#raised}`, ...fault };
    this.#open.push(data);
    this.#tell('fault_raised', data);
  }

  /** Those that are gone. */
  clear(isGone: (fault: GatewayFaultData) => boolean): void {
    const gone = this.#open.filter(isGone);
    if (gone.length === 0) return;
    this.#open = this.#open.filter((fault) => !gone.includes(fault));
    for (const fault of gone) this.#tell('fault_cleared', fault);
  }
}
