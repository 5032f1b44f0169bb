import type { BayView } from '@corridor/protocols/http/bay-view';
import type { VNode } from 'preact';
import { quantity } from '../format/quantity.ts';
import { bayOf } from '../store/bays.ts';
import { bayCondition } from '../store/condition.ts';
import { useApp, useLiveTitle, useWords } from './app-context.ts';
import { BayInterlocks } from './bay-interlocks.tsx';
import { BayWork } from './bay-panel.tsx';
import { Field, Figure } from './figures.tsx';
import { InspectorHead, Missing } from './inspector-head.tsx';
import { Link } from './link.tsx';
import { MachinePanel } from './machine-panel.tsx';
import { mayOpen } from './may-open.ts';
import { listOrders } from './rail-lists.ts';
import { OrderRow } from './rail-rows.tsx';
import { Section } from './section.tsx';

const ORDERS_SHOWN = 4;

/** One bay of a station: what it does, for whom, where its crane is, and how it came there. */
export function BayInspector({ id }: { id: string }): VNode {
  const { store, language, session, recording } = useApp();
  const words = useWords();
  const liveTitle = useLiveTitle();
  const found = store.version.stations.value + store.version.orders.value < 0 ? null : bayOf(store.records, id);
  if (found === null) return <Missing id={id} />;
  const { bay, station } = found;
  const may = mayOpen(session.person, station.operatorId);
  // To others than its operator a bay tells what it does only while that concerns a truck of theirs; a recording hides nothing.
  const isTold = may || recording.value !== null || bay.bayState !== null || bay.truckId !== null;
  const orders = listOrders(store.records, '').filter(({ bayId }) => bayId === id);
  return (
    <>
      <InspectorHead
        title={id}
        subtitle={
          <Link kind="station" id={station.id}>
            {language.chinese ? station.nameZh : station.name}
          </Link>
        }
        condition={bayCondition(bay)}
        state={isTold ? language.codeWord(bay.bayState ?? bay.state) : words.bay.notTold}
      />
      {isTold ? (
        <>
          <Section title={liveTitle} name="bay">
            <BayWork bay={bay} />
          </Section>
          <Section title={words.bay.interlocks} name="interlocks">
            <BayInterlocks bay={bay} />
          </Section>
          <Section title={words.bay.crane} name="crane">
            <CraneFields bay={bay} />
          </Section>
        </>
      ) : (
        <p class="prose" data-not-told>
          {words.bay.notToldWhy}
        </p>
      )}
      {orders.length > 0 && (
        <Section title={words.section.lastOrders} name="orders">
          <div class="inner-rows">
            {orders.slice(0, ORDERS_SHOWN).map((order) => (
              <OrderRow key={order.id} order={order} />
            ))}
          </div>
        </Section>
      )}
      {may && <MachinePanel machine="bay" actorId={id} state={bay.state} />}
    </>
  );
}

/** Where the gripper is, as the station measures it. */
function CraneFields({ bay: { craneXM, craneYM, craneZM } }: { bay: BayView }): VNode {
  const words = useWords();
  return (
    <dl class="fields">
      <Field label={words.bay.alongRack}>
        <Figure of={quantity(craneXM, 'm', 1)} />
      </Field>
      <Field label={words.bay.towardsTruck}>
        <Figure of={quantity(craneYM, 'm', 1)} />
      </Field>
      <Field label={words.bay.height}>
        <Figure of={quantity(craneZM, 'm', 1)} />
      </Field>
    </dl>
  );
}
