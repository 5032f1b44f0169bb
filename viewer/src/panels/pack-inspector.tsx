import type { PackView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { energyExact, percent, power, quantity } from '../format/quantity.ts';
import { isLive, useApp, useLiveTitle, useWords } from './app-context.ts';
import { CustodyCorrection } from './custody-correction.tsx';
import { Field, Figure, SocBar, Time } from './figures.tsx';
import { InspectorHead, Missing } from './inspector-head.tsx';
import { Link } from './link.tsx';
import { MachinePanel } from './machine-panel.tsx';
import { OperatorActs } from './operator-acts.tsx';
import { KIND_OF_PLACE, PackStays } from './pack-stays.tsx';
import { QualityFlags } from './quality-flags.tsx';
import { Section } from './section.tsx';
import { TrackSwitch } from './track-switch.tsx';

export function PackInspector({ id }: { id: string }): VNode {
  const app = useApp();
  const { store, language, names, session } = app;
  const words = useWords();
  const liveTitle = useLiveTitle();
  const pack = store.version.packs.value < 0 ? undefined : store.records.packs.get(id);
  if (pack === undefined) return <Missing id={id} />;
  const kind = KIND_OF_PLACE[pack.location.kind];
  const roles = session.person?.roles ?? [];
  const isPlatform = roles.includes('PLATFORM_OPERATOR');
  // An operator sees only the packs at his stations.
  const operates = isLive(app) && (isPlatform || roles.includes('STATION_OPERATOR'));
  return (
    <>
      <InspectorHead
        title={pack.id}
        subtitle={
          <>
            {pack.typeCode}
            {pack.ownerId !== null && <> · {names.nameOf(pack.ownerId, language.chinese)}</>}
          </>
        }
        condition={(pack.powerW ?? 0) > 500 ? 'active' : 'normal'}
        state={language.codeWord(pack.state)}
      />
      <div class="card">
        <SocBar socPercent={pack.socPercent} wide />
        <div class="card-line">
          <span>
            {words.location[pack.location.kind]} {kind === null ? pack.location.id : <Link kind={kind} id={pack.location.id} />}
          </span>
          <Figure of={energyExact(pack.energyWh)} />
        </div>
      </div>
      <Section title={liveTitle} name="live">
        <PackFields pack={pack} />
        <QualityFlags flags={pack.q} />
      </Section>
      <TrackSwitch kind="pack">
        <PackStays key={id} packId={id} />
      </TrackSwitch>
      {operates && <OperatorActs kind="packs" id={id} acts={pack.state === 'quarantined' ? ['clear'] : []} />}
      {operates && <CustodyCorrection key={id} pack={pack} isPlatform={isPlatform} />}
      <MachinePanel machine="pack" actorId={id} state={pack.state} />
    </>
  );
}

function PackFields({ pack }: { pack: PackView }): VNode {
  const words = useWords();
  return (
    <dl class="fields">
      <Field label={words.field.soh}>
        <Figure of={percent(pack.sohPercent, 1)} />
      </Field>
      <Field label={words.field.cycles}>
        <Figure of={quantity(pack.cycles, '', 1)} />
      </Field>
      <Field label={words.field.power}>
        <Figure of={power(pack.powerW)} />
      </Field>
      <Field label={words.field.temperature}>
        <Figure of={quantity(pack.tempMaxC, '°C', 1)} />
      </Field>
      <Field label={words.field.voltage}>
        <Figure of={quantity(pack.voltageV, 'V', 1)} />
      </Field>
      <Field label={words.field.current}>
        <Figure of={quantity(pack.currentA, 'A', 1)} />
      </Field>
      <Field label={words.field.updatedAt}>
        <Time at={pack.updatedAt} />
      </Field>
    </dl>
  );
}
