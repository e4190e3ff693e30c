-- Test: write_owned_rows - refuses to take out rows that others point at: it names all of them and who points, and
-- nothing is written. FND-05.
begin;
select plan(8);
create function pg_temp.attempt(statement text, out code text, out message text, out hint text) language plpgsql as $$
begin
  execute statement;
exception when others then
  get stacked diagnostics code = returned_sqlstate, message = message_text, hint = pg_exception_hint;
end $$;
create table app_public.shelves (name text primary key);
create table app_public.toys (shelf text constraint toys_shelf_exists references app_public.shelves on delete restrict);
create table app_public.games (shelf text constraint games_shelf_exists references app_public.shelves);
select app_private.classify('app_public.shelves', 'reference', '{"public": ["name"]}', unaudited => 'A toy of this test.');
select app_private.own_rows('app_public.shelves', E'name\n---\nlow\nhigh\nmiddle\nempty');
select app_private.write_owned_rows();
insert into app_public.toys values ('high'), ('high');
insert into app_public.games values ('low');

select app_private.own_rows('app_public.shelves', E'name\n---\nmiddle\nnew');
select results_eq(
  $$select * from pg_temp.attempt('select app_private.write_owned_rows()')$$,
  $$values ('23503', E'Rows that no file of db/reference has any more are in use:\n'
      '  app_public.shelves (high): Key (name)=(high) is referenced from table "toys".\n'
      '  app_public.shelves (low): Key (name)=(low) is still referenced from table "games".',
      'Keep them, or first change what points at them: in a file of db/migrations/current.')$$,
  'rows in use are named, with who points at them');
select set_eq($$select name from app_public.shelves$$, array['low', 'high', 'middle', 'empty'], 'nothing was written');
delete from app_public.toys;
delete from app_public.games;
select lives_ok($$select app_private.write_owned_rows()$$, 'when nobody points any more, they go');
select set_eq($$select name from app_public.shelves$$, array['middle', 'new'], 'and the others are there');

-- Tables of which neither can be first.
create table app_public.hens (name text primary key, egg text);
create table app_public.eggs (name text primary key, hen text references app_public.hens);
alter table app_public.hens add foreign key (egg) references app_public.eggs;
select app_private.classify(name, 'reference', format('{"public": ["name", "%s"]}', of)::jsonb, unaudited => 'A toy of this test.')
from (values ('app_public.hens', 'egg'), ('app_public.eggs', 'hen')) as given (name, of);
select app_private.own_rows(name, E'name\n---\nfirst') from (values ('app_public.hens'), ('app_public.eggs')) as given (name);
select is((pg_temp.attempt('select app_private.write_owned_rows()')).message,
  'own_rows: these tables point at each other in a circle: app_public.eggs, app_public.hens', 'a circle has no first');
update app_private.owned_rows set pending = null where pending is not null; -- what does not wait stands in nobody's way

-- The keys of clinics and people.
select is_empty(
  $$select k.conrelid::regclass, k.conname from pg_constraint k
    join app_private.owned_rows o on o.table_name = k.confrelid::regclass::text
    where k.contype = 'f' and k.confdeltype not in ('r', 'a')$$, 'no key takes a row along');
insert into app_private.owned_rows (table_name, scope, columns, given_once, pending)
values ('app_public.message_topics', '{}', '{}', '{}', '[]')
on conflict on constraint owned_rows_pkey do update set pending = '[]';
select is((pg_temp.attempt('select app_private.write_owned_rows()')).code, '23503', 'topics that messages have are not given up');
select isnt_empty($$select from app_public.message_topics$$, 'they are there');
select * from finish();
rollback;
