-- Test: own_rows - refuses columns, values and parts that cannot be, naming them, and keeps nothing of the call. FND-05.
begin;
select plan(20);
create table app_public.toys (
  shelf text, name text, pieces int, tags text[], facts jsonb, upper_name text generated always as (upper(name)) stored,
  gone text, primary key (shelf, name)
);
alter table app_public.toys drop column gone;
select app_private.classify('app_public.toys', 'reference', '{"public": ["shelf", "name", "pieces", "tags", "facts", "upper_name"]}');
create table app_public.games (name text primary key, organization_id uuid);
select app_private.classify('app_public.games', 'clinic', '{"public": ["name", "organization_id"]}');
select app_private.own_rows('app_public.toys', E'name\n---\nball', '{"shelf": "a"}');
create temporary table before as select * from app_private.owned_rows;

select throws_ok($$select app_private.own_rows('app_public.nothing', E'a\n---\n1')$$, '42P01', null, 'a table that is not there');
select throws_ok($$select app_private.own_rows('app_public.toys', E'name | status\n---+---\nball | new', '{"shelf": "b"}')$$, 'P0001',
  'own_rows: app_public.toys has no column status to write', 'a column that other tables have');
select throws_ok($$select app_private.own_rows('app_public.toys', E'name | ctid\n---+---\nball | (0,1)', '{"shelf": "b"}')$$, 'P0001',
  'own_rows: app_public.toys has no column ctid to write', 'a column of the system''s');
select throws_ok($$select app_private.own_rows('app_public.toys', E'name | ........pg.dropped.7........\n---+---\nball | 1', '{"shelf": "b"}')$$,
  'P0001', 'own_rows: app_public.toys has no column ........pg.dropped.7........ to write', 'a column that was dropped');
select throws_ok($$select app_private.own_rows('app_public.toys', E'name | colour\n---+---\nball | red', '{"shelf": "b"}')$$, 'P0001',
  'own_rows: app_public.toys has no column colour to write', 'a column that is not there');
select throws_ok($$select app_private.own_rows('app_public.toys', E'name\n---\nball', '{"room": "b"}')$$, 'P0001',
  'own_rows: app_public.toys has no column room to write', 'a part by a column that is not there');
select throws_ok($$select app_private.own_rows('app_public.toys', E'name\n---\nball', '{"shelf": "b"}', '{price}')$$, 'P0001',
  'own_rows: app_public.toys has no column price to write', 'a column given once that is not there');
select throws_ok($$select app_private.own_rows('app_public.toys', E'name | upper_name\n---+---\nball | BALL', '{"shelf": "b"}')$$,
  'P0001', 'own_rows: app_public.toys has no column upper_name to write', 'a column that is computed');
select throws_ok($$select app_private.own_rows('app_public.toys', E'shelf | name\n---+---\nb | ball', '{"shelf": "b"}')$$, 'P0001',
  'own_rows: shelf is the scope''s, and is given by a row', 'a column of the scope in a row');
select throws_ok($$select app_private.own_rows('app_public.toys', E'pieces\n---\n3', '{"shelf": "b"}')$$, 'P0001',
  'own_rows: the key of app_public.toys is (shelf, name)', 'rows without their key');
select throws_ok($$select app_private.own_rows('app_public.toys', E'name | pieces\n---+---\nball | many', '{"shelf": "b"}')$$,
  '22P02', null, 'a value of another type');
select throws_ok($$select app_private.own_rows('app_public.toys', E'name | facts\n---+---\nball | {', '{"shelf": "b"}')$$,
  '22P02', null, 'JSON that is none');
select throws_ok($$select app_private.own_rows('app_public.toys', E'name | pieces\n---+---\nball | 1\nkite | 1\nball | 2\nkite | 1', '{"shelf": "b"}')$$,
  'P0001', 'own_rows: a row of app_public.toys stands twice: (b,ball), (b,kite)', 'a row that stands twice');
select throws_ok($$select app_private.own_rows('app_public.toys', E'shelf | name\n---+---\nb | ball')$$, 'P0001',
  'own_rows: its part {} of app_public.toys is another file''s: {"shelf": "a"}', 'a whole table of which another file has a part');
select throws_ok($$select app_private.own_rows('app_public.toys', E'pieces\n---\n1', '{"shelf": "a", "name": "ball"}')$$, 'P0001',
  'own_rows: its part {"name": "ball", "shelf": "a"} of app_public.toys is another file''s: {"shelf": "a"}',
  'a part of a part that another file has');
select throws_ok($$select app_private.own_rows('app_public.toys', E'shelf | colour | name\n---+---+---\nb | red | ball', '{"shelf": "b"}')$$,
  'P0001', 'own_rows: app_public.toys has no column colour to write', 'of several faults, the first');
select throws_ok($$select app_private.own_rows('app_public.toys', E'shelf\n---\nb', '{"name": "ball"}')$$, 'P0001',
  'own_rows: its part {"name": "ball"} of app_public.toys is another file''s: {"shelf": "a"}', 'a part that could share a row');
select throws_ok($$select app_private.own_rows('app_public.games', E'name\n---\nchess')$$, 'P0001',
  'own_rows: app_public.games is not classified as reference: other people''s rows are in it, give a scope',
  'the whole of a table in which clinics have rows');
select results_eq($$select * from app_private.owned_rows order by table_name, scope$$, $$select * from before order by table_name, scope$$,
  'nothing is kept of what was refused');
select lives_ok($$
  select app_private.own_rows('app_public.toys', E'name\n---\nball', '{"shelf": "b"}');
  select app_private.own_rows('app_public.toys', E'name\n---\nkite', '{"shelf": "a"}');
  select app_private.own_rows('app_public.games', E'name\n---\nchess', '{"organization_id": null}');$$,
  'another shelf, the same shelf again, and the platform''s rows of a clinics'' table');
select * from finish();
rollback;
