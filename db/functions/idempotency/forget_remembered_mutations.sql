-- Idempotency keys live a day. FND-26.

set role app_engine;

create or replace function app_private.forget_remembered_mutations() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_forgotten int;
begin
  delete from app_private.remembered_mutations
  where request_digest = any (array(
    select old.request_digest
    from app_private.remembered_mutations as old
    where old.created_at <= app_hidden.now() - interval '24 hours'
    order by old.created_at
    limit 10000
    for update skip locked));
  get diagnostics v_forgotten = row_count;
  return v_forgotten;
end;
$$;

comment on function app_private.forget_remembered_mutations is
  'Forgets answers older than a day, up to 10,000 at a time, and says how many.';

grant execute on function app_private.forget_remembered_mutations to app_worker;

reset role;
