import { type Static, Type } from 'typebox';

const N = Type.Union([Type.String(), Type.Null()]);
export const COMMAND_STATES = ['PENDING', 'SENT', 'ACCEPTED', 'REJECTED', 'DONE', 'FAILED', 'EXPIRED'] as const;

/** A command to a gateway, and what became of it. */
export const CommandView = Type.Object({
  id: Type.String(),
  source: Type.String({ description: 'station or truck' }),
  sourceId: Type.String(),
  verb: Type.String(),
  args: Type.Record(Type.String(), Type.Unknown()),
  subject: Type.String(),
  orderId: N,
  state: Type.String({ description: 'PENDING, ACCEPTED or REJECTED (stage 1), DONE or FAILED (stage 2), EXPIRED' }),
  detail: Type.Union([Type.String(), Type.Null()], { description: 'reason or result as the gateway put it' }),
  issuedBy: Type.Union([Type.String(), Type.Null()], { description: 'person, or platform' }),
  note: Type.Union([Type.String(), Type.Null()], { description: 'why; null: no person sent it' }),
  issuedAt: Type.String(),
  expiresAt: Type.String(),
  repliedAt: N,
  endedAt: N,
});
export type CommandView = Static<typeof CommandView>;
