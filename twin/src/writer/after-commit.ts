import type { EffectOf } from '@corridor/actors/network/effect';
import { ownerOfEntry, subjectOfAct } from '@corridor/actors/roster/roster-act';
import type { CommandDispatcher } from '../commands/command-dispatcher.ts';
import { commandMessage } from '../commands/command-message.ts';
import { type Outlet, splitSource } from '../commands/outlet.ts';
import type { RefusedMessage } from '../ingest/event-intake.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Facts, Touched } from '../projection/facts.ts';
import type { LiveScene } from '../projection/live-scene.ts';
import type { LiveFeed } from '../ws/live-feed.ts';
import { describe, INPUT_FAILED, type PassedOver } from './passed-over.ts';
import type { SourcePosition } from './sequencer.ts';
import type { Committed } from './writer.ts';

export interface AfterCommitOptions {
  scope: string;
  /** Positions as they stood in the database at the start. */
  positions: ReadonlyMap<string, SourcePosition>;
  outlet: Outlet;
  dispatcher: CommandDispatcher;
  scene: LiveScene;
  feed: LiveFeed;
  facts: Facts;
  metrics: Metrics;
  clock: () => { scopeAtMs: number; factor: number };
  wallNowMs: () => number;
  onRefused: (refused: RefusedMessage) => void;
  log: Log;
}

const NOTHING: SourcePosition = { bootId: 0, seq: 0 };

/** What may only happen once a batch is committed: acknowledgements, commands, publications, the scene. */
export class AfterCommit {
  readonly #options: AfterCommitOptions;
  /** Committed positions. */
  readonly #positions: Map<string, SourcePosition>;

  constructor(options: AfterCommitOptions) {
    this.#options = options;
    this.#positions = new Map(options.positions);
  }

  committed({ batch, toAck, inputs, tookMs }: Committed): void {
    const { scope, outlet, dispatcher, metrics, wallNowMs } = this.#options;
    for (const [source, position] of batch.positions) this.#positions.set(source, position);
    for (const source of batch.forgottenSources) this.#positions.set(source, NOTHING);
    for (const source of toAck) outlet.ack(source, this.#positionOf(source));
    for (const effect of batch.step.effects) if (effect.type === 'command.issued') dispatcher.send(commandMessage(effect, scope));
    outlet.concluded(batch.step.effects);
    for (const { event } of batch.step.undelivered) metrics.undelivered.inc({ event });
    if (inputs > 0) {
      metrics.batches.observe(tookMs / 1_000);
      metrics.batchInputs.observe(inputs);
    }
    const nowMs = wallNowMs();
    for (const event of batch.evidence) {
      metrics.events.inc();
      metrics.eventDelay.observe(Math.max(0, nowMs - event.receivedWallMs) / 1_000);
      if (event.decoded?.key === 'station:evt:gateway.online') this.#greet(event.source);
    }
    for (const passed of batch.passedOver) this.#passedOver(passed);
    this.#show(batch);
  }

  /** Its alarm is among the effects. A message is kept with the other refused ones. */
  #passedOver(passed: PassedOver): void {
    const { metrics, onRefused, log } = this.#options;
    const { name, event, error } = passed;
    metrics.passedOver.inc({ kind: name.kind });
    log.error({ input: name, error }, 'an input was passed over, because the writer failed on it twice');
    if (event === null) return;
    const { subject, streamSeq, receivedWallMs: storedWallMs, source, bootId, seq } = event;
    const message = {
      subject,
      data: new TextEncoder().encode(event.text ?? ''),
      streamSeq,
      storedWallMs,
      messageId: `${splitSource(source).id}:${bootId}:evt:${seq}`,
    };
    onRefused({ message, reason: INPUT_FAILED, detail: `${describe(passed)}: ${error}` });
  }

  /** A gateway that has just come gets the time of the scope. */
  #greet(source: string): void {
    const { kind, id } = splitSource(source);
    this.#options.outlet.timeSync(kind, id, this.#options.clock());
  }

  #show(batch: Committed['batch']): void {
    const { scene, facts, feed } = this.#options;
    if (batch.step.effects.length === 0 && batch.step.changed.size === 0 && batch.registered.length === 0) return;
    scene.touch((touched) => {
      for (const effect of batch.step.effects) {
        facts.apply(effect, touched);
        if (effect.type === 'roster.changed') this.#showRoster(effect, touched);
      }
      for (const { asset, definition } of batch.registered) {
        if (asset === 'station') touched.stations.add(definition.id);
        else if (asset === 'pack') touched.packs.add(definition.id);
        else touched.trucks.add(definition.id);
      }
    });
    scene.touchRefs(batch.step.changed.keys());
    feed.changed();
  }

  /** Whose it is from now on, and what is shown of it. */
  #showRoster({ change, atMs }: EffectOf<'roster.changed'>, touched: Touched): void {
    const { owners } = this.#options.scene.live;
    const { kind, id } = subjectOfAct(change);
    if (change.act === 'DEREGISTER' && kind === 'DRIVER') {
      this.#options.feed.drop((rights) => rights.kind === 'DRIVER' && rights.driverId === id);
    }
    if (kind === 'PRINCIPAL' || kind === 'DRIVER') return;
    if ('entry' in change) owners.put(kind, id, { principalId: ownerOfEntry(change.entry), fromMs: atMs, untilMs: null });
    if (change.act === 'DEREGISTER') owners.end(kind, id, atMs);
    const shown = { STATION: touched.stations, PACK: touched.packs, TRUCK: touched.trucks } as const;
    shown[kind].add(id);
  }

  /** Of a source that was never heard: nothing. */
  #positionOf(source: string): SourcePosition {
    return this.#positions.get(source) ?? NOTHING;
  }
}
