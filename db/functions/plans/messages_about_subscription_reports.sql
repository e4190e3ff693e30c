-- What the clinic's payment provider reports and nobody understands: those who manage plans look at it. BIL-09, FND-15.

create or replace function app_private.messages_about_subscription_reports(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  v_recipients := app_private.staff_recipients(event.organization_id, 'patient_plans.manage');
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
