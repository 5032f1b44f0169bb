import { type Static, Type } from 'typebox';
import { Nullable, Timestamp } from '../units.ts';

/**
 * `cmd.notify.refused`: tells a station or truck that a message of its own was refused, because the PubAck of the stream says
 * nothing about it. Plain NATS without a reply: it is no command, nothing is answered, and not listening is allowed. The first of
 * each reason comes at once, what follows is counted and told with the next one, at most once a minute.
 */
export const RefusalNotice = Type.Object(
  {
    subject: Type.String({ maxLength: 512, description: 'where the message was published' }),
    messageId: Nullable(Type.String({ maxLength: 256, description: 'its Nats-Msg-Id; null: it had none' })),
    reason: Type.String({ maxLength: 64, description: 'stable code, as in section 3 of the introduction' }),
    detail: Type.String({ maxLength: 1000, description: 'for a person: which field, and what is wrong with it' }),
    at: Timestamp('scope time at which the stream had it'),
    moreRefused: Type.Integer({ minimum: 0, description: 'others of this reason since the last notice' }),
  },
  { additionalProperties: false },
);
export type RefusalNotice = Static<typeof RefusalNotice>;
