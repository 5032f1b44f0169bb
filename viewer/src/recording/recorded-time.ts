import type { JumpedTo, JumpKind, SceneTime } from '../time/scene-time.ts';
import { WINDOW_NAMES, WINDOWS } from '../time/time-window.ts';
import type { EventKind, RecordedEvent } from './recorded-events.ts';
import { type RecordingPlayer, SPEEDS } from './recording-player.ts';

const KINDS = { SWAP: 'swap', STRANDING: 'strand', QUEUE: 'queue' } as const satisfies Partial<Record<JumpKind, EventKind>>;

/** A recording as the time bar moves it: its run begins at an instant of the scene. */
export function recordedTime(player: RecordingPlayer): SceneTime {
  const { startsAtMs, hasDate } = player.head;
  const span = { fromMs: startsAtMs, untilMs: startsAtMs + player.toMs };
  return {
    get wantedMs() {
      return startsAtMs + player.atMs.value;
    },
    get isPlaying() {
      return player.playing.value;
    },
    get speed() {
      return player.speed.value;
    },
    span,
    isThere: true,
    problem: null,
    speeds: SPEEDS,
    windows: ['all', ...WINDOW_NAMES.filter((name) => WINDOWS[name] < player.toMs)],
    kinds: ['SWAP', 'STRANDING', 'QUEUE'],
    hasDate,
    play: () => player.play(),
    pause: () => player.pause(),
    setSpeed: (speed) => player.setSpeed(speed),
    seek: (atMs) => player.seek(atMs - startsAtMs),
    jump: async ({ kind, back, longerThan }) => {
      const recorded = kind === 'STRANDING' || kind === 'QUEUE' ? KINDS[kind] : KINDS.SWAP;
      const event = player.jump(recorded, { longerThan, back });
      return event === null ? null : jumpedTo(event);
    },
  };
}

function jumpedTo({ kind, stationId, truckId }: RecordedEvent): JumpedTo {
  if (kind === 'strand' && truckId !== null) return { selected: { kind: 'truck', id: truckId }, place: { kind: 'truck', id: truckId } };
  const station = stationId === null ? null : ({ kind: 'station', id: stationId } as const);
  return { selected: station, place: station };
}
