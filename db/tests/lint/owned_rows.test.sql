-- Test: lint - the product's own rows stand in db/reference, each in one file. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('owned_rows')$$,
  'the product''s own rows stand in db/reference, each in one file');

create table app_public.toys (id text primary key);
select app_private.classify('app_public.toys', 'reference', '{"public": ["id"]}');
create table app_public.games (id text primary key);
select app_private.classify('app_public.games', 'reference', '{"public": ["id"]}');
select app_private.own_rows('app_public.games', E'id\n---\nchess');
insert into app_private.state_transitions (entity, from_state, to_state, actor) values ('toys', '', 'new', 'system');
insert into app_private.owned_rows (table_name, scope, columns, given_once) values
  ('app_private.legal_ages', '{"years": "16"}', '{}', '{}');
select set_eq(
  $$select object, problem from tests.lint('owned_rows')$$,
  $$values ('app_public.toys', 'no file of db/reference owns its rows: see db/CONVENTIONS.md'),
           ('app_public.games', 'its part {} waits to be written'),
           ('app_private.state_transitions', 'files of db/reference that own its row (toys,"",new,system): 0'),
           ('app_private.legal_ages', 'files of db/reference that own its row (own_account): 2')$$,
  'a table without a file, rows that are not written yet, a row that no file has and one that two have are named');
select * from finish();
rollback;
