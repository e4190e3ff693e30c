-- Test: write_owned_rows - inserts, changes and takes out the rows of a part, each value typed by its column, and leaves
-- alone what is so already, what others own and what is given once. FND-05.
begin;
select plan(19);
create table app_public.shelves (
  name text primary key, is_open boolean not null, place int, notes text, wait interval, tags text[], facts jsonb,
  colour text not null default 'white', updated_at timestamptz not null default '2020-01-01',
  upper_name text generated always as (upper(name)) stored, number int generated always as identity, gone text,
  scope text, wood text not null default 'oak', beside text references app_public.shelves on delete restrict
);
alter table app_public.shelves drop column gone;
create function pg_temp.stamp() returns trigger language plpgsql as $$ begin new.updated_at := '2030-01-01'; return new; end $$;
create trigger stamp before update on app_public.shelves for each row execute function pg_temp.stamp();
create table app_public.toys (
  shelf text not null default 'high' references app_public.shelves on delete restrict, name text, pieces int, primary key (shelf, name)
);
create table app_public.parts (
  shelf text, toy text, name text primary key, foreign key (shelf, toy) references app_public.toys on delete restrict
);
select app_private.classify('app_public.shelves', 'reference', unaudited => 'A toy of this test.', classes =>
  '{"public": ["name", "is_open", "place", "notes", "wait", "tags", "facts", "colour", "updated_at", "upper_name",
              "number", "scope", "wood", "beside"]}');
select app_private.classify('app_public.toys', 'reference', '{"public": ["shelf", "name", "pieces"]}', unaudited => 'A toy of this test.');
select app_private.classify('app_public.parts', 'reference', '{"public": ["shelf", "toy", "name"]}', unaudited => 'A toy of this test.');

