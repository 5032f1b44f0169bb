import type { IconNode } from 'lucide';
import type { VNode } from 'preact';
import { Icon } from '../icon.tsx';

/** A button of the time bar: its name, with its key, is read out and stands on hover. */
export function TimeButton(props: {
  action: string;
  name: string;
  icon: IconNode;
  onClick: () => void;
  isOn?: boolean;
  disabled?: boolean;
}): VNode {
  return (
    <button
      type="button"
      class={props.isOn === true ? 'icon-button on' : 'icon-button'}
      data-action={props.action}
      title={props.name}
      aria-label={props.name}
      disabled={props.disabled === true}
      onClick={props.onClick}
    >
      <Icon node={props.icon} />
    </button>
  );
}
