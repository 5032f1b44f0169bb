import type { PackLeg } from '@corridor/actors/network/actor-event';
import type { Bill } from '@corridor/actors/order/bill';
import type { EnergyLot } from '@corridor/actors/pack/energy-lot';
import { lotsEnergyWh } from '@corridor/actors/pack/energy-lot.rules';

/** Wh x nano-yuan/kWh in a fen. */
const UNITS_PER_FEN = 10_000_000_000n;

/** What one recipient must have in the end and what it was paid, and how many lines were rounded on the way. */
interface Due {
  dueUnits: bigint;
  paidFen: bigint;
  lines: bigint;
}

/**
 * What owners and electricity must come to by physics: energy drawn from packs times its rate or price, plus what is still on
 * board and prepaid. Each line is rounded once, so payment and due differ by at most half a fen a line.
 */
export class OwnerDues {
  readonly #dues = new Map<string, Due>();

  /** Energy that left a pack while it was with a carrier, or (negative) was on board when it joined. */
  drawn(carrierId: string, pack: { ownerId: string; rentNanoYuanPerKwh: bigint }, lots: readonly EnergyLot[], sign: 1n | -1n = 1n): void {
    this.#of(`rent ${pack.ownerId}`).dueUnits += sign * BigInt(lotsEnergyWh(lots)) * pack.rentNanoYuanPerKwh;
    this.#of(`electricity ${carrierId}`).dueUnits += sign * worthUnits(lots);
  }

  /** Legs that changed hands and are not paid: written off. */
  unpaid(carrierId: string, legs: { out: PackLeg | null; in: PackLeg | null }): void {
    if (legs.out !== null) this.drawn(carrierId, legs.out, legs.out.lots, -1n);
    if (legs.in !== null) this.drawn(carrierId, legs.in, legs.in.lots, 1n);
  }

  billed(carrierId: string, bill: Bill): void {
    for (const { component, beneficiaryId, amountFen } of bill.lines) {
      if (component !== 'BATTERY_RENT' && component !== 'ELECTRICITY') continue;
      const due = this.#of(component === 'BATTERY_RENT' ? `rent ${beneficiaryId}` : `electricity ${carrierId}`);
      due.paidFen += amountFen;
      due.lines += 1n;
    }
  }

  /** @param isExempt of a recipient that this does not hold for: electricity of a carrier billed by the time of the swap */
  findings(isExempt: (recipient: string) => boolean): string[] {
    return [...this.#dues].flatMap(([recipient, { dueUnits, paidFen, lines }]) => {
      const error = 2n * (paidFen * UNITS_PER_FEN - dueUnits);
      const allowed = lines * UNITS_PER_FEN;
      const isOff = error > allowed || error < -allowed;
      return isOff && !isExempt(recipient)
        ? [`${recipient}: paid ${paidFen} fen, due ${dueUnits / UNITS_PER_FEN} fen over ${lines} lines`]
        : [];
    });
  }

  #of(recipient: string): Due {
    const known = this.#dues.get(recipient);
    if (known !== undefined) return known;
    const due = { dueUnits: 0n, paidFen: 0n, lines: 0n };
    this.#dues.set(recipient, due);
    return due;
  }
}

const worthUnits = (lots: readonly EnergyLot[]): bigint =>
  lots.reduce((sum, { energyWh, priceNanoYuanPerKwh }) => sum + BigInt(energyWh) * priceNanoYuanPerKwh, 0n);
