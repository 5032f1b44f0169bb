/** A machine uses what the compiled engine does not run (docs/architecture/compiled-charts.md): a bug of ours, found when it is compiled. */
export class OutsideSubsetError extends Error {
  readonly code = 'OUTSIDE_SUBSET';
  readonly machine: string;
  readonly where: string;
  constructor({ machine, where, what }: { machine: string; where: string; what: string }) {
    super(`${machine}: ${what} at ${where} cannot be compiled`);
    this.machine = machine;
    this.where = where;
  }
}

/** Refuses something of one machine. */
export type Refuse = (where: string, what: string) => never;
