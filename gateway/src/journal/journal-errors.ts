/** The journal cannot be used: the gateway must not work without it, because what it did would be lost. */
export class JournalError extends Error {
  readonly code: 'JOURNAL_IN_USE' | 'JOURNAL_DAMAGED' | 'JOURNAL_UNREADABLE' | 'JOURNAL_FOREIGN' | 'JOURNAL_WRITE_FAILED';
  readonly path: string;
  constructor(code: JournalError['code'], path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JournalError';
    this.code = code;
    this.path = path;
  }
}
