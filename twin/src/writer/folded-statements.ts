import { assert } from '@corridor/protocols/assert';
import type { Statement } from '../db/statement-list.ts';

/**
 * Moves the position of the writer from the batch before, and fails by itself when it is not there: nobody looks at what came of it
 * before the commit. It stands first of all: it locks the row, and finds out a second writer.
 */
const MOVE = `update ingest_position set stream_seq = $3, batch_no = $4, scope_at = $5, driven = $6, batch_id = $7
                where platform_id = $1 and stream = $2 and batch_no = $4 - 1 returning 1`;
const DID_MOVE = 'select 1 / count(*) as position_moved from moved';
export const MOVE_POSITION = 'batch_move_position';
export const movePositionText = `with moved as (${MOVE}) ${DID_MOVE}`;

/** Rows of nearly every step, each into a table of its own that no constraint ties to another: statement -> letter in the folded name. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['batch_swap_event', 'e'],
  ['batch_swap', 's'],
  ['batch_transition', 't'],
  ['batch_snapshot', 'n'],
  ['batch_position', 'p'],
]);
/** Rows of a statement at most: of more, writing them is the larger part. */
const ROWS_MAX = 4;

interface Foldable {
  readonly letter: string;
  readonly rows: number;
}

function foldableOf({ name }: Statement): Foldable | null {
  const at = name.lastIndexOf('_');
  const letter = LETTERS.get(name.slice(0, at));
  const rows = Number(name.slice(at + 1));
  return letter === undefined || !(rows <= ROWS_MAX) ? null : { letter, rows };
}

/** Texts by the names they are folded of. Five tables and three counts make a thousand at most; a network knows some dozens. */
const texts = new Map<string, string>();

/**
 * Writes the position and what nearly every step writes as one statement: the server prepares, starts and ends the running of a statement
 * for about as much as it takes to write its row. Statements in one are run on one view of the data, so none may read what another writes.
 * @param statements the first of which moves the position
 */
export function foldedStatements(statements: readonly Statement[]): Statement[] {
  const [move, ...rest] = statements;
  assert(move?.name === MOVE_POSITION, 'a batch begins with its position');
  const codes = new Map<string, string>();
  const folded: Statement[] = [];
  const others: Statement[] = [];
  for (const statement of rest) {
    const foldable = foldableOf(statement);
    if (foldable === null || codes.has(foldable.letter)) others.push(statement);
    else {
      codes.set(foldable.letter, `${foldable.letter}${foldable.rows}`);
      folded.push(statement);
    }
  }
  if (folded.length === 0) return [...statements];
  const name = `${MOVE_POSITION}_${[...codes.values()].join('')}`;
  let text = texts.get(name);
  if (text === undefined) {
    text = foldedText(move, folded);
    texts.set(name, text);
  }
  return [{ name, text, values: [move, ...folded].flatMap(({ values }) => values) }, ...others];
}

function foldedText(move: Statement, folded: readonly Statement[]): string {
  let before = move.values.length;
  const parts = folded.map(({ text, values }, index) => {
    const shift = before;
    before += values.length;
    return `rows_${index} as (${text.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + shift}`)})`;
  });
  return `with moved as (${MOVE}), ${parts.join(', ')} ${DID_MOVE}`;
}
