import type { COMMAND_RESULTS } from '@corridor/protocols/cmd/command';
import type { GatewayFaultData } from '@corridor/protocols/evt/gateway';
import type { SwapEventData } from '@corridor/protocols/evt/swap';
import type { StatusInfo } from '@corridor/protocols/ocpp';
import type { BayReading } from '../ports/bay-sensors.ts';
import type { TruckIdentity } from '../ports/identification.ts';
import type { PanelAct, PanelPrompt } from '../ports/local-panel.ts';
import type { MotionOrder, MotionResult } from '../ports/robot.ts';
import type { StationReading } from '../ports/station-sensors.ts';
import type { UsableSlot } from './pack-choice.ts';
import type { ProcedureConfig } from './procedure-config.ts';
import type { Authorisation } from './swap-record.ts';

/** What can happen to a swap. */
export type ProcedureInput =
  | { kind: 'identity.read'; identity: TruckIdentity }
  | { kind: 'authorised'; authorisation: Authorisation }
  | { kind: 'refused'; reasonCode: string; detail: string | null }
  | { kind: 'motion.ended'; motionId: string; result: MotionResult }
  /** Something of the world below may be different: truck docked, interlocks, rack. */
  | { kind: 'sensors.changed' }
  | { kind: 'deadline.reached' }
  | { kind: 'panel.acted'; act: PanelAct }
  | { kind: 'abort.requested'; reasonCode: string };

/** The world at the instant of an input. Read once, so that one step sees one truth. */
export type ProcedureWorld = {
  stationId: string;
  nowMs: number;
  bay: BayReading;
  station: StationReading;
  /** The equipment stopped a motion by itself. */
  robotFrozen: boolean;
  slots: readonly UsableSlot[];
  config: ProcedureConfig;
  /** The platform is given this long to authorise [ms]; longer at high clock factors, because its answer takes wall time. */
  authoriseTimeoutMs: number;
  /** A remote order for this truck that has not expired; null = none. */
  preauthorisation(identity: { truckId: string | null; plate: string | null }): { requestId: number; authorisation: Authorisation } | null;
  /** The station's own authorisation while the platform is unreachable; null = this truck has no offline credit. */
  offlineAuthorisation(truckId: string | null): Authorisation | null;
};

export type FaultNotice = Omit<GatewayFaultData, 'faultId'>;

/** What the procedure wants done, in this order. Events and results are journalled before anything moves. */
export type ProcedureEffect =
  | ({ kind: 'event' } & SwapEventData)
  | { kind: 'result'; commandId: string; result: (typeof COMMAND_RESULTS)[number]; statusInfo: StatusInfo | null }
  | { kind: 'fault'; fault: FaultNotice }
  | { kind: 'quarantine'; evseId: number; reasonCode: string }
  | { kind: 'stop.charging'; evseId: number }
  | { kind: 'identify' }
  | { kind: 'move'; order: MotionOrder }
  | { kind: 'freeze' }
  | { kind: 'unfreeze' }
  | { kind: 'prompt'; prompt: PanelPrompt | null }
  /** The truck is gone: the record may be closed, the bay is free. */
  | { kind: 'left' };
