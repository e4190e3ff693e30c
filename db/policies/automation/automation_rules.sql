-- Staff with automations.view; written by verbs. AUT-01.

select app_private.classify('app_public.automation_rules', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "event_name"],
    "operational": ["is_enabled", "position", "version", "revision", "created_at", "updated_at", "removed_at"]}');
select app_private.protect('app_public.automation_rules', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.automation_rules to app_member;

create policy automation_rules_select_staff on app_public.automation_rules for select to app_member
  using (organization_id = any ((select app_hidden.rights('automations.view'))::uuid[]));

create or replace trigger _200_revision before update of name, version, revision on app_public.automation_rules
  for each row execute function app_private.tg_revision();
