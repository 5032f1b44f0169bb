import { Network } from '@corridor/actors/network/network';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { registrationsOf } from '@corridor/actors/network/registration';
import { SignalTable } from '@corridor/actors/network/signal-table';
import type { RoadProfile } from '@corridor/actors/road/road-profile';
import { CORRIDOR_SPEED_ZONES } from '@corridor/actors/road/speed-zones';
import { type ProfileOf, profilesOn } from '@corridor/actors/road/truck-profiles';
import { type Database, inTransaction } from '../db/db.ts';
import type { Log } from '../log.ts';
import { Facts } from '../projection/facts.ts';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '../seed/network-files.ts';
import { registeredOf } from '../seed/registered-of.ts';
import { requiredEnergyOn } from '../seed/required-energy.ts';
import { seedPapers } from '../seed/seed-papers.ts';
import { PostgresBatchStore } from '../writer/postgres-batch-store.ts';
import { ScopeClock } from '../writer/scope-clock.ts';
import { Sequencer, type SourcePosition } from '../writer/sequencer.ts';
import { loadSuspects, type Suspects } from '../writer/suspects.ts';
import type { ReceivedEvent } from '../writer/writer-batch.ts';
import { loadFacts } from './load-facts.ts';
import { loadPosition, loadSourcePositions, type WriterPosition } from './load-position.ts';
import { loadReference, loadSuspensions } from './load-reference.ts';
import { loadSignals } from './load-signals.ts';
import { loadSnapshots } from './load-snapshots.ts';

/** The core as it stood when the last batch was committed. */
export interface Core {
  readonly position: WriterPosition;
  readonly reference: ReferenceStore;
  readonly network: Network;
  readonly signals: SignalTable;
  readonly clock: ScopeClock;
  readonly sequencer: Sequencer<ReceivedEvent>;
  /** Committed positions of the sources' events. */
  readonly positions: ReadonlyMap<string, SourcePosition>;
  readonly facts: Facts;
  readonly suspects: Suspects;
  readonly store: PostgresBatchStore;
  /** What trucks need along the road. */
  readonly driving: Driving;
}

/** A road, and the energy of trucks on it. */
export interface Driving {
  readonly road: RoadProfile;
  readonly profileOf: ProfileOf;
}

export interface RestoreOptions {
  database: Database;
  scope: string;
  networkFile: string | null;
  road: RoadProfile;
  wallNowMs: () => number;
  log: Log;
  onRetry: () => void;
}

/** A source is not called silent before this many ms of wall time, whatever the pace of the scope. */
const SILENCE_WALL_MS = 3_000;

/** Loads everything from the database; an empty one is filled from the network file first. */
export async function restoreCore(options: RestoreOptions): Promise<Core> {
  const { database, log } = options;
  const begunMs = performance.now();
  if ((await loadPosition(database.pool)) === null) await seed(options);
  const position = await loadPosition(database.pool);
  if (position === null) throw new Error('the database was filled and holds no position');
  const { reference, network, signals, clock, store, driving } = emptyCore(options, position);
  reference.apply(await loadReference(database.pool, position.platformId));
  for (const { kind, id, reason } of await loadSuspensions(database.pool, position.platformId)) reference.suspend(kind, id, reason);
  let actors = 0;
  for await (const chunk of loadSnapshots(database.pool, position.platformId)) {
    network.restore(chunk, position.scopeAtMs);
    actors += chunk.length;
  }
  signals.restore(await loadSignals(database.pool, position.platformId), position.scopeAtMs);
  const facts = new Facts();
  await loadFacts(database.pool, position.platformId, facts, position.scopeAtMs);
  const positions = await loadSourcePositions(database.pool, position.platformId, 'evt');
  const sequencer = new Sequencer<ReceivedEvent>(positions);
  const suspects = await loadSuspects(database.pool, position.platformId, options.wallNowMs);
  log.info({ actors, batchNo: position.batchNo, ms: Math.round(performance.now() - begunMs) }, 'restored');
  return { position, reference, network, signals, clock, sequencer, positions, facts, suspects, store, driving };
}

function emptyCore(options: RestoreOptions, position: Omit<WriterPosition, 'batchNo' | 'streamSeq'>) {
  const { database, scope, road, wallNowMs, log, onRetry } = options;
  const clock = new ScopeClock({ wallNowMs, storedScopeMs: position.scopeAtMs, driven: position.driven });
  const driving: Driving = { road, profileOf: profilesOn(road, CORRIDOR_SPEED_ZONES) };
  const reference: ReferenceStore = new ReferenceStore(
    position.platformId,
    requiredEnergyOn(road, driving.profileOf, () => reference.stations()),
  );
  const signals = new SignalTable({ reference, silenceMsMin: () => SILENCE_WALL_MS * clock.factor });
  const network = new Network({
    surroundings: { reference, signals },
    nowMs: position.scopeAtMs,
    agreements: reference,
    roster: reference,
  });
  const store = new PostgresBatchStore({ database, platformId: position.platformId, scope, log, onRetry });
  return { clock, reference, signals, network, store, driving };
}

/** Everybody, everything that was agreed, every asset with its actors, and the opening balances: all of it or nothing. */
async function seed(options: RestoreOptions): Promise<void> {
  const { database, networkFile, wallNowMs, log } = options;
  const path = networkFile ?? DEFAULT_NETWORK_FILE;
  const file = readNetworkFile(path);
  const scopeAtMs = wallNowMs();
  const { reference, network, store } = emptyCore(options, { platformId: file.platformId, scopeAtMs, driven: false });
  reference.apply(file);
  network.register(...registrationsOf({ reference }));
  const requestedBy = new Map<string, string>();
  for (const { carrierId, amountFen } of file.openingTopUps) {
    requestedBy.set(`topup:${carrierId}:opening:${carrierId}`, file.platformId);
    network.step({
      kind: 'intent',
      atMs: scopeAtMs,
      intentId: `opening-${carrierId}`,
      by: file.platformId,
      intent: {
        type: 'payment.topUp',
        key: `opening:${carrierId}`,
        principalId: carrierId,
        amountFen: BigInt(amountFen),
        channel: 'sandbox',
      },
    });
  }
  await inTransaction(database, async (client) => {
    await seedPapers(client, file, scopeAtMs);
    await store.writeInto(client, {
      batchNo: 1,
      scopeAtMs,
      driven: false,
      step: network.drain(),
      evidence: [],
      cleared: [],
      passedOver: [],
      positions: new Map(),
      forgottenSources: [],
      streamSeq: 0,
      registered: registeredOf(file),
      commandUpdates: [],
      requestedBy,
      audits: [],
    });
  });
  log.info({ file: path, actors: network.size }, 'the database was empty: the network is registered');
}
