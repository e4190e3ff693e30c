-- Test: keys - what exists only once cannot be written a second time. FND-02, FND-06, SCH-06, APT-09.
begin;
select plan(4);
select tests.two_clinics();
select is_empty(
  'select table_name, columns, says from tests.keys_that_do_not_hold()',
  'every declared key refuses a copy');
select is_empty(
  'select table_name, columns, index_name from tests.undeclared_keys',
  'every unique index is declared with the sentence it holds');

drop index app_public.services_name_is_unique_per_organization;
alter table app_private.time_claims drop constraint time_claims_no_two_at_once;
select results_eq(
  $$select table_name, columns
    from tests.keys_that_do_not_hold('{app_private.time_claims,app_public.services,app_public.calendars}')$$,
  $$values ('app_private.time_claims', 'specialist_id, blocked'),
           ('app_public.services', 'organization_id, (expression)')$$,
  'a key that was dropped is named');
create unique index calendars_name on app_public.calendars (organization_id, name);
select results_eq(
  'select index_name from tests.undeclared_keys',
  $$values ('app_public.calendars_name')$$,
  'and so is one that nobody declared');
select * from finish();
rollback;
