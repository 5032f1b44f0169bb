const PARAMETER = 'at';

/** `?at=2026-11-22T06:00:00.000Z`: a past instant can be linked to. @returns NaN for what is no instant; null without one */
export function instantFromSearch(search: string): number | null {
  const text = new URLSearchParams(search).get(PARAMETER);
  if (text === null) return null;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
}

/** The rest of the address stays. @param atMs null: live */
export function searchWithInstant(search: string, atMs: number | null): string {
  const parameters = new URLSearchParams(search);
  if (atMs === null) parameters.delete(PARAMETER);
  else parameters.set(PARAMETER, new Date(atMs).toISOString());
  const text = parameters.toString().replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}
