import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { holdOrder } from './rail-lists.ts';

/** Keeps a list in its order while somebody points at it. @param key another list begins anew */
export function useHeldOrder(key: string) {
  const hovered = useSignal(false);
  const shown = useRef<{ key: string; ids: string[] }>({ key, ids: [] });
  return {
    hold<Item extends { id: string }>(fresh: readonly Item[]): readonly Item[] {
      const keep = hovered.value && shown.current.key === key;
      const items = keep ? holdOrder(fresh, shown.current.ids) : fresh;
      shown.current = { key, ids: items.map((item) => item.id) };
      return items;
    },
    pointer: {
      onPointerEnter: () => {
        hovered.value = true;
      },
      onPointerLeave: () => {
        hovered.value = false;
      },
    },
  };
}
