import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ChainedTransfer, canonicalTransfer } from './canonical-transfer.ts';
import { batchHeader, chainedRoot } from './ledger-chain.ts';
import { leafHash, merkleProof, merkleRoot } from './merkle-tree.ts';

const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const topUp: ChainedTransfer = {
  key: 'top-1',
  kind: 'TOP_UP',
  debitAccountId: 'RAIL_sandbox',
  creditAccountId: 'C1_prepaid',
  amountFen: 100_000n,
  orderId: null,
  at: '2026-07-15T12:12:00.000Z',
};

it('is what docs/architecture/ledger-chain.md says, byte for byte', () => {
  const page = readFileSync(new URL('../../../docs/architecture/ledger-chain.md', import.meta.url), 'utf8');
  const example = /```\n([^`]*)```/.exec(page)?.[1]?.replaceAll(/\s|transfer/g, '') ?? '';
  const [transfer, tree, root] = example.split(/tree|root/);
  expect(transfer).toBe(canonicalTransfer(topUp).toString('hex'));
  expect(tree).toBe(sha256(Buffer.from([0]), Buffer.from(transfer ?? '', 'hex')).toString('hex'));
  // By hand: tag, nothing before it, `PF`, partition 0, batch 1, one transfer, the tree.
  const header = Buffer.from(`0000000250460000000000000000000100000001${tree}`, 'hex');
  expect(root).toBe(sha256(Buffer.from('corridor-ledger-1'), Buffer.alloc(32), header).toString('hex'));
  expect(chainedRoot(null, batchHeader({ platformId: 'PF', partitionNo: 0, batchNo: 1n }, [topUp])).toString('hex')).toBe(root);
});

const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const transfer: fc.Arbitrary<ChainedTransfer> = fc.record({
  key: text,
  kind: text,
  debitAccountId: text,
  creditAccountId: text,
  amountFen: fc.bigInt({ min: 1n, max: 1n << 62n }),
  orderId: fc.option(text),
  at: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
});

it('gives different transfers different bytes, wherever one field ends and the next begins', () => {
  const bytes = (one: ChainedTransfer) => canonicalTransfer(one).toString('hex');
  fc.assert(
    fc.property(transfer, transfer, (one, other) => {
      expect(bytes(one) === bytes(other)).toBe(JSON.stringify(entries(one)) === JSON.stringify(entries(other)));
    }),
  );
  expect(bytes({ ...topUp, key: 'top-', kind: '1TOP_UP' })).not.toBe(bytes(topUp));
  expect(bytes({ ...topUp, orderId: '' })).not.toBe(bytes(topUp));
});
const entries = (one: ChainedTransfer) => ({ ...one, amountFen: one.amountFen.toString() });

it('has a tree as RFC 6962 defines it, which proves each leaf and no other', () => {
  const leaves = [0, 1, 2, 3, 4, 5, 6].map((no) => leafHash(Buffer.from([no])));
  const [a, b, c, d, e, f, g] = leaves as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
  const node = (left: Buffer, right: Buffer) => sha256(Buffer.from([1]), left, right);
  expect(merkleRoot(leaves)).toEqual(node(node(node(a, b), node(c, d)), node(node(e, f), g)));
  expect(merkleRoot(leaves.slice(0, 3))).toEqual(node(node(a, b), c));
  // The way of leaf 4 of 7, as RFC 6962 2.1.3 counts it.
  expect(merkleProof(leaves, 4)).toEqual([f, g, node(node(a, b), node(c, d))]);
  expect(merkleProof([a], 0)).toEqual([]);
});

it('changes with every field, with the order and with whatever was before', () => {
  const place = { platformId: 'PF', partitionNo: 0, batchNo: 7n };
  const other = { ...topUp, key: 'top-2' };
  const root = (previous: Buffer | null, at: typeof place, transfers: ChainedTransfer[]) =>
    chainedRoot(previous, batchHeader(at, transfers)).toString('hex');
  const roots = [
    root(null, place, [topUp, other]),
    root(null, place, [other, topUp]),
    root(null, place, [topUp]),
    root(null, { ...place, batchNo: 8n }, [topUp]),
    root(null, { ...place, partitionNo: 1 }, [topUp]),
    root(null, { ...place, platformId: 'PG' }, [topUp]),
    root(Buffer.alloc(32, 1), place, [topUp]),
    ...Object.keys(topUp).map((name) =>
      root(null, place, [{ ...topUp, [name]: name === 'amountFen' ? 1n : name === 'at' ? '2026-07-15T12:12:00.001Z' : 'x' }]),
    ),
  ];
  expect(new Set(roots).size).toBe(roots.length);
});
