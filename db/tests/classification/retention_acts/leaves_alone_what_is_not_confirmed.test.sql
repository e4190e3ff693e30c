-- Test: retention_acts - what counsel has not confirmed, what is held, and health data are left alone. FND-12, GDP-03.
begin;
select plan(9);
insert into app_private.retentions (key, description, keep_for, confirmed_by) values ('toys', 'Toys.', interval '1 day', 'counsel');
create table app_public.toys (id uuid primary key, made_at timestamptz, maker text, pain text);
create table app_public.games (id uuid primary key, made_at timestamptz);
select app_private.classify('app_public.toys', 'cell', 'clinic', '{"public": ["id", "made_at"], "pii_basic": ["maker"], "phi": ["pain"]}', kept => '{"toys": ["maker"]}');
select app_private.retain('app_public.toys', 'toys', 'blank', 'made_at');
select app_private.classify('app_public.games', 'cell', 'toys', '{"public": ["made_at"], "operational": ["id"]}');
select app_private.retain('app_public.games', 'toys', 'delete', 'made_at', 'id is not null');

create function pg_temp.acts() returns setof text language sql as $$
  select concat_ws(' ', table_name, act, kept_from, only_if, keep_for, columns) from app_private.retention_acts() where retention = 'toys' $$;

select tests.act_as('the worker');
select results_eq('select pg_temp.acts()', $$values ('app_public.games delete made_at id is not null 1 day {id,made_at}'), ('app_public.toys blank made_at 1 day {maker}')$$,
  'what is confirmed is acted on, in order, health data in the same row or not');
select tests.act_as('the database');

update app_private.retentions set confirmed_by = null where key = 'toys';
select is_empty('select pg_temp.acts()', 'what nobody confirmed waits');
update app_private.retentions set confirmed_by = 'counsel', keep_for = null where key = 'toys';
select is_empty('select pg_temp.acts()', 'so does what has no period');
update app_private.retentions set keep_for = '1 day', held_because = 'A court asks for it.' where key = 'toys';
select is_empty('select pg_temp.acts()', 'and what a court asks for');
select throws_ok($$update app_private.retentions set held_because = 'so' where key = 'toys'$$, '23514', null, 'a hold says why');
update app_private.retentions set held_because = null where key = 'toys';

select app_private.classify('app_public.games', 'cell', 'toys', '{"public": ["made_at"], "phi": ["id"]}');
select app_private.retain('app_public.games', 'toys', 'delete', 'made_at');
select results_eq('select pg_temp.acts()', $$values ('app_public.toys blank made_at 1 day {maker}')$$, 'no row with health data is deleted');
select app_private.classify('app_public.toys', 'cell', 'clinic', '{"public": ["id", "made_at"], "phi": ["maker", "pain"]}', kept => '{"toys": ["maker"]}');
select app_private.retain('app_public.toys', 'toys', 'blank', 'made_at');
select is_empty('select pg_temp.acts()', 'and no such column blanked');

select is_empty($$select a.table_name from app_private.retention_acts() a join app_private.retentions r on r.key = a.retention
  where r.citation is not null$$, 'what a law asks for has been confirmed by nobody yet');
select isnt_empty($$select from app_private.retention_acts() where table_name = 'app_private.effects'$$, 'and the product''s own traces are acted on');
select * from finish();
rollback;
