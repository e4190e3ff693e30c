-- Test: lint - nothing goes silently with a row that the product gives up. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('reference_keys')$$,
  'nothing goes silently with a row that the product gives up');

create table app_public.toys (
  permission text constraint toys_cascade references app_public.permissions on delete cascade,
  topic text constraint toys_null references app_public.message_topics on delete set null,
  channel text constraint toys_default references app_private.channels on delete set default,
  zone text constraint toys_restrict references app_public.time_zones on delete restrict,
  retention text constraint toys_no_action references app_private.retentions,
  clinic uuid constraint toys_clinic references app_public.organizations on delete cascade
);
select set_eq(
  $$select object from tests.lint('reference_keys')$$,
  array['app_public.toys.toys_cascade', 'app_public.toys.toys_null', 'app_public.toys.toys_default'],
  'keys that delete or empty rows along with one of a reference table are named; others are not');
select * from finish();
rollback;
