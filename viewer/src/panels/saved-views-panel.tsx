import { useSignal } from '@preact/signals';
import { Bookmark, Link as LinkIcon, Trash2 } from 'lucide';
import type { VNode } from 'preact';
import { goToAddress, viewAddressOf } from '../join-address.ts';
import { NAME_LENGTH_MAX, type SavedView, VIEWS_MAX } from '../store/saved-views.ts';
import { useApp, useWords } from './app-context.ts';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';

/** Views with names: kept in this browser, and given to others as links. */
export function SavedViewsPanel(): VNode {
  const app = useApp();
  const words = useWords();
  const name = useSignal('');
  const said = useSignal('');
  const views = app.look.views.all.value;
  const keep = (event: Event): void => {
    event.preventDefault();
    if (name.value.trim() === '') said.value = words.layers.nameMissing;
    else if (app.look.views.save(name.value, viewAddressOf(app))) {
      name.value = '';
      said.value = '';
    } else said.value = words.layers.tooMany;
  };
  const copy = async (address: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.origin + location.pathname + address);
      said.value = words.layers.copied;
    } catch {
      // Only pages of https may, and only where the person allows it.
      said.value = words.layers.notCopied;
    }
  };
  return (
    <section class="kept-views" aria-labelledby="kept-views">
      <h3 id="kept-views">{words.layers.views}</h3>
      <p class="fine">{words.layers.viewsAbout}</p>
      <form onSubmit={keep}>
        <input
          type="text"
          name="view-name"
          maxLength={NAME_LENGTH_MAX}
          placeholder={words.layers.viewName}
          aria-label={words.layers.viewName}
          value={name.value}
          onInput={({ currentTarget }) => (name.value = currentTarget.value)}
        />
        <button type="submit" class="button" data-action="keep-view" disabled={app.view.value === null || views.length > VIEWS_MAX}>
          <Icon node={Bookmark} size={14} />
          {words.layers.save}
        </button>
        <IconButton action="copy-link" icon={LinkIcon} name={words.layers.copyLink} onClick={() => void copy(viewAddressOf(app))} />
      </form>
      <p class="fine" role="status">
        {said.value}
      </p>
      {views.length === 0 ? (
        <p class="nothing">{words.layers.noViews}</p>
      ) : (
        <ul>
          {views.map((view) => (
            <ViewRow key={view.name} view={view} onCopy={(address) => void copy(address)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function ViewRow({ view, onCopy }: { view: SavedView; onCopy: (address: string) => void }): VNode {
  const app = useApp();
  const words = useWords();
  return (
    <li data-view={view.name}>
      <button type="button" class="view-name" title={words.layers.openView(view.name)} onClick={() => goToAddress(app, view.address)}>
        {view.name}
      </button>
      <IconButton
        action="copy-view"
        icon={LinkIcon}
        size={14}
        name={words.layers.copyView(view.name)}
        class="small"
        onClick={() => onCopy(view.address)}
      />
      <IconButton
        action="remove-view"
        icon={Trash2}
        size={14}
        name={words.layers.removeView(view.name)}
        class="small"
        onClick={() => app.look.views.remove(view.name)}
      />
    </li>
  );
}
