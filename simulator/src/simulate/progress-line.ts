const BAR_CHARACTERS = 30;

/** A bar with the time that is left, by the pace so far. @param doneRuns parts of runs count */
export function progressLine({ doneRuns, runs, elapsedMs }: { doneRuns: number; runs: number; elapsedMs: number }): string {
  const ratio = Math.min(1, doneRuns / runs);
  const full = Math.floor(ratio * BAR_CHARACTERS);
  const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_CHARACTERS - full)}`;
  const left = ratio === 0 ? '' : `, ${duration((elapsedMs / ratio) * (1 - ratio))} left`;
  return `${bar} ${Math.floor(ratio * 100)} %, ${Math.floor(doneRuns)} of ${runs} runs${left}`;
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
