import type { VNode } from 'preact';
import { useApp } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { AbnormalInside } from '../money/abnormal-orders.tsx';
import { NotFetched } from '../not-fetched.tsx';

/** Cause, evidence and repair of the order that an alarm is about; only the platform ends one, and nobody in the past. */
export function AbnormalOrderOf({ orderId }: { orderId: string }): VNode | null {
  const { api, session, past } = useApp();
  const mayEnd = past.value === null && session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const { value, state, retry } = useFetched(mayEnd ? orderId : null, () => api.order(orderId));
  if (!mayEnd) return null;
  if (value === null) return <NotFetched state={state} retry={retry} />;
  return value.state === 'ABNORMAL' ? <AbnormalInside order={value} changed={retry} /> : null;
}
