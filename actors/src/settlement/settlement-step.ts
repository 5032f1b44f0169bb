/** What of settlement may fail by itself: closing a period, correcting an order, paying a statement out or having it paid in, noting what is paid. */
export type SettlementStep = 'CLOSE_PERIOD' | 'BOOK_CORRECTION' | 'PAY_STATEMENT' | 'COLLECT_STATEMENT' | 'NOTE_PROGRESS';
