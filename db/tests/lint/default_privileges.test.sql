-- Test: lint - functions start out with nobody who may call them. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('default_privileges')$$,
  'functions start out with nobody who may call them');

create temporary table before as select object from tests.lint('default_privileges');
alter default privileges for role app_engine grant execute on functions to public;
select set_eq(
  $$select object from tests.lint('default_privileges') except select object from before$$,
  array[
    'app_engine'
  ],
  'an engine whose new functions everybody may call is named');
select * from finish();
rollback;
