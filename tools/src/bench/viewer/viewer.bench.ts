import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { type Bench, type BenchContext, median } from '../metric.ts';
import { buildViewer, scriptBytes } from './built-viewer.ts';
import { Crowd, type CrowdSize } from './crowd.ts';
import { serveCrowd } from './crowd-server.ts';
import { figuresOf, quantile, slopeOf, type TraceFigures } from './trace-figures.ts';
import { launchBrowser, ViewerPage } from './viewer-page.ts';

const WHOLE = { trucks: 10_000, stations: 500, slotsPerStation: 100 } satisfies CrowdSize;
const SMALL = { trucks: 200, stations: 20, slotsPerStation: 10 } satisfies CrowdSize;
const START_MS = Date.parse('2026-11-22T02:20:00Z');
const GOALS = { scriptMs: 4, drawCalls: 60, pickMs: 5, firstPictureMs: 2_500, jsKb: 500, heapKbPerMin: 100 } as const;
const OPENED = 3;
const MINUTES = 10;
const MINUTES_SMALL = 0.1;
const TRACED_MS = 30_000;
const TRACED_SMALL_MS = 4_000;
const SETTLE_MS = 5_000;
const HEAP_SAMPLES = 40;
const HEAP_SAMPLES_SMALL = 3;
const MOVES = 60;
const FRAMES_PER_S = 60;
/** A station in the middle of the road. */
const NEAR_STATION = 'ST010';

/** The scene at its largest in a real browser, fed as the twin feeds it. */
export const viewerBench: Bench = {
  name: 'viewer',
  about: 'the 3D scene in Chromium, over its live feed: 10,000 moving trucks, 500 stations, 50,000 slots; --minutes N for the heap',
  async run(context) {
    using folder = temporaryFolder();
    await buildViewer(folder.path);
    context.report({ metric: 'js_gzip_kb', value: scriptBytes(folder.path) / 1_000, unit: 'kB', goal: GOALS.jsKb, direction: 'at-most' });
    const crowd = new Crowd(context.smoke ? SMALL : WHOLE, START_MS);
    await using server = await serveCrowd(folder.path, crowd, START_MS);
    await using browser = await launchBrowser();
    const opened: { firstPictureMs: number; wholeCrowdMs: number }[] = [];
    for (let times = 1; times < (context.smoke ? 1 : OPENED); times++) {
      await using visit = await ViewerPage.open(browser, server.url);
      opened.push(visit);
    }
    await using view = await ViewerPage.open(browser, server.url);
    opened.push(view);
    const firstMs = median(opened.map(({ firstPictureMs }) => firstPictureMs));
    context.report({ metric: 'first_picture_ms', value: firstMs, unit: 'ms', goal: GOALS.firstPictureMs, direction: 'at-most' });
    context.report({ metric: 'whole_crowd_ms', value: median(opened.map(({ wholeCrowdMs }) => wholeCrowdMs)), unit: 'ms' });
    await measureFrames(context, view);
    await measureHeap(context, view);
  },
};

/**
 * From afar everything moves in the picture; from near the slots of stations are drawn, too. The GPU is told to draw nothing: drawn in
 * software, pictures come every second or third of a second, and each would bear what is spread over twenty.
 */
async function measureFrames(context: BenchContext, view: ViewerPage): Promise<void> {
  const tracedMs = context.smoke ? TRACED_SMALL_MS : TRACED_MS;
  for (const where of ['default', 'station'] as const) {
    if (where === 'station') {
      await view.page.evaluate(`location.hash = '#station/${NEAR_STATION}'`);
      await view.page.locator('[data-action="fly"]').click();
    }
    await view.drawNothing(true);
    await sleep(context.smoke ? tracedMs : SETTLE_MS);
    await view.drawCallsMax();
    context.say(`tracing ${tracedMs / 1_000} s, ${where === 'default' ? 'the whole network' : 'one station'}`);
    const figures = figuresOf(await view.traced(() => pointAround(view, tracedMs)));
    reportFrames(context, where, figures);
    const drawCalls = await view.drawCallsMax();
    context.report({ case: where, metric: 'draw_calls', value: drawCalls, unit: '1', goal: GOALS.drawCalls, direction: 'at-most' });
    await view.drawNothing(false);
  }
}

/**
 * Of a frame: its own callbacks, and its share of what messages and panels take, spread over 60 frames a second; the GPU's work is not in it,
 * nor waiting for it.
 */
function reportFrames(
  context: BenchContext,
  where: string,
  { frames, messages, messagesPerS, pointerMoves, restPerS }: TraceFigures,
): void {
  const otherMs = (messagesPerS + restPerS) / FRAMES_PER_S;
  const frameMs = quantile(frames, 0.95);
  const report = (metric: string, value: number, goal?: number): void =>
    context.report({ case: where, metric, value, unit: 'ms', ...(goal === undefined ? {} : { goal, direction: 'at-most' as const }) });
  report('script_p95_ms', frameMs + otherMs, GOALS.scriptMs);
  report('frame_p50_ms', quantile(frames, 0.5));
  report('frame_p95_ms', frameMs);
  context.report({ case: where, metric: 'frames', value: frames.length, unit: '1' });
  report('between_frames_ms', otherMs);
  report('message_p95_ms', quantile(messages, 0.95));
  report('pick_ms', quantile(pointerMoves, 0.95), GOALS.pickMs);
}

/** Moves the pointer over the scene: each move looks for what is under it. */
async function pointAround({ page }: ViewerPage, forMs: number): Promise<void> {
  for (let move = 0; move < MOVES; move++) {
    await page.mouse.move(620 + 180 * Math.sin(move), 300 + 120 * Math.cos(move * 1.7));
    await sleep(forMs / MOVES);
  }
}

async function measureHeap(context: BenchContext, view: ViewerPage): Promise<void> {
  const minutes = context.minutes ?? (context.smoke ? MINUTES_SMALL : MINUTES);
  const samples = context.smoke ? HEAP_SAMPLES_SMALL : HEAP_SAMPLES;
  const points: { x: number; y: number }[] = [];
  context.say(`the heap over ${minutes} min`);
  const beganMs = performance.now();
  for (let sample = 0; sample < samples; sample++) {
    const dueMs = beganMs + (sample / (samples - 1)) * minutes * 60_000;
    await sleep(Math.max(dueMs - performance.now(), 0));
    points.push({ x: (performance.now() - beganMs) / 60_000, y: (await view.heapBytes()) / 1_000 });
  }
  context.report({
    metric: 'heap_growth_kb_per_min',
    value: slopeOf(points),
    unit: 'kB/min',
    goal: GOALS.heapKbPerMin,
    direction: 'at-most',
  });
  context.report({ metric: 'heap_mb', value: (points.at(-1)?.y ?? Number.NaN) / 1_000, unit: 'MB' });
}
