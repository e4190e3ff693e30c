-- Test: lint - a column holds no more than its class admits. FND-12.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('class_names')$$,
  'a column holds no more than its class admits');

create temporary table before as select object from tests.lint('class_names');
create table app_public.toys (
  id uuid, maker_email text, city text, email_verified_at timestamptz, phone_count int, cnp text, note text, diagnosis text,
  api_token text, message jsonb
);
select app_private.classify('app_public.toys', 'clinic', 'clinic',
  '{"operational": ["id", "maker_email", "email_verified_at", "phone_count", "note", "api_token"],
    "pii_basic": ["city", "cnp", "message"], "phi": ["diagnosis"]}');
select set_eq(
  $$select object from tests.lint('class_names') except select object from before$$,
  array[
    'app_public.toys.maker_email',
    'app_public.toys.cnp',
    'app_public.toys.note',
    'app_public.toys.message',
    'app_public.toys.api_token'
  ],
  'an address, a national number, a note and a token that are said to be less are named');
select * from finish();
rollback;
