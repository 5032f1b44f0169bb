import type { VNode } from 'preact';
import { useWords } from './app-context.ts';
import type { Fetched } from './fetched.ts';

/** Stands where something fetched will be: a grey shape while it is on its way; where it failed, that it did, and the way to ask again. */
export function NotFetched(props: {
  state: Fetched<unknown>['state'];
  retry: () => void;
  /** Of what is more than a few lines. */
  tall?: boolean;
  /** Look of the way to ask again: a driver's is a button that a glove hits. */
  look?: 'link' | 'button';
}): VNode {
  const words = useWords();
  if (props.state !== 'failed') return <div class={props.tall === true ? 'skeleton tall' : 'skeleton'} aria-busy="true" />;
  return (
    <p class="nothing">
      {words.notAvailable}{' '}
      <button type="button" class={props.look ?? 'link'} data-action="retry" onClick={props.retry}>
        {words.retry}
      </button>
    </p>
  );
}
