import { SCENE_EVENT_KINDS, type SceneEvent } from '@corridor/protocols/http/scene';
import { SELECTABLE } from '../store/selection.ts';
import type { JumpedTo, SceneTime } from '../time/scene-time.ts';
import { type PastPlayer, SPEEDS } from './past-player.ts';

/** The past as the time bar moves it. */
export function pastTime(player: PastPlayer): SceneTime {
  return {
    get span() {
      return player.span.value;
    },
    get wantedMs() {
      return player.wantedMs.value;
    },
    get isThere() {
      return player.isThere;
    },
    get isPlaying() {
      return player.playing.value;
    },
    get speed() {
      return player.speed.value;
    },
    get problem() {
      return player.problem.value;
    },
    speeds: SPEEDS,
    windows: ['day', 'hour', 'quarter', 'week', 'month'],
    kinds: ['ANY', 'ALARM', 'SWAP', 'ABNORMAL'],
    hasDate: true,
    play: () => player.play(),
    pause: () => player.pause(),
    setSpeed: (speed) => player.setSpeed(speed),
    seek: (atMs) => player.seek(atMs),
    jump: async ({ kind, back }) => {
      const event = await player.jump(SCENE_EVENT_KINDS.find((each) => each === kind) ?? null, back);
      return event === null ? null : jumpedTo(event);
    },
  };
}

/** What it is about is opened; an alarm itself is. */
function jumpedTo({ kind, id, scope, scopeId }: SceneEvent): JumpedTo {
  const about = SELECTABLE.find((each) => each === scope);
  const selected = kind === 'ALARM' ? ({ kind: 'alarm', id } as const) : about === undefined ? null : { kind: about, id: scopeId };
  const hasPlace = about !== undefined && about !== 'order' && about !== 'alarm';
  return { selected, place: hasPlace ? { kind: about, id: scopeId } : null };
}
