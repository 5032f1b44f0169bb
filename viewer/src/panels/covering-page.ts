import type { App } from './app-context.ts';

/** Pages that stand over the scene, of now all of them. */
type Covering = Pick<App, 'moneyTab' | 'operationsTab' | 'dataTab'>;

export const isCovered = ({ moneyTab, operationsTab, dataTab }: Covering): boolean =>
  moneyTab.value !== null || operationsTab.value !== null || dataTab.value !== null;

export const peekCovered = ({ moneyTab, operationsTab, dataTab }: Covering): boolean =>
  moneyTab.peek() !== null || operationsTab.peek() !== null || dataTab.peek() !== null;

/** Back to the scene. */
export function uncover({ moneyTab, operationsTab, dataTab, pageQuery }: Covering & Pick<App, 'pageQuery'>): void {
  moneyTab.value = null;
  operationsTab.value = null;
  dataTab.value = null;
  // After the page: what it showed belongs to its entry of the history.
  pageQuery.value = '';
}
