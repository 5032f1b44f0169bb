import { type Rig, startRig } from '../station/station-rig.ts';
import type { PagePerson } from './page-people.ts';
import type { PageLinkState, PageSource, StationView } from './page-view.ts';
import { openStationPage } from './station-page.ts';

export const TOKEN = 'token-of-the-station-HH1';

/** A station on a clock that the test moves, with its page open. */
export type PageRig = {
  rig: Rig;
  url: string;
  link: { state: PageLinkState; sinceMs: number; detail: string | null };
  view(): Promise<StationView>;
  act(body: unknown, token?: string | null): Promise<{ status: number; code: string | null }>;
  /** As the gateway's restart shows it to who looks: the page is gone, then there again at its address. */
  closePage(): Promise<void>;
  openPage(): Promise<void>;
  close(): Promise<void>;
};

export async function startPageRig(
  dir: string,
  options: { people?: readonly PagePerson[]; rig?: Partial<Parameters<typeof startRig>[0]> } = {},
): Promise<PageRig> {
  const rig = startRig({ dir, ...options.rig });
  const link: PageRig['link'] = { state: 'UP', sinceMs: rig.clock.nowMs(), detail: null };
  const source: PageSource = { core: rig.runtime.core, bays: rig.runtime.bays, link: () => link, refusedMessages: () => 0 };
  const people = options.people ?? [{ name: null, token: TOKEN }];
  let page = await openStationPage(source, { port: 0, host: '127.0.0.1', people });
  const { url } = page;
  return {
    rig,
    url,
    link,
    view: async () => ((await (await fetch(`${url}/api/view`)).json()) as { view: StationView }).view,
    act: async (body, given = TOKEN) => {
      const headers = { 'content-type': 'application/json', ...(given === null ? {} : { authorization: `Bearer ${given}` }) };
      const answer = await fetch(`${url}/api/acts`, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await answer.text();
      return { status: answer.status, code: text === '' ? null : (JSON.parse(text) as { code: string }).code };
    },
    closePage: () => page.close(),
    openPage: async () => {
      page = await openStationPage(source, { port: Number(new URL(url).port), host: '127.0.0.1', people });
    },
    close: async () => {
      await page.close();
      rig.stop();
    },
  };
}
