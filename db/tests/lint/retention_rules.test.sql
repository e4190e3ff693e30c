-- Test: lint - rules of retention can be carried out, by an index. FND-12, GDP-03.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('retention_rules')$$,
  'every rule can be carried out, by an index');

create temporary table before as select object, problem from tests.lint('retention_rules');
create table app_public.toys (id uuid primary key, made_at timestamptz, maker text, pain text);
create index on app_public.toys (maker, made_at);
create table app_public.games (id uuid primary key, made_at timestamptz);
create index on app_public.games (made_at);
grant update (id) on app_public.games to app_engine;
select app_private.classify('app_public.toys', 'cell', 'clinic', '{"public": ["id", "made_at", "maker"], "phi": ["pain"]}',
  kept => '{"operations": ["maker"], "lapsed_holds": ["made_at"]}');
select app_private.retain('app_public.toys', 'operations', 'blank', 'made_at');
select app_private.retain('app_public.toys', 'clinic', 'delete', 'made_at');
select app_private.classify('app_public.games', 'cell', 'operations', '{"public": ["id", "made_at"]}');
select app_private.retain('app_public.games', 'operations', 'delete', 'made_at');
select results_eq(
  $$select object, problem from tests.lint('retention_rules') except select object, problem from before order by 1, 2$$,
  $$values
    ('app_public.games operations', 'is to delete, and app_engine may not'),
    ('app_public.toys clinic', 'is never acted on: it would remove health data'),
    ('app_public.toys clinic', 'is to delete, and app_engine may not'),
    ('app_public.toys clinic', 'locks rows, and app_engine may update no column'),
    ('app_public.toys clinic', 'looks for old rows by made_at, and no index begins with it'),
    ('app_public.toys lapsed_holds', 'is how long columns are kept, and no rule blanks them then'),
    ('app_public.toys operations', 'is to blank, and app_engine may not'),
    ('app_public.toys operations', 'locks rows, and app_engine may update no column'),
    ('app_public.toys operations', 'looks for old rows by made_at, and no index begins with it')$$,
  'what cannot be carried out is named, and what is kept for a time that nobody ends');
select * from finish();
rollback;
