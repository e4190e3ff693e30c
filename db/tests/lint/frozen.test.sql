-- Test: lint - what is declared as never changed refuses, and what refuses is declared. CNS-02, BIL-02, FND-24.
begin;
select plan(3);
select is_empty(
  $$select object, problem from tests.lint('frozen')$$,
  'everything frozen refuses and is declared');

alter table app_public.invoice_lines disable trigger _200_frozen;
drop trigger _300_keeps_every_form on app_public.forms;
select bag_eq(
  $$select object, problem from tests.lint('frozen')$$,
  $$values ('app_public.invoice_lines', 'can be changed by update'), ('app_public.invoice_lines', 'can be changed by delete'),
           ('app_public.invoice_lines', 'can be changed by truncate'), ('app_public.forms', 'can be changed by truncate')$$,
  'a trigger that is switched off or gone is told, also where tables that refer to it refuse for themselves');
alter table app_public.invoice_lines enable trigger _200_frozen;

create table app_public.toys (id uuid primary key);
create trigger _200_frozen before update or delete on app_public.toys
  for each statement execute function app_private.tg_frozen();
select set_eq(
  $$select problem from tests.lint('frozen') where object = 'app_public.toys'$$,
  array['is frozen for update and nobody declared it', 'is frozen for delete and nobody declared it'],
  'so is what refuses and is not declared');
select * from finish();
rollback;
