-- Test: close_table - policies and rights that a file no longer gives are gone, from this table alone. FND-05.
begin;
select plan(5);
create role toymaker;
set local role app_owner;
create table app_public.toys (id uuid, name text, price int);
create table app_public.games (id uuid);
grant select, update on app_public.toys to app_member, public, toymaker;
grant select (name), insert (name, price) on app_public.toys to app_anonymous;
grant references on app_public.toys to app_engine;
grant select (price) on app_public.toys to public;
grant select on app_public.games to app_member;
create policy toys_select_everyone on app_public.toys for select to app_member using (true);
create policy toys_all_engine on app_public.toys as restrictive to app_engine using (false);
create policy games_select_everyone on app_public.games for select to app_member using (true);
select app_private.close_table('app_public.toys');
reset role;

select is_empty($$select polname from pg_policy where polrelid = 'app_public.toys'::regclass$$, 'no policy is left');
select results_eq(
  $$select e.grantee::regrole::text, string_agg(e.privilege_type, ',' order by e.privilege_type)
    from pg_class cross join aclexplode(relacl) e where pg_class.oid = 'app_public.toys'::regclass and e.grantee <> relowner group by 1$$,
  $$values ('toymaker', 'SELECT,UPDATE')$$, 'no right either, but of a role that is not ours');
select is_empty(
  $$select attname from pg_attribute cross join aclexplode(attacl) where attrelid = 'app_public.toys'::regclass$$,
  'nor to a column');
select results_eq(
  $$select relrowsecurity, relforcerowsecurity from pg_class where oid = 'app_public.toys'::regclass$$,
  'values (true, true)', 'row security is on, for the owner too');
select results_eq(
  $$select (select count(*) from pg_policy where polrelid = 'app_public.games'::regclass), relrowsecurity,
           has_table_privilege('app_member', 'app_public.games', 'select')
    from pg_class where oid = 'app_public.games'::regclass$$,
  'values (1::bigint, false, true)', 'another table is left alone');
select * from finish();
rollback;
