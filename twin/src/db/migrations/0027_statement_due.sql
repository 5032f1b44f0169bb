-- DUE: it is below zero, and its principal agreed to pay it in. Agreements of before say what held for them.
alter table statement drop constraint statement_state_check;
alter table statement add constraint statement_state_check check (state in ('OPEN', 'FROZEN', 'PAID', 'CARRIED', 'DUE', 'DISPUTED'));
update settlement_agreement set definition = definition || '{"belowZero": "CARRY"}' where not definition ? 'belowZero';
