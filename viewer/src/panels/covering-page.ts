import type { App } from './app-context.ts';

/** Pages that stand over the scene, of now all of them. */
type Covering = Pick<App, 'moneyTab' | 'operationsTab'>;

export const isCovered = ({ moneyTab, operationsTab }: Covering): boolean => moneyTab.value !== null || operationsTab.value !== null;

export const peekCovered = ({ moneyTab, operationsTab }: Covering): boolean => moneyTab.peek() !== null || operationsTab.peek() !== null;

/** Back to the scene. */
export function uncover({ moneyTab, operationsTab }: Covering): void {
  moneyTab.value = null;
  operationsTab.value = null;
}
