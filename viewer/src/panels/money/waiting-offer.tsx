import { Check, X } from 'lucide';
import type { VNode } from 'preact';
import type { Waiting } from '../../feed/approval-feed.ts';
import { useApp, useWords } from '../app-context.ts';
import { Field } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { Link } from '../link.tsx';
import { useAct } from '../use-act.ts';

const LINK_KIND = { STATION: 'station', PACK: 'pack', TRUCK: 'truck' } as const;

/** A pack, truck or station that another owner offers: taken, it changes hands at that instant. */
export function WaitingOffer({ waiting, changed }: { waiting: Waiting; changed: () => void }): VNode | null {
  const { agreementApi, names, language } = useApp();
  const words = useWords();
  const act = useAct();
  const { id, subjectId, offered } = waiting;
  if (offered === null) return null;
  const end = (verb: 'accept' | 'withdraw'): void => void act.run(() => agreementApi.endOffer(id, verb)).then((done) => done && changed());
  return (
    <>
      <dl class="fields terms">
        <Field label={words.approval.offered[offered.kind]}>
          <Link kind={LINK_KIND[offered.kind]} id={subjectId} />
        </Field>
        <Field label={words.approval.owner}>{names.nameOf(offered.fromPrincipalId, language.chinese)}</Field>
      </dl>
      <p class="prose">{words.approval.offerNote}</p>
      <div class="act-buttons">
        <button type="button" class="button primary" data-action="accept-offer" disabled={act.sending} onClick={() => end('accept')}>
          <Icon node={Check} size={14} />
          {words.approval.accept}
        </button>
        <button type="button" class="button" data-action="decline-offer" disabled={act.sending} onClick={() => end('withdraw')}>
          <Icon node={X} size={14} />
          {words.approval.decline}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </>
  );
}
