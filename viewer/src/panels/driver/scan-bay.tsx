import { Camera, X } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type BayCode, bayOfCode } from '../../store/bay-code.ts';
import { useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { IconButton } from '../icon-button.tsx';
import { qrReader } from './qr-reader.ts';

/** A frame is looked at this often: a hand needs longer to hold still [ms]. */
const LOOK_EVERY_MS = 250;

interface ScanProps {
  scanned: (bay: BayCode) => void;
  close: () => void;
}

/** The code at the bay: by camera, by a photo, or typed where neither works. */
export function ScanBay({ scanned, close }: ScanProps): VNode {
  const words = useWords();
  const [problem, setProblem] = useState<string | null>(null);
  const take = (text: string | null, otherwise: string): void => {
    const bay = text === null ? null : bayOfCode(text);
    if (bay === null) setProblem(otherwise);
    else scanned(bay);
  };
  return (
    <section class="driver-card driver-scan" data-driver-part="scan">
      <div class="driver-line">
        <h2>{words.driver.scanTitle}</h2>
        <IconButton action="close-scan" icon={X} size={24} name={words.driver.scanClose} onClick={close} />
      </div>
      <CameraView take={(text) => take(text, words.driver.scanNoBay)} />
      <PhotoOf take={(text) => take(text, text === null ? words.driver.scanNothing : words.driver.scanNoBay)} />
      <TypedCode take={(text) => take(text, words.driver.scanNoBay)} />
      <p class="alarm-text" role="alert">
        {problem}
      </p>
    </section>
  );
}

function CameraView({ take }: { take: (text: string) => void }): VNode {
  const words = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<'starting' | 'on' | 'none'>('starting');
  const taken = useRef(take);
  taken.current = take;
  useEffect(() => {
    const ended = new AbortController();
    watchCamera(video, (text) => taken.current(text), ended.signal).then(
      (isOn) => setState(isOn ? 'on' : 'none'),
      () => setState('none'), // no camera, or not allowed: said below, and there are two other ways
    );
    return () => ended.abort();
  }, []);
  return (
    <>
      <div class={state === 'none' ? 'driver-camera off' : 'driver-camera'} data-camera={state}>
        {/* biome-ignore lint/a11y/useMediaCaption: the camera's own picture has no sound and no words. */}
        <video ref={video} muted playsInline />
      </div>
      <p class="driver-note">{state === 'none' ? words.driver.scanNoCamera : words.driver.scanHint}</p>
    </>
  );
}

/** Looks at the camera's picture until a code is read. @returns false when there is no camera @throws DOMException when it is not allowed */
async function watchCamera(
  video: { readonly current: HTMLVideoElement | null },
  found: (text: string) => void,
  ended: AbortSignal,
): Promise<boolean> {
  // Not there without a secure context.
  if (!('mediaDevices' in navigator)) return false;
  const [stream, read] = await Promise.all([navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }), qrReader()]);
  const stop = (): void => {
    for (const track of stream.getTracks()) track.stop();
  };
  const element = video.current;
  if (ended.aborted || element === null) {
    stop();
    return false;
  }
  ended.addEventListener('abort', stop);
  element.srcObject = stream;
  await element.play();
  const look = async (): Promise<void> => {
    if (ended.aborted) return;
    const text = await read(element);
    if (ended.aborted) return;
    if (text !== null) found(text);
    setTimeout(() => void look(), LOOK_EVERY_MS);
  };
  void look();
  return true;
}

function PhotoOf({ take }: { take: (text: string | null) => void }): VNode {
  const words = useWords();
  const read = async (file: File): Promise<void> => {
    try {
      const [image, reader] = await Promise.all([createImageBitmap(file), qrReader()]);
      take(await reader(image));
      image.close();
    } catch {
      // What was chosen is no picture: there is no code in it.
      take(null);
    }
  };
  return (
    <label class="button driver-photo">
      <Icon node={Camera} size={20} />
      {words.driver.scanPhoto}
      <input
        type="file"
        name="bay-photo"
        accept="image/*"
        capture="environment"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file !== undefined) void read(file);
          // The same photo may be chosen again.
          currentTarget.value = '';
        }}
      />
    </label>
  );
}

function TypedCode({ take }: { take: (text: string) => void }): VNode {
  const words = useWords();
  const [entry, setEntry] = useState('');
  return (
    <form
      class="driver-typed"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        take(entry);
      }}
    >
      <label class="entry">
        <span>{words.driver.scanType}</span>
        <input
          name="bay-code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          placeholder={words.driver.scanTypeHint}
          value={entry}
          onInput={(event) => setEntry(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" data-action="typed-bay">
        {words.driver.scanGo}
      </button>
    </form>
  );
}
