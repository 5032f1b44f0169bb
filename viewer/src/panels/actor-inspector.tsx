import type { VNode } from 'preact';
import { actorOfSelection, type Selected } from '../store/selection.ts';
import { useApp, useWords } from './app-context.ts';
import { Link } from './link.tsx';
import { MachinePanel } from './machine-panel.tsx';

/** An actor that is nothing one sees in the scene: a bay, a swap, an account, a gateway. */
export function ActorInspector({ id: address }: { id: string }): VNode {
  const { store } = useApp();
  const words = useWords();
  const actor = actorOfSelection(address);
  const belongsTo = store.version.stations.value + store.version.orders.value < 0 ? null : ownerOf(actor, store.records);
  return (
    <>
      <header class="inspector-head">
        <h2>{actor.id}</h2>
        <p>
          {words.chart.machine[actor.machine] ?? actor.machine}
          {belongsTo !== null && (
            <>
              {' · '}
              {words.chart.about} <Link kind={belongsTo.kind} id={belongsTo.id} />
            </>
          )}
        </p>
      </header>
      <MachinePanel key={address} machine={actor.machine} actorId={actor.id} state={null} />
    </>
  );
}

/** What of the scene it belongs to; null: nothing that one sees now. */
function ownerOf(
  { machine, id }: { machine: string; id: string },
  records: ReturnType<typeof useApp>['store']['records'],
): Selected | null {
  if (machine === 'gateway' && records.trucks.has(id)) return { kind: 'truck', id };
  if (machine === 'swap') {
    const order = [...records.orders.values()].find(({ stationId, requestId }) => `${stationId}-${requestId}` === id);
    if (order !== undefined) return { kind: 'order', id: order.id };
  }
  const stationId = machine === 'gateway' ? id : id.slice(0, Math.max(id.lastIndexOf('-'), 0));
  return records.stations.has(stationId) ? { kind: 'station', id: stationId } : null;
}
