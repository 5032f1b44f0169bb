/** A batch can never be written: a constraint refuses it, or somebody else writes. The process has to end. */
export class StoreFailedError extends Error {
  readonly code = 'STORE_FAILED';
  /** Whether something in the batch itself is at fault, and not the surroundings. */
  readonly inputAtFault: boolean;
  constructor(reason: string, options: { cause?: unknown; inputAtFault?: boolean } = {}) {
    super(reason, { cause: options.cause });
    this.inputAtFault = options.inputAtFault ?? false;
  }
}
