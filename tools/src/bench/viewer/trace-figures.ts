/** An event of a browser's trace, as far as it is read here. */
export interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  dur?: number;
  /** Processor time of the thread, microseconds: what it waits for, also a slow GPU, is not in it. */
  tdur?: number;
  args?: { data?: { type?: string } };
}

/** What the page's thread computed, ms. */
export interface TraceFigures {
  /** Of each drawn frame: all callbacks of that frame. */
  frames: number[];
  /** Of each message of the live feed: reading, taking over into the store, telling the layers. */
  messages: number[];
  /** Of all messages, per second. */
  messagesPerS: number;
  /** Of each move of the pointer: what is under it. */
  pointerMoves: number[];
  /** Of everything else, per second: panels, timers, callbacks of frames that nothing was drawn in. */
  restPerS: number;
}

/** Marks that the page sets: with the first draw call of a frame, and when a message comes in. */
export const MARKS = { drawn: 'bench-drawn', message: 'bench-message' } as const;
const FRAME = 'FireAnimationFrame';
/** Callbacks of one frame follow one another at once. */
const SAME_FRAME_US = 2_000;
const SCRIPT = new Set(['FunctionCall', 'EventDispatch', 'TimerFire', 'RunMicrotasks', 'EvaluateScript', FRAME]);

/** @throws RangeError when nothing was drawn, or the browser does not tell processor time */
export function figuresOf(events: readonly TraceEvent[]): TraceFigures {
  const marks = events.filter(({ name }) => name === MARKS.drawn);
  const [mark] = marks;
  if (mark === undefined) throw new RangeError('nothing was drawn while it was traced');
  const script = topLevel(
    events.filter(({ pid, tid, ph, name }) => pid === mark.pid && tid === mark.tid && ph === 'X' && SCRIPT.has(name)),
  );
  const drawnAt = marks.map(({ ts }) => ts).sort((a, b) => a - b);
  const cameAt = events.filter(({ name }) => name === MARKS.message).map(({ ts }) => ts);
  const messages = script.filter((event) => event.name !== FRAME && cameAt.some((ts) => isWithin(ts, event)));
  const pointerMoves = script.filter(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'pointermove');
  const counted = new Set([...messages, ...pointerMoves]);
  const rest = script.filter((event) => event.name !== FRAME && !counted.has(event));
  const isDrawn = ({ fromUs, untilUs }: Frame): boolean => drawnAt.some((ts) => ts >= fromUs && ts <= untilUs);
  const frames = framesOf(script.filter(({ name }) => name === FRAME));
  const restMs = sumOf(rest.map(cpuMsOf)) + sumOf(frames.filter((frame) => !isDrawn(frame)).map(({ cpuMs }) => cpuMs));
  const first = script[0];
  const last = script.at(-1);
  const spanS = first === undefined || last === undefined ? 0 : (last.ts - first.ts) / 1e6;
  return {
    frames: frames.filter(isDrawn).map(({ cpuMs }) => cpuMs),
    messages: messages.map(cpuMsOf),
    messagesPerS: spanS > 0 ? sumOf(messages.map(cpuMsOf)) / spanS : 0,
    pointerMoves: pointerMoves.map(cpuMsOf),
    restPerS: spanS > 0 ? restMs / spanS : 0,
  };
}

function isWithin(ts: number, { ts: fromUs, dur = 0 }: TraceEvent): boolean {
  return ts >= fromUs && ts <= fromUs + dur;
}

/** Without what ran within another. */
function topLevel(events: readonly TraceEvent[]): TraceEvent[] {
  const kept: TraceEvent[] = [];
  let untilUs = Number.NEGATIVE_INFINITY;
  for (const event of events.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
    if (event.ts < untilUs) continue;
    kept.push(event);
    untilUs = event.ts + (event.dur ?? 0);
  }
  return kept;
}

interface Frame {
  fromUs: number;
  untilUs: number;
  cpuMs: number;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function framesOf(callbacks: readonly TraceEvent[]): Frame[] {
  const frames: Frame[] = [];
  for (const event of callbacks) {
    const before = frames.at(-1);
    const untilUs = event.ts + (event.dur ?? 0);
    if (before === undefined || event.ts - before.untilUs > SAME_FRAME_US)
      frames.push({ fromUs: event.ts, untilUs, cpuMs: cpuMsOf(event) });
    else {
      before.untilUs = untilUs;
      before.cpuMs += cpuMsOf(event);
    }
  }
  return frames;
}

function cpuMsOf({ name, tdur }: TraceEvent): number {
  if (tdur === undefined) throw new RangeError(`${name} without processor time`);
  return tdur / 1_000;
}

/** @param part 0..1 @throws RangeError of no samples */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.min(Math.ceil(sorted.length * part), sorted.length) - 1];
  if (value === undefined) throw new RangeError('quantile of no samples');
  return value;
}

/** Of the straight line through the points by least squares: how much y grows with each x. */
export function slopeOf(points: readonly { x: number; y: number }[]): number {
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const across = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) throw new RangeError('a slope needs two instants');
  return across / spread;
}
