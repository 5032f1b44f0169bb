import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { day } from '../../format/time.ts';
import { applicationOf, EMPTY_ENTRY, flawsOf, OWN_FIELDS, type OwnEntry } from '../../store/own-application.ts';
import { useApp, useWords } from '../app-context.ts';
import { useSteadyAct } from './use-steady-act.ts';

type Field = keyof OwnEntry;
/** Which keyboard a phone shows, and what it may fill in by itself. */
const ENTRY_LOOK: Readonly<Record<Field, Record<string, string | number>>> = {
  realName: { autocomplete: 'name', maxLength: 64 },
  idNumber: { autocomplete: 'off', maxLength: 24, autocapitalize: 'characters' },
  phone: { type: 'tel', autocomplete: 'tel', maxLength: 20 },
  licenceNo: { inputMode: 'numeric', autocomplete: 'off', maxLength: 20 },
  certifiedUntil: { type: 'date' },
  plates: { autocomplete: 'off', maxLength: 200, autocapitalize: 'characters' },
};

/** The driver's papers as he types them; what cannot be right is said at its field, and nothing is sent before it is. */
export function OwnRegistrationForm({ isFirst, sent }: { isFirst: boolean; sent: () => void }): VNode {
  const { driverApi } = useApp();
  const words = useWords();
  const [entry, setEntry] = useState(EMPTY_ENTRY);
  const [flaws, setFlaws] = useState<readonly Field[]>([]);
  const act = useSteadyAct();
  const send = async (form: HTMLFormElement): Promise<void> => {
    const found = flawsOf(entry, day(Date.now()));
    setFlaws(found);
    const [first] = found;
    if (first !== undefined) {
      form.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
      return;
    }
    // Refused, too, it is looked at what is on file: after a lost answer it may stand there already.
    if ((await act.run(() => driverApi.register(applicationOf(entry)))) !== null) sent();
  };
  const type = (field: Field, text: string): void => {
    setEntry({ ...entry, [field]: text });
    setFlaws(flaws.filter((each) => each !== field));
  };
  return (
    <form
      class="driver-card"
      noValidate
      data-form="own-registration"
      onSubmit={(event) => {
        event.preventDefault();
        void send(event.currentTarget);
      }}
    >
      {OWN_FIELDS.map((field) => (
        <Entry key={field} field={field} text={entry[field]} isWrong={flaws.includes(field)} type={(text) => type(field, text)} />
      ))}
      <p class="driver-note">{words.registration.driver.sealed}</p>
      <button type="submit" class="button primary" data-action="register" disabled={act.state !== 'idle'}>
        {isFirst ? words.registration.driver.send : words.registration.driver.sendAgain}
      </button>
      {act.state === 'retrying' && <p role="status">{words.driver.retrying}</p>}
      <p class="alarm-text" role="alert">
        {act.refusal !== null && (words.registration.refusal[act.refusal] ?? words.driver.refused[act.refusal]?.why ?? act.refusal)}
      </p>
    </form>
  );
}

function Entry(props: { field: Field; text: string; isWrong: boolean; type: (text: string) => void }): VNode {
  const words = useWords();
  const { field, isWrong } = props;
  const hintId = `hint-${field}`;
  return (
    <label class="entry">
      <span>{words.registration.field[field]}</span>
      <input
        {...ENTRY_LOOK[field]}
        name={field}
        value={props.text}
        aria-invalid={isWrong}
        aria-describedby={hintId}
        onInput={(event) => props.type(event.currentTarget.value)}
      />
      <small id={hintId} class={isWrong ? 'alarm-text' : undefined}>
        {isWrong ? words.registration.flaw[field] : words.registration.hint[field]}
      </small>
    </label>
  );
}
