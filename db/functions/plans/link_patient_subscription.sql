-- Staff say which subscription at the clinic's payment provider pays for a patient's. What Stripe told of it before, in the last
-- thirty days, is applied now: its id is known only after its first event was sent. BIL-09.

set role app_engine;

create or replace function app_public.link_patient_subscription(subscription_id uuid, provider text, external_reference text)
returns app_public.patient_subscription_links
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
  v_reference constant text := btrim(external_reference);
  v_link app_public.patient_subscription_links;
begin
  v_subscription := app_private.subscription_to_serve(subscription_id);
  if not exists (
    select from app_private.patient_payment_statuses as statuses where statuses.provider = link_patient_subscription.provider
  ) then
    perform app_hidden.refuse('VALIDATION', 'payment_provider_unknown', '{"field": "provider"}');
  elsif v_reference !~ '^[!-~]{1,200}$' then
    perform app_hidden.refuse('VALIDATION', 'external_reference_malformed', '{"field": "externalReference"}');
  end if;

  insert into app_public.patient_subscription_links (organization_id, subscription_id, provider, external_reference, created_by, created_at)
  values (v_subscription.organization_id, v_subscription.id, link_patient_subscription.provider, v_reference,
          app_private.current_actor_id(), app_hidden.now())
  on conflict do nothing
  returning * into v_link;
  if found then
    perform app_private.apply_again(v_link);
    return v_link;
  end if;

  select links.* into v_link
  from app_public.patient_subscription_links as links
  where links.organization_id = v_subscription.organization_id and links.subscription_id = v_subscription.id;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'reference_is_linked', '{"field": "externalReference"}');
  elsif (v_link.provider, v_link.external_reference) <> (link_patient_subscription.provider, v_reference) then
    perform app_hidden.refuse('CONFLICT', 'subscription_is_linked', jsonb_build_object('provider', v_link.provider));
  end if;
  return v_link;
end;
$$;

comment on function app_public.link_patient_subscription is
  E'@words provider patient_subscription_links.provider\n@arg provider STRIPE: the clinic''s own account, an integration; OWN: its own system, with a key.\n'
  '@arg externalReference The id of the subscription there.\n'
  'Lets the clinic''s payment provider report the status of a patient''s subscription. Needs patient_plans.manage; CONFLICT '
  'subscription_is_linked or reference_is_linked.';
grant execute on function app_public.link_patient_subscription to app_member;

reset role;
