const AMOUNT = /^(\d{1,10})(?:\.(\d{1,2}))?$/;

/** Yuan as somebody types them (`1,200`, `¥88.5`) as whole fen, at least 1; null when it is no such amount. */
export function fenOfEntry(entry: string): string | null {
  const match = AMOUNT.exec(entry.replaceAll(/[\s,，¥￥]/g, ''));
  if (match === null) return null;
  const fen = BigInt(match[1] ?? '0') * 100n + BigInt((match[2] ?? '').padEnd(2, '0'));
  return fen > 0n ? fen.toString() : null;
}
