-- The catalog lint, soft delete: deleted is hidden from every API read, its place is free again, and it can come back.
-- FND-10.

create or replace view tests.soft_delete_tables as
select t.oid, t.name, t.relname from tests.app_tables t
where exists (select from tests.app_columns c where c.table_oid = t.oid and c.attname = 'deleted_at');

create or replace function tests.lint_soft_delete() returns table (object text, problem text)
language sql stable as $$
  select p.name, 'shows deleted rows: it does not look at deleted_at'
  from tests.app_policies p
  join tests.soft_delete_tables t on t.oid = p.polrelid
  where p.command in ('select', 'all') and p.polpermissive
    and not (p.roles <@ '{app_engine,app_worker,app_owner}')
    and coalesce(p.using_text, '') !~ '\mdeleted_at IS NULL\M'
  union all
  select p.name, 'changes deleted rows: it does not look at deleted_at'
  from tests.app_policies p
  join tests.soft_delete_tables t on t.oid = p.polrelid
  where p.command = 'update' and p.polpermissive
    and not (p.roles <@ '{app_engine,app_worker,app_owner}')
    and coalesce(p.using_text, '') !~ '\mdeleted_at IS NULL\M'
  union all
  select i.name, 'counts deleted rows as taken'
  from tests.app_indexes i
  join tests.soft_delete_tables t on t.oid = i.indrelid
  where i.indisunique and not 'id' = any (i.columns)
    and coalesce(i.predicate, '') !~ '\mdeleted_at IS NULL\M';
$$;

-- Deletion goes through one door, so that it can be taken back and is told apart from an edit.
create or replace function tests.lint_soft_delete_rights() returns table (object text, problem text)
language sql stable as $$
  select t.name, g.grantee::regrole || ' may delete for good what can be deleted and brought back'
  from tests.soft_delete_tables t
  join tests.granted_commands g on g.table_oid = t.oid and g.command = 'delete'
  union all
  select t.name, role.oid::regrole || ' may ' || command || ' deleted_at past the verbs'
  from tests.soft_delete_tables t
  cross join unnest(tests.api_roles()) as role (oid)
  cross join unnest('{insert,update}'::text[]) as command
  where pg_catalog.has_column_privilege(role.oid, t.oid, 'deleted_at', command)
  union all
  select t.name, 'has deleted_at and says no permission: join with app_private.allow_soft_delete(…)'
  from tests.soft_delete_tables t
  where not exists (select from app_private.soft_deletes d where d.table_name = t.name)
  union all
  select d.table_name, wrong.problem
  from app_private.soft_deletes d
  cross join lateral (values
    (not exists (select from tests.soft_delete_tables t where t.name = d.table_name), 'can be deleted and has no deleted_at'),
    (exists (select from tests.tenant_tables t where t.name = d.table_name) and d.permission is null,
     'belongs to clinics and only superadmins may restore it'),
    (exists (select from app_private.classified_tables k where k.table_name = d.table_name and k.unaudited is not null),
     'can be deleted and no audit says by whom'),
    (d.follows is not null and 1 <> (
       select count(*) from tests.app_foreign_keys k where k.child = d.table_name and k.parent = d.follows),
     'follows ' || d.follows || ' and does not point to it by one foreign key')
  ) as wrong (is_so, problem)
  where wrong.is_so;
$$;
