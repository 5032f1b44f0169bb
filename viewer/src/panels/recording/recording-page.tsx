import { useSignal } from '@preact/signals';
import { FileUp, X } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { percent } from '../../format/quantity.ts';
import { type FileRefused, playFile } from '../../recording/play-file.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { IconButton } from '../icon-button.tsx';

const COMMAND = 'npm run simulate -- simulator/scenarios/corridor-base.json --record corridor.rec';

/** Asks for a recording, by a file that is chosen or dropped anywhere on the page, and says why it is not played. */
export function RecordingPage(): VNode | null {
  const app = useApp();
  const words = useWords();
  const reading = useSignal<number | null>(null);
  const refused = useSignal<FileRefused | null>(null);
  const open = async (file: File | undefined): Promise<void> => {
    if (file === undefined || reading.peek() !== null) return;
    app.recordingPage.value = true;
    refused.value = null;
    reading.value = 0;
    try {
      refused.value = await playFile(app, file, (ratio) => (reading.value = ratio));
    } finally {
      reading.value = null;
    }
  };
  useDroppedFiles((file) => void open(file));
  if (!app.recordingPage.value) return null;
  return (
    <div class="recording-page" role="dialog" aria-modal="true" aria-labelledby="recording-title">
      <div class="recording-card panel">
        <div class="recording-head">
          <h2 id="recording-title">{words.recording.open}</h2>
          <IconButton
            action="close-recording-page"
            icon={X}
            name={words.recording.close}
            onClick={() => {
              refused.value = null;
              app.recordingPage.value = false;
            }}
          />
        </div>
        <p class="lead">{words.recording.lead}</p>
        <DropZone reading={reading.value} onFile={(file) => void open(file)} />
        {refused.value !== null && <Refusal of={refused.value} />}
        <p class="recording-how">
          {words.recording.how}
          <code>{COMMAND}</code>
        </p>
      </div>
    </div>
  );
}

function DropZone({ reading, onFile }: { reading: number | null; onFile: (file: File | undefined) => void }): VNode {
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  const read = percent((reading ?? 0) * 100, 0);
  useEffect(() => input.current?.focus(), []);
  return (
    <label class={reading === null ? 'drop-zone' : 'drop-zone busy'} aria-busy={reading !== null}>
      <Icon node={FileUp} size={24} />
      <b>{reading === null ? words.recording.drop : words.recording.reading(`${read.figure}${read.unit}`)}</b>
      <span class="button">{words.recording.choose}</span>
      <input
        ref={input}
        type="file"
        aria-label={words.recording.choose}
        disabled={reading !== null}
        onChange={({ currentTarget }) => {
          onFile(currentTarget.files?.[0]);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
    </label>
  );
}

function Refusal({ of: { code, detail } }: { of: FileRefused }): VNode {
  const words = useWords();
  return (
    <p class="notice alarm" role="alert" data-refused={code}>
      {words.recording.refused[code]}
      {detail !== '' && <small>{words.recording.found(detail)}</small>}
    </p>
  );
}

/** Files may be dropped wherever one is; without this the browser would leave the page for them. */
function useDroppedFiles(onFile: (file: File | undefined) => void): void {
  const latest = useRef(onFile);
  latest.current = onFile;
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      over(event);
      latest.current(event.dataTransfer?.files[0]);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
}
