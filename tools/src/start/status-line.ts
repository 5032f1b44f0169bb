import { type Kpis, Kpis as KpisSchema } from '@corridor/protocols/http/scene';
import { Check } from 'typebox/value';

/** One line on the terminal that is written over; on a pipe, a new line only when something is worth it. */
export class StatusLine {
  readonly #out: NodeJS.WriteStream;
  #shown = false;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  /** A line that stays. */
  say(line: string): void {
    this.#clear();
    this.#out.write(`${line}\n`);
  }

  /** The line that changes; nothing on a pipe. */
  show(line: string): void {
    if (!this.#out.isTTY) return;
    this.#out.write(`\r\x1b[2K${line.slice(0, Math.max(20, (this.#out.columns || 120) - 1))}`);
    this.#shown = true;
  }

  #clear(): void {
    if (this.#shown) this.#out.write('\r\x1b[2K');
    this.#shown = false;
  }
}

/** What the platform says of itself; null while it does not answer. */
export async function fetchKpis(api: string, token: string): Promise<Kpis | null> {
  try {
    const response = await fetch(`${api}/api/v1/kpis`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(2_000),
    });
    if (!response.ok) return null;
    const body: unknown = await response.json();
    return Check(KpisSchema, body) ? body : null;
  } catch (cause) {
    // Not up yet, or just being started again: the status line says so.
    if (cause instanceof TypeError || (cause instanceof DOMException && cause.name === 'TimeoutError')) return null;
    throw cause;
  }
}

export async function isReady(api: string): Promise<boolean> {
  try {
    return (await fetch(`${api}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch (cause) {
    if (cause instanceof TypeError || (cause instanceof DOMException && cause.name === 'TimeoutError')) return false;
    throw cause;
  }
}

/** Scope time runs in the corridor's zone. */
const clockFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' });

const shown = (count: number | null): string => (count === null ? '—' : count.toString());

export function statusText(kpis: Kpis | null, extra: string): string {
  if (!kpis) return `the platform does not answer yet ${extra}`;
  const yuan = (Number(kpis.billedTodayFen) / 100).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return [
    clockFormat.format(new Date(kpis.scopeAt)),
    `stations ${kpis.stationsOnline} online`,
    `trucks ${shown(kpis.trucksOnRoad)} on the road, ${shown(kpis.trucksWaiting)} waiting`,
    `packs ${shown(kpis.packsReady)} ready`,
    `swaps ${shown(kpis.swapsToday)} today, ${shown(kpis.swapsTotal)} in all`,
    `billed today ¥${yuan}`,
    ...(kpis.ordersAbnormal !== null && kpis.ordersAbnormal > 0 ? [`abnormal ${kpis.ordersAbnormal}`] : []),
    ...(extra === '' ? [] : [extra]),
  ].join(' · ');
}
