-- An address that is told nothing any more: those who manage webhooks hear of it, where nobody of them did it. WHK-02, FND-15.

create or replace function app_private.messages_about_webhooks(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  if event.payload ->> 'reason' = 'by_staff' then
    return;
  end if;
  v_recipients := app_private.staff_recipients(event.organization_id, 'webhooks.manage');
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'webhook_disabled', v_recipients,
    jsonb_build_object('webhookName', subscriptions.name),
    event_id => event.id)
  from app_public.webhook_subscriptions as subscriptions
  where subscriptions.organization_id = event.organization_id and subscriptions.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_webhooks is
  'Queues what webhook_subscription.disabled calls for: a note to each member with webhooks.manage.';
grant execute on function app_private.messages_about_webhooks to app_engine;
