/** Three heartbeats of a gateway (`tele.station` every 5 s). */
const STATION_SILENCE_MS = 15_000;
/** Three reports of a T-box: every 10 s moving, every 60 s parked. */
const MOVING_TRUCK_SILENCE_MS = 30_000;
const PARKED_TRUCK_SILENCE_MS = 180_000;

interface Source {
  silenceMs: number;
  heardAtMs: number;
  isSilent: boolean;
}

/** Which sources are heard. Silence is found by `sweep`, the return by the next message. */
export class SourceWatch {
  readonly #sources = new Map<string, Source>();
  readonly #silenceMsMin: () => number;

  constructor(silenceMsMin: () => number) {
    this.#silenceMsMin = silenceMsMin;
  }

  /** @returns whether it is news that the source is heard */
  hear(id: string, kind: 'station' | 'truck', isMoving: boolean, atMs: number): boolean {
    const silenceMs = kind === 'station' ? STATION_SILENCE_MS : isMoving ? MOVING_TRUCK_SILENCE_MS : PARKED_TRUCK_SILENCE_MS;
    const source = this.#sources.get(id);
    if (source === undefined) {
      this.#sources.set(id, { silenceMs, heardAtMs: atMs, isSilent: false });
      return true;
    }
    source.silenceMs = silenceMs;
    source.heardAtMs = Math.max(source.heardAtMs, atMs);
    const isNews = source.isSilent;
    source.isSilent = false;
    return isNews;
  }

  /** After a restart: a source that was known has its time to speak before it counts as silent. */
  expect(id: string, kind: 'station' | 'truck', atMs: number): void {
    const silenceMs = kind === 'station' ? STATION_SILENCE_MS : PARKED_TRUCK_SILENCE_MS;
    this.#sources.set(id, { silenceMs, heardAtMs: atMs, isSilent: false });
  }

  sweep(atMs: number, fellSilent: (id: string) => void): void {
    const silenceMsMin = this.#silenceMsMin();
    for (const [id, source] of this.#sources) {
      if (source.isSilent || atMs - source.heardAtMs <= Math.max(source.silenceMs, silenceMsMin)) continue;
      source.isSilent = true;
      fellSilent(id);
    }
  }
}
