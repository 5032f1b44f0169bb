import type { VNode } from 'preact';
import { alarmCondition, isOpen } from '../store/condition.ts';
import { SELECTABLE } from '../store/selection.ts';
import { useApp, useWords } from './app-context.ts';
import { Field, Time } from './figures.tsx';
import { InspectorHead, Missing } from './inspector-head.tsx';
import { Link } from './link.tsx';

export function AlarmInspector({ id }: { id: string }): VNode {
  const { store, language } = useApp();
  const words = useWords();
  const alarm = store.version.alarms.value < 0 ? undefined : store.records.alarms.get(id);
  if (alarm === undefined) return <Missing id={id} />;
  const kind = SELECTABLE.find((known) => known === alarm.scope);
  return (
    <>
      <InspectorHead
        title={language.codeWord(alarm.code)}
        subtitle={alarm.code}
        condition={alarmCondition(alarm)}
        state={isOpen(alarm) ? `${words.field.level} ${alarm.level}` : words.field.cleared}
      />
      <dl class="fields padded">
        <Field label={words.field.scope} wide>
          {kind === undefined ? alarm.scopeId : <Link kind={kind} id={alarm.scopeId} />}
        </Field>
        <Field label={words.field.raised}>
          <Time at={alarm.raisedAt} />
        </Field>
        <Field label={words.field.cleared}>
          <Time at={alarm.clearedAt} />
        </Field>
      </dl>
      <p class="prose">{alarm.detail}</p>
    </>
  );
}
