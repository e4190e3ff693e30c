-- Whoever changes claims first locks the days that they block, before any of their rows: every verb that writes claims
-- says this, or is told by its caller that it was said. Locks that are held already are not waited for, so a step may
-- say it again; all that a transaction touches is locked at the first time. SCH-06.

create or replace function app_private.lock_claims(claim_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.lock_specialist_days(array(
    select (tc.specialist_id, lower(tc.during), upper(tc.during), tc.blocked)::app_private.free_start
    from app_private.time_claims as tc
    where tc.id = any (claim_ids)));
end;
$$;

comment on function app_private.lock_claims is
  'Locks the specialist-days of these claims until the transaction ends. Call it once for all, before their rows.';

grant execute on function app_private.lock_claims to app_engine;
