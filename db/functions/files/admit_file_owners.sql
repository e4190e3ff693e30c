-- What follows from a kind of owner: the policies that make files readable where their owner is, and right and class of
-- the column that refers to it. Run by migrations only, whenever the kinds or the rights to files are written. FND-13, FND-12.
-- Of what a clinic has few, the readable ones are read once per query. Of what it has many (patient_column says so), staff
-- look theirs up by key, one look-up a row, and a patient's own are few again.

create or replace function app_private.admit_file_owners() returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_kind record;
  v_policy name;
begin
  for v_policy in
    select pg_policy.polname
    from pg_catalog.pg_policy
    where pg_policy.polrelid = 'app_public.files'::regclass and pg_policy.polname ~ '^files_select_of_'
  loop
    execute format('drop policy %I on app_public.files', v_policy);
  end loop;

  for v_kind in
    select file_owner_kinds.*, pg_constraint.confrelid::regclass as owners
    from app_private.file_owner_kinds
    left join pg_catalog.pg_attribute
      on pg_attribute.attrelid = 'app_public.files'::regclass and pg_attribute.attname = file_owner_kinds.column_name
    left join pg_catalog.pg_constraint
      on pg_constraint.conrelid = pg_attribute.attrelid and pg_constraint.contype = 'f'
      and pg_attribute.attnum = any (pg_constraint.conkey)
    order by file_owner_kinds.key
  loop
    if v_kind.owners is null then
      raise exception 'files of the kind % need a column % with a foreign key to their owner', v_kind.key, v_kind.column_name;
    end if;

    if v_kind.patient_column is null then
      execute format(
        'create policy %I on app_public.files for select to app_member using (
           status = ''confirmed'' and deleted_at is null and %I in (select owner.id from %s as owner))',
        'files_select_of_' || v_kind.key, v_kind.column_name, v_kind.owners);
    else
      execute format(
        'create policy %I on app_public.files for select to app_member using (
           status = ''confirmed'' and deleted_at is null and %I in (
             select owner.id from %s as owner
             where owner.%I = any ((select app_hidden.rights(''people''))::uuid[])))',
        'files_select_of_' || v_kind.key || '_of_patient', v_kind.column_name, v_kind.owners, v_kind.patient_column);
      execute format(
        'create policy %I on app_public.files for select to app_member using (
           status = ''confirmed'' and deleted_at is null and %I is not null
           and organization_id = any ((select app_hidden.rights(''staff''))::uuid[])
           and exists (
             select from %s as owner where owner.organization_id = files.organization_id and owner.id = files.%I))',
        'files_select_of_' || v_kind.key, v_kind.column_name, v_kind.owners, v_kind.column_name);
    end if;

    execute format('grant select (%I) on app_public.files to app_member', v_kind.column_name);
    insert into app_private.classified_columns (table_name, column_name, class, retention)
    select classified_tables.table_name, v_kind.column_name, 'operational', classified_tables.retention
    from app_private.classified_tables
    where classified_tables.table_name = 'app_public.files'
    on conflict do nothing;
  end loop;
end;
$$;

comment on function app_private.admit_file_owners is
  'Writes policies, grants and classes of app_public.files for every row of file_owner_kinds, and drops what no row asks for.';

create or replace function app_private.tg_file_owner_kinds__admit() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.admit_file_owners();
  return null;
end;
$$;

comment on function app_private.tg_file_owner_kinds__admit is 'Rights to files follow the kinds of their owners.';
