/** How often what happened. */
export class Tally {
  readonly counts = new Map<string, number>();

  count(name: string, times = 1): void {
    if (times !== 0) this.counts.set(name, (this.counts.get(name) ?? 0) + times);
  }

  add(other: Tally): void {
    for (const [name, times] of other.counts) this.count(name, times);
  }

  text(): string {
    return [...this.counts]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, times]) => `${name} ${times}`)
      .join(', ');
  }
}
