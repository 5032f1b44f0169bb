import { RecordingRefusedError } from '@corridor/protocols/recording/recording-refusal';
import type { Dictionary } from '../i18n/en.ts';
import type { App } from '../panels/app-context.ts';
import { uncover } from '../panels/covering-page.ts';

/** Why a file is not played, and what was found in it. */
export interface FileRefused {
  code: keyof Dictionary['recording']['refused'];
  detail: string;
}

/**
 * Plays a file instead of the live corridor; whatever was shown stays when it is refused.
 * @returns null: it plays
 */
export async function playFile(app: App, file: File, onProgress: (ratio: number) => void): Promise<FileRefused | null> {
  try {
    const [{ openRecording }, { RecordingPlayer }] = await Promise.all([import('./open-recording.ts'), import('./recording-player.ts')]);
    const opened = await openRecording(file, onProgress);
    uncover(app);
    app.selection.select(null);
    // The live feed ends here, before the recording takes the store.
    app.recording.value?.close();
    app.recording.value = new RecordingPlayer(opened, app);
    app.recordingPage.value = false;
    return null;
  } catch (cause) {
    if (cause instanceof RecordingRefusedError) return { code: cause.code, detail: cause.detail };
    // A file that vanished, or that the person may not read.
    if (cause instanceof DOMException) return { code: 'UNREADABLE', detail: cause.message };
    throw cause;
  }
}
