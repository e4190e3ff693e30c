-- Test: lint - what only a digest or ciphertext may be is one. FND-12.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('protection')$$,
  'what only a digest or ciphertext may be is one');

create temporary table before as select object from tests.lint('protection');
create domain app_private.envelope as bytea constraint envelope_is_one check (octet_length(value) >= 36);
create domain app_private.paper as bytea;
create table app_public.toys (
  key app_private.envelope, drawing app_private.paper,
  id uuid, code bytea, token_hash bytea, sealed text, opener bytea check (octet_length(opener) >= 29),
  pin_hash bytea check (octet_length(pin_hash) = 32)
);
select app_private.classify('app_public.toys', 'clinic', 'clinic',
  '{"public": ["id"], "pii_regulated": ["code", "sealed"], "auth_secret": ["token_hash", "opener", "pin_hash", "key", "drawing"]}',
  protected => '{"digest": ["token_hash", "pin_hash"], "ciphertext": ["sealed", "opener", "key", "drawing"]}');
select set_eq(
  $$select object from tests.lint('protection') except select object from before$$,
  array[
    'app_public.toys.code',
    'app_public.toys.token_hash',
    'app_public.toys.sealed',
    'app_public.toys.drawing'
  ],
  'a regulated column that is not encrypted, a digest of any length and a ciphertext in text are named');
select * from finish();
rollback;
