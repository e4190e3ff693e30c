-- Seen by whoever may manage them, without the keys; written through verbs. FND-23.

select app_private.classify('app_public.organization_integrations', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "provider", "label", "settings", "credentials_bound_to", "credentials_version", "last_four", "status",
                    "disabled_reason", "disabled_at", "consecutive_auth_failures", "last_tested_at", "last_test_passed",
                    "last_test_reason", "last_used_at", "created_by", "created_at", "updated_at"],
    "auth_secret": ["credentials"]}',
  protected => '{"ciphertext": ["credentials"]}');
select app_private.protect('app_public.organization_integrations',
  engine => 'select, insert, update, delete', guard => true, facts => '{name label}');

grant select (id, organization_id, provider, label, settings, credentials_version, last_four, status, disabled_reason,
              disabled_at, consecutive_auth_failures, last_tested_at, last_test_passed, last_test_reason, last_used_at,
              created_by, created_at, updated_at)
   on app_public.organization_integrations to app_member;

create policy organization_integrations_select_manager on app_public.organization_integrations for select to app_member
  using (organization_id = any ((select app_hidden.rights('integrations.manage'))::uuid[]));

create or replace trigger _250_bind_keys before insert or update of provider, settings, credentials_bound_to on app_public.organization_integrations
  for each row execute function app_private.tg_organization_integrations__bind_keys();

create or replace trigger _300_key_in_use before insert or update of credentials on app_public.organization_integrations
  for each row execute function app_private.tg_ciphertext__key_in_use('credentials');
