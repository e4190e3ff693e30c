-- Test: lint - every change of what has no reason to be left out is in the audit. FND-08, FND-12.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('audited')$$,
  'every change of what has no reason to be left out is in the audit');

create schema if not exists audit;
create function app_private.tg_toys__follow() returns trigger language plpgsql set search_path = '' as 'begin return null; end';
create table app_public.toys (id uuid);
create table app_public.games (id uuid);
create table app_public.songs (id uuid);
create table app_public.dances (id uuid);
create trigger _500_audit after insert or update or delete on app_public.toys for each row execute function app_private.tg_toys__follow();
create trigger _500_audit after insert or update or delete on app_public.games for each row execute function app_private.tg_toys__follow();
create trigger _500_audit after insert or update or delete on app_public.dances for each row execute function app_private.tg_toys__follow();
alter table app_public.dances disable trigger _500_audit;
create table app_public.plays (id uuid);
create table app_public.poems (id uuid);
create trigger _500_audit after insert or update on app_public.plays for each row execute function app_private.tg_toys__follow();
create trigger _500_audit after insert or update or delete on app_public.poems for each row execute function app_private.tg_toys__follow();
create trigger _500_audit_truncate after truncate on app_public.toys execute function app_private.tg_toys__follow();
create trigger _500_audit_truncate after truncate on app_public.plays execute function app_private.tg_toys__follow();
create trigger _500_audit_truncate after truncate on app_public.dances execute function app_private.tg_toys__follow();
insert into app_private.classified_tables (table_name, home, retention, unaudited) values
  ('app_public.toys', 'clinic', 'clinic', null),
  ('app_public.games', 'clinic', 'clinic', 'Nobody minds what becomes of it.'),
  ('app_public.songs', 'clinic', 'clinic', null),
  ('app_public.dances', 'clinic', 'clinic', null),
  ('app_public.plays', 'clinic', 'clinic', null),
  ('app_public.poems', 'clinic', 'clinic', null);
select set_eq(
  $$select object from tests.lint('audited') where object ~ '(toys|games|songs|dances|plays|poems)$'$$,
  array[
    'app_public.games',
    'app_public.songs',
    'app_public.dances',
    'app_public.plays',
    'app_public.poems'
  ],
  'one without triggers, with a disabled one, without deletes, without truncate, and one that is followed against its word are named');
select * from finish();
rollback;
