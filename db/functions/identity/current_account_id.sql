-- The caller as policies about one's own rows ask for it: a closed account owns nothing any more, inside a request
-- that is under way too. FND-03.

set role app_engine;

create or replace function app_hidden.current_account_id() returns uuid
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select principals.id
  from app_public.principals
  where principals.id = (select app_hidden.current_principal_id()) and principals.disabled_at is null;
end;

comment on function app_hidden.current_account_id is
  'The signed-in principal while the account is open; null once it is closed, and for a visitor.';
grant execute on function app_hidden.current_account_id to app_member, app_anonymous;

reset role;
