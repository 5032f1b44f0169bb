import { type Static, type TProperties, Type } from 'typebox';
import { IdText } from './ids.ts';
import { Literals } from './literals.ts';
import { Timestamp } from './units.ts';

/** Data-quality flags that travel with a message or are set by the twin (docs/architecture/data-quality.md). */
export const QUALITY_FLAGS = [
  'LATE',
  'SKEW',
  'SOC_JUMP',
  'STUCK',
  'INVALID',
  'GAP',
  'QUANTISED',
  'INTERPOLATED',
  'GPS_DRIFT',
  'COUNTER_RESET',
  'REPLAY',
  /** Of a pack that somebody else holds: set by the twin. */
  'FOREIGN',
] as const;
export const QualityFlag = Literals(QUALITY_FLAGS);
export type QualityFlag = (typeof QUALITY_FLAGS)[number];

/** Biggest message accepted, in bytes of JSON. */
export const MESSAGE_BYTES_MAX = 256 * 1024;

/**
 * The one envelope of every telemetry, event and result message. `(src, bootId, lane, seq)` identifies a
 * message, where the lane is `tele` or `evt` and comes from the subject; `bootId` is a counter that the
 * source persists and increments at every start; `seq` counts from 1 in each lane of each boot.
 */
export const envelope = <P extends TProperties>(type: string, version: number, data: P) =>
  Type.Object(
    {
      schema: Type.Literal(`${type}/${version}`),
      src: IdText('gateway or T-box that sends: the id of its station or truck'),
      bootId: Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'persisted start counter of the source' }),
      seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'counts up by 1 per lane and boot' }),
      tsEvent: Timestamp('when it happened, in scope time'),
      tsSend: Timestamp('when it was sent, in scope time'),
      clockOffsetMs: Type.Optional(Type.Number({ description: "source's own estimate of its clock error [ms]" })),
      backfill: Type.Boolean({ description: 'true when it comes from the offline buffer' }),
      q: Type.Array(QualityFlag, { maxItems: 16, description: 'quality flags' }),
      data: Type.Object(data, { additionalProperties: false }),
    },
    { additionalProperties: false },
  );

/** The envelope without a particular payload: what every message has. */
export const AnyEnvelope = envelope('any', 1, {});
export type EnvelopeHead = Omit<Static<typeof AnyEnvelope>, 'schema' | 'data'> & { schema: string };
export type Envelope<Data> = EnvelopeHead & { data: Data };
