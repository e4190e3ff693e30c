-- What act_on_retention() does with answers to idempotency keys, for workers of the version before, which go on by the
-- clock while a new version is migrated. Goes with the version after. FND-26.

set role app_engine;

create or replace function app_private.forget_remembered_mutations() returns int
language sql volatile security definer
set search_path = ''
as $$
  select app_private.act_on_retention('app_private.remembered_mutations', 'idempotency_keys', 10000)
$$;

comment on function app_private.forget_remembered_mutations is
  'Forgets answers older than a day, up to 10,000 at a time, and says how many.';

grant execute on function app_private.forget_remembered_mutations to app_worker;

reset role;
