import { ChargingController } from '../charging/charging-controller.ts';
import { CommandExecutor } from '../commands/command-executor.ts';
import { liftBlock } from '../commands/command-handlers.ts';
import { type SendTelemetry, TelemetryScheduler } from '../telemetry/telemetry-scheduler.ts';
import { BayController, inventoryOf } from './bay-controller.ts';
import { monitorFaults } from './fault-monitor.ts';
import type { StationCore } from './station-core.ts';

export type StationRuntimeOptions = {
  syncClock: ((sync: { scopeAtMs: number; factor: number }) => void) | null;
  sendTelemetry: SendTelemetry;
  rttMs(): number | null;
};

/** Everything a station does by itself: bays, charging, faults, telemetry, commands. The wire is somebody else's. */
export class StationRuntime {
  readonly core: StationCore;
  readonly bays: readonly BayController[];
  readonly executor: CommandExecutor;
  readonly #charging: ChargingController;
  readonly #telemetry: TelemetryScheduler;
  #unsubscribe: (() => void)[] = [];
  #stopped = false;

  constructor(core: StationCore, options: StationRuntimeOptions) {
    this.core = core;
    const bays = core.equipment.bays.map(
      (bay) =>
        new BayController(core, bay, {
          reservedByOthers: () => this.#reserved(bay.bayId),
          onChanged: () => {
            this.#telemetry.changed('bay');
            this.#charging.control();
          },
        }),
    );
    this.bays = bays;
    this.#charging = new ChargingController(core, {
      isReserved: (evseId) => this.#reserved(null).has(evseId),
      onTick: () => {
        this.#expirePreauthorisations();
        this.#setAsideWhatWaited();
        this.#lookAround();
      },
    });
    this.executor = new CommandExecutor(core, {
      bays,
      charging: this.#charging,
      syncClock: options.syncClock,
      showNotice: (notice) => core.log.info(notice, 'notice of the platform'),
    });
    this.#telemetry = new TelemetryScheduler(core, bays, options.sendTelemetry, () => options.rttMs());
  }

  #reserved(exceptBayId: string | null): Set<number> {
    return new Set(this.bays.filter((bay) => bay.bay.bayId !== exceptBayId).flatMap((bay) => [...bay.reservedEvseIds]));
  }

  /** Goes on where the journal says, and tells the platform what stands in the rack. */
  start(): void {
    const { core } = this;
    const { journal, equipment, events } = core;
    this.executor.closeOrphans((commandId) => this.#isAlive(commandId));
    journal.transaction((tx) => tx.event(events.of('gateway', 'inventory', equipment.clock.nowMs(), inventoryOf(core))));
    this.#unsubscribe = [
      equipment.sensors.onChange(() => this.#lookAround()),
      equipment.rack.onChange(() => this.#lookAround()),
      equipment.panel.onAct((act) => {
        if (act.kind === 'QUARANTINE_LIFTED') this.#guarded(() => journal.transaction((tx) => liftBlock(core, tx, act.evseId)));
      }),
    ];
    this.#charging.start();
    for (const bay of this.bays) bay.start();
    this.#telemetry.start();
    this.#lookAround();
  }

  /** Nothing of the station acts any more; motions under way end by themselves and are taken up after a restart. */
  stop(): void {
    this.#stopped = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#telemetry.stop();
    this.#charging.stop();
    for (const bay of this.bays) bay.stop();
  }

  #guarded(work: () => void): void {
    if (this.#stopped) return;
    try {
      work();
    } catch (cause) {
      this.core.fatal(cause);
    }
  }

  #lookAround(): void {
    this.#guarded(() => {
      monitorFaults(this.core);
      for (const bay of this.bays) bay.sensorsChanged();
      const { equipment, blocks, preauthorisations } = this.core;
      equipment.panel.showOutOfUse(blocks.all);
      equipment.panel.showKept([...preauthorisations.promised].map(([packId, { truckId }]) => ({ packId, truckId })));
    });
  }

  /** Is there still a swap, begun or expected, for this command? */
  #isAlive(commandId: string): boolean {
    const swapping = this.bays.some(({ record }) => record?.authorisation?.commandId === commandId && record.ended === null);
    return swapping || this.core.preauthorisations.has(commandId) || this.core.setAside.isWaiting(commandId);
  }

  /** Slots that a swap counted on when the platform set them aside. */
  #setAsideWhatWaited(): void {
    const { setAside, equipment, journal } = this.core;
    const reserved = this.#reserved(null);
    const free = setAside.waiting.filter((evseId) => !reserved.has(evseId));
    if (free.length === 0) return;
    this.#guarded(() =>
      journal.transaction((tx) => {
        for (const evseId of free) setAside.carryOut(tx, evseId, equipment.clock.nowMs());
      }),
    );
  }

  #expirePreauthorisations(): void {
    const { preauthorisations, events, equipment, journal } = this.core;
    const nowMs = equipment.clock.nowMs();
    const expired = preauthorisations.expired(nowMs);
    if (expired.length === 0) return;
    this.#guarded(() =>
      journal.transaction((tx) => {
        for (const { requestId, authorisation } of expired) {
          preauthorisations.remove(tx, requestId);
          if (authorisation.commandId !== null) events.result(tx, authorisation.commandId, { result: 'TIMEOUT' }, nowMs);
        }
      }),
    );
  }
}
