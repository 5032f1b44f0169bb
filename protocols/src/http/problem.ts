import { type Static, Type } from 'typebox';

/** RFC 9457 problem with a stable `code`. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'stable code to program against' }),
  detail: Type.Optional(Type.String()),
  instance: Type.Optional(Type.String()),
});
export type Problem = Static<typeof Problem>;

/** A page of a list; `nextCursor` null at the end. */
export const Page = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) });
