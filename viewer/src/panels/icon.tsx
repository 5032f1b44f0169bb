import type { IconNode } from 'lucide';
import { h, type VNode } from 'preact';

/** One of lucide's icons, 16 px, in the colour of the text. Decorative: the control around it has the name. */
export function Icon({ node, size = 16 }: { node: IconNode; size?: number | undefined }): VNode {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {node.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
