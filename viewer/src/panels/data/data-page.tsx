import { ArrowLeft } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type DataTab, dataTabsOf, hashOfData } from '../../store/data-place.ts';
import { useApp, useWords } from '../app-context.ts';
import { uncover } from '../covering-page.ts';
import { IconButton } from '../icon-button.tsx';
import { AsOf } from '../past/as-of.tsx';
import { OfNow } from '../past/of-now.tsx';
import { StrangePart } from '../use-place.tsx';
import { CompletenessPart } from './completeness-part.tsx';
import { EquipmentPart } from './equipment-part.tsx';

/** Parts that are shown as they were while one looks back; the others are of now. */
const GOES_BACK: ReadonlySet<DataTab> = new Set(['pack', 'slot', 'truck']);

/** The live data console: what the equipment reports, over the scene. */
export function DataPage({ tab }: { tab: DataTab }): VNode {
  const app = useApp();
  const words = useWords();
  const tabs = dataTabsOf(app.session.person?.roles ?? []);
  const shown = tabs.find((one) => one === tab);
  const past = app.past.value;
  const goesBack = shown !== undefined && GOES_BACK.has(shown);
  const bar = useRef<HTMLElement>(null);
  // A phone shows a part of the tabs: the current one is among them.
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [shown]);
  return (
    <main class="money data-page" aria-label={words.data.title}>
      <header class="money-head">
        <IconButton action="close-data" icon={ArrowLeft} name={words.operations.close} onClick={() => uncover(app)} />
        <h1>{words.data.title}</h1>
        <nav ref={bar} class="money-tabs" aria-label={words.data.title}>
          {tabs.map((one) => (
            <a key={one} href={hashOfData(one)} data-data-tab={one} aria-current={one === shown ? 'page' : undefined}>
              {words.data.tab[one]}
            </a>
          ))}
        </nav>
      </header>
      <StrangePart />
      {past !== null && goesBack && <AsOf player={past} />}
      <div class="data-body">{past === null || shown === undefined || goesBack ? <DataPart tab={shown} /> : <OfNow player={past} />}</div>
    </main>
  );
}

function DataPart({ tab }: { tab: DataTab | undefined }): VNode {
  const words = useWords();
  if (tab === undefined) return <p class="nothing">{words.operations.noAccess}</p>;
  return tab === 'gateways' ? <CompletenessPart /> : <EquipmentPart key={tab} kind={tab} />;
}
