import { RecordingReader } from '@corridor/protocols/recording/recording-reader';
import { RecordingRefusedError } from '@corridor/protocols/recording/recording-refusal';
import { RecordedEvents } from './recorded-events.ts';
import type { OpenedRecording } from './recording-player.ts';

/** Of the text in a file: what a page can hold beside a scene. */
export const TEXT_BYTES_MAX = 600_000_000;
/** The page lives on while a long recording is read. */
const PAUSE_EVERY_MS = 40;

/**
 * Reads a recording that a person has chosen. Nothing leaves the page.
 * @param onProgress share of the file that is read
 * @throws RecordingRefusedError that says what is wrong with it
 */
export async function openRecording(file: File, onProgress: (ratio: number) => void = () => undefined): Promise<OpenedRecording> {
  const reader = new RecordingReader();
  let events: RecordedEvents | null = null;
  let pauseAtMs = performance.now() + PAUSE_EVERY_MS;
  for await (const line of linesOf(file, onProgress)) {
    const block = reader.take(line);
    if (reader.head !== null) events ??= new RecordedEvents(reader.head.toMs);
    if (block !== null) events?.take(block);
    if (performance.now() < pauseAtMs) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    pauseAtMs = performance.now() + PAUSE_EVERY_MS;
  }
  const recording = reader.recording();
  events ??= new RecordedEvents(recording.head.toMs);
  events.end();
  return { name: file.name, recording, events };
}

/** Lines of a gzipped text, as they are unpacked. */
async function* linesOf(file: File, onProgress: (ratio: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let bytes = 0;
  for await (const chunk of unpacked(file, onProgress)) {
    bytes += chunk.byteLength;
    if (bytes > TEXT_BYTES_MAX) throw new RecordingRefusedError('TOO_LARGE', String(Math.round(TEXT_BYTES_MAX / 1e6)));
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const GZIP_MAGIC = [0x1f, 0x8b];

async function* unpacked(file: File, onProgress: (ratio: number) => void): AsyncGenerator<Uint8Array> {
  const magic = new Uint8Array(await file.slice(0, GZIP_MAGIC.length).arrayBuffer());
  if (GZIP_MAGIC.some((byte, index) => magic[index] !== byte)) throw new RecordingRefusedError('NOT_A_RECORDING');
  let readBytes = 0;
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform: (chunk, controller) => {
      readBytes += chunk.byteLength;
      onProgress(readBytes / file.size);
      controller.enqueue(chunk);
    },
  });
  const stream = file.stream().pipeThrough(counted).pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const { done, value } = await readPart(stream);
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops in the middle lets the file go.
    await stream.cancel().catch(() => undefined);
  }
}

/** Browsers tell only in words whether what they unpack ended too early. */
const TELLS_OF_CUT = /truncat|unexpected end/i;

/** Some say it themselves, others in what they were caused by. */
function tellsOfCut(cause: unknown): boolean {
  return cause instanceof Error && (TELLS_OF_CUT.test(cause.message) || tellsOfCut(cause.cause));
}

async function readPart(stream: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await stream.read();
  } catch (cause) {
    throw new RecordingRefusedError(tellsOfCut(cause) ? 'CUT' : 'DAMAGED', '', { cause });
  }
}
