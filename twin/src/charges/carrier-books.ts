import type { AccountContext } from '@corridor/actors/account/account.rules';
import type { Books } from '@corridor/actors/account/hold.rules';
import { refOf } from '@corridor/actors/network/entity-ref';
import type { Network } from '@corridor/actors/network/network';

/** Books of a carrier's account as its actor has them now; null: there is no such account. */
export function carrierBooksOf(network: Network, carrierId: string): Books | null {
  // Accounts have this context.
  const context = network.view(refOf('account', carrierId))?.context as AccountContext | undefined;
  return context?.books ?? null;
}
