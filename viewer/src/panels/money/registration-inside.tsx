import { Check, Eye, LogOut, Pause, Play, RotateCcw, X } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PartyRegistration, RegistrationVerb } from '../../feed/registration-api.ts';
import { dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { Field } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { Person } from '../person.tsx';
import { useAct } from '../use-act.ts';
import { RegistrationForm } from './registration-form.tsx';

interface Offered {
  verb: RegistrationVerb;
  icon: typeof Check;
  /** It has to be said why. */
  reason?: boolean;
  /** Cannot be taken back, or not at once: asked a second time. */
  asks?: boolean;
}
const LEAVE: Offered = { verb: 'deregister', icon: LogOut, asks: true };
const REJECT: Offered = { verb: 'reject', icon: X, reason: true };
/** What the platform does in each state; a party only leaves. */
const PLATFORM_ACTS: Readonly<Record<string, readonly Offered[]>> = {
  APPLIED: [{ verb: 'certify', icon: Check }, REJECT],
  CERTIFIED: [{ verb: 'activate', icon: Play }, REJECT],
  ACTIVE: [{ verb: 'suspend', icon: Pause, reason: true }, LEAVE],
  SUSPENDED: [{ verb: 'resume', icon: Play }, LEAVE],
  REJECTED: [],
  DEREGISTERED: [],
};
const MAY_APPLY_AGAIN = ['REJECTED', 'DEREGISTERED'];

/** What was applied for, who it is, and what can be done with it now. */
export function RegistrationInside({ registration, changed }: { registration: PartyRegistration; changed: () => void }): VNode {
  const { session } = useApp();
  const words = useWords();
  const [isAgain, setAgain] = useState(false);
  const { kind, state, definition, appliedBy, appliedAt, principalId } = registration;
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const mayLeave = state !== 'DEREGISTERED' && principalId === session.person?.principalId;
  const acts = isPlatform ? (PLATFORM_ACTS[state] ?? []) : mayLeave ? [LEAVE] : [];
  const mayApply = MAY_APPLY_AGAIN.includes(state) && (isPlatform || kind !== 'PRINCIPAL');
  return (
    <>
      <dl class="fields terms">
        {Object.entries(definition).map(([field, value]) => (
          <Field key={field} label={words.registration.field[field] ?? field}>
            {shown(value)}
          </Field>
        ))}
        <Field label={words.registration.appliedBy}>
          <Person id={appliedBy} /> · {dayAndTime(appliedAt)}
        </Field>
      </dl>
      <Identity registration={registration} />
      <p class="prose">{words.registration.stateNote[state]}</p>
      {acts.length > 0 && <Acts key={state} registration={registration} acts={acts} changed={changed} />}
      {mayApply && !isAgain && (
        <div class="act-buttons">
          <button type="button" class="button" data-action="apply-again" onClick={() => setAgain(true)}>
            <Icon node={RotateCcw} size={14} />
            {words.registration.again}
          </button>
        </div>
      )}
      {mayApply && isAgain && (
        <RegistrationForm
          kind={kind}
          from={registration}
          cancel={() => setAgain(false)}
          sent={() => {
            setAgain(false);
            changed();
          }}
        />
      )}
    </>
  );
}

/** Text and figures as they are; what is nested as its values. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value === 'object' && value !== null) return Object.values(value).map(shown).join(' ');
  return String(value);
}

/** Masked, until somebody asks; that he did is written down. */
function Identity({ registration }: { registration: PartyRegistration }): VNode | null {
  const { registrationApi } = useApp();
  const words = useWords();
  const [open, setOpen] = useState<Record<string, string> | null>(null);
  const act = useAct();
  const { kind, id, identity } = registration;
  if (identity === null) return null;
  return (
    <>
      <dl class="fields terms" data-identity={open === null ? 'masked' : 'open'}>
        {Object.entries(open ?? identity).map(([field, value]) => (
          <Field key={field} label={words.registration.field[field] ?? field}>
            {value}
          </Field>
        ))}
      </dl>
      {open === null && (
        <div class="act-buttons">
          <button
            type="button"
            class="button"
            data-action="read-identity"
            disabled={act.sending}
            title={words.registration.readNote}
            onClick={() => void act.run(async () => setOpen(await registrationApi.identity(kind, id)))}
          >
            <Icon node={Eye} size={14} />
            {words.registration.read}
          </button>
          <small class="nothing">{words.registration.readNote}</small>
        </div>
      )}
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </>
  );
}

function Acts(props: { registration: PartyRegistration; acts: readonly Offered[]; changed: () => void }): VNode {
  const { registrationApi } = useApp();
  const words = useWords();
  const [asked, setAsked] = useState<RegistrationVerb | null>(null);
  const [reason, setReason] = useState('');
  const act = useAct();
  const { kind, id } = props.registration;
  const run = async ({ verb, reason: needsReason, asks }: Offered): Promise<void> => {
    if (needsReason === true && reason.trim() === '') return act.object(words.registration.reasonMissing);
    if (asks === true && asked !== verb) return setAsked(verb);
    // Nothing more is said of a truck than what the books know of its last pack.
    const body = needsReason === true ? { reason: reason.trim() } : verb === 'deregister' ? {} : undefined;
    if (await act.run(() => registrationApi.act(kind, id, verb, body))) props.changed();
  };
  return (
    <div class="act-form">
      {props.acts.some((one) => one.reason === true) && (
        <label class="entry">
          <span>{words.registration.reasonFor}</span>
          <input name="registration-reason" maxLength={200} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        </label>
      )}
      <div class="act-buttons">
        {props.acts.map((one, index) => (
          <button
            key={one.verb}
            type="button"
            class={index === 0 && one.asks !== true ? 'button primary' : 'button'}
            data-action={one.verb}
            disabled={act.sending}
            onClick={() => void run(one)}
          >
            <Icon node={one.icon} size={14} />
            {asked === one.verb ? words.registration.leaveNow : words.registration.verb[one.verb]}
          </button>
        ))}
      </div>
      {asked === 'deregister' && <p role="status">{words.registration.leaveNote}</p>}
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </div>
  );
}
