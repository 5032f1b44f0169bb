import { createHash } from 'node:crypto';
import { type ChainedTransfer, canonicalTransfer } from './canonical-transfer.ts';
import { leafHash, merkleRoot } from './merkle-tree.ts';

const CHAIN_TAG = Buffer.from('corridor-ledger-1', 'ascii');
/** What the first batch of a partition follows. */
export const NO_ROOT: Buffer = Buffer.alloc(32);

/** Where a batch stands. */
export interface BatchPlace {
  readonly platformId: string;
  /** 0..32,767 */
  readonly partitionNo: number;
  readonly batchNo: bigint;
}

/** What is hashed of a batch beside the root before it: its place, the number of its transfers, and the tree over them. */
export function batchHeader({ platformId, partitionNo, batchNo }: BatchPlace, transfers: readonly ChainedTransfer[]): Buffer {
  const platform = Buffer.from(platformId, 'utf8');
  const numbers = Buffer.alloc(2 + 8 + 4);
  numbers.writeUInt16BE(partitionNo, 0);
  numbers.writeBigUInt64BE(batchNo, 2);
  numbers.writeUInt32BE(transfers.length, 10);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(platform.length);
  return Buffer.concat([length, platform, numbers, merkleRoot(transfers.map((transfer) => leafHash(canonicalTransfer(transfer))))]);
}

/** Root of a batch: the hash of the root before it and of the batch. Whoever knows one root knows that nothing before it changed. */
export const chainedRoot = (previous: Buffer | null, header: Buffer): Buffer =>
  createHash('sha256')
    .update(CHAIN_TAG)
    .update(previous ?? NO_ROOT)
    .update(header)
    .digest();

/** What goes on the end of a partition's chain. */
export interface ChainedBatch {
  readonly partitionNo: number;
  /** 1 or more. */
  readonly transfers: number;
  readonly header: Buffer;
}

/** null where there is nothing to chain. */
export const chainedBatch = (place: BatchPlace, transfers: readonly ChainedTransfer[]): ChainedBatch | null =>
  transfers.length === 0 ? null : { partitionNo: place.partitionNo, transfers: transfers.length, header: batchHeader(place, transfers) };

/**
 * `chainedRoot` in SQL. The database hashes what it has with what is new, in the transaction that writes the transfers, so that no root is
 * kept in memory that a rollback would make wrong.
 * @param previous expression of the root before, null for the first batch
 * @param header expression of the batch's header
 */
export const chainedRootText = (previous: string, header: string): string =>
  `sha256('${bytesText(CHAIN_TAG)}'::bytea || coalesce(${previous}, '${bytesText(NO_ROOT)}'::bytea) || ${header}::bytea)`;

const bytesText = (bytes: Buffer): string => String.raw`\x${bytes.toString('hex')}`;
