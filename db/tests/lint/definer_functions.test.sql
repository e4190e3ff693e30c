-- Test: lint - functions with the engine's rights are declared, owned by it and closed. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('definer_functions')$$,
  'functions with the engine''s rights are declared, owned by it and closed');

create temporary table before as select object from tests.lint('definer_functions');
create function app_public.play() returns int language plpgsql security definer as 'begin return 1; end';
create function app_public.sing() returns int language sql security definer set search_path = '' return 1;
alter function app_public.sing() owner to app_engine;
create function app_public.hum() returns int language sql security definer return 1;
alter function app_public.hum() owner to app_engine;
insert into tests.allowed_definer_functions (function, reason)
values ('app_public.hum()', 'a toy'), ('app_public.dance()', 'was removed');
select set_eq(
  $$select object from tests.lint('definer_functions') except select object from before$$,
  array[
    'app_public.play()',
    'app_public.sing()',
    'app_public.hum()',
    'app_public.dance()'
  ],
  'an undeclared one, one without a search path, one of another owner and a stale entry are named');
select * from finish();
rollback;
