import type { IconNode } from 'lucide';
import type { ButtonHTMLAttributes, VNode } from 'preact';
import { Icon } from './icon.tsx';

interface IconButtonProps extends Omit<ButtonHTMLAttributes, 'icon' | 'name' | 'title' | 'type' | 'aria-label'> {
  /** What is read out. */
  name: string;
  /** What stands on hover, where that is more than the name: a key, what it leads to. */
  hint?: string;
  /** Null: the children stand for it. */
  icon: IconNode | null;
  /** px */
  size?: number;
  /** By which tests and styles find it. */
  action?: string;
  /** Is shown as pressed. */
  isOn?: boolean;
  /** Beside the shape of all. */
  class?: string;
}

/** A button of one icon, or of an icon with a word. */
export function IconButton({ name, hint, icon, size, action, isOn, class: more, children, ...rest }: IconButtonProps): VNode {
  const classes = ['icon-button', more, isOn === true ? 'on' : undefined].filter((each) => each !== undefined);
  return (
    <button {...rest} type="button" class={classes.join(' ')} data-action={action} title={hint ?? name} aria-label={name}>
      {icon !== null && <Icon node={icon} size={size} />}
      {children}
    </button>
  );
}
