import type { VNode } from 'preact';
import { encodeQR } from 'qr';
import { bayLink } from '../store/bay-code.ts';
import { useWords } from './app-context.ts';

const BORDER = 2;

/** The QR code that hangs at a bay, for a driver's phone; dark on light in both themes, because cameras expect that. */
export function BayCodeSheet({ bayId }: { bayId: string }): VNode {
  const words = useWords();
  const rows = encodeQR(bayLink(location.origin, bayId), 'raw', { ecc: 'medium', border: BORDER });
  const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <details class="bay-code" data-bay-code={bayId}>
      <summary>{words.driver.bayCode}</summary>
      <svg
        viewBox={`0 0 ${rows.length} ${rows.length}`}
        role="img"
        aria-label={`${words.driver.bayCode}: ${bayId}`}
        shape-rendering="crispEdges"
      >
        <path fill="#ffffff" d={`M0 0h${rows.length}v${rows.length}h-${rows.length}z`} />
        <path fill="#000000" d={dark.join('')} />
      </svg>
      <b>{bayId}</b>
      <small>{words.driver.bayCodeHint}</small>
    </details>
  );
}
