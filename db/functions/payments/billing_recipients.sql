-- Who is written to about what a clinic pays the platform: its members with billing.manage, and the address for bills, unless one of them
-- reads it anyway. BIL-08.

create or replace function app_private.billing_recipients(organization_id uuid) returns app_private.message_recipient[]
language sql stable
set search_path = ''
as $$
  with members as (
    select human_id from app_private.staff_who_may(billing_recipients.organization_id, 'billing.manage') as human_id
  )
  select array_agg(told.recipient)
  from (
    select row(null, members.human_id, null, null, null, null, null)::app_private.message_recipient as recipient
    from members
    union all
    select row(null, null, billing.legal_name, billing.billing_email, null, organizations.locale, null)::app_private.message_recipient
    from app_public.organization_billing as billing
    join app_public.organizations on organizations.id = billing.organization_id
    where billing.organization_id = billing_recipients.organization_id
      and not exists (
        select from members
        join app_public.humans on humans.principal_id = members.human_id
        where humans.closed_at is null and app_hidden.ascii_lower(humans.email) = app_hidden.ascii_lower(billing.billing_email))
  ) as told
$$;

comment on function app_private.billing_recipients is
  'The members of a clinic with billing.manage, and its address for bills where none of them has it; null when there is nobody.';
grant execute on function app_private.billing_recipients to app_engine;

-- What each message about a bill does: those people, in the transaction of the event.
create or replace function app_private.tell_of_billing(event app_private.events, template_key text, data jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients constant app_private.message_recipient[] := app_private.billing_recipients(event.organization_id);
begin
  if v_recipients is not null and data is not null then
    perform app_private.notify_many(
      event.organization_id, tell_of_billing.template_key, v_recipients, tell_of_billing.data, event_id => event.id);
  end if;
end;
$$;

comment on function app_private.tell_of_billing is
  'Queues a message to billing_recipients(); nothing where there is nobody, or nothing to say any more.';
grant execute on function app_private.tell_of_billing to app_engine;
