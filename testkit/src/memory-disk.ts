import { readFileSync, statfsSync } from 'node:fs';

/**
 * Test files keep their folders in memory where the machine has room for it: each server of a test begins as a copy of 1,300 files,
 * which can take a busy disk longer than the test. Processes that a test starts do the same; benches and soaks, which measure
 * what a disk costs, do not.
 */
const MEMORY_DISK = '/dev/shm';
/** Four test files side by side use half of it. */
const FREE_BYTES_MIN = 4 * 2 ** 30;

if (isRoomy()) process.env['TMPDIR'] = MEMORY_DISK;

function isRoomy(): boolean {
  if (process.platform !== 'linux' || process.availableMemory() < 2 * FREE_BYTES_MIN) return false;
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .findLast(([, at]) => at === MEMORY_DISK);
  const [, , kind, options = ''] = mount ?? [];
  // An account without a home has its programs there too.
  if (kind !== 'tmpfs' || options.split(',').includes('noexec')) return false;
  const { bavail, bsize } = statfsSync(MEMORY_DISK);
  return bavail * bsize >= FREE_BYTES_MIN;
}
