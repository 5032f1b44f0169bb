/** Why a file is not played. */
export const RECORDING_REFUSALS = ['NOT_A_RECORDING', 'OTHER_VERSION', 'CUT', 'DAMAGED', 'TOO_LARGE'] as const;
export type RecordingRefusal = (typeof RECORDING_REFUSALS)[number];

/** A file that is not played, with what there is to say of it. */
export class RecordingRefusedError extends Error {
  readonly code: RecordingRefusal;
  /** The version that was found, the line and field that are wrong, or the limit in MB. */
  readonly detail: string;

  constructor(code: RecordingRefusal, detail = '', options?: ErrorOptions) {
    super(detail === '' ? code : `${code}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
  }
}
