-- Prices and limits of a version are written while it is a draft. FND-20.

create or replace function app_private.tg_only_of_draft_versions() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version_id uuid := case when tg_op = 'DELETE' then old.tier_version_id else new.tier_version_id end;
begin
  if tg_op = 'UPDATE' or not exists (
    select from app_public.platform_tier_versions as versions
    where versions.id = v_version_id and versions.published_at is null
  ) then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', jsonb_build_object('entity', tg_table_name));
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$$;

comment on function app_private.tg_only_of_draft_versions is 'IMMUTABLE never_changed unless the version is a draft. Trigger _300_keep.';