-- Who points comes before what it points at, as in the alphabet.
select app_private.own_rows('app_public.parts', E'name | shelf | toy\n---+---+---\nwheel | low | car');
select app_private.own_rows('app_public.toys', E'name | pieces\n---+---\ncar | 4\nball |', '{"shelf": "low"}');
select app_private.own_rows('app_public.toys', E'name | pieces\n---+---\nkite | 2', '{"shelf": "high"}');
create function pg_temp.shelves(more text default '') returns void language sql as $$
  select app_private.own_rows('app_public.shelves', given_once => '{is_open}', rows => '
name: low
is_open: true
place: 1
wood: fir
notes:
Two
  lines
=====
name: high
is_open: false
wait: 90 minutes
tags: {a,b c}
facts: {"of": ["wood"]}
scope: not JSON
wood: oak
beside: low
' || more)
$$;
select pg_temp.shelves();
select is_empty($$select from app_public.shelves$$, 'what is declared is not written yet');

select app_private.write_owned_rows();
select results_eq(
  $$select name, is_open, place, notes, wait, tags, facts, scope, wood, beside, colour, updated_at, upper_name
    from app_public.shelves order by name$$,
  $$values ('high', false, null::int, null, interval '90 minutes', '{a,b c}'::text[], '{"of": ["wood"]}'::jsonb, 'not JSON', 'oak',
            'low', 'white', timestamptz '2020-01-01', 'HIGH'),
           ('low', true, 1, E'Two\n  lines', null, null, null, null, 'fir', null, 'white', '2020-01-01', 'LOW')$$,
  'every value is of its column''s type; where nothing is given stands null, or the default of the column');
select results_eq($$select shelf, name, pieces from app_public.toys order by shelf, name$$,
  $$values ('high', 'kite', 2), ('low', 'ball', null), ('low', 'car', 4)$$, 'the values of the scope are the rows''');
select results_eq($$select * from app_public.parts$$, $$values ('low', 'car', 'wheel')$$, 'rows that point come after');
select results_eq(
  $$select table_name, scope, columns, given_once, pending from app_private.owned_rows
    where table_name in ('app_public.shelves', 'app_public.toys') order by table_name, scope$$,
  $$values ('app_public.shelves', '{}'::jsonb, '{beside,facts,is_open,name,notes,place,scope,tags,wait,wood}'::text[], '{is_open}'::text[], null::jsonb),
           ('app_public.toys', '{"shelf": "high"}', '{name,pieces}', '{}', null),
           ('app_public.toys', '{"shelf": "low"}', '{name,pieces}', '{}', null)$$,
  'it is kept who owns what, and nothing waits');

-- Said again, with what others wrote meanwhile.
update app_public.shelves set is_open = false, colour = 'blue', notes = 'scribbled' where name = 'low';
alter table app_public.shelves disable trigger stamp;
update app_public.shelves set updated_at = '2020-01-01';
alter table app_public.shelves enable trigger stamp;
create temporary table versions as select 'toys' as what, name, ctid as place from app_public.toys
  union all select 'shelves', name, ctid from app_public.shelves where name = 'high';
select pg_temp.shelves();
select app_private.own_rows('app_public.toys', E'name | pieces\n---+---\nball |\ncar | 4', '{"shelf": "low"}');
select app_private.write_owned_rows();
select results_eq($$select is_open, colour, notes, updated_at from app_public.shelves where name = 'low'$$,
  $$values (false, 'blue', E'Two\n  lines', timestamptz '2030-01-01')$$,
  'what the file owns is as it says again; what is given once, or not at all, stays as others set it');
select is_empty(
  $$select * from versions except (select 'toys', name, ctid from app_public.toys
    union all select 'shelves', name, ctid from app_public.shelves)$$,
  'rows that are equal are not written');

-- Changed: one row more, one less, one of another value.
create temporary table parts as select table_name, scope, ctid as place from app_private.owned_rows;
select app_private.own_rows('app_public.toys', E'name | pieces\n---+---\ncar | 5\ndoll | 1', '{"shelf": "low"}');
select app_private.write_owned_rows();
select results_eq($$select shelf, name, pieces from app_public.toys order by shelf, name$$,
  $$values ('high', 'kite', 2), ('low', 'car', 5), ('low', 'doll', 1)$$,
  'a row is new, one is changed, one is gone; the other part stays as it is');
select results_eq(
  $$select table_name, scope from parts where not exists (
      select from app_private.owned_rows where owned_rows.ctid = parts.place) order by table_name, scope$$,
  $$values ('app_public.toys', '{"shelf": "low"}'::jsonb)$$, 'nor was the entry of another part');
select results_eq($$select name from versions where what = 'toys' and not exists (
    select from app_public.toys where toys.name = versions.name and toys.ctid = versions.place) order by name$$,
  $$values ('ball'), ('car')$$, 'only those were written');

-- What is given up goes from the last that points to the first that is pointed at; the rest of a shelf moves before.
select pg_temp.shelves(E'===\nname: middle\nis_open: true\nwood: oak\n');
select app_private.own_rows('app_public.parts', E'name | shelf | toy\n---+---+---\nwheel | middle | car');
select app_private.own_rows('app_public.toys', E'name | pieces\n---+---\ncar | 5', '{"shelf": "middle"}');
select app_private.own_rows('app_public.toys', '', '{"shelf": "low"}');
select app_private.write_owned_rows();
select results_eq($$select shelf, name from app_public.toys order by 1, 2$$, $$values ('high', 'kite'), ('middle', 'car')$$,
  'no rows at all give a part up');
select results_eq($$select shelf, toy, name from app_public.parts$$, $$values ('middle', 'car', 'wheel')$$,
  'what pointed at a row that goes pointed elsewhere before');
select is_empty($$select from app_private.owned_rows where scope = '{"shelf": "low"}'$$, 'nobody owns the part any more');
select lives_ok($$select app_private.own_rows('app_public.parts', ''); select app_private.own_rows('app_public.toys', '', '{"shelf": "high"}');
  select app_private.own_rows('app_public.toys', '', '{"shelf": "middle"}'); select app_private.own_rows('app_public.shelves', '');
  select app_private.write_owned_rows()$$, 'all can be given up at once');
select is_empty($$select name from app_public.parts union all select name from app_public.toys union all select name from app_public.shelves$$,
  'and all is gone');

-- An empty cell of a key is the empty text.
select app_private.own_rows('app_public.shelves', E'name | is_open | notes | wood\n---+---+---+---\n | true | | oak');
select app_private.write_owned_rows();
select results_eq($$select name, notes from app_public.shelves$$, $$values ('', null::text)$$,
  'an empty cell is the empty text in a key, and null elsewhere');

-- A part whose column is null, as the platform's rows among clinics'.
create table app_public.games (name text primary key, organization_id uuid);
insert into app_public.games values ('chess', null), ('go', '00000000-0000-0000-0000-000000000001');
select app_private.own_rows('app_public.games', E'name\n---\nhalma', '{"organization_id": null}');
select app_private.write_owned_rows();
select results_eq($$select name, organization_id from app_public.games order by name$$,
  $$values ('go', '00000000-0000-0000-0000-000000000001'::uuid), ('halma', null)$$, 'null is a part, too; clinics'' rows stay');
select is((select count(*) from app_private.owned_rows where pending is not null), 0::bigint, 'nothing waits');
select lives_ok($$select app_private.write_owned_rows()$$, 'without anything to write, nothing is written');
select * from finish();
rollback;
