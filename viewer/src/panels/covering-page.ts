import type { App } from './app-context.ts';

/** Pages that stand over the scene, of now all of them. */
type Covering = Pick<App, 'moneyTab' | 'operationsTab' | 'dataTab'>;

export const isCovered = ({ moneyTab, operationsTab, dataTab }: Covering): boolean =>
  moneyTab.value !== null || operationsTab.value !== null || dataTab.value !== null;

export const peekCovered = ({ moneyTab, operationsTab, dataTab }: Covering): boolean =>
  moneyTab.peek() !== null || operationsTab.peek() !== null || dataTab.peek() !== null;

/** Back to the scene. */
export function uncover({ moneyTab, operationsTab, dataTab }: Covering): void {
  moneyTab.value = null;
  operationsTab.value = null;
  dataTab.value = null;
}
