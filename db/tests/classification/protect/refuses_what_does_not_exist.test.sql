-- Test: protect - a mistake in the call is refused, and the table stays as it was. FND-05.
begin;
select plan(12);
set local role app_owner;
create table app_public.toys (id uuid, name text);
create table app_public.games (id uuid);
select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"public": ["id", "name"]}', unaudited => 'Only this test knows it.');
select app_private.protect('app_public.toys', engine => 'select');
reset role;

select throws_ok($$select app_private.protect('app_public.songs')$$, '42P01', null, 'a table that is not there');
select throws_ok($$select app_private.protect('app_public.games', engine => 'select')$$,
  'protect: app_public.games is not classified: call app_private.classify before', 'a table that nobody classified');
select throws_ok($$select app_private.protect('app_public.toys', engine => 'select, truncate')$$,
  'protect: "select, truncate" is not what the engine may do with app_public.toys: name select, insert, update or delete, with columns in brackets',
  'a right that no policy decides about');
select throws_ok($$select app_private.protect('app_public.toys', engine => 'all')$$, 'P0001', null, 'every right at once');
select throws_ok($$select app_private.protect('app_public.toys', engine => '')$$, 'P0001', null, 'no right at all');
select throws_ok($$select app_private.protect('app_public.toys', engine => 'SELECT')$$, 'P0001', null, 'capitals');
select throws_ok($$select app_private.protect('app_public.toys', engine => 'select on app_public.toys to app_member; grant select')$$,
  'P0001', null, 'more than rights');
select throws_ok($$select app_private.protect('app_public.toys', engine => 'update (name; drop)')$$,
  '42601', null, 'more than columns in brackets');
select throws_ok($$select app_private.protect('app_public.toys', engine => 'select (colour)')$$, '42703', null, 'a column that is not there');
select throws_ok($$select app_private.protect('app_public.toys', guard => true)$$, '42703', null, 'a guard where no status is');
select throws_ok($$select app_private.protect('app_public.toys', facts => '{name colour}')$$, '42703', null, 'a fact that is no column');
select results_eq(
  $$select polname from pg_policy where polrelid = 'app_public.toys'::regclass$$, array['toys_select_engine'::name],
  'nothing of it stays');
select * from finish();
rollback;
