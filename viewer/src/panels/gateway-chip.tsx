import type { StationView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useApp, useWords } from './app-context.ts';
import { Link } from './link.tsx';
import { mayOpen } from './may-open.ts';

/** Whether the gateway of a station or a truck is heard, and the way to its chart. @param id of the station or truck */
export function GatewayChip({
  id,
  ownerId,
  connectivity,
}: {
  id: string;
  ownerId: string | null;
  connectivity: StationView['connectivity'];
}): VNode {
  const { session } = useApp();
  const words = useWords();
  const word = words.connectivity[connectivity];
  return (
    <span class="chip plain">
      {mayOpen(session.person, ownerId) ? (
        <Link kind="actor" id={`gateway:${id}`}>
          {word}
        </Link>
      ) : (
        word
      )}
    </span>
  );
}
