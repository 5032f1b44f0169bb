import { Vector3 } from 'three';
import type { Selected } from '../store/selection.ts';
import { LabelDue } from './label-due.ts';
import { boxAt, type LabelCandidate, type LabelRoom, type LabelSpot, placeLabels, type ScreenBox } from './label-placement.ts';
import { type DrawView, type Offset, type PlacedAt, type ScenePoint, worldPoint } from './placed.ts';

export interface LabelSpec {
  key: string;
  /** What it names, in the scene: read anew each frame. */
  at: PlacedAt;
  offset: Offset;
  /** Style; `mark`: a time along a track. */
  kind: 'station' | 'place' | 'truck' | 'bay' | 'slot' | 'mark';
  /** What a click on it selects; null for places. */
  selects: Selected | null;
  text: string;
  /** Lighter second part. */
  detail: string;
  /** CSS class of the state dot; empty for none. */
  dot: string;
  priority: number;
  /** Where it may stand around the anchor. */
  spots: readonly LabelSpot[];
  /** Half the size of what it names on the screen, when labels of places are to stay off it; null when not. */
  body: { halfWidthPx: number; halfHeightPx: number } | null;
}

interface Label extends LabelCandidate {
  spec: LabelSpec;
  element: HTMLElement;
  dot: HTMLElement;
  name: HTMLElement;
  detail: HTMLElement;
  behind: boolean;
  shownNow: boolean;
  isWritten: boolean;
  /** Where it stands now, CSS pixels. */
  leftPx: number;
  topPx: number;
}

/** HTML labels over the scene: real text, selectable by a click, thinned out instead of overlapping. */
export class LabelLayer {
  readonly element: HTMLElement;
  private readonly labels = new Map<string, Label>();
  private readonly point: ScenePoint = { position: new Vector3(), scale: 1 };
  private readonly box: ScreenBox = { xPx: 0, yPx: 0, halfWidthPx: 0, halfHeightPx: 0 };
  private readonly labelOf = new WeakMap<Element, Label>();
  /** The browser tells sizes once it laid the page out; to ask for them would make it do so at once, each time. */
  private readonly sizes = new ResizeObserver((entries) => this.measure(entries));
  private readonly due = new LabelDue();
  private anyShown = false;
  private room: LabelRoom | null = null;

  constructor() {
    this.element = document.createElement('div');
    this.element.className = 'labels';
    // The lists beside the scene say the same to assistive technology, in order.
    this.element.setAttribute('aria-hidden', 'true');
  }

  /** Replaces the set of labels; elements of known keys are kept. Where they go is chosen in a later frame, but for the first ones. */
  setAll(specs: readonly LabelSpec[]): void {
    const wanted = new Set(specs.map((spec) => spec.key));
    for (const [key, label] of this.labels) {
      if (wanted.has(key)) continue;
      this.sizes.unobserve(label.element);
      label.element.remove();
      this.labels.delete(key);
    }
    for (const spec of specs) this.set(spec);
    if (this.anyShown) this.due.written();
  }

  update(view: DrawView, room: LabelRoom, nowMs: number): void {
    this.room = room;
    for (const label of this.labels.values()) {
      worldPoint(label.spec.at, label.spec.offset, view, this.point);
      const projected = this.point.position.project(view.camera);
      label.behind = projected.z > 1 || Math.abs(projected.x) > 1.1 || Math.abs(projected.y) > 1.1;
      label.xPx = (projected.x * 0.5 + 0.5) * room.widthPx;
      label.yPx = (0.5 - projected.y * 0.5) * room.heightPx;
    }
    if (this.due.isDue(nowMs)) this.place(room);
    this.show(room);
  }

  dispose(): void {
    this.sizes.disconnect();
    this.element.remove();
    this.labels.clear();
  }

  private show(room: LabelRoom): void {
    for (const label of this.labels.values()) {
      const show = label.spot >= 0 && !label.behind;
      if (show) this.moveTo(label, room);
      if (show === label.shownNow) continue;
      label.shownNow = show;
      label.element.classList.toggle('shown', show);
      this.anyShown = true;
    }
  }

  private moveTo(label: Label, room: LabelRoom): void {
    boxAt(label, label.spot, room, this.box);
    const leftPx = Math.round(this.box.xPx - this.box.halfWidthPx);
    const topPx = Math.round(this.box.yPx - this.box.halfHeightPx);
    if (leftPx === label.leftPx && topPx === label.topPx) return;
    label.leftPx = leftPx;
    label.topPx = topPx;
    label.element.style.transform = `translate3d(${leftPx}px, ${topPx}px, 0)`;
  }

  private measure(entries: readonly ResizeObserverEntry[]): void {
    for (const { target, borderBoxSize } of entries) {
      const label = this.labelOf.get(target);
      const size = borderBoxSize[0];
      if (label === undefined || size === undefined) continue;
      label.widthPx = size.inlineSize;
      label.heightPx = size.blockSize;
    }
    this.due.hurry();
    if (this.anyShown || this.room === null) return;
    // The first ones belong to this picture, not to the next.
    this.place(this.room);
    this.show(this.room);
  }

  private place(room: LabelRoom): void {
    const inFront: Label[] = [];
    const bodies: ScreenBox[] = [];
    for (const label of this.labels.values()) {
      if (label.behind || label.widthPx === 0) continue;
      label.shown = label.shownNow;
      inFront.push(label);
      if (label.spec.body !== null) bodies.push({ xPx: label.xPx, yPx: label.yPx, ...label.spec.body });
    }
    placeLabels(inFront, room, bodies);
  }

  private set(spec: LabelSpec): void {
    const label = this.labels.get(spec.key) ?? this.create(spec);
    const same = label.spec.text === spec.text && label.spec.detail === spec.detail && label.spec.dot === spec.dot;
    label.spec = spec;
    label.priority = spec.priority;
    if (label.spots !== spec.spots) {
      this.due.hurry();
      label.spot = Math.min(label.spot, spec.spots.length - 1);
    }
    label.spots = spec.spots;
    if (same && label.isWritten) return;
    label.isWritten = true;
    label.name.textContent = spec.text;
    label.detail.textContent = spec.detail;
    label.detail.hidden = spec.detail === '';
    label.dot.className = `dot ${spec.dot}`;
    label.dot.hidden = spec.dot === '';
  }

  private create(spec: LabelSpec): Label {
    const element = document.createElement('div');
    element.className = `label ${spec.kind}`;
    if (spec.selects !== null) {
      element.dataset['kind'] = spec.selects.kind;
      element.dataset['id'] = spec.selects.id;
    }
    const [dot, name, detail] = [document.createElement('i'), document.createElement('b'), document.createElement('span')];
    element.append(dot, name, detail);
    this.element.append(element);
    const label: Label = {
      spec,
      element,
      dot,
      name,
      detail,
      behind: true,
      shownNow: false,
      isWritten: false,
      leftPx: Number.NaN,
      topPx: Number.NaN,
      xPx: 0,
      yPx: 0,
      widthPx: 0,
      heightPx: 0,
      priority: spec.priority,
      shown: false,
      spots: spec.spots,
      avoids: spec.kind === 'place',
      spot: -1,
    };
    this.labels.set(spec.key, label);
    this.labelOf.set(element, label);
    this.sizes.observe(element);
    return label;
  }
}
