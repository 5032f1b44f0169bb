import { describe, expect, it } from 'vitest';
import type { Statement } from '../db/statement-list.ts';
import { foldedStatements, MOVE_POSITION, movePositionText } from './folded-statements.ts';

const move: Statement = { name: MOVE_POSITION, text: movePositionText, values: ['P', 'EVT', '9', '4', 'now', 'false', 'id'] };
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
      insert('batch_snapshot_8', 'c'),
      insert('batch_order_1', 'd'),
      insert('batch_swap', 'e'),
    ];
    const [folded, ...others] = foldedStatements([move, insert('batch_transition_4', 'a'), ...apart]);
    expect(others).toEqual(apart);
    expect(folded?.values).toEqual([...move.values, 'P', 'a']);
  });

  it('are left as they are where nothing can be folded, or where the position does not come first', () => {
    expect(foldedStatements([move, insert('batch_order_1', 'a')])).toEqual([move, insert('batch_order_1', 'a')]);
    expect(() => foldedStatements([insert('batch_swap_1', 'a')])).toThrow('begins with its position');
  });

  it('have a name of their own for each text, which the server can tell apart', () => {
    const families = ['swap_event', 'swap', 'transition', 'snapshot', 'position'];
    const all = [1, 2, 4].flatMap((one) =>
      [1, 2, 4].map((other) => families.map((family, at) => `batch_${family}_${at % 2 ? one : other}`)),
    );
    const singles = families.map((family) => [`batch_${family}_1`]);
    const folded = [...all, ...singles].map((names) => foldedStatements([move, ...names.map((name) => insert(name, 'x'))])[0]);
    expect(new Set(folded.map((one) => one?.name)).size).toBe(all.length + singles.length);
    expect(Math.max(...folded.map((one) => `one_trip.${one?.name}`.length))).toBeLessThan(64);
  });
});
