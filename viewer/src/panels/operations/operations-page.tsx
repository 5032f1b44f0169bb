import { ArrowLeft } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hashOfOperations, type OperationsTab, operationsTabsOf } from '../../store/operations-place.ts';
import { useApp, useWords } from '../app-context.ts';
import { uncover } from '../covering-page.ts';
import { IconButton } from '../icon-button.tsx';
import { AsOf } from '../past/as-of.tsx';
import { OfNow } from '../past/of-now.tsx';
import { StrangePart } from '../use-place.tsx';
import { AlarmFiguresPart } from './alarm-figures-part.tsx';
import { AlarmHistory } from './alarm-history.tsx';
import { Commands } from './commands.tsx';
import { Messages } from './messages.tsx';
import { Queues } from './queues.tsx';
import { StandingAlarms } from './standing-alarms.tsx';

const PARTS: Record<OperationsTab, () => VNode> = {
  alarms: StandingAlarms,
  queue: Queues,
  commands: Commands,
  messages: Messages,
  'alarm-history': AlarmHistory,
  'alarm-figures': AlarmFiguresPart,
};

/** Parts that are shown as they were while one looks back; the others are of now. */
const GOES_BACK: ReadonlySet<OperationsTab> = new Set(['alarms', 'queue']);

/** What has to be done in the corridor, over the scene. */
export function OperationsPage({ tab }: { tab: OperationsTab }): VNode {
  const app = useApp();
  const { session } = app;
  const words = useWords();
  const tabs = operationsTabsOf(session.person?.roles ?? []);
  const shown = tabs.find((one) => one === tab);
  const past = app.past.value;
  const bar = useRef<HTMLElement>(null);
  // A phone shows a part of the tabs: the current one is among them.
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [shown]);
  const goesBack = shown !== undefined && GOES_BACK.has(shown);
  const Part = shown === undefined ? null : PARTS[shown];
  return (
    <main class="money" aria-label={words.operations.title}>
      <header class="money-head">
        <IconButton action="close-operations" icon={ArrowLeft} name={words.operations.close} onClick={() => uncover(app)} />
        <h1>{words.operations.title}</h1>
        <nav ref={bar} class="money-tabs" aria-label={words.operations.title}>
          {tabs.map((one) => (
            <a key={one} href={hashOfOperations(one)} data-operations-tab={one} aria-current={one === shown ? 'page' : undefined}>
              {words.operations.tab[one]}
            </a>
          ))}
        </nav>
      </header>
      <StrangePart />
      {past !== null && goesBack && <AsOf player={past} />}
      <div class="money-body">
        {Part === null && <p class="nothing">{words.operations.noAccess}</p>}
        {Part !== null && (past === null || goesBack ? <Part key={shown} /> : <OfNow player={past} />)}
      </div>
    </main>
  );
}
