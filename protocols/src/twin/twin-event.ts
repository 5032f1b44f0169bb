import { type Static, Type } from 'typebox';
import { IdText } from '../ids.ts';
import type { TWIN_ENTITIES } from '../subject.ts';
import { FenText, Timestamp } from '../units.ts';

/** What the platform concluded, on `evs.v1.<scope>.twin.<entity>.<id>.<event>`, after it is committed. */
const twinMessage = <T extends Record<string, Parameters<typeof Type.Object>[0][string]>>(
  entity: (typeof TWIN_ENTITIES)[number],
  data: T,
) =>
  Type.Object(
    {
      schema: Type.Literal(`twin.${entity}/1`),
      id: IdText(entity),
      event: Type.String({ pattern: '^[a-z][a-z_]{1,40}$' }),
      at: Timestamp('scope time'),
      data: Type.Object(data, { additionalProperties: false }),
    },
    { additionalProperties: false },
  );

const Text = Type.String({ maxLength: 400 });
const NullableText = Type.Union([Text, Type.Null()]);

export const TwinOrder = twinMessage('order', {
  state: Text,
  stationId: Text,
  truckId: NullableText,
  carrierId: NullableText,
  payableFen: Type.Union([FenText('payable'), Type.Null()]),
  reason: NullableText,
});
export const TwinCustody = twinMessage('custody', { packId: Text, fromKind: NullableText, fromId: NullableText, toKind: Text, toId: Text });
export const TwinAlarm = twinMessage('alarm', {
  code: Text,
  level: Type.Integer({ minimum: 1, maximum: 3 }),
  scope: Text,
  scopeId: Text,
  detail: Text,
});
export const TwinClearing = twinMessage('clearing', {
  orderId: Text,
  shares: Type.Array(
    Type.Object(
      { principalId: Text, grossFen: FenText('gross'), commissionFen: FenText('commission'), netFen: FenText('net') },
      { additionalProperties: false },
    ),
  ),
});
export const TwinAsset = twinMessage('asset', { kind: Text, status: Text });
export const TwinNotification = twinMessage('notification', { to: Text, title: Text, text: Type.String({ maxLength: 1000 }) });
export const TWIN_MESSAGES = {
  order: TwinOrder,
  custody: TwinCustody,
  alarm: TwinAlarm,
  clearing: TwinClearing,
  asset: TwinAsset,
  notification: TwinNotification,
} as const;
export type TwinMessage = { [K in keyof typeof TWIN_MESSAGES]: Static<(typeof TWIN_MESSAGES)[K]> }[keyof typeof TWIN_MESSAGES];

/** `evs.v1.<scope>.twin.refused.<source>.<lane>`: what did not decode. */
export const Refused = Type.Object(
  {
    subject: Type.String({ maxLength: 512 }),
    reason: Type.String({ maxLength: 64, description: 'stable code, as in section 3 of the introduction' }),
    detail: Type.String({ maxLength: 1000 }),
    at: Timestamp('scope time at which the stream had it'),
    bytesBase64: Type.String({ description: 'the message as it came, cut at 4 KiB' }),
  },
  { additionalProperties: false },
);
export type Refused = Static<typeof Refused>;
