-- A hold may move to another day, and then its days are others: whoever acts on a hold locks it before its days, so that
-- they are read once. SCH-06.

create or replace function app_private.lock_hold(claim_id uuid) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('hold:' || lock_hold.claim_id, 0));
end;

comment on function app_private.lock_hold is 'Locks a hold until the transaction ends. Call it before the locks of days.';

grant execute on function app_private.lock_hold to app_engine;
