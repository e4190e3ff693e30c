-- Seen by whoever may see webhooks; written through verbs. WHK-01.

select app_private.classify('app_public.webhook_subscriptions', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "name", "url", "event_names", "status", "disabled_reason", "disabled_at",
                    "rotated_at", "created_by", "created_at", "updated_at"]}');
select app_private.protect('app_public.webhook_subscriptions', engine => 'select, insert, update, delete', guard => true, facts => '{name name}');

grant select on app_public.webhook_subscriptions to app_member;

create policy webhook_subscriptions_select_viewer on app_public.webhook_subscriptions for select to app_member
  using (organization_id = any ((select app_hidden.rights('webhooks.view'))::uuid[]));

create or replace trigger _700_interests
  after insert or update of status, event_names or delete on app_public.webhook_subscriptions
  for each row execute function app_private.tg_webhook_subscriptions__interests();
