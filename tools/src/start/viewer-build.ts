import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The viewer could not be built: a fault of the sources, printed by the builder. */
export class ViewerBuildError extends Error {
  readonly code = 'VIEWER_BUILD_FAILED';
  constructor(output: string) {
    super(`The viewer could not be built: ${output.trim().split('\n').slice(-6).join(' | ')}`);
  }
}

/** Builds `viewer/dist` when a source is newer than it. @returns whether it was built @throws ViewerBuildError */
export async function buildViewer(root: string, onBuild: () => void): Promise<boolean> {
  const viewer = join(root, 'viewer');
  const built = join(viewer, 'dist', 'index.html');
  const sources = ['src', 'public', 'index.html', 'vite', 'vite.config.ts', 'package.json'].map((name) => join(viewer, name));
  const newestMs = Math.max(...[...sources, join(root, 'protocols', 'src')].map(newestMtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs >= newestMs) return false;
  onBuild();
  await runVite(viewer);
  return true;
}

function newestMtimeMs(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMtimeMs(join(path, name))));
}

async function runVite(viewer: string): Promise<void> {
  const manifest = createRequire(join(viewer, 'package.json')).resolve('vite/package.json');
  const child = spawn(process.execPath, [join(dirname(manifest), 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: viewer,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new ViewerBuildError(output);
}
