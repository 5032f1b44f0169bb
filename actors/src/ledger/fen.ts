declare const brand: unique symbol;
/** Integer fen (1/100 yuan). bigint, so that a float cannot enter money. */
export type Fen = bigint & { readonly [brand]: 'Fen' };
export const fen = (amount: bigint): Fen => amount as Fen;
export const ZERO_FEN = fen(0n);
