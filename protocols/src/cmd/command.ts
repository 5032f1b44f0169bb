import { type Static, type TProperties, Type } from 'typebox';
import { envelope } from '../envelope.ts';
import { IdText } from '../ids.ts';
import { Literals } from '../literals.ts';
import { IdToken, RequestId, StatusInfo } from '../ocpp.ts';
import { ReasonCode } from '../reason-code.ts';
import { Nullable, PowerW, SocPercent, Timestamp } from '../units.ts';

/**
 * Commands are answered in two stages, after OCPI: within 5 s the reply says accepted or refused; when it is done, a
 * message on `res.<commandId>` says what became of it. The same commandId twice gets the same answer and is done once.
 */
const command = <A extends TProperties>(args: A) =>
  Type.Object(
    {
      commandId: IdText('UUID of the command'),
      issuedBy: Type.String({ maxLength: 128 }),
      issuedAt: Timestamp('scope time'),
      expiresAt: Timestamp('not executed after this, scope time'),
      args: Type.Object(args, { additionalProperties: false }),
    },
    { additionalProperties: false },
  );

export const OPERATIONAL_STATUSES = ['OPERATIVE', 'INOPERATIVE'] as const;
const Evse = Type.Integer({ minimum: 1, maximum: 999 });
/** How long a slot is charged otherwise than planned [scope ms]; none: until its pack leaves. */
const HoldMs = Type.Optional(
  Type.Integer({ minimum: 60_000, maximum: 86_400_000, description: 'then the plan again, scope time; none: until the pack leaves' }),
);
const swapRef = { requestId: RequestId };

/** Verb -> schema. `swap.start` authorises a swap, begun at the station or remotely; `swap.reject` refuses it. */
export const COMMANDS = {
  'swap.start': command({
    requestId: RequestId,
    orderId: IdText('order'),
    idToken: IdToken,
    truckId: IdText('truck that may be served'),
    plate: Type.String({ maxLength: 16 }),
    returnPackId: Nullable(IdText('pack the custody ledger expects on the truck')),
    issuePackId: IdText('pack reserved for the truck'),
    issueEvseId: Evse,
    initiation: Type.Union([Type.Literal('LOCAL'), Type.Literal('REMOTE')]),
  }),
  'swap.reject': command({ ...swapRef, reasonCode: ReasonCode, detail: Type.Optional(Type.String({ maxLength: 400 })) }),
  'swap.abort': command({ ...swapRef, reasonCode: ReasonCode }),
  'swap.resume': command(swapRef),
  'slot.lock': command({ evseId: Evse }),
  'slot.unlock': command({ evseId: Evse }),
  'slot.quarantine': command({ evseId: Evse, reasonCode: ReasonCode }),
  /** After ChangeAvailability of OCPP 2.1: a slot that a swap counts on is set aside when the swap is over, which stage 2 tells. */
  'slot.availability': command({ evseId: Evse, operationalStatus: Literals(OPERATIONAL_STATUSES) }),
  'charge.setpoint': command({ evseId: Evse, powerW: Nullable(PowerW('new set-point; null: what the plan gives')), holdMs: HoldMs }),
  'charge.stop': command({ evseId: Evse, holdMs: HoldMs }),
  'config.get': command({ keys: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 50 }) }),
  'config.set': command({
    values: Type.Object(
      {
        targetSocPercent: Type.Optional(SocPercent('needed for issue')),
        maxSocPercent: Type.Optional(SocPercent('charging stops here; at least targetSocPercent')),
        timeoutInMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 3_600_000 })),
        timeoutOutMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 3_600_000 })),
        gridLimitW: Type.Optional(PowerW('limit of the grid connection')),
        tariffBoundariesMinute: Type.Optional(
          Type.Array(Type.Integer({ minimum: 0, maximum: 1439 }), {
            maxItems: 48,
            description: 'minutes of the local day at which a period begins',
          }),
        ),
      },
      { additionalProperties: false },
    ),
  }),
  'inventory.report': command({}),
  'time.sync': command({ scopeAt: Timestamp('scope time at sending'), factor: Type.Number({ minimum: 0.01, maximum: 1000 }) }),
  'notify.show': command({
    title: Type.String({ maxLength: 120 }),
    text: Type.String({ maxLength: 1000 }),
    stationId: Type.Optional(IdText('station advised')),
  }),
} as const;

export const COMMAND_VERBS = Object.keys(COMMANDS) as CommandVerb[];
export type CommandVerb = keyof typeof COMMANDS;
export type CommandOf<V extends CommandVerb> = Static<(typeof COMMANDS)[V]>;
export type CommandArgs<V extends CommandVerb> = CommandOf<V>['args'];
/** A command with its verb, args matching: what an outbox holds. */
export type AnyCommand = { [V in CommandVerb]: { verb: V; args: CommandArgs<V> } }[CommandVerb];

/** Stage 1: the reply to the request. */
export const CommandReply = Type.Object(
  {
    commandId: IdText('command'),
    result: Type.Union([Type.Literal('ACCEPTED'), Type.Literal('REJECTED'), Type.Literal('NOT_SUPPORTED')]),
    statusInfo: Type.Optional(StatusInfo),
    timeoutMs: Type.Integer({ minimum: 0, maximum: 86_400_000, description: 'stage 2 comes within this time' }),
  },
  { additionalProperties: false },
);
export type CommandReply = Static<typeof CommandReply>;
/** The request was not answered within this wall time: stage 1 failed and is tried again until `expiresAt`. */
export const COMMAND_REPLY_TIMEOUT_MS = 5_000;

export const COMMAND_RESULTS = ['ACCEPTED', 'FAILED', 'TIMEOUT', 'REJECTED', 'CANCELLED'] as const;
/** Stage 2, on `res.<commandId>`; travels in the EVT lane and is journalled like an event. */
export const CommandResult = envelope('res', 1, {
  commandId: IdText('command'),
  result: Literals(COMMAND_RESULTS),
  statusInfo: Type.Optional(StatusInfo),
  detail: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown())),
});
export type CommandResult = Static<typeof CommandResult>;

/** `ack`: everything of this boot's evt lane up to `evtSeq` is committed; earlier boots are committed whole. */
export const Ack = Type.Object(
  { bootId: Type.Integer({ minimum: 1 }), evtSeq: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
);
export type Ack = Static<typeof Ack>;

/** `evs.v1.<scope>.clock`, every wall second, by whoever drives the scope. */
export const ClockTick = Type.Object(
  { scopeAt: Timestamp('scope time'), wallAt: Timestamp('wall time'), factor: Type.Number({ minimum: 0.01, maximum: 1000 }) },
  { additionalProperties: false },
);
export type ClockTick = Static<typeof ClockTick>;
