import type { CommandArgs, CommandReply } from './cmd/command.ts';
import type { SwapBatteryData } from './evt/swap.ts';
import type { BatteryData, IdToken } from './ocpp.ts';

/**
 * Our swap messages as the OCPP 2.1 messages of functional block S (battery swapping) they borrow from: what an OCPP
 * adapter sends on. OCPP has no truck, order, step or energy: what it cannot carry is left out or travels in
 * `customData`, which every OCPP object allows.
 */
export const VENDOR_ID = 'corridor-twin';

export type OcppBatteryData = Pick<BatteryData, 'evseId' | 'serialNumber' | 'soC' | 'soH' | 'productionDate' | 'vendorInfo'> & {
  customData?: { vendorId: string } & Pick<BatteryData, 'energyWh' | 'throughputWh' | 'cellTmaxC'>;
};
export type BatterySwapEventType = 'BatteryIn' | 'BatteryOut' | 'BatteryOutTimeout';
export type BatterySwapRequest = {
  eventType: BatterySwapEventType;
  requestId: number;
  idToken: IdToken;
  batteryData: OcppBatteryData[];
};
export type RequestBatterySwapRequest = { requestId: number; idToken: IdToken };
export type RequestBatterySwapResponse = {
  status: 'Accepted' | 'Rejected';
  statusInfo?: { reasonCode: string; additionalInfo?: string };
};

/** In and out are the station's view: in = into a slot (the depleted pack), out = out of a slot (the charged one). */
const EVENT_TYPES = {
  battery_in: 'BatteryIn',
  battery_out: 'BatteryOut',
  battery_out_timeout: 'BatteryOutTimeout',
} as const satisfies Record<string, BatterySwapEventType>;
export type BatterySwapEventName = keyof typeof EVENT_TYPES;

function toOcppBatteryData(pack: BatteryData): OcppBatteryData {
  const { energyWh, throughputWh, cellTmaxC, ...standard } = pack;
  const ours = {
    ...(energyWh === undefined ? {} : { energyWh }),
    ...(throughputWh === undefined ? {} : { throughputWh }),
    ...(cellTmaxC === undefined ? {} : { cellTmaxC }),
  };
  return Object.keys(ours).length === 0 ? standard : { ...standard, customData: { vendorId: VENDOR_ID, ...ours } };
}

/** `evt.swap.battery_in`, `.battery_out` and `.battery_out_timeout` as BatterySwapRequest (station to platform). */
export function toBatterySwapRequest(event: BatterySwapEventName, data: SwapBatteryData): BatterySwapRequest {
  return {
    eventType: EVENT_TYPES[event],
    requestId: data.requestId,
    idToken: data.idToken,
    batteryData: data.batteryData.map(toOcppBatteryData),
  };
}

/** `cmd.swap.start` of a remote initiation as RequestBatterySwapRequest (platform to station). */
export function toRequestBatterySwapRequest(args: CommandArgs<'swap.start'>): RequestBatterySwapRequest {
  return { requestId: args.requestId, idToken: args.idToken };
}

/** OCPP's own words for the reasons it knows; its reason codes have at most 20 characters. */
const REASON_CODES: ReadonlyMap<string, string> = new Map([
  ['NO_BATTERY_AVAILABLE', 'NoBatteryAvailable'],
  ['BATTERY_UNKNOWN', 'BatteryUnknown'],
  ['BATTERY_TYPE', 'BatteryType'],
]);
const REASON_CODE_LENGTH_MAX = 20;

/** Stage 1 of `swap.start` as RequestBatterySwapResponse. A reason OCPP has no word for goes into `additionalInfo`. */
export function toRequestBatterySwapResponse(reply: CommandReply): RequestBatterySwapResponse {
  const status = reply.result === 'ACCEPTED' ? 'Accepted' : 'Rejected';
  if (!reply.statusInfo) return { status };
  const { reasonCode, additionalInfo } = reply.statusInfo;
  const known = REASON_CODES.get(reasonCode) ?? (reasonCode.length <= REASON_CODE_LENGTH_MAX ? reasonCode : null);
  if (known !== null) return { status, statusInfo: { reasonCode: known, ...(additionalInfo === undefined ? {} : { additionalInfo }) } };
  const text = additionalInfo === undefined ? reasonCode : `${reasonCode}: ${additionalInfo}`;
  return { status, statusInfo: { reasonCode: 'Other', additionalInfo: text.slice(0, 1024) } };
}
