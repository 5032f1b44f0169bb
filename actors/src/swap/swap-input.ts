/**
 * What a swap is made with: by the network on the first event of the gateway, or, for a remote initiation, by the order
 * once it is HELD, as `create` of `swap:<swapIdOf(stationId, requestId)>` with `swap.authorised` as the first event.
 * An order that is refused or cancelled after that tells it `swap.refused`, so that packs swapped nevertheless become an
 * abnormal order of their own.
 */
export interface SwapInput {
  stationId: string;
  requestId: number;
  bayId: string | null;
  truckId: string | null;
  orderId: string | null;
  initiation: 'LOCAL' | 'REMOTE';
  atMs: number;
}
