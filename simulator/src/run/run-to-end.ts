import type { WatchedWorld } from '../recording/watched-world.ts';
import type { RunOptions } from './scenario-run.ts';

const DAY_MS = 86_400_000;
const PROGRESS_PARTS = 50;

/** Runs a world, whose fleets have begun, to the last instant of its scenario. @throws EventsExceededError when the scenario's limit is reached */
export function runToEnd(
  world: WatchedWorld,
  { scenario, onProgress, record }: Pick<RunOptions, 'scenario' | 'onProgress' | 'record'>,
): void {
  const endMs = scenario.days * DAY_MS;
  const recorder = record?.(world);
  for (let part = 1; part <= PROGRESS_PARTS; part += 1) {
    (recorder ?? world).runUntil((endMs * part) / PROGRESS_PARTS);
    onProgress?.(part / PROGRESS_PARTS);
  }
  recorder?.end();
}
