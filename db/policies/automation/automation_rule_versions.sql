-- Staff with automations.view; written by verbs and never changed. AUT-01.

select app_private.classify('app_public.automation_rule_versions', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "automation_rule_id", "version", "conditions", "actions", "most_per_day", "most_ever"],
    "operational": ["created_by", "created_at"]}');
select app_private.protect('app_public.automation_rule_versions', engine => 'select, insert');

grant select on app_public.automation_rule_versions to app_member;

create policy automation_rule_versions_select_staff on app_public.automation_rule_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('automations.view'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.automation_rule_versions
  for each statement execute function app_private.tg_frozen();
