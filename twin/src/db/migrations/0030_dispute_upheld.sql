-- The correction of a dispute and its end are one: where the dispute is not open any more, nothing of the batch is written.
create function uphold_dispute(of_platform text, of_dispute text, at timestamptz, by_user text, why text, by_correction text)
returns void language plpgsql as $$
begin
  update dispute set state = 'UPHELD', decided_at = at, decided_by = by_user, decision = why, correction_id = by_correction
   where platform_id = of_platform and dispute_id = of_dispute and state = 'OPEN';
  if not found then
    raise exception 'dispute % is not open: correction % refused', of_dispute, by_correction using errcode = 'restrict_violation';
  end if;
end $$;
