import { describe, expect, it } from 'vitest';
import type { Statement } from '../db/statement-list.ts';
import { foldedStatements, movePosition } from './folded-statements.ts';

const place = ['P', 'EVT', '9', '4', 'now', 'false', 'id'] as const;
const move = movePosition(place, null);
const chained = movePosition(place, { partitionNo: 0, transfers: 3, header: Buffer.from('h') });
const insert = (name: string, ...values: string[]): Statement => ({
  name,
  text: `insert into ${name} values ($1, ${values.map((_, index) => `$${index + 2}`).join(', ')})`,
  values: ['P', ...values],
});

describe('statements of a batch', () => {
  it('are one where each is of a table of its own and of few rows, with every value where its text says', () => {
    const [folded, ...others] = foldedStatements([move, insert('batch_swap_event_1', 'a', 'b'), insert('batch_swap_2', 'c')]);
    expect(others).toEqual([]);
    expect(folded?.values).toEqual([...move.values, 'P', 'a', 'b', 'P', 'c']);
    expect(folded?.text).toContain('insert into batch_swap_event_1 values ($8, $9, $10)');
    expect(folded?.text).toContain('insert into batch_swap_2 values ($11, $12)');
    expect(folded?.text).toMatch(/^with moved as .* from moved$/s);
  });

  it('stay apart, in their order, when they are of one table, of many rows or of another', () => {
    const apart = [
      insert('batch_transition_1', 'b'),
      insert('batch_snapshot_16', 'c'),
      insert('batch_transfer_1', 'd'),
      insert('batch_swap', 'e'),
    ];
    const [folded, ...others] = foldedStatements([move, insert('batch_transition_4', 'a'), ...apart]);
    expect(others).toEqual(apart);
    expect(folded?.values).toEqual([...move.values, 'P', 'a']);
  });

  it('put the batch on the end of the chain with its position, before whatever else is folded', () => {
    const [folded] = foldedStatements([chained, insert('batch_order_1', 'a')]);
    expect(folded?.text).toMatch(/ledger_root = sha256.*\$9::bytea.* chained as \(insert into ledger_batch .*, rows_0 as .* from moved$/s);
    expect(folded?.text).toContain('insert into batch_order_1 values ($11, $12)');
    expect(folded?.values).toEqual([...chained.values, 'P', 'a']);
  });

  it('are left as they are where nothing can be folded, of more than one report, or where the position does not come first', () => {
    expect(foldedStatements([move, insert('batch_transfer_1', 'a')])).toEqual([move, insert('batch_transfer_1', 'a')]);
    const several = [move, insert('batch_swap_event_2', 'a'), insert('batch_swap_1', 'b')];
    expect(foldedStatements(several)).toEqual(several);
    const orders = [move, insert('batch_order_8', 'a'), insert('batch_order_1', 'b'), insert('batch_order_line_2', 'c')];
    expect(foldedStatements(orders)).toEqual(orders);
    expect(foldedStatements([move, insert('batch_order', 'a'), insert('batch_order_line_2', 'c')])).toHaveLength(3);
    expect(() => foldedStatements([insert('batch_swap_1', 'a')])).toThrow('begins with its position');
  });

  it('have a name of their own for each text, which the server can tell apart, and are few', () => {
    const families =
      'swap_event order order_line clearing_entry swap order_basis energy_lot reservation alarm outbox transition snapshot position';
    const all = Array.from({ length: 400 }, (_, shape) =>
      families.split(' ').map((family, at) => `batch_${family}_${at === 0 ? 1 : 1 + (Math.floor(shape / 8 ** (at % 3)) % 8)}`),
    );
    const folded = all.map((names) => foldedStatements([chained, ...names.map((name) => insert(name, 'x'))]));
    const texts = new Map(folded.flatMap(([one]) => (one === undefined ? [] : [[one.name, one.text] as const])));
    expect(new Set(texts.values()).size).toBe(texts.size);
    expect(texts.size).toBeLessThanOrEqual(201);
    expect(Math.max(...[...texts.keys()].map((name) => `one_trip.${name}`.length))).toBeLessThan(64);
    // What is too many is written as it was.
    expect(folded.at(-1)).toHaveLength(families.split(' ').length + 1);
  });
});
