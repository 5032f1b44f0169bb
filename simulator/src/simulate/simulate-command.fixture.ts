import { type CommandStreams } from './run-progress.ts';
import { simulateCommand } from './simulate-command.ts';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** The command in this process, which spares the start of another. @param onStderr may stop it */
export async function simulated(
  argv: readonly string[],
  onStderr: (text: string, stop: () => void) => void = () => undefined,
): Promise<Ended> {
  const told = { stdout: '', stderr: '' };
  const stop = new AbortController();
  const streams: CommandStreams = {
    stdout: { write: (text) => void (told.stdout += text) },
    stderr: {
      write: (text) => {
        told.stderr += text;
        onStderr(text, () => stop.abort());
      },
    },
    signal: stop.signal,
  };
  return { code: await simulateCommand(argv, streams), ...told };
}
