-- Which rows the files of db/reference own: migrations write it, nobody else reads it. FND-05.

alter table app_private.owned_rows enable row level security;
alter table app_private.owned_rows force row level security;

drop policy if exists owned_rows_all_migrator on app_private.owned_rows;
create policy owned_rows_all_migrator on app_private.owned_rows
  to app_owner using (true) with check (true);

select app_private.classify('app_private.owned_rows', 'reference',
  '{"public": ["table_name", "scope", "columns", "given_once", "pending"]}',
  unaudited => 'Reference data that only migrations change.');
