-- A person no longer wants to be told in this browser. FND-15.

set role app_engine;
create or replace function app_public.unsubscribe_from_push(endpoint text) returns boolean
language sql volatile strict security definer
set search_path = ''
as $$
  with ended as (
    delete from app_public.push_subscriptions
    where push_subscriptions.endpoint = unsubscribe_from_push.endpoint
      and push_subscriptions.human_id = app_private.require_own_person(null)
    returning push_subscriptions.id
  )
  select exists (select from ended)
$$;

comment on function app_public.unsubscribe_from_push is
  E'@resultFieldName wasSubscribed\n'
  'Ends the caller''s subscription with this endpoint; false when there was none.';
grant execute on function app_public.unsubscribe_from_push to app_member;

reset role;
