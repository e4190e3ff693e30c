-- Test: lint - answers about the caller are kept by rights() alone, and forgotten when what they rest on changes. FND-04.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('kept_rights')$$,
  'policies ask rights(), what it rests on forgets it, and nobody else writes it');

create temporary table before as select object from tests.lint('kept_rights');
create table app_public.toys (id uuid, organization_id uuid);
create policy toys_select_staff on app_public.toys for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));
create policy toys_select_person on app_public.toys for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]));
create function app_public.play(name text) returns void language plpgsql as
  $$begin perform set_config(name, 'x', true); end$$;
create function app_public.sing() returns void language plpgsql as
  $$begin perform set_config('app.rights_changes', 'x', true); end$$;
create function app_public.hum() returns void language plpgsql as
  $$begin perform set_config('app.principal_id', 'x', true); end$$;
drop trigger _900_forget_rights on app_public.memberships;
create trigger _900_forget_rights after insert or update on app_public.memberships
  for each statement execute function app_private.tg_forget_rights();
alter table app_public.caregivers disable trigger _900_forget_rights;
select set_eq(
  $$select object from tests.lint('kept_rights') except select object from before$$,
  array[
    'app_public.toys.toys_select_staff', 'app_public.play(text)', 'app_public.sing()', 'app_public.memberships',
    'app_public.caregivers'
  ],
  'a policy that asks by itself, two functions that could write an answer, and tables that forget too little are named');
select * from finish();
rollback;
