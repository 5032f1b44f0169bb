import type { StationDefinition } from '@corridor/protocols/network-file';
import type { Logger } from 'pino';
import type { Journal } from '../journal/journal.ts';
import type { StationEquipment } from '../ports/equipment.ts';
import type { UsableSlot } from '../procedure/pack-choice.ts';
import { DEFAULT_PROCEDURE_CONFIG, type ProcedureConfig } from '../procedure/procedure-config.ts';
import { FaultList } from './fault-list.ts';
import { OfflineCredit, type OfflineCreditConfig } from './offline-credit.ts';
import { Preauthorisations } from './preauthorisations.ts';
import { SlotBlocks } from './slot-blocks.ts';
import { SlotsSetAside } from './slots-set-aside.ts';
import { StationConfig } from './station-config.ts';
import { StationEvents } from './station-events.ts';

/** What the parts of one gateway share: journal, equipment, and the station's memory that outlives a restart. */
export type StationCore = {
  station: StationDefinition;
  journal: Journal;
  equipment: StationEquipment;
  events: StationEvents;
  config: StationConfig;
  procedureConfig(): ProcedureConfig;
  blocks: SlotBlocks;
  setAside: SlotsSetAside;
  faults: FaultList;
  preauthorisations: Preauthorisations;
  offlineCredit: OfflineCredit;
  log: Logger;
  /** Ends the gateway: its journal cannot be written, so it must not go on. */
  fatal(cause: unknown): void;
};

export function createStationCore(options: {
  scope: string;
  station: StationDefinition;
  journal: Journal;
  equipment: StationEquipment;
  procedure: Partial<ProcedureConfig>;
  offlineCredit: OfflineCreditConfig;
  log: Logger;
  fatal(cause: unknown): void;
}): StationCore {
  const { station, journal } = options;
  const events = new StationEvents(options.scope, station.id);
  const base = { ...DEFAULT_PROCEDURE_CONFIG, ...options.procedure };
  const config = new StationConfig(journal, station, { timeoutInMs: base.timeoutInMs, timeoutOutMs: base.timeoutOutMs });
  return {
    station,
    journal,
    equipment: options.equipment,
    events,
    config,
    procedureConfig: () => {
      const { targetSocPercent, timeoutInMs, timeoutOutMs } = config.values;
      return { ...base, targetSocPercent, timeoutInMs, timeoutOutMs };
    },
    blocks: new SlotBlocks(journal),
    setAside: new SlotsSetAside(journal, events),
    faults: new FaultList(journal, events),
    preauthorisations: new Preauthorisations(journal),
    offlineCredit: new OfflineCredit(journal, options.offlineCredit),
    log: options.log,
    fatal: (cause) => options.fatal(cause),
  };
}

/** By the station itself, or by the platform. */
export const isOutOfUse = ({ blocks, setAside }: StationCore, evseId: number): boolean =>
  blocks.isBlocked(evseId) || setAside.isAside(evseId);

/** The rack as a swap may use it; `reservedEvseIds` belong to swaps of other bays. */
export function usableSlots(core: StationCore, reservedEvseIds: ReadonlySet<number>): UsableSlot[] {
  const { promised } = core.preauthorisations;
  return core.equipment.rack.slots().map((slot) => ({
    ...slot,
    quarantined: isOutOfUse(core, slot.evseId),
    reserved: reservedEvseIds.has(slot.evseId),
    promised: slot.pack !== null && promised.has(slot.pack.packId),
  }));
}
