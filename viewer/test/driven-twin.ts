import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { trafficProcess } from '@corridor/testkit/test-traffic';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { until } from '@corridor/testkit/until';
import { SERVICE_SCOPES } from '@corridor/twin/auth/caller';
import { DEFAULT_NETWORK_FILE } from '@corridor/twin/seed/network-files';

const STARTED_WITHIN_MS = 60_000;

export interface DrivenTwin extends AsyncDisposable {
  readonly twin: TestTwin;
  /** Brings about a fault of the simulated world. @returns how to repair it */
  fault(fault: Readonly<Record<string, string | number>>): Promise<() => Promise<void>>;
}

/** A twin with its traffic: trucks that drive, stations that swap, and what goes wrong with them on demand. */
export async function drivenTwin(viewerDir: string, { factor, seed }: { factor: number; seed: number }): Promise<DrivenTwin> {
  await using built = new AsyncDisposableStack();
  const folder = built.use(temporaryFolder());
  const twin = built.use(await startTestTwin({ viewerDir }));
  const token = await twin.twin.issuer?.issueServiceToken({ name: 'traffic', scopes: SERVICE_SCOPES });
  const { traffic } = await trafficProcess(
    { networkFile: DEFAULT_NETWORK_FILE, factor, seed },
    { url: twin.twin.url, nats: twin.nats, scope: 'live', token: token ?? '', dir: folder.path },
  );
  built.defer(async () => void (await traffic.stop()));
  traffic.start();
  const control = join(folder.path, 'traffic', 'control.json');
  const kept = built.move();
  return {
    twin,
    async fault(fault) {
      const { url, token: key } = await until('the simulator takes faults', STARTED_WITHIN_MS, async () => controlOf(control));
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const answer = await fetch(`${url}/faults`, { method: 'POST', headers, body: JSON.stringify({ fault, durationMs: null }) });
      const { id, reason } = (await answer.json()) as { id?: string; reason?: string };
      if (id === undefined) throw new Error(`the fault was not taken: ${reason ?? answer.status}`);
      return async () => void (await fetch(`${url}/faults/${id}`, { method: 'DELETE', headers }));
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** null: not written yet. */
function controlOf(path: string): { url: string; token: string } | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { url: string; token: string };
  } catch {
    // The simulator is starting: it is looked for again.
    return null;
  }
}
