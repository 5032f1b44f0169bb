import type { LinkState } from '../link/connection.ts';
import type { PanelPrompt } from '../ports/local-panel.ts';
import { isIssuable, type UsableSlot } from '../procedure/pack-choice.ts';
import { localAbortRefusal } from '../procedure/procedure.ts';
import { MOTION_OF_PHASE, STEP_OF_PHASE, type SwapRecord } from '../procedure/swap-record.ts';
import type { BayController } from '../station/bay-controller.ts';
import { type StationCore, usableSlots } from '../station/station-core.ts';
import { stationTelemetry } from '../station/station-view.ts';
import { type InterlockReading, interlockReadings } from './interlock-readings.ts';
import { giveUpRefusal } from './panel-act.ts';

/** Connected and unanswered: the server is there, and the platform behind it acknowledges nothing. */
export type PageLinkState = LinkState | 'UNANSWERED';

/** What a page needs of the running gateway beside its core. */
export type PageSource = {
  core: StationCore;
  bays: readonly BayController[];
  /** `sinceMs` is scope time. */
  link(): { state: PageLinkState; sinceMs: number; detail: string | null };
  refusedMessages(): number;
};

/** A swap as the station's people see it. Instants are scope time [ms since 1970-01-01T00:00:00Z]. */
export type SwapView = Pick<
  SwapRecord,
  | 'requestId'
  | 'initiation'
  | 'arrivedAtMs'
  | 'phase'
  | 'stepStartedAtMs'
  | 'deadlineAtMs'
  | 'attempt'
  | 'ended'
  | 'endReasonCode'
  | 'abortReasonCode'
  | 'depositEvseId'
  | 'issueEvseId'
> & {
  /** Step 0..14 under way; null on a way back, and once the swap is over. */
  step: number | null;
  /** Last step that is behind it, 0..14. */
  stepDone: number;
  motion: string | null;
  truckId: string | null;
  plate: string | null;
  orderId: string | null;
  held: { reasonCode: string; sinceMs: number } | null;
  prompt: PanelPrompt | null;
  /** What a person at the station may do now. */
  acts: { resume: boolean; identify: boolean; abort: boolean; giveUp: boolean };
};

export type BayView = { bayId: string; swap: SwapView | null; interlocks: InterlockReading[] };

export type SlotView = {
  evseId: number;
  packId: string | null;
  /** [%], one decimal; null = the BMS does not say. */
  socPercent: number | null;
  /** A pack is in it, whoever it is. */
  holdsPack: boolean;
  ready: boolean;
  chargingState: string;
  /** Into the pack [W], to 100 W. */
  powerW: number;
  cellTmaxC: number | null;
  locked: boolean;
  reserved: boolean;
  /** Ordered truck for which its pack is kept. */
  promisedTo: { truckId: string; plate: string } | null;
  smoke: boolean;
  doorOpen: boolean;
  /** Why it is out of use; null = in use. */
  quarantine: string | null;
  /** The platform set it aside, and takes it into use again. */
  setAside: boolean;
};

export type StationView = {
  state: string;
  link: { state: PageLinkState; sinceMs: number; detail: string | null };
  /** Events in the journal that the platform has not acknowledged. */
  waitingEvents: number;
  refusedMessages: number;
  queueLength: number;
  /** Until a truck that came now would be served [ms]. */
  estWaitMs: number;
  readyPacks: number;
  chargingPacks: number;
  emptySlots: number;
  gridPowerW: number;
  gridLimitW: number;
  pvPowerW: number;
  windMps: number | null;
  ambientC: number | null;
  /** Remote orders whose truck has not come yet. */
  expected: { requestId: number; truckId: string; plate: string; expiresAtMs: number }[];
  bays: BayView[];
  slots: SlotView[];
  faults: StationCore['faults']['open'];
  /** Differs when orders or commands may have. */
  logRevision: number;
};

function promptOf(record: SwapRecord): PanelPrompt | null {
  if (record.held !== null) return { kind: 'CONFIRM_RESUME', reasonCode: record.held.reasonCode };
  if (record.phase === 'CONFIRM_IDENTITY') return { kind: 'CONFIRM_IDENTITY', reasonCode: 'IDENTIFICATION_FAILED' };
  if (record.phase === 'BLOCKED') return { kind: 'CLEAR_BAY', reasonCode: record.endReasonCode ?? 'GIVEN_UP' };
  return null;
}

