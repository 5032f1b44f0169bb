import { ChevronDown } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

/** A part of a panel that folds; `extra` stands at the right of its title. */
export function Section(props: {
  title: string;
  children: ComponentChildren;
  extra?: ComponentChildren;
  folded?: boolean;
  name?: string;
}): VNode {
  const [open, setOpen] = useState(props.folded !== true);
  return (
    <section class="section" data-section={props.name}>
      <h3>
        <button type="button" class="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon node={ChevronDown} size={14} />
          {props.title}
        </button>
        {props.extra !== undefined && <span class="section-extra">{props.extra}</span>}
      </h3>
      {open && <div class="section-body">{props.children}</div>}
    </section>
  );
}
