import type { VNode } from 'preact';
import { useApp } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { AbnormalInside } from '../money/abnormal-orders.tsx';
import { NotFetched } from '../not-fetched.tsx';

/** Cause, evidence and repair of the order that an alarm is about; only the platform ends one. */
export function AbnormalOrderOf({ orderId }: { orderId: string }): VNode | null {
  const { api, session } = useApp();
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const { value, state, retry } = useFetched(isPlatform ? orderId : null, () => api.order(orderId));
  if (!isPlatform) return null;
  if (value === null) return <NotFetched state={state} retry={retry} />;
  return value.state === 'ABNORMAL' ? <AbnormalInside order={value} changed={retry} /> : null;
}
