-- An invoice was issued: the billing address of the clinic is written to, and its members with billing.manage hear of it. BIL-02, FND-15.
-- Somebody whose own address is the billing address is written to once.

create or replace function app_private.messages_about_invoice(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
begin
  select invoices.* into strict v_invoice
  from app_public.invoices
  where invoices.organization_id = event.organization_id and invoices.id = event.subject_id;
  perform app_private.notify_many(
    event.organization_id, 'invoice_issued',
    app_private.billing_recipients(event.organization_id, v_invoice.billed_to),
    jsonb_build_object(
      'invoiceNumber', v_invoice.series || ' ' || v_invoice.number,
      'invoiceAmount', app_private.money_text(v_invoice.net_amount, v_invoice.currency),
      'dueOn', v_invoice.due_on),
    event_id => event.id);
end;
$$;

comment on function app_private.messages_about_invoice is
  'Queues what invoice.issued calls for: a mail to the billing address and a note to each member with billing.manage.';
grant execute on function app_private.messages_about_invoice to app_engine;

create or replace function app_private.billing_recipients(organization_id uuid, billed_to jsonb)
returns app_private.message_recipient[]
language sql stable
set search_path = ''
as $$
  select array_agg(recipient)
  from (
    select row(null, null, billed_to ->> 'legalName', billed_to ->> 'billingEmail', null, organizations.locale, null)::app_private.message_recipient
    from app_public.organizations
    where organizations.id = billing_recipients.organization_id
    union all
    select distinct row(null, memberships.human_id, null, null, null, null, null)::app_private.message_recipient
    from app_public.memberships
    join app_public.humans on humans.principal_id = memberships.human_id
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
    join app_public.role_permissions
      on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
    where memberships.organization_id = billing_recipients.organization_id
      and memberships.ended_at is null
      and role_permissions.permission = 'billing.manage'
      and humans.email is distinct from billed_to ->> 'billingEmail'
  ) as told (recipient)
$$;

comment on function app_private.billing_recipients is
  'Whom the platform writes to about the bills of a clinic: the billing address that a bill was made for, and members with billing.manage.';
grant execute on function app_private.billing_recipients to app_engine;

create or replace function app_private.money_text(amount bigint, currency text) returns text
language sql immutable parallel safe
set search_path = ''
return btrim(to_char(amount * 0.01, 'FM999999999999990.00')) || ' ' || currency;

comment on function app_private.money_text is 'An amount in minor units as people read it: "1234.50 RON".';
grant execute on function app_private.money_text to app_engine;
