import { createHash } from 'node:crypto';
import { assert } from '@corridor/protocols/assert';

/**
 * Tree of hashes over the transfers of a batch, as RFC 6962 section 2.1 defines it: one transfer is proved to be in the batch by a
 * few hashes, without showing those of anybody else.
 */
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

export const leafHash = (bytes: Buffer): Buffer => createHash('sha256').update(LEAF).update(bytes).digest();
const nodeHash = (left: Buffer, right: Buffer): Buffer => createHash('sha256').update(NODE).update(left).update(right).digest();

/** @param leaves hashes of the leaves in order, at least one */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  assert(first !== undefined, 'a tree has at least one leaf');
  if (leaves.length === 1) return first;
  const cut = splitAt(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, cut)), merkleRoot(leaves.slice(cut)));
}

/** Hashes beside the way from a leaf up to the root, lowest first. @param index 0..leaves.length - 1 */
export function merkleProof(leaves: readonly Buffer[], index: number): Buffer[] {
  assert(index >= 0 && index < leaves.length, `leaf ${index} of ${leaves.length}`);
  if (leaves.length === 1) return [];
  const cut = splitAt(leaves.length);
  const [left, right] = [leaves.slice(0, cut), leaves.slice(cut)];
  return index < cut ? [...merkleProof(left, index), merkleRoot(right)] : [...merkleProof(right, index - cut), merkleRoot(left)];
}

/** Largest power of two that is smaller than the number of leaves. @param leaves > 1 */
function splitAt(leaves: number): number {
  let cut = 1;
  while (cut * 2 < leaves) cut *= 2;
  return cut;
}
