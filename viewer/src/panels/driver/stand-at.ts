import { batch } from '@preact/signals';
import type { BayCode } from '../../store/bay-code.ts';
import type { App } from '../app-context.ts';

/**
 * At which bay the driver says that he stands; null: at none.
 * One that he came with as an address is let go of with it, lest it be taken for something that he inspects.
 */
export function standAt({ scannedBay, selection }: App, bay: BayCode | null): void {
  batch(() => {
    if (selection.current.peek()?.kind === 'bay') selection.select(null);
    scannedBay.value = bay;
  });
}
