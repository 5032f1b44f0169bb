import type { Effect } from '@corridor/actors/network/effect';
import { abortRefusal, beginRefusal } from '@corridor/gateway/procedure/procedure';
import type { CommandArgs, CommandReply } from '@corridor/protocols/cmd/command';
import type { FullBay } from './full-bay.ts';

export type StationCommand = Extract<Effect, { type: 'command.issued' }>;

interface Commanded {
  readonly bays: readonly FullBay[];
  /** Registers are told at these minutes of each day. */
  reportAt(minutes: readonly number[]): void;
}

/** What a gateway does of what the platform asks. @returns its answer in stage 1 */
export function answerOf(station: Commanded, command: StationCommand): CommandReply {
  const { commandId } = command;
  const refusal = refusalOf(station, command);
  return refusal === null
    ? { commandId, result: 'ACCEPTED', timeoutMs: 0 }
    : { commandId, result: 'REJECTED', statusInfo: { reasonCode: refusal }, timeoutMs: 0 };
}

/** Does it. @returns why not; null: done */
function refusalOf(station: Commanded, command: StationCommand): string | null {
  switch (command.verb) {
    case 'swap.start':
      return start(station, command.args, command.commandId);
    case 'swap.reject': {
      const bay = bayOf(station, command.args.requestId);
      if (bay?.record?.phase !== 'AUTHORISE') return 'SWAP_NOT_WAITING';
      bay.apply({ kind: 'refused', reasonCode: command.args.reasonCode, detail: command.args.detail ?? null });
      return null;
    }
    case 'swap.abort': {
      const bay = bayOf(station, command.args.requestId);
      if (!bay?.record) return 'SWAP_NOT_WAITING';
      const refusal = abortRefusal(bay.record);
      if (refusal === null) bay.apply({ kind: 'abort.requested', reasonCode: command.args.reasonCode });
      return refusal;
    }
    case 'config.set':
      station.reportAt(command.args.values.tariffBoundariesMinute ?? [0]);
      return null;
    default:
      return 'NOT_SUPPORTED';
  }
}

function start(station: Commanded, args: CommandArgs<'swap.start'>, commandId: string): string | null {
  const bay = bayOf(station, args.requestId);
  if (bay?.record?.phase !== 'AUTHORISE') return 'SWAP_NOT_WAITING';
  const isOther = bay.record.identity?.truckId !== args.truckId;
  const reasonCode = isOther ? 'PLATE_RFID_MISMATCH' : beginRefusal(args, bay.world());
  if (reasonCode === null) bay.apply({ kind: 'authorised', authorisation: { ...args, commandId } });
  else bay.apply({ kind: 'refused', reasonCode, detail: null });
  return reasonCode;
}

const bayOf = ({ bays }: Commanded, requestId: number): FullBay | null =>
  bays.find(({ record }) => record?.requestId === requestId) ?? null;
