import { spawn } from 'node:child_process';

/**
 * Waits for the end of its standard input, which is the end of the process that holds the other side, however it came. Then it gives
 * programs that were told by their own channels a moment to end in order, and stops the server. A pid is used again, so the
 * instant at which the process started is compared before each signal.
 */
const SCRIPT = `
pid=$1; shift
started() { if [ -d /proc/self ]; then cut -d' ' -f22 "/proc/$pid/stat" 2>/dev/null; else ps -o lstart= -p "$pid" 2>/dev/null; fi; }
was=$(started)
[ -n "$was" ] || exit 0
read -r _
sleep 2
for signal in "$@" KILL; do
  [ "$(started)" = "$was" ] || exit 0
  kill -s "$signal" "$pid" 2>/dev/null || exit 0
  left=100
  while [ "$left" -gt 0 ] && [ "$(started)" = "$was" ]; do sleep 0.1; left=$((left - 1)); done
done
`;

/**
 * Lets a server not outlive this process, also when this is killed so that it can say nothing any more.
 * @param signals sent in turn, ten seconds apart; SIGKILL is the last in any case
 * @returns ends the watch, when the server has ended
 */
export function stopWhenWeEnd(serverPid: number, signals: readonly NodeJS.Signals[]): () => void {
  const names = signals.map((signal) => signal.replace(/^SIG/, ''));
  // In a group of its own, so that Ctrl-C does not reach it.
  const watch = spawn('/bin/sh', ['-c', SCRIPT, 'orphan-watch', String(serverPid), ...names], {
    cwd: '/',
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a shell nothing watches, and the next start on the same folder stops the orphan as well.
  watch.on('error', () => undefined);
  watch.stdin.on('error', () => undefined);
  watch.unref();
  if ('unref' in watch.stdin && typeof watch.stdin.unref === 'function') watch.stdin.unref();
  return () => void watch.kill('SIGKILL');
}
