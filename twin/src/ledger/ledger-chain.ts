import { createHash } from 'node:crypto';
import type { Db } from '../db/db.ts';
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

/**
 * Puts a batch on the end of its partition's chain, in the transaction that writes its transfers; the position row, which every
 * batch moves first, keeps two from doing so at once. The database hashes what it has with what is new, so that no root is kept
 * in memory that a rollback would make wrong.
 */
export async function chainBatch(db: Db, place: BatchPlace, transfers: readonly ChainedTransfer[]): Promise<void> {
  if (transfers.length === 0) return;
  await db.query({
    name: 'batch_chain',
    text: `insert into ledger_batch (platform_id, partition_no, batch_no, transfers, root, previous_root)
           select $1, $2::smallint, $3::bigint, $4::integer, sha256($5::bytea || coalesce(last.root, $6::bytea) || $7::bytea), last.root
             from (select (select root from ledger_batch where platform_id = $1 and partition_no = $2::smallint
                            order by batch_no desc limit 1) as root) last`,
    values: [place.platformId, place.partitionNo, place.batchNo, transfers.length, CHAIN_TAG, NO_ROOT, batchHeader(place, transfers)],
  });
}
