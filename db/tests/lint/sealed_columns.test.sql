-- Test: lint - what is sealed is sealed under a key that stays. FND-11, FND-12.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('sealed_columns')$$,
  'what is sealed is sealed under a key that stays');

create temporary table before as select object from tests.lint('sealed_columns');
create table app_public.toys (id uuid, opener app_private.ciphertext, drawing app_private.ciphertext);
create table app_public.games (id uuid, opener app_private.ciphertext);
create table app_public.songs (id uuid, opener app_private.ciphertext);
create trigger _300_key_in_use before insert or update on app_public.toys
  for each row execute function app_private.tg_ciphertext__key_in_use('opener');
create trigger _300_key_in_use before insert on app_public.games
  for each row execute function app_private.tg_ciphertext__key_in_use('opener');
create trigger _300_key_in_use before insert or update of opener on app_public.songs
  for each row execute function app_private.tg_ciphertext__key_in_use('opener');
select set_eq(
  $$select object from tests.lint('sealed_columns') except select object from before$$,
  array[
    'app_public.toys.drawing',
    'app_public.games.opener'
  ],
  'one that the trigger does not look at, and one that an update leaves alone, are named');
select * from finish();
rollback;
