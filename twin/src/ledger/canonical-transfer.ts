import { assert } from '@corridor/protocols/assert';

/** A transfer as the chain of hashes sees it: what was booked, and nothing that a database adds. */
export interface ChainedTransfer {
  readonly key: string;
  readonly kind: string;
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  /** > 0 */
  readonly amountFen: bigint;
  readonly orderId: string | null;
  /** Scope time of its cause: UTC with three decimals, `2026-07-15T12:12:00.000Z`. */
  readonly at: string;
}

/** Length that stands for null; no text is that long. */
const NULL_LENGTH = 0xffff_ffff;
const UTC_MS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/**
 * Bytes of a transfer that are hashed: key, kind, debit account, credit account, amount in decimal digits, order and time, each as
 * four bytes of length (big-endian) and its UTF-8 bytes. Lengths make it unambiguous: no two transfers have the same bytes.
 * @see docs/architecture/ledger-chain.md
 */
export function canonicalTransfer(transfer: ChainedTransfer): Buffer {
  assert(transfer.amountFen > 0n, `transfer ${transfer.key} of ${transfer.amountFen} fen`);
  assert(UTC_MS.test(transfer.at), `time ${transfer.at} of transfer ${transfer.key}`);
  const { key, kind, debitAccountId, creditAccountId, amountFen, orderId, at } = transfer;
  return Buffer.concat([key, kind, debitAccountId, creditAccountId, amountFen.toString(), orderId, at].flatMap(field));
}

function field(text: string | null): Buffer[] {
  const length = Buffer.alloc(4);
  if (text === null) {
    length.writeUInt32BE(NULL_LENGTH);
    return [length];
  }
  const bytes = Buffer.from(text, 'utf8');
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}
