import type { BundleBatch, BundleTransfer } from '@corridor/protocols/http/bundle';
import type { Db } from '../db/db.ts';
import { canonicalTransfer } from '../ledger/canonical-transfer.ts';
import { leafHash, merkleProof } from '../ledger/merkle-tree.ts';
import type { BundleScope } from './bundle-party.ts';

interface TransferRow {
  [column: string]: unknown;
  transfer_no: bigint;
  key: string;
  kind: string;
  debit_account_id: string;
  credit_account_id: string;
  amount_fen: bigint;
  order_id: string | null;
  at: Date;
  partition_no: number;
  batch_no: bigint;
  is_chained: boolean;
  /** Of the party, and in the span. */
  is_own: boolean;
}

const PARTY_TRANSFER = `t.platform_id = $1 and t.at >= $3 and t.at < $4
  and exists (select from account a where a.platform_id = t.platform_id and a.principal_id = $2
                                      and a.account_id in (t.debit_account_id, t.credit_account_id))`;
/** Transfers read at once. */
const CHUNK = 5_000;
const valuesOf = ({ platformId, principalId, from, until }: BundleScope) => [platformId, principalId, from, until];

/** Transfers from and to the party's accounts, each with the proof that it is in the ledger's chain. */
export async function* bundleTransfers(db: Db, scope: BundleScope): AsyncGenerator<BundleTransfer> {
  let batch: TransferRow[] = [];
  let after: readonly [number, bigint, bigint] = [-1, -1n, -1n];
  for (;;) {
    const { rows } = await db.query<TransferRow>({
      text: `with own as (select distinct partition_no, batch_no from transfer t where ${PARTY_TRANSFER})
             select t.transfer_no, t.key, t.kind, t.debit_account_id, t.credit_account_id, t.amount_fen, t.order_id, t.at, t.partition_no,
                    t.batch_no, l.root is not null as is_chained, ${PARTY_TRANSFER} as is_own
               from own join transfer t on t.platform_id = $1 and t.partition_no = own.partition_no and t.batch_no = own.batch_no
               left join ledger_batch l on l.platform_id = $1 and l.partition_no = own.partition_no and l.batch_no = own.batch_no
              where (t.partition_no, t.batch_no, t.transfer_no) > ($5::smallint, $6::bigint, $7::bigint)
              order by t.partition_no, t.batch_no, t.transfer_no limit ${CHUNK}`,
      values: [...valuesOf(scope), ...after],
    });
    for (const row of rows) {
      const [first] = batch;
      if (first !== undefined && (first.batch_no !== row.batch_no || first.partition_no !== row.partition_no)) {
        yield* provedOf(batch);
        batch = [];
      }
      batch.push(row);
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = [last.partition_no, last.batch_no, last.transfer_no];
  }
  yield* provedOf(batch);
}

function provedOf(batch: readonly TransferRow[]): BundleTransfer[] {
  const transfers = batch.map(plainOf);
  const leaves = transfers.map((transfer) => leafHash(canonicalTransfer({ ...transfer, amountFen: BigInt(transfer.amountFen) })));
  return batch.flatMap((row, index) => {
    const transfer = transfers[index];
    if (!row.is_own || transfer === undefined) return [];
    const path = row.is_chained ? merkleProof(leaves, index).map((hash) => hash.toString('hex')) : null;
    const { partition_no: partitionNo, batch_no } = row;
    return [{ no: row.transfer_no.toString(), ...transfer, proof: path && { partitionNo, batchNo: batch_no.toString(), index, path } }];
  });
}

const plainOf = (row: TransferRow) => ({
  key: row.key,
  kind: row.kind,
  debitAccountId: row.debit_account_id,
  creditAccountId: row.credit_account_id,
  amountFen: row.amount_fen.toString(),
  orderId: row.order_id,
  at: row.at.toISOString(),
});

/** Batches that hold the transfers, and the last one of each partition: the root to keep. */
export async function bundleBatches(db: Db, scope: BundleScope): Promise<BundleBatch[]> {
  const { rows } = await db.query<{
    partition_no: number;
    batch_no: bigint;
    transfers: number;
    previous_root: Buffer | null;
    root: Buffer;
  }>({
    text: `select partition_no, batch_no, transfers, previous_root, root from ledger_batch b
            where platform_id = $1
              and ((partition_no, batch_no) in (select distinct partition_no, batch_no from transfer t where ${PARTY_TRANSFER})
                   or batch_no = (select max(batch_no) from ledger_batch m where m.platform_id = $1 and m.partition_no = b.partition_no))
            order by partition_no, batch_no`,
    values: valuesOf(scope),
  });
  return rows.map((row) => ({
    partitionNo: row.partition_no,
    batchNo: row.batch_no.toString(),
    transfers: row.transfers,
    previousRoot: row.previous_root?.toString('hex') ?? null,
    root: row.root.toString('hex'),
  }));
}

/** The party's accounts with their balances at both ends of the span. */
export async function bundleAccounts(db: Db, scope: BundleScope) {
  const { rows } = await db.query<{ account_id: string; kind: string; opening: bigint; closing: bigint }>({
    text: `select a.account_id, a.kind, coalesce(sum(m.fen) filter (where m.at < $3), 0)::bigint as opening, coalesce(sum(m.fen), 0)::bigint as closing
             from account a
             left join lateral (select amount_fen as fen, at from transfer where platform_id = a.platform_id and credit_account_id = a.account_id and at < $4
                                union all
                                select -amount_fen, at from transfer where platform_id = a.platform_id and debit_account_id = a.account_id and at < $4) m on true
            where a.platform_id = $1 and a.principal_id = $2
            group by a.account_id, a.kind order by a.account_id`,
    values: valuesOf(scope),
  });
  return rows.map(({ account_id, kind, opening, closing }) => ({
    id: account_id,
    kind,
    openingFen: opening.toString(),
    closingFen: closing.toString(),
  }));
}
