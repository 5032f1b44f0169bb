-- A split stays as it was frozen; only the statement that it came into is noted, once.
create function refuse_change_of_split() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.included_in is not null or new.included_in is null
     or (old.platform_id, old.statement_id, old.rule_no, old.partner_id, old.kind, old.amount_fen, old.derivation)
        is distinct from (new.platform_id, new.statement_id, new.rule_no, new.partner_id, new.kind, new.amount_fen, new.derivation) then
    raise exception 'split % of statement % is frozen: % refused', old.rule_no, old.statement_id, lower(tg_op)
      using errcode = 'restrict_violation', hint = 'a correction goes into the next period';
  end if;
  return new;
end $$;
create trigger settlement_split_frozen before update or delete on settlement_split for each row execute function refuse_change_of_split();
create trigger settlement_split_not_truncated before truncate on settlement_split for each statement execute function refuse_change();
create trigger correction_not_truncated before truncate on correction for each statement execute function refuse_change();
create trigger correction_line_not_truncated before truncate on correction_line for each statement execute function refuse_change();
create trigger correction_entry_not_truncated before truncate on correction_entry for each statement execute function refuse_change();

-- Bundles, statements and reconciliations ask for spans of time.
create index transfer_time on transfer (platform_id, at);
