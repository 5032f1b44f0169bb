/**
 * Whether a value holds text that JSON can carry and a database cannot: U+0000, or half of a surrogate pair. Walks with a
 * list of its own: a message may nest deeper than the call stack.
 */
export function holdsUnsafeText(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') {
      if (next.includes('\0') || !next.isWellFormed()) return true;
    } else if (typeof next === 'object' && next !== null) {
      for (const [key, inner] of Object.entries(next)) {
        if (key.includes('\0') || !key.isWellFormed()) return true;
        open.push(inner);
      }
    }
  }
  return false;
}
