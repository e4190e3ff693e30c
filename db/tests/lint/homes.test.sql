-- Test: lint - every row is where those it points at are, also after a clinic moved. SCA-01.
begin;
select plan(2);
select is_empty($$select object, problem from tests.lint('homes')$$, 'every row is where those it points at are');

create temporary table before as select object from tests.lint('homes');
create table app_public.toys (id uuid primary key, organization_id uuid);
create table app_public.parts (id uuid primary key, toy_id uuid references app_public.toys (id));
create table app_public.games (id uuid primary key);
create table app_public.songs (id uuid primary key, scope_id uuid);
create table app_public.players (id uuid primary key);
create table app_public.wishes (id uuid primary key, player_id uuid references app_public.players (id), game_id uuid references app_public.games (id));
create table app_public.rules (id uuid primary key, wish_id uuid references app_public.wishes (id));
create table app_public.boards (id uuid primary key);
create table app_public.turns (id uuid primary key, wish_id uuid references app_public.wishes (id));
insert into app_private.classified_tables (table_name, home, retention, person_column) values
  ('app_public.toys', 'clinic', 'clinic', null), ('app_public.parts', 'clinic', 'clinic', null),
  ('app_public.games', 'clinic', 'clinic', null), ('app_public.songs', 'cell', 'clinic', null),
  ('app_public.players', 'person', 'account', null), ('app_public.wishes', 'person', 'account', null),
  ('app_public.rules', 'platform', 'reference', null), ('app_public.boards', 'cell', 'reference', null),
  ('app_public.turns', 'cell', 'operations', null);
select set_eq(
  $$select object || ': ' || problem from (select * from tests.lint('homes')) as found
    where object not in (select object from before)$$,
  array[
    'app_public.games: moves with its clinic and names none: it has no organization_id, no scope_id and no key to a row that moves',
    'app_public.songs: names a clinic and is at home with cell',
    'app_public.players: is at home with a person and names none',
    'app_public.wishes (wishes_game_id_fkey): points from person to clinic, whose row may be on another server',
    'app_public.rules (rules_wish_id_fkey): points from platform to person, whose row may be on another server',
    'app_public.boards: is reference data and not at home on the platform',
    'app_public.turns (turns_wish_id_fkey): points from cell to person, whose row may be on another server'
  ],
  'a clinic''s and a person''s rows that name none, a clinic''s that stay behind, reference data elsewhere and keys across homes are named');
select * from finish();
rollback;
