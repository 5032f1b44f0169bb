import type { Prng } from '@corridor/actors/time/prng';

/**
 * A plain weather model (assumptions): mean by season and hour, a day's own departure, 6 K less per 1000 m. Every
 * number is drawn from the name of its day or hour, so the weather of an instant does not depend on how it was reached.
 */
export type Weather = { ambientC: number; windMps: number; cloudRatio: number };

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const LOCAL_OFFSET_MS = 8 * HOUR_MS;
const YEAR_DAYS = 365.25;

export function weatherAt({ atMs, altM, prng }: { atMs: number; altM: number; prng: Prng }): Weather {
  const localMs = atMs + LOCAL_OFFSET_MS;
  const day = Math.floor(localMs / DAY_MS);
  const hour = Math.floor(localMs / HOUR_MS);
  const dayOfYear = day % YEAR_DAYS;
  const hourOfDay = (localMs % DAY_MS) / HOUR_MS;
  const today = prng.fork(`weather:day:${day}`);
  const departureC = today.normal() * 2.5;
  const clouds = today.nextRatio();
  // Coldest in mid-January (-3 °C on the plain), warmest in mid-July (27 °C); coldest hour 5, warmest 15.
  const seasonC = 12 - 15 * Math.cos((2 * Math.PI * (dayOfYear - 15)) / YEAR_DAYS);
  const hourC = -4.5 * Math.cos((2 * Math.PI * (hourOfDay - 3)) / 24);
  const wind = Math.min(25, prng.fork(`weather:wind:${hour}`).logNormal(2.6, 0.45));
  return { ambientC: seasonC + hourC + departureC - 0.006 * altM, windMps: wind, cloudRatio: clouds < 0.55 ? 1 : 1.3 - clouds };
}
