/** Something that the bundle says and that came out otherwise. */
export interface Difference {
  /** `order O-1 line 3`, `account C1_prepaid`. */
  readonly where: string;
  readonly said: string;
  readonly computed: string;
}

/** Compares what is said with what came out, and keeps what differs. */
export class Comparison {
  readonly differences: Difference[] = [];
  compared = 0;

  equal(where: string, said: string | number | null, computed: string | number | bigint | null): void {
    this.compared += 1;
    const [one, other] = [String(said), String(computed)];
    if (one !== other) this.differences.push({ where, said: one, computed: other });
  }
}
