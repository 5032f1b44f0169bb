/** Something in the books that must not be so. */
export interface Finding {
  /** Rule that does not hold, as `chain` or `balances`. */
  readonly check: string;
  /** What does not hold, with its ids and figures. */
  readonly detail: string;
}
