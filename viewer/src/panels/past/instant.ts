import { useRef } from 'preact/hooks';
import { useApp } from '../app-context.ts';

/** While the past plays, lists are asked for anew this often: a scene every 400 ms is more than they could follow. */
const REFRESH_S = 2;

/** The instant that lists and bills are asked for, as the twin takes it; null: now. */
export function useInstant(): string | null {
  const { past, second } = useApp();
  const kept = useRef<{ atMs: number; untilS: number } | null>(null);
  const player = past.value;
  if (player === null) {
    kept.current = null;
    return null;
  }
  const atMs = player.atMs.value;
  const nowS = second.peek();
  if (kept.current === null || !player.playing.value || nowS >= kept.current.untilS) kept.current = { atMs, untilS: nowS + REFRESH_S };
  return new Date(kept.current.atMs).toISOString();
}
