-- Test: act_on_retention - the oldest first, so many at a time, and nothing a moment early. FND-12, GDP-03.
begin;
select plan(21);
insert into app_private.retentions (key, description, keep_for, confirmed_by) values ('toys', 'Toys.', interval '10 days', 'counsel');
create table app_public.toys (n int primary key, made_at timestamptz, maker text, "its Price" int);
create index on app_public.toys (made_at);
grant select, update, delete on app_public.toys to app_engine;

select app_private.classify('app_public.toys', 'cell', 'toys', '{"public": ["n", "made_at", "maker", "its Price"]}');
select tests.freeze_time('2027-03-11 08:00+02');
select app_private.retain('app_public.toys', 'toys', 'delete', 'made_at', 'n <> 3');
create function pg_temp.fill() returns void language sql as $$
  truncate app_public.toys;
  insert into app_public.toys (n, made_at, maker, "its Price") values
    (1, '2027-03-01 08:00+02', 'a', 1), (2, '2027-03-01 07:59:59.999999+02', 'b', null), (3, '2027-01-01 08:00+02', null, 3),
    (4, '2027-02-01 08:00+02', 'd', 4), (5, null, 'e', 5), (6, '2027-02-03 08:00+02', null, null) $$;
create function pg_temp.left_over() returns text language sql as $$
  select string_agg(concat_ws(' ', n, maker, "its Price"), ', ' order by n) from app_public.toys $$;
create function pg_temp.run() returns text language sql as $$
  select ran_at::text || ' ' || removed from app_private.retention_runs where table_name = 'app_public.toys' and retention = 'toys' $$;
set local timezone = 'UTC';

select pg_temp.fill();
select tests.freeze_time('2027-03-11 08:00+02');
select is(pg_temp.run(), '2027-03-11 06:00:00+00 0', 'the count begins with the rule');
select tests.act_as('the worker');
select is(app_private.act_on_retention('app_public.toys', 'toys', 1), 1, 'as many as were asked for');
select tests.act_as('the database');
select is(pg_temp.left_over(), '1 a 1, 2 b, 3 3, 5 e 5, 6', 'the oldest first');
select is(app_private.act_on_retention('app_public.toys', 'toys', 2), 2, 'then those after it');
select is(pg_temp.left_over(), '1 a 1, 3 3, 5 e 5', 'to the microsecond; what has no age and what the condition leaves out stay');
select tests.freeze_time('2027-03-11 08:10+02');
update app_public.toys set made_at = '2027-03-01 08:10+02' where n = 1;
select is(app_private.act_on_retention('app_public.toys', 'toys'), 0, 'nothing is left');
select is(pg_temp.run(), '2027-03-11 06:10:00+00 3', 'the run is on record, and what all of them removed');

select tests.freeze_time('2027-03-11 08:20+02');
select is(app_private.act_on_retention('app_public.toys', 'operations'), 0, 'what is no rule removes nothing');
select is(app_private.act_on_retention('app_public.games', 'toys'), 0, 'nor does a table that is none');
update app_private.retentions set held_because = 'A court asks for it.' where key = 'toys';
select is(app_private.act_on_retention('app_public.toys', 'toys'), 0, 'nor what is held');
select is(pg_temp.left_over(), '1 a 1, 3 3, 5 e 5', 'everything stays');
select is(pg_temp.run(), '2027-03-11 06:10:00+00 3', 'and is no run');
update app_private.retentions set held_because = null where key = 'toys';

-- What something needs stays, and so does that of which nobody can tell.
select app_private.retain('app_public.toys', 'toys', 'delete', 'made_at', not_while => $$maker = 'd'$$);
select pg_temp.fill();
select is(app_private.act_on_retention('app_public.toys', 'toys'), 2, 'what nothing needs goes');
select is(pg_temp.left_over(), '3 3, 4 d 4, 5 e 5, 6', 'what is needed, or may be, stays');

-- The same rows, of which two columns are blanked.
select app_private.classify('app_public.toys', 'cell', 'clinic', '{"public": ["n", "made_at", "maker", "its Price"]}', kept => '{"toys": ["maker", "its Price"]}');
select app_private.retain('app_public.toys', 'toys', 'blank', 'made_at', 'n <> 3');
select pg_temp.fill();
select tests.freeze_time('2027-03-11 08:00+02');
select is(app_private.act_on_retention('app_public.toys', 'toys', 1), 1, 'the oldest is blanked');
select is(pg_temp.left_over(), '1 a 1, 2 b, 3 3, 4, 5 e 5, 6', 'all its columns of that retention');
select is(app_private.act_on_retention('app_public.toys', 'toys', 10), 1, 'what holds one of them is blanked, what is blank is not counted');
select is(pg_temp.left_over(), '1 a 1, 2, 3 3, 4, 5 e 5, 6', 'nothing a moment early');
select is(app_private.act_on_retention('app_public.toys', 'toys'), 0, 'and once');

insert into app_public.toys (n, made_at, maker) select n, '2027-01-01 08:00+02', 'x' from generate_series(100, 1100) as n;
select is(app_private.act_on_retention('app_public.toys', 'toys'), 1000, 'a thousand, when nobody says how many');
select is(app_private.act_on_retention('app_public.toys', 'toys'), 1, 'and the rest in the next step');
select * from finish();
rollback;
