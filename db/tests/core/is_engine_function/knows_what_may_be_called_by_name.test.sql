-- Test: is_engine_function - a row may name what the engine may call, in this shape, and nothing that brings rights of its own. FND-13, FND-14.
begin;
select plan(10);
set local role app_owner;
create function app_private.toy_of(id uuid) returns int language sql as 'select 1';
create function app_private.toys_of(id uuid) returns setof int language sql as 'select 1';
create function app_private.toy_as_text(id uuid) returns text language sql as $$select ''$$;
create function app_private.powerful_toy(id uuid) returns int language sql security definer as 'select 1';
create function app_private.forget_toy(id uuid) returns void language sql as 'select';
create procedure app_private.toy_procedure(id uuid) language sql as 'select';
create function app_private.kept_toy(id uuid) returns int language sql as 'select 1';
grant execute on all functions in schema app_private to app_engine;
grant execute on procedure app_private.toy_procedure to app_engine;
revoke execute on function app_private.kept_toy from app_engine;
reset role;
create function app_private.foreign_toy(id uuid) returns int language sql as 'select 1';
create function public.toy_elsewhere(id uuid) returns int language sql as 'select 1';
alter function public.toy_elsewhere owner to app_owner;

select ok(app_private.is_engine_function('toy_of', 'uuid', 'int'), 'one of this shape that the engine may call');
select ok(app_private.is_engine_function('forget_toy', 'uuid', 'void'), '… and one that answers nothing');
select ok(not app_private.is_engine_function(name, 'uuid', result), what)
from (values
  ('toy_as_text', 'int', 'not one of another result'),
  ('toys_of', 'int', 'not one that answers rows'),
  ('toy_procedure', 'void', 'not a procedure'),
  ('powerful_toy', 'int', 'not one with rights of its own'),
  ('kept_toy', 'int', 'not one that the engine may not call'),
  ('foreign_toy', 'int', 'not one of somebody else'),
  ('toy_elsewhere', 'int', 'not one of another schema'),
  ('toy_of(uuid); --', 'int', 'and not what is no name')) as asked (name, result, what);
select * from finish();
rollback;
