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
  select array_agg(distinct row(null, memberships.human_id, null, null, null, null, null)::app_private.message_recipient)
  into v_recipients
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = event.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = 'webhooks.manage';
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
