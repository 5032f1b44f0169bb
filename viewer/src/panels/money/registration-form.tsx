import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PartyRegistration, RegisteredKind } from '../../feed/registration-api.ts';
import { entryOf, FORM_FIELDS, type FormField, partyApplicationOf } from '../../store/party-application.ts';
import { useApp, useWords } from '../app-context.ts';
import { useAct } from '../use-act.ts';
import { Choice } from './list-tools.tsx';

/** An application: each field by itself, in the units that people use; what cannot be right is said at its field. */
export function RegistrationForm(props: {
  kind: RegisteredKind;
  /** The application that this one follows; null: a first one. */
  from: PartyRegistration | null;
  cancel: () => void;
  sent: () => void;
}): VNode {
  const { registrationApi, session, names } = useApp();
  const words = useWords();
  const { kind, from } = props;
  const own = session.person?.principalId ?? null;
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const [entry, setEntry] = useState<Record<string, string>>(() => (from === null ? {} : entryOf(kind, from.definition)));
  const [ownerId, setOwner] = useState(from?.principalId ?? (isPlatform ? (names.ids()[0] ?? '') : (own ?? '')));
  const [flaws, setFlaws] = useState<readonly string[]>([]);
  const act = useAct();
  const send = async (form: HTMLFormElement): Promise<void> => {
    const made = partyApplicationOf(kind, ownerId, entry);
    const found = 'flaws' in made ? made.flaws : [];
    setFlaws(found);
    if ('flaws' in made) {
      form.querySelector<HTMLInputElement>(`[name="${found[0] ?? ''}"]`)?.focus();
      return act.object(words.registration.formFlaws);
    }
    if (await act.run(() => registrationApi.apply(made))) props.sent();
  };
  return (
    <form
      class="act-form wide"
      noValidate
      data-form={`registration-${kind}`}
      onSubmit={(event) => {
        event.preventDefault();
        void send(event.currentTarget);
      }}
    >
      <h3>{words.registration.applyFor[kind]}</h3>
      <div class="form-grid">
        {isPlatform && kind !== 'PRINCIPAL' && from === null && <OwnerChoice ownerId={ownerId} choose={setOwner} />}
        {FORM_FIELDS[kind].map((field) => (
          <FieldEntry
            key={field.path}
            field={field}
            text={entry[field.path] ?? ''}
            isWrong={flaws.includes(field.path)}
            isFixed={from !== null && field.path === 'id'}
            type={(text) => setEntry({ ...entry, [field.path]: text })}
          />
        ))}
      </div>
      <div class="act-buttons">
        <button type="submit" class="button primary" data-action="apply" disabled={act.sending}>
          {words.registration.apply}
        </button>
        <button type="button" class="button" onClick={props.cancel}>
          {words.money.cancel}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </form>
  );
}

/** For whom the platform applies. */
function OwnerChoice({ ownerId, choose }: { ownerId: string; choose: (ownerId: string) => void }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <Choice
      name="owner"
      label={words.money.party}
      value={ownerId}
      choose={choose}
      options={names.ids().map((id) => [id, names.nameOf(id, language.chinese)] as const)}
    />
  );
}

function FieldEntry(props: { field: FormField; text: string; isWrong: boolean; isFixed: boolean; type: (text: string) => void }): VNode {
  const words = useWords();
  const { path, look, isOptional } = props.field;
  const name = path.replace('identity.', '');
  const unit = look.kind === 'number' ? look.unit : undefined;
  const label = [words.registration.field[name] ?? name, unit, isOptional === true ? words.registration.optional : undefined];
  const text = label.filter((part) => part !== undefined).join(' · ');
  if (look.kind === 'choice')
    return (
      <Choice
        name={path}
        label={text}
        value={props.text === '' ? (look.of[0] ?? '') : props.text}
        choose={props.type}
        options={look.of.map((one) => [one, words.registration.choice[one] ?? one] as const)}
      />
    );
  return (
    <label class="entry">
      <span>{text}</span>
      <input
        name={path}
        {...(look.kind === 'day' ? { type: 'date' } : { inputMode: look.kind === 'number' ? 'decimal' : 'text' })}
        autocomplete="off"
        maxLength={255}
        disabled={props.isFixed}
        aria-invalid={props.isWrong}
        value={props.text}
        onInput={(event) => props.type(event.currentTarget.value)}
      />
    </label>
  );
}
