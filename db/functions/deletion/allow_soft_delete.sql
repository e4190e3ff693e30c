-- A table joins soft deletion: in its policy file, beside its policies. What was deleted is then listed by
-- deleted_rows() and comes back by restore_deleted_row(); a verb of the table's own deletes. FND-10.

create or replace function app_private.allow_soft_delete(
  table_name text,
  permission text,
  label text,
  follows text default null
) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_private.soft_deletes (table_name, permission, label, follows)
  values (allow_soft_delete.table_name, allow_soft_delete.permission, allow_soft_delete.label, allow_soft_delete.follows)
  on conflict on constraint soft_deletes_pkey do update
    set permission = excluded.permission, label = excluded.label, follows = excluded.follows;
end;

comment on function app_private.allow_soft_delete is
  'Registers a table with deleted_at: the permission to delete and restore (null: superadmins only), SQL over the row r '
  'by which people recognise it, and the table whose rows it goes and comes back with.';
