import { createHash } from 'node:crypto';
import type { Batch, Bundle, Transfer } from './bundle.ts';
import type { Comparison } from './difference.ts';

/** Balances follow from transfers, transfers from bills, and each transfer is in the chain of the ledger. */
export function compareTransfers(bundle: Bundle, comparison: Comparison): void {
  compareBalances(bundle, comparison);
  compareBookings(bundle, comparison);
  compareChain(bundle, comparison);
}

function compareBalances({ accounts, transfers }: Bundle, comparison: Comparison): void {
  for (const { id, openingFen, closingFen } of accounts) {
    const moved = transfers.reduce((sum, transfer) => sum + signedFen(transfer, (account) => account === id), 0n);
    comparison.equal(`account ${id}: balance at the end`, closingFen, BigInt(openingFen) + moved);
  }
}

/** What a transfer changes in some accounts; nothing when it moves between them. */
export function signedFen({ debitAccountId, creditAccountId, amountFen }: Transfer, isOf: (accountId: string) => boolean): bigint {
  return (isOf(creditAccountId) ? BigInt(amountFen) : 0n) - (isOf(debitAccountId) ? BigInt(amountFen) : 0n);
}

/** Accounts on which bills of the party are booked. */
export const ownAccounts = ({ accounts, principalKind }: Bundle): Set<string> =>
  new Set(accounts.filter(({ kind }) => principalKind === 'CARRIER' || kind === 'INCOME').map(({ id }) => id));

/** Each bill of the party is booked with exactly what it says: the payer's total, a recipient's net. */
function compareBookings(bundle: Bundle, comparison: Comparison): void {
  const { principalId, principalKind, orders } = bundle;
  const own = ownAccounts(bundle);
  const isBill = ({ kind, key }: Transfer) =>
    key.startsWith('order:') && ['SWAP_EXPENSE', 'SWAP_INCOME', 'REFUND', 'COMMISSION'].includes(kind);
  const booked = new Map<string, bigint>();
  for (const transfer of bundle.transfers) {
    if (transfer.orderId === null || !isBill(transfer)) continue;
    booked.set(transfer.orderId, (booked.get(transfer.orderId) ?? 0n) + signedFen(transfer, (id) => own.has(id)));
  }
  for (const { orderId, lines, shares } of orders) {
    const total = lines.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n);
    const net = shares.filter((share) => share.principalId === principalId).reduce((sum, { netFen }) => sum + BigInt(netFen), 0n);
    const due = principalKind === 'CARRIER' ? -total : net;
    comparison.equal(`order ${orderId}: booked`, (booked.get(orderId) ?? 0n).toString(), due);
    booked.delete(orderId);
  }
  for (const [orderId, fen] of booked) comparison.equal(`order ${orderId}: booked without a bill`, fen.toString(), 0n);
}

function compareChain({ platformId, transfers, batches }: Bundle, comparison: Comparison): void {
  const byPlace = new Map(batches.map((batch) => [placeOf(batch), batch]));
  for (const transfer of transfers) {
    if (transfer.proof === null) continue;
    const { index, path } = transfer.proof;
    const batch = byPlace.get(placeOf(transfer.proof));
    if (batch === undefined) {
      comparison.equal(`transfer ${transfer.no}: its batch`, placeOf(transfer.proof), 'not in the bundle');
      continue;
    }
    const tree = treeOf(leafOf(transfer), index, batch.transfers, path);
    comparison.equal(`transfer ${transfer.no}: root of batch ${batch.batchNo}`, batch.root, tree && rootOf(platformId, batch, tree));
  }
}

const placeOf = ({ partitionNo, batchNo }: { partitionNo: number; batchNo: string }): string => `${partitionNo}/${batchNo}`;
const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

function number(value: bigint, bytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex');
}
const text = (value: string): Buffer => Buffer.concat([number(BigInt(Buffer.byteLength(value)), 4), Buffer.from(value)]);

function leafOf({ key, kind, debitAccountId, creditAccountId, amountFen, orderId, at }: Transfer): Buffer {
  const order = orderId === null ? number(0xffff_ffffn, 4) : text(orderId);
  return sha256(number(0n, 1), text(key), text(kind), text(debitAccountId), text(creditAccountId), text(amountFen), order, text(at));
}

/** Walks from a leaf up to the top of a tree of RFC 6962. @returns null when the way does not fit the tree */
function treeOf(leaf: Buffer, index: number, leaves: number, path: readonly string[]): Buffer | null {
  let [node, place, last] = [leaf, index, leaves - 1];
  for (const hash of path) {
    const beside = Buffer.from(hash, 'hex');
    if (last === 0) return null;
    if (place % 2 === 1 || place === last) {
      node = sha256(number(1n, 1), beside, node);
      while (place % 2 === 0 && place !== 0) [place, last] = [place >> 1, last >> 1];
    } else node = sha256(number(1n, 1), node, beside);
    [place, last] = [place >> 1, last >> 1];
  }
  return last === 0 ? node : null;
}

function rootOf(platformId: string, { partitionNo, batchNo, transfers, previousRoot }: Batch, tree: Buffer): string {
  const previous = previousRoot === null ? Buffer.alloc(32) : Buffer.from(previousRoot, 'hex');
  const header = [text(platformId), number(BigInt(partitionNo), 2), number(BigInt(batchNo), 8), number(BigInt(transfers), 4), tree];
  return sha256(Buffer.from('corridor-ledger-1'), previous, ...header).toString('hex');
}
