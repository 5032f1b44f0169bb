/** A batch can never be written: a constraint refuses it, or somebody else writes. The process has to end. */
export class StoreFailedError extends Error {
  readonly code = 'STORE_FAILED';
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
  }
}
