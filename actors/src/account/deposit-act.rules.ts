import type { EntityRef } from '../network/entity-ref.ts';
import { refOf } from '../network/entity-ref.ts';
import type { Tell } from '../network/message.ts';
import { tell } from '../network/outgoing.ts';
import type { Reference } from '../network/reference.ts';
import type { PackContext } from '../pack/pack.rules.ts';
import { packEnergyWh } from '../rating/pack-energy.ts';
import { localDateOf } from '../tariff/local-time.ts';
import type { TruckContext } from '../truck/truck.rules.ts';
import type { AccountContext } from './account.rules.ts';
import { type DepositResult, decideDeposit, decideDepositReturn, depositsOf, depositTermsOf } from './deposit.rules.ts';
import type { Books } from './hold.rules.ts';

/** What the rules may ask of the network, between two steps. */
export interface DepositView {
  readonly reference: Pick<Reference, 'platformId' | 'truck' | 'pack' | 'packType' | 'contractOf'>;
  view(ref: EntityRef): { value: unknown; context: unknown } | undefined;
}

export const DEPOSIT_REFUSALS = [
  /** There is nothing on board to deposit for, or something that is given back first. */
  'NO_PACK_ON_BOARD',
  'PACK_ON_BOARD',
  'ORDER_OPEN',
  'AMOUNT_NOT_POSITIVE',
  'NO_CREDIT',
  'DEPOSIT_EXISTS',
  'DEPOSIT_UNKNOWN',
  /** Nobody knows what the last pack held: the platform says it. */
  'ENERGY_MISSING',
] as const;
export type DepositRefusal = (typeof DEPOSIT_REFUSALS)[number];

/** What becomes of it: a message to the account of the carrier, a refusal, or nothing, because no deposit is due. */
export type DepositAct =
  | { readonly ok: true; readonly tells: readonly Tell[] }
  | { readonly ok: false; readonly refused: { readonly code: DepositRefusal; readonly detail: string } };

const NOTHING: DepositAct = { ok: true, tells: [] };
const refuse = (code: DepositRefusal, detail: string): DepositAct => ({ ok: false, refused: { code, detail } });

/** Actors of a kind have the context of that kind. */
const truckAt = (network: DepositView, id: string) => network.view(refOf('truck', id))?.context as TruckContext | undefined;
const packAt = (network: DepositView, id: string) => network.view(refOf('pack', id))?.context as PackContext | undefined;
const booksAt = (network: DepositView, id: string) => (network.view(refOf('account', id))?.context as AccountContext | undefined)?.books;

const CODE_OF_REFUSED: Readonly<Record<Exclude<DepositResult, 'taken' | 'exists'>, DepositRefusal>> = {
  exists_with_different_amount: 'DEPOSIT_EXISTS',
  amount_is_not_positive: 'AMOUNT_NOT_POSITIVE',
  exceeds_credits: 'NO_CREDIT',
};

interface Content {
  readonly typeCode: string;
  readonly socPercent: number;
  readonly sohPercent: number;
}

const contentWh = ({ typeCode, socPercent, sohPercent }: Content, network: DepositView): bigint => {
  const nominalWh = network.reference.packType(typeCode)?.nominalWh ?? 0;
  return BigInt(packEnergyWh({ socPercent, sohPercent, nominalWh }));
};

/** Terms of the contract in force, or the defaults, for a deposit that is taken; what is missing when a truck leaves is the platform's. */
const termsOf = (carrierId: string, atMs: number, { reference }: DepositView) =>
  depositTermsOf(reference.contractOf(carrierId, localDateOf(atMs)) ?? {}, reference.platformId);

/**
 * The deposit that a truck's first pack brings with it, in the step in which it comes on board other than by a swap: registered there, or put
 * there by hand. A truck that had a pack before has joined, and swaps account for what it holds; but for one whose deposit was given back:
 * with the next pack it joins again.
 */
export function joiningDeposit(
  { truckId, content, intentId, atMs }: { truckId: string; content: Content; intentId: string | null; atMs: number },
  network: DepositView,
): DepositAct {
  const truck = truckAt(network, truckId);
  const definition = network.reference.truck(truckId);
  if (truck === undefined || definition === undefined || definition.replayed) return NOTHING;
  const hasJoined = truck.fittedAtMs !== undefined && !isGivenBack(booksAt(network, definition.carrierId), truckId);
  if (truck.packId !== null || hasJoined) return NOTHING;
  const act = taken({ truckId, carrierId: definition.carrierId, energyWh: contentWh(content, network), intentId, atMs }, network);
  // Nothing on board is nothing to deposit for.
  return !act.ok && act.refused.code === 'AMOUNT_NOT_POSITIVE' ? NOTHING : act;
}

