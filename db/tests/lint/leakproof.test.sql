-- Test: lint - no function of ours claims to be leakproof. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('leakproof')$$,
  'no function of ours claims to be leakproof');

create temporary table before as select object from tests.lint('leakproof');
create function app_public.play() returns int language sql leakproof return 1;
select set_eq(
  $$select object from tests.lint('leakproof') except select object from before$$,
  array[
    'app_public.play()'
  ],
  'one that does is named');
select * from finish();
rollback;
