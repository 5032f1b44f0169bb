import { isIdentityNumber } from '@corridor/protocols/identity-number';
import type { FastifyInstance } from 'fastify';
import { RailRefusal } from './rail-refusal.ts';

type Check = { Params: { checkNo: string }; Body: { kind: string; subject: Record<string, string> } };
type Answer = { state: 'PENDING' } | { state: 'ACCEPTED' } | { state: 'REJECTED'; reason: string };

/** A name with this in it is looked at by a person first: the answer comes late. */
const LATE = '迟';
const LATE_ASKS = 2;
const CHECKS_MAX = 10_000;

/**
 * A sandbox certifier: who and what is checked by form, as a real one by its registers (checksum of identity numbers, GB 11643; shape of
 * driving and vehicle licences and of unified social credit codes, GB 32100). Nothing that is asked is kept but its number.
 */
export async function certifierRoutes(app: FastifyInstance): Promise<void> {
  const asked = new Map<string, { body: string; times: number }>();
  app.put<Check>('/certifier/v1/checks/:checkNo', async ({ params, body }): Promise<Answer> => {
    const text = JSON.stringify([body.kind, body.subject]);
    const known = asked.get(params.checkNo) ?? { body: text, times: 0 };
    if (known.body !== text) throw new RailRefusal(409, 'CHECK_DIFFERS', 'another check has this number');
    if (asked.size >= CHECKS_MAX) asked.clear();
    known.times += 1;
    asked.set(params.checkNo, known);
    if ((body.subject['realName'] ?? '').includes(LATE) && known.times <= LATE_ASKS) return { state: 'PENDING' };
    const reason = flawOf(body.subject);
    return reason === null ? { state: 'ACCEPTED' } : { state: 'REJECTED', reason };
  });
}

function flawOf({ idNumber, licenceNo, vehicleLicenceNo, creditCode }: Record<string, string>): string | null {
  if (idNumber !== undefined && !isIdentityNumber(idNumber)) return 'ID_NUMBER_INVALID';
  if (licenceNo !== undefined && !/^\d{12}$/.test(licenceNo)) return 'LICENCE_UNKNOWN';
  if (vehicleLicenceNo !== undefined && !/^\d{12}$/.test(vehicleLicenceNo)) return 'VEHICLE_LICENCE_UNKNOWN';
  if (creditCode !== undefined && !/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(creditCode)) return 'CREDIT_CODE_INVALID';
  return null;
}
