import type { TruckView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { BayCode } from '../../store/bay-code.ts';
import { orderOfTrip, stageOf } from '../../store/driver-trip.ts';
import { useApp } from '../app-context.ts';
import { AtBay } from './at-bay.tsx';
import { EndedCard } from './ended-card.tsx';
import { KeptCard } from './kept-card.tsx';
import { QuoteCard } from './quote-card.tsx';
import { Recommended } from './recommended.tsx';
import { ScanBay } from './scan-bay.tsx';
import { standAt } from './stand-at.ts';
import { UnderWay } from './under-way.tsx';

/** The one decision that stands now: where to swap, whether at that price, where to drive; or how the swap goes, and how it ended. */
export function SwapScreen({ truck }: { truck: TruckView }): VNode {
  const app = useApp();
  const { store, scannedBay } = app;
  const [followedId, follow] = useState<string | null>(null);
  const [closedId, close] = useState<string | null>(null);
  const [isScanning, setScanning] = useState(false);
  const orders = store.version.orders.value < 0 ? [] : store.records.orders.values();
  const order = orderOfTrip(orders, truck.id, followedId);
  useEffect(() => {
    if (order !== null) follow(order.id);
  }, [order?.id]);
  const shown = order !== null && order.id === closedId ? null : order;
  const stage = stageOf(shown);
  const scan = (): void => setScanning(true);
  const isBefore = stage !== 'UNDER_WAY' && stage !== 'DONE' && stage !== 'ABNORMAL';
  if (isScanning) {
    const scanned = (bay: BayCode): void => {
      standAt(app, bay);
      setScanning(false);
    };
    return <ScanBay scanned={scanned} close={() => setScanning(false)} />;
  }
  return (
    <>
      {isBefore && scannedBay.value !== null && (
        <AtBay bay={scannedBay.value} truck={truck} order={stage === 'KEPT' || stage === 'QUOTED' ? shown : null} />
      )}
      {shown === null && <Recommended truck={truck} scan={scan} />}
      {shown !== null && stage === 'QUOTED' && <QuoteCard order={shown} />}
      {shown !== null && stage === 'KEPT' && <KeptCard order={shown} truck={truck} scan={scan} />}
      {shown !== null && stage === 'UNDER_WAY' && <UnderWay order={shown} />}
      {shown !== null && (stage === 'DONE' || stage === 'REFUSED' || stage === 'CALLED_OFF' || stage === 'ABNORMAL') && (
        <EndedCard order={shown} stage={stage} close={() => close(shown.id)} />
      )}
    </>
  );
}
