import { assert } from '@corridor/protocols/assert';
import type { Statement } from '../db/statement-list.ts';
import { type ChainedBatch, chainedRootText } from '../ledger/ledger-chain.ts';

/** Where a batch stands, as the texts of its parameters are: platform, stream, stream_seq, batch_no, scope_at, driven, batch_id. */
export type PositionValues = readonly [string, string, string, string, string, string, string];

export const MOVE_POSITION = 'batch_move_position';
const MOVE_CHAINED = `${MOVE_POSITION}_chained`;
const IS_POSITION = 'platform_id = $1 and stream = $2';
const moveText = (root: string): string =>
  `moved as (update ingest_position set stream_seq = $3, batch_no = $4, scope_at = $5, driven = $6, batch_id = $7${root}
              where ${IS_POSITION} and batch_no = $4 - 1 returning ledger_root)`;
const DID_MOVE = 'select 1 / count(*) as position_moved from moved';
const movedText = `with ${moveText('')} ${DID_MOVE}`;
const chainedText = `with ${moveText(`, ledger_root = ${chainedRootText('ledger_root', '$9')}`)},
  chained as (insert into ledger_batch (platform_id, partition_no, batch_no, transfers, root, previous_root)
              select $1, $10::smallint, $4, $8::integer, moved.ledger_root, before.ledger_root
                from moved, ingest_position before where before.${IS_POSITION.replace(' and ', ' and before.')}) ${DID_MOVE}`;

/**
 * Moves the position of the writer from the batch before, and fails by itself when it is not there: nobody looks at what came of it
 * before the commit. It stands first of all: it locks the row, and finds out a second writer. A batch with transfers is put on the end of
 * its partition's chain of hashes with it: the position keeps the last root, which nobody else moves.
 */
export function movePosition(values: PositionValues, chained: ChainedBatch | null): Statement {
  if (chained === null) return { name: MOVE_POSITION, text: movedText, values };
  return {
    name: MOVE_CHAINED,
    text: chainedText,
    values: [...values, String(chained.transfers), chained.header, String(chained.partitionNo)],
  };
}

/**
 * Rows that a step of one order writes: statement -> letter in the folded name. None of these tables reads what another gets in the same
 * batch but by foreign keys, which are checked at the end of the statement.
 */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['batch_swap_event', 'e'],
  ['batch_order', 'o'],
  ['batch_order_line', 'l'],
  ['batch_clearing_entry', 'c'],
  ['batch_swap', 's'],
  ['batch_order_basis', 'b'],
  ['batch_energy_lot', 'g'],
  ['batch_reservation', 'r'],
  ['batch_alarm', 'a'],
  ['batch_outbox', 'x'],
  ['batch_transition', 't'],
  ['batch_snapshot', 'n'],
  ['batch_position', 'p'],
]);
const OF_ORDERS = /^batch_order(_\d+)?$/;
/** Rows of a statement at most: of more, writing them is the larger part. */
const ROWS_MAX = 8;
/** Texts at most, for each costs the server memory on every connection: an order's ordinary steps are a few dozen of them. */
const TEXTS_MAX = 200;

interface Foldable {
  readonly letter: string;
  readonly rows: number;
  /** In the folded name. */
  readonly code: string;
}

/** By the names of statements that were met; a table has as many as it has counts of rows. */
const foldables = new Map<string, Foldable | null>();

function foldableOf({ name }: Statement): Foldable | null {
  const known = foldables.get(name);
  if (known !== undefined) return known;
  const at = name.lastIndexOf('_');
  const letter = LETTERS.get(name.slice(0, at));
  const rows = Number(name.slice(at + 1));
  const foldable = letter === undefined || !(rows <= ROWS_MAX) ? null : { letter, rows, code: `${letter}${rows}` };
  foldables.set(name, foldable);
  return foldable;
}

/** Texts by the names they are folded of. */
const texts = new Map<string, string>();

/**
 * Writes the position and the rows of a step as one statement: the server prepares, starts and ends the running of a statement for about as
 * much as it takes to write its row. Statements in one are run on one view of the data, so none may read what another writes. A batch of
 * more than one report is left as it is: its shapes are countless, and its rows the larger part.
 * @param statements the first of which moves the position
 */
export function foldedStatements(statements: readonly Statement[]): Statement[] {
  const [move, ...rest] = statements;
  assert(move?.name.startsWith(MOVE_POSITION) === true, 'a batch begins with its position');
  const letters = new Set<string>();
  let name = `${move.name}_`;
  const folded: Statement[] = [];
  const others: Statement[] = [];
  for (const statement of rest) {
    const foldable = foldableOf(statement);
    if (foldable?.letter === 'e' && foldable.rows > 1) return [...statements];
    const isApart = foldable === null || letters.has(foldable.letter);
    // Bills are folded, and refer to orders.
    if (isApart && OF_ORDERS.test(statement.name)) return [...statements];
    if (isApart) others.push(statement);
    else {
      letters.add(foldable.letter);
      name += foldable.code;
      folded.push(statement);
    }
  }
  if (folded.length === 0) return [...statements];
  const text = texts.get(name) ?? (texts.size < TEXTS_MAX ? foldedText(move, folded) : null);
  if (text === null) return [...statements];
  texts.set(name, text);
  const values = [...move.values];
  for (const statement of folded) for (const value of statement.values) values.push(value);
  return [{ name, text, values }, ...others];
}

function foldedText(move: Statement, folded: readonly Statement[]): string {
  let before = move.values.length;
  const parts = folded.map(({ text, values }, index) => {
    const shift = before;
    before += values.length;
    return `rows_${index} as (${text.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + shift}`)})`;
  });
  return `${move.text.slice(0, -DID_MOVE.length - 1)}, ${parts.join(', ')} ${DID_MOVE}`;
}
