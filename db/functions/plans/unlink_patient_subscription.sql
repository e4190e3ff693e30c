-- A link was wrong, or the provider is another one now: reports are not taken any more. The subscription stays as it is. BIL-09.

set role app_engine;

create or replace function app_public.unlink_patient_subscription(link_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_link app_public.patient_subscription_links;
begin
  select links.* into v_link
  from app_public.patient_subscription_links as links
  where links.id = unlink_patient_subscription.link_id;
  perform app_private.subscription_to_serve(v_link.subscription_id);
  -- One that has ended as well: a report of it may be under way.
  perform from app_public.patient_subscriptions
  where patient_subscriptions.id = v_link.subscription_id
  for no key update;
  delete from app_public.patient_subscription_links as links where links.id = v_link.id;
  return v_link.id;
end;
$$;

comment on function app_public.unlink_patient_subscription is
  E'@arg linkId The link.\n@resultFieldName linkId\n'
  'Takes no more reports of a subscription; what was reported goes with the link. Needs patient_plans.manage.';
grant execute on function app_public.unlink_patient_subscription to app_member;

reset role;
