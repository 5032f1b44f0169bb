/** What the rail says no with: a status and a word, in the provider's own vocabulary. */
export class RailRefusal extends Error {
  readonly status: number;
  readonly railCode: string;
  constructor(status: number, railCode: string, message: string) {
    super(message);
    this.status = status;
    this.railCode = railCode;
  }
}
