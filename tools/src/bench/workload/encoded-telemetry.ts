import { Prng } from '@corridor/actors/time/prng';
import { assert } from '@corridor/protocols/assert';
import type { NetworkFile, StationDefinition } from '@corridor/protocols/network-file';
import { subject } from '@corridor/protocols/subject';
import type { PackReading } from '@corridor/protocols/tele/packs';
import { packReading, packsMessage, slotPlace, slotReading, slotsMessage } from './telemetry-source.ts';

/** A message as it goes out; its number and times were written into a copy of a prepared text. */
export interface EncodedMessage {
  subject: string;
  payload: Buffer;
  /** For the stream's own recognition of repeated messages. */
  id: string;
  readings: number;
}

/** Steps of charging that are prepared for each station: 0.1 % up each, then down again. */
const VARIANTS = 16;
const SOC_STEP_PERCENT = 0.1;
const SEQ_DIGITS = 12;
const TIME_TEXT = '2026-01-01T00:00:00.000Z';

interface Template {
  bytes: Buffer;
  seqAt: number;
  timesAt: readonly number[];
}

interface Source {
  station: StationDefinition;
  /** Slots and packs in turn, each a step of charging further. */
  templates: readonly { subject: string; template: Template }[];
  seq: number;
}

/**
 * Telemetry of stations, 50 readings a message when a station has 50 slots, prepared so that sending costs little: the
 * processors are there for those who receive. Numbers go on from message to message; of the packs some pass the content
 * at which they may be issued, so that actors are told now and then.
 */
export class EncodedTelemetry {
  readonly #bootId: number;
  readonly #sources: Source[];
  #next = 0;

  constructor(file: NetworkFile, options: { scope: string; bootId: number; seed: number }) {
    this.#bootId = options.bootId;
    this.#sources = file.stations.map((station) => ({
      station,
      templates: templatesOf(file, station, { ...options, prng: new Prng(options.seed).fork(station.id) }),
      seq: 0,
    }));
  }

  /** @param atMs scope time of the message */
  next(atMs: number): EncodedMessage {
    const source = this.#sources[this.#next % this.#sources.length];
    assert(source !== undefined, 'no station');
    this.#next += 1;
    const chosen = source.templates[source.seq % source.templates.length];
    assert(chosen !== undefined, 'no template');
    source.seq += 1;
    return {
      subject: chosen.subject,
      payload: filled(chosen.template, source.seq, atMs),
      id: `${source.station.id}:${this.#bootId}:tele:${source.seq}`,
      readings: source.station.slots,
    };
  }
}

function filled({ bytes, seqAt, timesAt }: Template, seq: number, atMs: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.write(String(seq).padStart(SEQ_DIGITS), seqAt, 'latin1');
  const time = new Date(atMs).toISOString();
  for (const at of timesAt) copy.write(time, at, 'latin1');
  return copy;
}

function templatesOf(
  file: NetworkFile,
  station: StationDefinition,
  { scope, bootId, prng }: { scope: string; bootId: number; prng: Prng },
) {
  const packIds = new Map(file.packs.map(({ id, initial }) => [initial.id, id]));
  const idAt = (evseId: number) => packIds.get(slotPlace(station.id, evseId).id) ?? null;
  const evseIds = Array.from({ length: station.slots }, (_, index) => index + 1);
  const packs = evseIds.flatMap((evseId) => {
    const packId = idAt(evseId);
    return packId === null ? [] : [packReading(packId, slotPlace(station.id, evseId), prng)];
  });
  const head = { src: station.id, bootId, seq: 1, atMs: Date.parse(TIME_TEXT) };
  const templates: { subject: string; template: Template }[] = [];
  for (let variant = 0; variant < VARIANTS; variant += 1) {
    const step = variant < VARIANTS / 2 ? variant : VARIANTS - variant;
    const slots = evseIds.map((evseId) => slotReading(evseId, idAt(evseId), prng));
    templates.push({ subject: subject.stationTele(scope, station.id, 'slots'), template: templateOf(slotsMessage(head, slots)) });
    const charged = packs.map((pack, index) => chargedBy(pack, index, step));
    templates.push({ subject: subject.stationTele(scope, station.id, 'packs'), template: templateOf(packsMessage(head, charged)) });
  }
  return templates;
}

/** One pack of a hundred stands where a station begins to issue it. */
const NEAR_TARGET_EVERY = 100;
const NEAR_TARGET_PERCENT = 89.5;

function chargedBy(pack: PackReading, index: number, step: number): PackReading {
  const base = index % NEAR_TARGET_EVERY === 0 ? NEAR_TARGET_PERCENT : (pack.socPercent ?? 0);
  const socPercent = Number((base + step * SOC_STEP_PERCENT).toFixed(1));
  return { ...pack, socPercent, energyWh: Math.round((socPercent / 100) * 0.95 * 350_000), currentA: (pack.currentA ?? 0) + step / 10 };
}

function templateOf(message: object): Template {
  const text = JSON.stringify(message).replace('"seq":1,', `"seq":${' '.repeat(SEQ_DIGITS)},`);
  const bytes = Buffer.from(text);
  const seqAt = bytes.indexOf('"seq":') + '"seq":'.length;
  const timesAt = [...text.matchAll(new RegExp(TIME_TEXT.replaceAll('.', '\\.'), 'g'))].map(({ index }) => index);
  assert(timesAt.length === 2 && bytes.length === text.length, 'a template of ASCII with two times');
  return { bytes, seqAt, timesAt };
}
