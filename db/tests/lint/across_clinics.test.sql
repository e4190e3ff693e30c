-- Test: lint - whatever goes over the rows of all clinics is a declared exception. SCA-01, FND-06.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('across_clinics')$$,
  'everything else names a row, a clinic, or a token');

create temporary table before as select object from tests.lint('across_clinics');
create function app_public.toys() returns bigint language sql security definer set search_path = '' return 1::bigint;
create function app_public.toy(token text) returns bigint language sql security definer set search_path = '' return 1::bigint;
create function app_public.toy_of(slug text, n int) returns bigint language sql security definer set search_path = '' return 1::bigint;
create function app_public.games(of_whom uuid) returns bigint language sql security definer set search_path = '' return 1::bigint;
create function app_public.songs(of_whom app_public.services) returns bigint language sql security definer set search_path = '' return 1::bigint;
create function app_public.dances(name text) returns bigint language sql security definer set search_path = '' return 1::bigint;
create function app_public.own_toys() returns bigint language sql set search_path = '' return 1::bigint;
create function app_public.hidden_toys() returns bigint language sql security definer set search_path = '' return 1::bigint;
grant execute on function app_public.toys(), app_public.toy(text), app_public.toy_of(text, int), app_public.games(uuid),
  app_public.songs(app_public.services), app_public.own_toys() to app_member;
grant execute on function app_public.dances(text) to app_worker;
select set_eq(
  $$select object from tests.lint('across_clinics') except select object from before$$,
  array['app_public.toys()', 'app_public.dances(text)'],
  'one that names nothing is named');
select * from finish();
rollback;
