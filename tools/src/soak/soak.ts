/** What a soak is told. */
export interface SoakContext {
  /** Everything that is drawn comes from it: the same seed makes the same plan. */
  seed: number;
  /** Wall time asked for; null: as much as the soak itself thinks enough. */
  minutes: number | null;
  say: (line: string) => void;
}

export interface Soak {
  name: string;
  /** One line for `npm run soak -- --list`. */
  about: string;
  /** @returns what does not hold, one line each; none when all is well */
  run(context: SoakContext): Promise<string[]>;
}
