import type { Db } from '@corridor/twin/db/db';
import type { ChainedTransfer } from '@corridor/twin/ledger/canonical-transfer';
import { batchHeader, chainedRoot } from '@corridor/twin/ledger/ledger-chain';
import { WRITER_PARTITION_NO, WRITER_STREAM } from '@corridor/twin/writer/postgres-batch-store';
import type { Finding } from './finding.ts';

interface BatchRow {
  [column: string]: unknown;
  platform_id: string;
  partition_no: number;
  batch_no: bigint;
  transfers: number;
  root: Buffer;
  previous_root: Buffer | null;
}
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
  batch_no: bigint;
}

/** What the chain of a partition was found to be. */
export interface ChainReport {
  readonly platformId: string;
  readonly partitionNo: number;
  readonly batches: number;
  readonly transfers: number;
  /** Booked before there was a chain, or in no batch of it. */
  readonly transfersUnchained: number;
  /** Root of the last batch, hexadecimal; null: nothing is chained. */
  readonly root: string | null;
  readonly lastBatchNo: string | null;
}

/** Transfers read at once. */
const CHUNK = 20_000;

/** Computes every root of every partition again from the transfers. */
export async function checkChains(db: Db): Promise<{ reports: ChainReport[]; findings: Finding[] }> {
  const { rows } = await db.query<{ platform_id: string; partition_no: number }>({
    text: `select platform_id, partition_no from transfer union select platform_id, partition_no from ledger_batch order by 1, 2`,
  });
  const reports: ChainReport[] = [];
  const findings: Finding[] = [];
  for (const { platform_id, partition_no } of rows) {
    const found = await checkChain(db, platform_id, partition_no);
    reports.push(found.report);
    findings.push(...found.details.map((detail) => ({ check: 'chain', detail })));
  }
  return { reports, findings };
}

async function checkChain(db: Db, platformId: string, partitionNo: number): Promise<{ report: ChainReport; details: string[] }> {
  const batches = await batchesOf(db, platformId, partitionNo);
  const firstNo = batches.values().next().value?.batch_no ?? null;
  const links = new Links(platformId, partitionNo);
  let transfers = 0;
  let transfersUnchained = 0;
  for await (const { batchNo, booked } of bookedByBatch(db, platformId, partitionNo)) {
    const batch = batches.get(batchNo);
    transfers += booked.length;
    if (batch === undefined) {
      transfersUnchained += booked.length;
      if (firstNo !== null && batchNo > firstNo)
        links.details.push(`batch ${batchNo} booked ${booked.length} transfers and is not in the chain`);
      continue;
    }
    batches.delete(batchNo);
    links.follow(batch, booked);
  }
  for (const { batch_no, transfers: said } of batches.values())
    links.details.push(`batch ${batch_no} is in the chain with ${said} transfers, of which there are none`);
  links.end(await rootsOfPosition(db, platformId, partitionNo));
  const report = { platformId, partitionNo, batches: links.followed, transfers, transfersUnchained, ...links.head() };
  return { report, details: links.details };
}

/** Follows a chain batch by batch; after a break it goes on from the root that is written, so that one change is one finding. */
class Links {
  readonly details: string[] = [];
  followed = 0;
  readonly #platformId: string;
  readonly #partitionNo: number;
  #last: BatchRow | null = null;

  constructor(platformId: string, partitionNo: number) {
    this.#platformId = platformId;
    this.#partitionNo = partitionNo;
  }

