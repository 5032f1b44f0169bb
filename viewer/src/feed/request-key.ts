const KEY_BYTES = 16;

/** A key stays with what was asked: sent again after a lost answer it is done once. Works without a secure context too. */
export function newRequestKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(KEY_BYTES))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
