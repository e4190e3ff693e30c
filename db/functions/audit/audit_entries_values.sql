-- Old and new values of one entry, for whoever may read the log it is in. FND-08.
-- The platform's log holds what people of all clinics changed about themselves. Superadmins run the platform and see
-- nothing of a patient: of a table with personal data they learn that a row changed, when and by whom.

set role app_engine;

create or replace function app_public.audit_entries_values(entry app_public.audit_entries) returns app_public.audit_values
language sql stable security definer
set search_path = ''
begin atomic
  select row(entries.old, entries.new, entries.ip, entries.user_agent)::app_public.audit_values
  from audit.entries
  where entries.scope_id = coalesce((entry).organization_id, '00000000-0000-0000-0000-000000000000')
    and entries.occurred_at = (entry).occurred_at
    and entries.id = (entry).id
    and entries.key is not null
    and case
      when entries.organization_id is not null then app_hidden.has_permission(entries.organization_id, 'audit.view')
      else app_hidden.is_superadmin() and not exists (
        select from app_private.classified_columns
        join app_private.data_classes on data_classes.name = classified_columns.class
        where classified_columns.table_name = entries.table_name and data_classes.is_personal)
    end;
end;

comment on function app_public.audit_entries_values is
  E'@nullable\nValues before and after, and from where it was done. Null when they were erased, or are personal and the reader runs the platform.';
grant execute on function app_public.audit_entries_values to app_member;

reset role;
