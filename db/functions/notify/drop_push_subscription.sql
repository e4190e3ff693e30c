-- The push service says that a subscription is over. FND-15.

set role app_engine;
create or replace function app_private.drop_push_subscription(subscription_id uuid) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  delete from app_public.push_subscriptions where push_subscriptions.id = drop_push_subscription.subscription_id
$$;

comment on function app_private.drop_push_subscription is 'Forgets a subscription that is over.';

grant execute on function app_private.drop_push_subscription to app_worker;
reset role;
