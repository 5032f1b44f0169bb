/** Values onto a line of a picture. */
export interface Scale {
  at: (value: number) => number;
  ticks: readonly number[];
}

const STEPS = [1, 2, 5, 10];

/** @param ticksMax about so many; a picture's own choice of round values lies below it */
export function linear({
  from,
  to,
  start,
  end,
  ticksMax = 6,
}: {
  from: number;
  to: number;
  start: number;
  end: number;
  ticksMax?: number;
}): Scale {
  const span = to - from || 1;
  const rough = span / ticksMax;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((each) => each * power >= rough) ?? 10) * power;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return {
    at: (value) => start + ((value - from) / span) * (end - start),
    ticks: Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12))),
  };
}

/** A path through points. */
export const lineOf = (points: readonly (readonly [x: number, y: number])[]): string =>
  points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