const isGivenBack = (books: Books | undefined, truckId: string): boolean =>
  books?.depositRounds?.[truckId] !== undefined && !depositsOf(books).some((each) => each.truckId === truckId);

/** As it is put on board by hand. */
export function handedOverDeposit(ask: { truckId: string; packId: string; atMs: number }, network: DepositView): DepositAct {
  const pack = packAt(network, ask.packId);
  const typeCode = network.reference.pack(ask.packId)?.typeCode;
  if (pack === undefined || typeCode === undefined) return NOTHING;
  const { socPercent, sohPercent } = pack;
  return joiningDeposit({ ...ask, content: { typeCode, socPercent, sohPercent }, intentId: null }, network);
}

/** A deposit for what a truck has on board now: of one that came with the first start, or was bought. @returns null: no such truck */
export function takeDeposit(ask: { truckId: string; intentId: string; atMs: number }, network: DepositView): DepositAct | null {
  const { truckId } = ask;
  const truck = truckAt(network, truckId);
  const carrierId = network.reference.truck(truckId)?.carrierId;
  if (truck === undefined || carrierId === undefined) return null;
  if (truck.orderId !== null) return refuse('ORDER_OPEN', `order ${truck.orderId} is not over`);
  if (depositsOf(booksAt(network, carrierId) ?? {}).some((each) => each.truckId === truckId)) {
    return refuse('DEPOSIT_EXISTS', `${carrierId} has a deposit for ${truckId} already`);
  }
  const pack = truck.packId === null ? undefined : packAt(network, truck.packId);
  const typeCode = network.reference.pack(truck.packId ?? '')?.typeCode;
  if (pack === undefined || typeCode === undefined) return refuse('NO_PACK_ON_BOARD', `${truckId} has no pack on board`);
  const { socPercent, sohPercent } = pack;
  return taken({ ...ask, carrierId, energyWh: contentWh({ typeCode, socPercent, sohPercent }, network) }, network);
}

function taken(
  ask: { truckId: string; carrierId: string; energyWh: bigint; intentId: string | null; atMs: number },
  network: DepositView,
): DepositAct {
  const { truckId, carrierId, energyWh, intentId, atMs } = ask;
  const books = booksAt(network, carrierId);
  if (books === undefined) return NOTHING;
  const terms = termsOf(carrierId, atMs, network);
  const owner = { principalId: carrierId, platformId: network.reference.platformId };
  const { result, depositFen } = decideDeposit(owner, books, { truckId, energyWh, terms });
  if (result !== 'taken' && result !== 'exists') {
    return refuse(CODE_OF_REFUSED[result], `deposit of ${truckId} for ${energyWh} Wh: ${depositFen} fen`);
  }
  const event = { type: 'account.depositRequested', atMs, truckId, energyWh, terms, intentId } as const;
  return { ok: true, tells: [tell('account', carrierId, event)] };
}

/**
 * A deposit goes back, less what the last pack lacks.
 * @param ask.energyWh in the last pack, as the platform measured it; null: as the books had it when it came off
 * @returns null: no such truck
 */
export function returnDeposit(
  ask: { truckId: string; energyWh: bigint | null; intentId: string | null; atMs: number },
  network: DepositView,
): DepositAct | null {
  const { truckId, intentId, atMs } = ask;
  const truck = truckAt(network, truckId);
  const carrierId = network.reference.truck(truckId)?.carrierId;
  if (truck === undefined || carrierId === undefined) return null;
  const books = booksAt(network, carrierId);
  const deposit = depositsOf(books ?? {}).find((each) => each.truckId === truckId);
  if (books === undefined || deposit === undefined) {
    return refuse('DEPOSIT_UNKNOWN', `${carrierId} has no deposit for ${truckId}`);
  }
  if (truck.packId !== null) return refuse('PACK_ON_BOARD', `${truck.packId} is on ${truckId}: it is given back first`);
  if (truck.orderId !== null) return refuse('ORDER_OPEN', `order ${truck.orderId} is not over`);
  const leftWh = truck.leftWh ?? null;
  const energyWh = ask.energyWh ?? (leftWh === null ? null : BigInt(leftWh));
  if (energyWh === null) return refuse('ENERGY_MISSING', `nobody knows what the last pack of ${truckId} held: the platform says it`);
  // As it was agreed when it was taken, whatever is agreed, or no more, now.
  const terms = deposit.terms ?? termsOf(carrierId, atMs, network);
  const owner = { principalId: carrierId, platformId: network.reference.platformId };
  const { result } = decideDepositReturn(owner, books, { truckId, energyWh, terms });
  if (result !== 'returned') return refuse('NO_CREDIT', `${carrierId} cannot pay what is missing`);
  const event = { type: 'account.depositReturnRequested', atMs, truckId, energyWh, terms, intentId } as const;
  return { ok: true, tells: [tell('account', carrierId, event)] };
}
