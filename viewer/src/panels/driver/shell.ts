import { type Signal, signal } from '@preact/signals';

/** What Chromium offers where a page may be put on the home screen; not in every library of types. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

/** Puts the page on the home screen; null: the browser does not offer it, or it is there. */
export const installer: Signal<(() => Promise<void>) | null> = signal(null);

/**
 * Keeps the shell of the page for when there is no signal, and listens for the offer to install it. Nothing of the twin's answers is kept:
 * what is shown is now's, or said to be old.
 * @returns how to stop listening
 */
export function startShell(): () => void {
  const offered = (event: Event): void => {
    event.preventDefault();
    installer.value = async () => {
      await (event as InstallOffer).prompt();
      installer.value = null;
    };
  };
  window.addEventListener('beforeinstallprompt', offered);
  if ('serviceWorker' in navigator) void keepShell();
  return () => window.removeEventListener('beforeinstallprompt', offered);
}

/** What is loaded already came before the worker: it is named to it, so that the next start needs no network. */
async function keepShell(): Promise<void> {
  try {
    await navigator.serviceWorker.register('/sw.js');
    const { active } = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
    const urls = loaded.filter((url) => new URL(url).pathname.startsWith('/assets/'));
    active?.postMessage({ type: 'keep', urls }, []);
  } catch {
    // Not allowed here, as in a private window: the page works the same while there is a network.
  }
}
