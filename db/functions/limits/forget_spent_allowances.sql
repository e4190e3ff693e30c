-- An allowance that is full again need not be known. FND-27.

set role app_engine;

create or replace function app_private.forget_spent_allowances() returns void
language sql volatile security definer
set search_path = ''
as $$
  delete from app_private.spent_allowances
  where key_digest = any (array(
    select past.key_digest from app_private.spent_allowances as past
    where past.spent_until < statement_timestamp()
    for update skip locked))
$$;

comment on function app_private.forget_spent_allowances is 'Forgets callers whose allowance is full again.';

grant execute on function app_private.forget_spent_allowances to app_worker;

reset role;
