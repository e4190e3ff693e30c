-- Who is written to about what a clinic pays the platform: its members with billing.manage, and the address for bills, unless one of them
-- reads it anyway. BIL-08.

create or replace function app_private.billing_recipients(organization_id uuid) returns app_private.message_recipient[]
language sql stable
set search_path = ''
as $$
  with members as (
    select distinct memberships.human_id
    from app_public.memberships
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
    join app_public.role_permissions
      on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
    where memberships.organization_id = billing_recipients.organization_id
      and memberships.ended_at is null
      and role_permissions.permission = 'billing.manage'
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
