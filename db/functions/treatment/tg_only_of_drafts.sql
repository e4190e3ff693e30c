-- Sessions and exercises of a version are written while it is a draft. TPL-01.

set role app_engine;

create or replace function app_private.tg_only_of_drafts() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  if tg_op = 'UPDATE' or not exists (
    select from app_public.treatment_plan_versions as versions
    where versions.scope_id = coalesce((v_row ->> 'organization_id')::uuid, '00000000-0000-0000-0000-000000000000')
      and versions.id = (v_row ->> 'version_id')::uuid and versions.status = 'draft'
  ) then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', jsonb_build_object('entity', tg_table_name));
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$$;

comment on function app_private.tg_only_of_drafts is 'IMMUTABLE never_changed unless the version is a draft. Trigger _300_keep.';

reset role;
