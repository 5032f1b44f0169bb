import { Type } from 'typebox';
import { ProblemError } from './problem.ts';

/** Query of a list: how many, and from where on. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'items in the page' })),
  cursor: Type.Optional(Type.String({ maxLength: 400, description: 'nextCursor of the page before' })),
};
export const LIMIT_DEFAULT = 50;

/** A cursor is where the page before ended; opaque to callers. */
export const cursorOf = (key: readonly string[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** @throws ProblemError when it is none of ours */
export function readCursor(cursor: string | undefined, parts: number): readonly string[] | null {
  if (cursor === undefined) return null;
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    key = null;
  }
  if (!Array.isArray(key) || key.length !== parts || !key.every((part) => typeof part === 'string')) {
    throw new ProblemError(400, 'CURSOR_INVALID', 'the cursor is not one of this list');
  }
  return key;
}

/** Cuts one page out of a list in memory that is in order of its ids. */
export function pageOfList<T extends { id: string }>(list: readonly T[], query: { limit?: number; cursor?: string }) {
  const after = readCursor(query.cursor, 1)?.[0];
  const start = after === undefined ? 0 : list.findIndex(({ id }) => id > after);
  const limit = query.limit ?? LIMIT_DEFAULT;
  const items = start < 0 ? [] : list.slice(start, start + limit);
  const last = items.at(-1);
  const more = start >= 0 && start + limit < list.length && last !== undefined;
  return { items, nextCursor: more && last ? cursorOf([last.id]) : null };
}
