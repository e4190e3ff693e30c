-- The browsers in which an account is told, with the keys to write to them. FND-15.

set role app_engine;
create or replace function app_private.push_subscriptions_of(account_id uuid)
returns table (id uuid, endpoint text, p256dh text, auth text)
language sql stable strict security definer
set search_path = ''
as $$
  select push_subscriptions.id, push_subscriptions.endpoint, push_subscriptions.p256dh, push_subscriptions.auth
  from app_public.push_subscriptions
  where push_subscriptions.human_id = push_subscriptions_of.account_id
  order by push_subscriptions.created_at, push_subscriptions.id
$$;

comment on function app_private.push_subscriptions_of is 'Every live subscription of a human, for the worker.';

grant execute on function app_private.push_subscriptions_of to app_worker;
reset role;
