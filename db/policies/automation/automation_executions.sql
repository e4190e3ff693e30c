-- Staff with automations.view; written by the worker, and an outcome once. AUT-01.

select app_private.classify('app_public.automation_executions', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "automation_rule_id", "automation_rule_version_id", "event_id", "action_index",
                    "action", "due_at", "expires_at", "attempts", "created_at", "ended_at"],
    "phi": ["patient_profile_id", "outcome", "reason", "details"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Is itself a ledger, of what automations did; what an action changes is followed where it changes it.');
select app_private.on_merge('app_public.automation_executions', 'patient_profile_id', 'moves');
select app_private.protect('app_public.automation_executions', engine => 'select, insert, update, delete');
select app_private.retain('app_public.automation_executions', 'correspondence', 'delete', kept_from => 'ended_at');

grant select on app_public.automation_executions to app_member;

create policy automation_executions_select_staff on app_public.automation_executions for select to app_member
  using (organization_id = any ((select app_hidden.rights('automations.view'))::uuid[]));

create or replace trigger _200_append_only before update on app_public.automation_executions
  for each row execute function app_private.tg_automation_executions__once();

create or replace trigger _200_refuse_truncate before truncate on app_public.automation_executions
  for each statement execute function app_private.tg_frozen();

create or replace trigger _200_refuse_delete before delete on app_public.automation_executions
  for each statement when (current_user <> 'app_engine') execute function app_private.tg_frozen();
