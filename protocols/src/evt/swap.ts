import { type Static, type TProperties, Type } from 'typebox';
import { envelope } from '../envelope.ts';
import { IdText } from '../ids.ts';
import { BatteryDataList, IdToken, RequestId } from '../ocpp.ts';
import { ReasonCode } from '../reason-code.ts';
import { SWAP_SIDE_EVENTS, SWAP_STEPS, type SwapEventName } from '../swap-step.ts';
import { DistanceM, DurationMs, Nullable, SocPercent } from '../units.ts';

/** What every event of a swap carries. */
const common = {
  requestId: RequestId,
  orderId: Nullable(IdText('order, once the platform named it')),
  bayId: IdText('bay'),
  truckId: Nullable(IdText('truck; null while not identified')),
  plate: Nullable(Type.String({ maxLength: 16, description: 'plate as the camera read it' })),
  idToken: IdToken,
  step: Type.Integer({ minimum: 0, maximum: 14, description: 'step of the procedure that ended or was under way' }),
  stepSeq: Type.Integer({ minimum: 0, maximum: 100_000, description: 'counts the events of this swap' }),
  durationMs: DurationMs('of the step that ended'),
};
export const SwapCommon = Type.Object(common);
export type SwapCommon = Static<typeof SwapCommon>;

const identified = {
  rfid: Nullable(Type.String({ maxLength: 64, description: 'truck tag' })),
  vin: Nullable(Type.String({ maxLength: 17, description: 'read over the CAN hand-shake' })),
  initiation: Type.Union([Type.Literal('LOCAL'), Type.Literal('REMOTE')]),
  packSerialNumber: Nullable(IdText('pack on the truck as its BMS says')),
  packSocPercent: Nullable(SocPercent('of that pack')),
  odometerM: Nullable(DistanceM('of the truck')),
};
const battery = { batteryData: BatteryDataList };
/** Of every event that says something went wrong. All four are required, as everywhere in the contract: none is `null`, not left out. */
const failure = {
  reasonCode: ReasonCode,
  interlock: Nullable(
    Type.String({ pattern: '^[A-Z][A-Z0-9_]{2,39}$', description: 'interlock that forbade to go on; null when it was none of them' }),
  ),
  recoverable: Type.Boolean({
    description:
      'true: the procedure is not over and may still go on (suspended, failed before another attempt). Always false of rejected and aborted_*',
  }),
  detail: Nullable(Type.String({ maxLength: 400, description: 'for a person; null when there is nothing to add' })),
};

const extras: Partial<Record<SwapEventName, TProperties>> = {
  identified,
  battery_in: battery,
  battery_out: battery,
  battery_out_timeout: battery,
  rejected: failure,
  suspended: failure,
  aborted_safe: failure,
  aborted_no_pack: failure,
  failed: failure,
};

export const SWAP_EVENT_NAMES: readonly SwapEventName[] = [...SWAP_STEPS.map(({ event }) => event), ...SWAP_SIDE_EVENTS];

/** `evt.swap.<event>`: schema by event name. */
export const swapEventSchema = (event: SwapEventName) => envelope(`evt.swap.${event}`, 1, { ...common, ...extras[event] });

export const SwapIdentified = envelope('evt.swap.identified', 1, { ...common, ...identified });
export type SwapIdentified = Static<typeof SwapIdentified>;
export const SwapBattery = envelope('evt.swap.battery_in', 1, { ...common, ...battery });
export type SwapBatteryData = Static<typeof SwapBattery>['data'];
export const SwapFailure = envelope('evt.swap.failed', 1, { ...common, ...failure });
export type SwapFailureData = Static<typeof SwapFailure>['data'];
export type SwapIdentifiedData = SwapIdentified['data'];

/** Payload of any swap event, told apart by its event name. */
export type SwapEventData =
  | { event: 'identified'; data: SwapIdentifiedData }
  | { event: 'battery_in' | 'battery_out' | 'battery_out_timeout'; data: SwapBatteryData }
  | { event: 'rejected' | 'suspended' | 'aborted_safe' | 'aborted_no_pack' | 'failed'; data: SwapFailureData }
  | {
      event: Exclude<
        SwapEventName,
        | 'identified'
        | 'battery_in'
        | 'battery_out'
        | 'battery_out_timeout'
        | 'rejected'
        | 'suspended'
        | 'aborted_safe'
        | 'aborted_no_pack'
        | 'failed'
      >;
      data: SwapCommon;
    };
