-- Test: lint - views see with the eyes of whoever asks. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('views')$$,
  'views see with the eyes of whoever asks');

create temporary table before as select object from tests.lint('views');
create view app_public.roster as select id from app_public.memberships;
create materialized view app_public.roster_copy as select id from app_public.memberships;
grant select on app_public.roster_copy to app_member;
select set_eq(
  $$select object from tests.lint('views') except select object from before$$,
  array[
    'app_public.roster',
    'app_public.roster_copy'
  ],
  'a view without security_invoker and a granted materialized view are named');
select * from finish();
rollback;
