-- A person wants to be told in this browser. FND-15.
-- The endpoint is where the worker will post to, so it must look like a push service on the internet: no address of
-- a machine, no port, no plain HTTP.

set role app_engine;
create or replace function app_public.subscribe_to_push(endpoint text, p256dh text, auth text)
returns app_public.push_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(null);
  v_subscription app_public.push_subscriptions;
begin
  insert into app_public.push_subscriptions as known (human_id, endpoint, p256dh, auth)
  values (v_human_id, subscribe_to_push.endpoint, subscribe_to_push.p256dh, subscribe_to_push.auth)
  on conflict on constraint push_subscriptions_endpoint_is_unique do update
    set human_id = excluded.human_id, p256dh = excluded.p256dh, auth = excluded.auth
    -- Whoever signs in next at a shared browser knows its keys; an endpoint alone takes nothing from anybody.
    where known.human_id = excluded.human_id or (known.p256dh, known.auth) = (excluded.p256dh, excluded.auth)
  returning known.* into v_subscription;
  if v_subscription.id is null then
    perform app_hidden.refuse('CONFLICT', 'push_endpoint_taken', '{"field": "endpoint"}');
  end if;

  -- Twenty browsers are enough for anybody; the oldest make room.
  delete from app_public.push_subscriptions
  where push_subscriptions.human_id = v_human_id
    and push_subscriptions.id not in (
      select newest.id from app_public.push_subscriptions as newest
      where newest.human_id = v_human_id
      order by newest.id = v_subscription.id desc, newest.created_at desc, newest.id desc
      limit 20);
  return v_subscription;
end;
$$;

comment on function app_public.subscribe_to_push is
  'Registers what PushManager.subscribe() gave in this browser: endpoint (https), p256dh and auth, base64url. Again '
  'is the same subscription.';
grant execute on function app_public.subscribe_to_push to app_member;

reset role;