  follow(batch: BatchRow, booked: readonly TransferRow[]): void {
    const name = `batch ${batch.batch_no}`;
    if (batch.transfers !== booked.length)
      this.details.push(`${name} was chained with ${batch.transfers} transfers and has ${booked.length}`);
    if (!sameRoot(batch.previous_root, this.#last?.root ?? null)) {
      this.details.push(`${name} follows ${hex(batch.previous_root)}, the batch before it has ${hex(this.#last?.root ?? null)}`);
    }
    const place = { platformId: this.#platformId, partitionNo: this.#partitionNo, batchNo: batch.batch_no };
    const root = booked.some(({ amount_fen }) => amount_fen <= 0n)
      ? null
      : chainedRoot(batch.previous_root, batchHeader(place, booked.map(chained)));
    if (root === null || !sameRoot(root, batch.root)) {
      this.details.push(
        `${name} has the root ${hex(batch.root)}, its transfers ${booked[0]?.transfer_no} to ${booked.at(-1)?.transfer_no} give ${hex(root)}`,
      );
    }
    this.#last = batch;
    this.followed += 1;
  }

  /** @param kept roots that the writer's position keeps, where it has moved */
  end(kept: readonly (Buffer | null)[]): void {
    const root = this.#last?.root ?? null;
    for (const one of kept)
      if (!sameRoot(one, root))
        this.details.push(`the chain ends with ${hex(root)}, the writer's position has ${hex(one)} for its last root`);
  }

  head(): { root: string | null; lastBatchNo: string | null } {
    return { root: this.#last?.root.toString('hex') ?? null, lastBatchNo: this.#last?.batch_no.toString() ?? null };
  }
}

const sameRoot = (one: Buffer | null, other: Buffer | null): boolean =>
  one === null || other === null ? one === other : one.equals(other);
const hex = (root: Buffer | null): string => root?.toString('hex') ?? 'none';

async function batchesOf(db: Db, platformId: string, partitionNo: number): Promise<Map<bigint, BatchRow>> {
  const { rows } = await db.query<BatchRow>({
    text: `select platform_id, partition_no, batch_no, transfers, root, previous_root from ledger_batch
            where platform_id = $1 and partition_no = $2 order by batch_no`,
    values: [platformId, partitionNo],
  });
  return new Map(rows.map((row) => [row.batch_no, row]));
}

/** What the writer chains its next batch to. */
async function rootsOfPosition(db: Db, platformId: string, partitionNo: number): Promise<(Buffer | null)[]> {
  if (partitionNo !== WRITER_PARTITION_NO) return [];
  const { rows } = await db.query<{ ledger_root: Buffer | null }>({
    text: 'select ledger_root from ingest_position where platform_id = $1 and stream = $2',
    values: [platformId, WRITER_STREAM],
  });
  return rows.map(({ ledger_root }) => ledger_root);
}

/** Transfers of a partition in the order of the chain, batch by batch. */
async function* bookedByBatch(db: Db, platformId: string, partitionNo: number): AsyncGenerator<{ batchNo: bigint; booked: TransferRow[] }> {
  let booked: TransferRow[] = [];
  let after = { batchNo: -1n, transferNo: -1n };
  for (;;) {
    const { rows } = await db.query<TransferRow>({
      text: `select transfer_no, key, kind, debit_account_id, credit_account_id, amount_fen, order_id, at, batch_no from transfer
              where platform_id = $1 and partition_no = $2 and (batch_no, transfer_no) > ($3, $4)
              order by batch_no, transfer_no limit $5`,
      values: [platformId, partitionNo, after.batchNo, after.transferNo, CHUNK],
    });
    for (const row of rows) {
      const [first] = booked;
      if (first !== undefined && first.batch_no !== row.batch_no) {
        yield { batchNo: first.batch_no, booked };
        booked = [];
      }
      booked.push(row);
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = { batchNo: last.batch_no, transferNo: last.transfer_no };
  }
  const [first] = booked;
  if (first !== undefined) yield { batchNo: first.batch_no, booked };
}

const chained = (row: TransferRow): ChainedTransfer => ({
  key: row.key,
  kind: row.kind,
  debitAccountId: row.debit_account_id,
  creditAccountId: row.credit_account_id,
  amountFen: row.amount_fen,
  orderId: row.order_id,
  at: row.at.toISOString(),
});
