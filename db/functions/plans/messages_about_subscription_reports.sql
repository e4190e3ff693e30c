-- What the clinic's payment provider reports and nobody understands: those who manage plans look at it. BIL-09, FND-15.

create or replace function app_private.messages_about_subscription_reports(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  select array_agg(distinct row(null, memberships.human_id, null, null, null, null, null)::app_private.message_recipient)
  into v_recipients
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = event.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = 'patient_plans.manage';
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'subscription_report_unclear', v_recipients,
    jsonb_build_object('externalReference', links.external_reference),
    event_id => event.id)
  from app_public.patient_subscription_links as links
  where links.organization_id = event.organization_id and links.subscription_id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_subscription_reports is
  'Queues what patient_subscription.report_unclear calls for: a note to each member with patient_plans.manage.';
grant execute on function app_private.messages_about_subscription_reports to app_engine;
