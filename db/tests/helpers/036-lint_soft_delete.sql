-- The catalog lint, soft delete: deleted is hidden from every API read, and its place is free again. FND-10.

create or replace function tests.lint_soft_delete() returns table (object text, problem text)
language sql stable as $$
  select p.name, 'shows deleted rows: it does not look at deleted_at'
  from tests.app_policies p
  join tests.app_columns c on c.table_oid = p.polrelid and c.attname = 'deleted_at'
  where p.command in ('select', 'all') and p.polpermissive
    and not (p.roles <@ '{app_engine,app_worker,app_owner}')
    and coalesce(p.using_text, '') !~ '\mdeleted_at IS NULL\M'
  union all
  select i.name, 'counts deleted rows as taken'
  from tests.app_indexes i
  join tests.app_columns c on c.table_oid = i.indrelid and c.attname = 'deleted_at'
  where i.indisunique and not i.indisprimary and i.columns <> '{organization_id,id}'
    and coalesce(i.predicate, '') !~ '\mdeleted_at IS NULL\M';
$$;