function swapView(record: SwapRecord, interlocks: readonly InterlockReading[]): SwapView {
  const { requestId, initiation, arrivedAtMs, phase, stepStartedAtMs, deadlineAtMs, attempt, ended, endReasonCode } = record;
  const step = ended === null ? STEP_OF_PHASE[phase] : null;
  const holds = interlocks.some(({ tripped, counts }) => tripped && counts);
  return {
    requestId,
    initiation,
    arrivedAtMs,
    phase,
    stepStartedAtMs,
    deadlineAtMs,
    attempt,
    ended,
    endReasonCode,
    abortReasonCode: record.abortReasonCode,
    depositEvseId: record.depositEvseId,
    issueEvseId: record.issueEvseId,
    step,
    stepDone: step === null ? record.step : step - 1,
    motion: MOTION_OF_PHASE[phase],
    truckId: record.identity?.truckId ?? record.authorisation?.truckId ?? null,
    plate: record.identity?.plate ?? record.plateAtEntrance,
    orderId: record.authorisation?.orderId ?? null,
    held: record.held && { reasonCode: record.held.reasonCode, sinceMs: record.held.sinceMs },
    prompt: promptOf(record),
    acts: {
      resume: record.held !== null && !holds,
      identify: phase === 'CONFIRM_IDENTITY' && record.held === null,
      abort: localAbortRefusal(record) === null,
      giveUp: giveUpRefusal(record) === null,
    },
  };
}

function bayView(controller: BayController): BayView {
  const { record, bay } = controller;
  const world = controller.world();
  const interlocks = interlockReadings(record?.phase ?? null, world.bay, world.station, world.config);
  return { bayId: bay.bayId, swap: record && swapView(record, interlocks), interlocks };
}

function slotViews(core: StationCore, bays: readonly BayController[]): SlotView[] {
  const config = core.procedureConfig();
  const { promised } = core.preauthorisations;
  const promisedTo = ({ pack }: UsableSlot): SlotView['promisedTo'] => {
    const order = pack === null ? undefined : promised.get(pack.packId);
    return order === undefined ? null : { truckId: order.truckId, plate: order.plate };
  };
  return usableSlots(core, new Set(bays.flatMap((bay) => bay.reservedEvseIds))).map((slot) => ({
    evseId: slot.evseId,
    packId: slot.pack === null || slot.pack.packId === '' ? null : slot.pack.packId,
    socPercent: slot.pack?.socPercent == null ? null : Math.round(slot.pack.socPercent * 10) / 10,
    holdsPack: slot.pack !== null,
    ready: isIssuable(slot, config) && !slot.promised,
    chargingState: slot.chargingState,
    powerW: Math.round(slot.powerW / 100) * 100,
    cellTmaxC: slot.pack?.cellTmaxC == null ? null : Math.round(slot.pack.cellTmaxC),
    locked: slot.locked,
    reserved: slot.reserved,
    promisedTo: promisedTo(slot),
    smoke: slot.smoke,
    doorOpen: slot.doorOpen,
    quarantine: core.blocks.reasonOf(slot.evseId),
    setAside: core.setAside.isAside(slot.evseId),
  }));
}

/** The station as of now. Figures that are measured are rounded, so that noise alone is no new view. */
export function stationView(source: PageSource): StationView {
  const { core, bays } = source;
  const station = stationTelemetry(core, bays, null);
  const round = (value: number): number => Math.round(value / 100) * 100;
  return {
    state: station.state,
    link: source.link(),
    waitingEvents: core.journal.unackedCount(),
    refusedMessages: source.refusedMessages(),
    queueLength: station.queueLength,
    estWaitMs: Math.round(station.estWaitMs / 60_000) * 60_000,
    readyPacks: station.readyPacks,
    chargingPacks: station.chargingPacks,
    emptySlots: station.emptySlots,
    gridPowerW: round(station.gridPowerW),
    gridLimitW: station.gridLimitW,
    pvPowerW: round(station.pvPowerW),
    windMps: station.windMps,
    ambientC: station.ambientC,
    expected: core.preauthorisations.all.map(({ requestId, expiresAtMs, authorisation }) => ({
      requestId,
      truckId: authorisation.truckId,
      plate: authorisation.plate,
      expiresAtMs,
    })),
    bays: bays.map(bayView),
    slots: slotViews(core, bays),
    faults: core.faults.open,
    logRevision: core.journal.log.revision(),
  };
}
