-- Test: lint - files are readable where their owner is, of whatever kind it is. FND-13, FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('file_owners')$$,
  'every kind of owner has its column, its key and its policy, and there is no other');

create temporary table before as select object from tests.lint('file_owners');
create policy files_select_of_games on app_public.files for select to app_member using (false);
drop policy files_select_of_service on app_public.files;
drop policy files_select_of_specialist on app_public.files;
create policy files_select_of_specialist on app_public.files for select to app_member using (true);
set local session_replication_role = replica;
insert into app_private.file_owner_kinds (key, column_name, owner_function) values ('toy', 'toy_id', 'file_owner_toy');
select set_eq(
  $$select object from tests.lint('file_owners') except select object from before$$,
  array['app_private.file_owner_kinds service', 'app_private.file_owner_kinds specialist', 'app_private.file_owner_kinds toy',
        'app_public.files.files_select_of_games'],
  'a kind without column or policy, one whose policy asks nobody, and a policy of no kind are named');
select * from finish();
rollback;
