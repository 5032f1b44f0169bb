import { bookOwnerOf, type Rights } from '../projection/rights.ts';

/** Whose books a request reads: of all, of one principal, or of nobody. */
export type Books = { readonly of: 'ALL' } | { readonly of: 'ONE'; readonly principalId: string } | { readonly of: 'NOBODY' };

/** @param asked a principal to look at; nobody sees another's */
export function booksOf(rights: Rights, asked: string | undefined): Books {
  if (rights.kind === 'ALL') return asked === undefined ? { of: 'ALL' } : { of: 'ONE', principalId: asked };
  const own = bookOwnerOf(rights);
  if (own === null || (asked !== undefined && asked !== own)) return { of: 'NOBODY' };
  return { of: 'ONE', principalId: own };
}

export const mayRead = (rights: Rights, principalId: string): boolean => rights.kind === 'ALL' || bookOwnerOf(rights) === principalId;
