-- Seen by whoever may manage them, without the keys; written through verbs. FND-23.

alter table app_public.organization_integrations enable row level security;
alter table app_public.organization_integrations force row level security;

grant select (id, organization_id, provider, label, settings, credentials_version, last_four, status, disabled_reason,
              disabled_at, consecutive_auth_failures, last_tested_at, last_test_passed, last_test_reason, last_used_at,
              created_by, created_at, updated_at)
   on app_public.organization_integrations to app_member;

drop policy if exists organization_integrations_select_manager on app_public.organization_integrations;
create policy organization_integrations_select_manager on app_public.organization_integrations
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('integrations.manage'))::uuid[]));

grant select, insert, update, delete on app_public.organization_integrations to app_engine;
drop policy if exists organization_integrations_all_engine on app_public.organization_integrations;
create policy organization_integrations_all_engine on app_public.organization_integrations
  for all to app_engine
  using (true) with check (true);

create or replace trigger _050_read_facts before insert or update of label on app_public.organization_integrations
  for each row execute function app_private.tg_read_facts('name label');

create or replace trigger _100_stamp before insert or update on app_public.organization_integrations
  for each row execute function app_private.tg_stamp();
create or replace trigger _200_guard_state before insert or update of status on app_public.organization_integrations
  for each row execute function app_private.tg_guard_state();
create or replace trigger _250_bind_keys before insert or update of provider, settings, credentials_bound_to on app_public.organization_integrations
  for each row execute function app_private.tg_organization_integrations__bind_keys();
create or replace trigger _300_key_in_use before insert or update of credentials on app_public.organization_integrations
  for each row execute function app_private.tg_ciphertext__key_in_use('credentials');

select app_private.classify('app_public.organization_integrations', 'clinic',
  '{"operational": ["id", "organization_id", "provider", "label", "settings", "credentials_bound_to", "credentials_version", "last_four", "status",
                    "disabled_reason", "disabled_at", "consecutive_auth_failures", "last_tested_at", "last_test_passed",
                    "last_test_reason", "last_used_at", "created_by", "created_at", "updated_at"],
    "auth_secret": ["credentials"]}',
  protected => '{"ciphertext": ["credentials"]}');
