/** Form of the content; a changed meaning is a new number. */
export const STATEMENT_VERSION = 1;

/** What a statement says: money in whole fen as text, times RFC 3339 in scope time. Signed as it changes what the principal has. */
export type StatementContent = {
  version: number;
  statementId: string;
  platformId: string;
  principalId: string;
  principalKind: string;
  currency: 'CNY';
  agreementId: string | null;
  period: string;
  /** What was agreed for a total below zero. */
  belowZero: string;
  from: string;
  until: string;
  payableAt: string;
  orders: StatementOrder[];
  corrections: StatementCorrection[];
  /** Movements that belong to no order: deposits, packages, top-ups. */
  others: { key: string; kind: string; at: string; amountFen: string }[];
  /** To partners. */
  splits: { ruleNo: number; kind: string; partnerId: string; amountFen: string; derivation: string }[];
  /** From others whose partner the principal is. */
  received: { statementId: string; ruleNo: number; principalId: string; kind: string; amountFen: string; derivation: string }[];
  /** Own lines of the orders by component and rate, tax included; charges and corrections say their rates on their own lines. */
  taxes: { component: string; rateBasisPoints: number; amountFen: string; taxFen: string }[];
  totals: {
    ordersFen: string;
    correctionsFen: string;
    othersFen: string;
    /** What the accounts of the principal moved in the period: the sum of the three above. */
    movedFen: string;
    splitsFen: string;
    receivedFen: string;
    /** Of the statement before, when that was below zero. */
    carriedInFen: string;
    totalFen: string;
  };
};

export type StatementOrder = {
  orderId: string;
  at: string;
  stationId: string;
  /** Only to whom the truck is no secret: its carrier and the platform. */
  truckId: string | null;
  role: string;
  grossFen: string;
  commissionFen: string;
  netFen: string;
  lines: { lineNo: number; component: string; amountFen: string; taxRateBasisPoints: number }[];
};
export type StatementCorrection = {
  correctionId: string;
  /** null: of a charge. */
  orderId: string | null;
  /** null: of an order; not in statements from before charges were corrected. */
  chargeId?: string | null;
  at: string;
  cause: string;
  reason: string;
  grossFen: string;
  commissionFen: string;
  netFen: string;
};

/** The order, or the charge, that a correction changed. */
export const correctedBillId = ({ orderId, chargeId }: Pick<StatementCorrection, 'orderId' | 'chargeId'>): string =>
  orderId ?? chargeId ?? '';
