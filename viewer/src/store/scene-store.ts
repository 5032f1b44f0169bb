import type {
  AlarmView,
  Kpis,
  OrderSummary,
  PackView,
  Scene,
  SceneKind,
  SlotView,
  StationView,
  TruckView,
  WsMessage,
} from '@corridor/protocols/http/scene';
import { type Signal, signal } from '@preact/signals';

export interface ViewOf {
  stations: StationView;
  slots: SlotView;
  packs: PackView;
  trucks: TruckView;
  orders: OrderSummary;
  alarms: AlarmView;
}
export type Records = { readonly [K in SceneKind]: ReadonlyMap<string, ViewOf[K]> };

/** Ids per kind that were added, replaced or removed by one message. */
export interface SceneChange {
  /** true after a snapshot: everything may have changed. */
  reset: boolean;
  upserted: { readonly [K in SceneKind]: readonly string[] };
  removed: { readonly [K in SceneKind]: readonly string[] };
}

export const SCENE_KINDS = ['stations', 'slots', 'packs', 'trucks', 'orders', 'alarms'] as const satisfies readonly SceneKind[];

/** Panels follow at this pace: quick enough to be live, slow enough to read. */
const PANEL_INTERVAL_MS = 250;

/**
 * The records of the scene. A snapshot replaces them, slots and packs that follow it once they are whole; a diff upserts whole views; listeners (the layers) hear of each
 * message at once, panels through `version` at a calm pace. Values stay when the connection goes.
 */
export class SceneStore {
  readonly version: { readonly [K in SceneKind]: Signal<number> } = {
    stations: signal(0),
    slots: signal(0),
    packs: signal(0),
    trucks: signal(0),
    orders: signal(0),
    alarms: signal(0),
  };
  readonly kpis: Signal<Kpis | null> = signal(null);
  /** false until the first snapshot is whole. */
  readonly loaded: Signal<boolean> = signal(false);

  private readonly maps: { [K in SceneKind]: Map<string, ViewOf[K]> } = {
    stations: new Map(),
    slots: new Map(),
    packs: new Map(),
    trucks: new Map(),
    orders: new Map(),
    alarms: new Map(),
  };
  private readonly listeners = new Set<(change: SceneChange) => void>();
  private readonly touched = new Set<SceneKind>();
  private panelTimer: ReturnType<typeof setTimeout> | null = null;
  private latestKpis: Kpis | null = null;
  /** Slots and packs that the rest of a snapshot has told so far; null: none is under way. */
  private rest: { slots: SlotView[]; packs: PackView[] } | null = null;
  private readonly slotIds = new Map<string, string[]>();
  private indexedSlots = -1;

  get records(): Records {
    return this.maps;
  }

  /** Slots of a station in the order of their numbers. */
  slotsAt(stationId: string): SlotView[] {
    const { slots } = this.maps;
    if (this.indexedSlots !== slots.size) {
      this.indexedSlots = slots.size;
      this.slotIds.clear();
      for (const slot of [...slots.values()].sort((a, b) => a.evseId - b.evseId)) {
        const ids = this.slotIds.get(slot.stationId);
        if (ids === undefined) this.slotIds.set(slot.stationId, [slot.id]);
        else ids.push(slot.id);
      }
    }
    return (this.slotIds.get(stationId) ?? []).flatMap((id) => slots.get(id) ?? []);
  }

  onChange(listener: (change: SceneChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  apply(message: WsMessage): void {
    switch (message.type) {
      case 'snapshot':
        this.takeSnapshot(message);
        break;
      case 'rest':
        this.takeRest(message);
        break;
      case 'diff':
        this.takeDiff(message);
    }
  }

  /** Forgets all records, as what comes next is of another time: nothing moves there from where it was. */
  clear(): void {
    const change = this.replaceAll({ stations: [], slots: [], packs: [], trucks: [], orders: [], alarms: [] });
    this.rest = null;
    this.latestKpis = null;
    for (const listener of this.listeners) listener(change);
    this.flushPanels();
    this.loaded.value = false;
  }

  dispose(): void {
    if (this.panelTimer !== null) clearTimeout(this.panelTimer);
    this.panelTimer = null;
    this.listeners.clear();
  }

  private takeSnapshot({ scene, left }: Extract<WsMessage, { type: 'snapshot' }>): void {
    const { slots, packs, ...others } = scene;
    // Until those of the new one are there, the racks stay as they were.
    this.rest = left === undefined ? null : { slots, packs };
    const change = this.replaceAll(left === undefined ? scene : others);
    this.latestKpis = scene.kpis;
    for (const listener of this.listeners) listener(change);
    this.flushPanels();
    if (left === undefined) this.loaded.value = true;
  }

  private takeRest({ left, slots, packs }: Extract<WsMessage, { type: 'rest' }>): void {
    const { rest } = this;
    // Of a snapshot that was forgotten since.
    if (rest === null) return;
    for (const slot of slots) rest.slots.push(slot);
    for (const pack of packs) rest.packs.push(pack);
    if (left > 0) return;
    this.rest = null;
    const change = this.replaceAll(rest);
    for (const listener of this.listeners) listener(change);
    this.flushPanels();
    this.loaded.value = true;
  }

  private takeDiff(message: Extract<WsMessage, { type: 'diff' }>): void {
    const change = this.applyDiff(message);
    if (message.kpis !== undefined) this.latestKpis = message.kpis;
    for (const listener of this.listeners) listener(change);
    this.panelTimer ??= setTimeout(() => this.flushPanels(), PANEL_INTERVAL_MS);
  }

  /** Replaces the kinds that the scene has. */
  private replaceAll(scene: Partial<Pick<Scene, SceneKind>>): SceneChange {
    const upserted = emptyIds();
    const removed = emptyIds();
    this.indexedSlots = -1;
    for (const kind of SCENE_KINDS) {
      const map: Map<string, { id: string }> = this.maps[kind];
      const views: readonly { id: string }[] | undefined = scene[kind];
      if (views === undefined) continue;
      const present = new Set(views.map((view) => view.id));
      for (const id of map.keys()) if (!present.has(id)) removed[kind].push(id);
      map.clear();
      for (const view of views) map.set(view.id, view);
      upserted[kind].push(...present);
      this.touched.add(kind);
    }
    return { reset: true, upserted, removed };
  }

  private applyDiff(diff: Extract<WsMessage, { type: 'diff' }>): SceneChange {
    const upserted = emptyIds();
    const removed = emptyIds();
    for (const kind of SCENE_KINDS) {
      const views: readonly { id: string }[] = diff.upsert[kind] ?? [];
      const map: Map<string, { id: string }> = this.maps[kind];
      for (const view of views) {
        map.set(view.id, view);
        upserted[kind].push(view.id);
      }
      if (views.length > 0) this.touched.add(kind);
    }
    for (const kind of ['orders', 'alarms', 'trucks', 'packs', 'slots'] as const) {
      for (const id of diff.remove[kind] ?? []) {
        if (!this.maps[kind].delete(id)) continue;
        removed[kind].push(id);
        this.touched.add(kind);
      }
    }
    return { reset: false, upserted, removed };
  }

  private flushPanels(): void {
    if (this.panelTimer !== null) clearTimeout(this.panelTimer);
    this.panelTimer = null;
    for (const kind of this.touched) this.version[kind].value++;
    this.touched.clear();
    if (this.latestKpis !== this.kpis.peek()) this.kpis.value = this.latestKpis;
  }
}

function emptyIds(): { [K in SceneKind]: string[] } {
  return { stations: [], slots: [], packs: [], trucks: [], orders: [], alarms: [] };
}
