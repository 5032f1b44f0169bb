/**
 * Whether the server does not want these credentials. A handshake that took too long on a busy machine is told with the
 * same kind of error, and says nothing against them.
 */
export function isRefusal(reason: string | null): boolean {
  return reason !== null && /authorization|authentication|revoked/i.test(reason) && !/timeout/i.test(reason);
}
