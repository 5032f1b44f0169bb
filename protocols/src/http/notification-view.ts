import { type Static, Type } from 'typebox';
import { Notice } from '../notice.ts';

const N = Type.Union([Type.String(), Type.Null()]);

/** What somebody was told, by the platform itself or by a person, and what became of it. */
export const NotificationView = Type.Object({
  no: Type.String(),
  to: Type.String({ description: 'principal:C1, truck:T001, station:HH1, driver:D001' }),
  title: Type.String({ description: 'of a notice, in English' }),
  text: Type.String(),
  at: Type.String(),
  sentBy: Type.Union([Type.String(), Type.Null()], { description: 'person; null: the platform by itself' }),
  sentFor: N,
  stationId: Type.Union([Type.String(), Type.Null()], { description: 'station that the truck is advised to go to' }),
  shown: Type.Union([Type.String(), Type.Null()], {
    description: 'state of the command that shows it on the truck or at the station; null: nothing does',
  }),
  readAt: N,
  readBy: N,
  answer: Type.Union([Type.Literal('ACCEPTED'), Type.Literal('DECLINED'), Type.Null()]),
  answeredAt: N,
  answeredBy: N,
  isReceived: Type.Boolean({ description: 'it was written to the caller' }),
  notice: Type.Union([Notice, Type.Null()], {
    description:
      'what the platform says by itself, to be worded by who shows it; null: a person wrote it, or it is of before notices had codes',
  }),
});
export type NotificationView = Static<typeof NotificationView>;
