import type { PastProblem } from '../past/past-player.ts';
import type { Selected } from '../store/selection.ts';
import type { TimeSpan, WindowName } from './time-window.ts';

/** What the time bar jumps to: of the past alarms, swaps and abnormal orders, of a recording swaps, strandings and queues. */
export const JUMP_KINDS = ['ANY', 'ALARM', 'SWAP', 'ABNORMAL', 'STRANDING', 'QUEUE'] as const;
export type JumpKind = (typeof JUMP_KINDS)[number];

export interface JumpAsked {
  readonly kind: JumpKind;
  readonly back: boolean;
  /** Trucks in the queue, of `QUEUE` only. */
  readonly longerThan: number;
}

/** An event that was jumped to: what is to be opened, and where the camera goes; null: nothing, or nowhere. */
export interface JumpedTo {
  readonly selected: Selected | null;
  readonly place: Selected | null;
}

/**
 * The time that everything on the screen belongs to, when it is not now: the past or a recording, moved by one bar and one set of keys. All
 * instants are of the scene [unix ms]. What is read of it follows, as signals do.
 */
export interface SceneTime {
  readonly span: TimeSpan;
  /** Instant that was asked for last. */
  readonly wantedMs: number;
  /** Whether what is shown is what was asked for. */
  readonly isThere: boolean;
  readonly isPlaying: boolean;
  /** Times real time. */
  readonly speed: number;
  readonly speeds: readonly number[];
  /** Parts that the slider may span; the first is the one to begin with. */
  readonly windows: readonly [WindowName, ...WindowName[]];
  /** The first is the one to begin with. */
  readonly kinds: readonly [JumpKind, ...JumpKind[]];
  /** false: days of it are counted, they have no date. */
  readonly hasDate: boolean;
  /** Why an instant is not shown; null: it is. */
  readonly problem: PastProblem | null;
  play(): void;
  pause(): void;
  setSpeed(speed: number): void;
  seek(atMs: number): void;
  /** Goes to the event and stands there. @returns null: there is none, or it could not be asked for (`problem`) */
  jump(asked: JumpAsked): Promise<JumpedTo | null>;
}
