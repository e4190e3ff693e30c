-- Test: lint - functions do not depend on the caller's search path. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('search_path')$$,
  'functions do not depend on the caller''s search path');

create temporary table before as select object from tests.lint('search_path');
create function app_public.play() returns int language plpgsql as 'begin return 1; end';
create function app_public.sing() returns int language sql return 1;
select set_eq(
  $$select object from tests.lint('search_path') except select object from before$$,
  array[
    'app_public.play()'
  ],
  'a function without set search_path is named; a body bound at creation is not');
select * from finish();
rollback;
