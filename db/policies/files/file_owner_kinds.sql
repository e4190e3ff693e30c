-- What files may belong to; changed by migrations only. FND-13.

alter table app_private.file_owner_kinds enable row level security;
alter table app_private.file_owner_kinds force row level security;

grant select on app_private.file_owner_kinds to app_engine;

drop policy if exists file_owner_kinds_select_engine on app_private.file_owner_kinds;
create policy file_owner_kinds_select_engine on app_private.file_owner_kinds
  for select to app_engine
  using (true);

drop policy if exists file_owner_kinds_all_migrator on app_private.file_owner_kinds;
create policy file_owner_kinds_all_migrator on app_private.file_owner_kinds
  to app_owner using (true) with check (true);

create or replace trigger _200_guard_function before insert or update on app_private.file_owner_kinds
  for each row execute function app_private.tg_guard_function('owner_function', 'uuid', 'app_private.owner_of_file');

create or replace trigger _900_admit after insert or update or delete on app_private.file_owner_kinds
  for each statement execute function app_private.tg_file_owner_kinds__admit();

select app_private.classify('app_private.file_owner_kinds', 'reference',
  '{"public": ["key", "column_name", "patient_column", "owner_function"]}',
  unaudited => 'Reference data that only migrations change.');
