import type { TruckView } from '@corridor/protocols/http/scene';
import { Map as MapIcon } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { percent, quantity } from '../../format/quantity.ts';
import { truckCondition } from '../../store/condition.ts';
import { useApp, useWords } from '../app-context.ts';
import { ageText, ConnectionBadge } from '../connection-badge.tsx';
import { Chip, Figure, SocBar } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { Choice } from '../money/list-tools.tsx';
import { SettingsMenu } from '../settings-menu.tsx';
import { DriverBills } from './driver-bills.tsx';
import { NextSwap } from './next-swap.tsx';

/** What a driver needs on the road, in big type: the truck, the next swap, and what the last one cost. */
export function DriverPage(): VNode {
  const { store, driverPage } = useApp();
  const words = useWords();
  const [chosenId, setChosen] = useState<string | null>(null);
  const trucks = store.version.trucks.value < 0 ? [] : [...store.records.trucks.values()];
  const truck = trucks.find(({ id }) => id === chosenId) ?? trucks[0];
  return (
    <div class="driver">
      <header class="driver-head">
        <h1>{words.driver.title}</h1>
        <ConnectionBadge />
        <button
          type="button"
          class="icon-button"
          data-action="map"
          title={words.driver.map}
          aria-label={words.driver.map}
          onClick={() => {
            driverPage.value = false;
          }}
        >
          <Icon node={MapIcon} size={24} />
        </button>
        <SettingsMenu />
      </header>
      <main class="driver-body" aria-label={words.driver.title}>
        <LostLine />
        {trucks.length > 1 && (
          <Choice
            name="truck"
            label={words.field.truck}
            value={truck?.id ?? ''}
            choose={setChosen}
            options={trucks.map(({ id, plate }) => [id, plate ?? id] as const)}
          />
        )}
        {truck === undefined && !store.loaded.value && <div class="skeleton tall" aria-busy="true" />}
        {truck === undefined && store.loaded.value && <p class="driver-card">{words.driver.noTruck}</p>}
        {truck !== undefined && <TruckCard truck={truck} />}
        {truck !== undefined && <NextSwap key={truck.id} truck={truck} />}
        <DriverBills />
      </main>
    </div>
  );
}

/** The values stay while the line is down; how old they are is said in words. */
function LostLine(): VNode | null {
  const { connection, lastMessageAtMs, second } = useApp();
  const words = useWords();
  const lastAtMs = lastMessageAtMs.value;
  if (connection.value === 'live' || connection.value === 'connecting' || lastAtMs === null || second.value < 0) return null;
  return (
    <p class="driver-lost" role="status">
      {words.driver.lost(ageText(Date.now() - lastAtMs, words))}
    </p>
  );
}

function TruckCard({ truck }: { truck: TruckView }): VNode {
  const { language } = useApp();
  const words = useWords();
  return (
    <section class="driver-card" data-driver-part="truck">
      <div class="driver-line">
        <b class="driver-plate">{truck.plate ?? truck.id}</b>
        <Chip condition={truckCondition(truck)}>{language.codeWord(truck.vehicleState ?? truck.state)}</Chip>
      </div>
      <div class="driver-line">
        <span>{words.driver.charge}</span>
        <b class="driver-figure">
          <Figure of={percent(truck.socPercent)} />
        </b>
      </div>
      <SocBar socPercent={truck.socPercent} wide />
      <div class="driver-line">
        <span>{words.field.speed}</span>
        <Figure of={quantity(truck.speedKmh, 'km/h')} />
      </div>
    </section>
  );
}
