-- Test: lint - telephone numbers, addresses and names have one way in, and too long is not called blank. FND-07, FND-29.
begin;
select plan(4);
select is_empty($$select object, problem from tests.lint('facts')$$, 'every number, address and name is read by _050_read_facts');
select is_empty($$select object, problem from tests.lint('one_rule')$$, 'a constraint says one thing');

create temporary table before as select object from tests.lint('facts');
create table app_public.toys (id uuid, name text, contact_phone text, contact_email text, makers_label text, colour text, key text, type text, kind_name text constraint toys_kind_name_is_a_slug check (kind_name ~ '^[a-z]+$'));
grant insert (id, name, contact_phone, contact_email, makers_label, type, kind_name) on app_public.toys to app_member;
create trigger _050_read_facts before insert or update of name on app_public.toys
  for each row execute function app_private.tg_read_facts('name name', 'name contact_email', 'name makers_label', 'phone gone');
select set_eq(
  $$select object from tests.lint('facts') except select object from before$$,
  array['app_public.toys.contact_phone', 'app_public.toys.contact_email', 'app_public.toys.makers_label', 'app_public.toys.type', 'app_public.toys.gone'],
  'a column that is not declared, of another kind, does not fire or is not there is named');
alter table app_public.toys add constraint toys_colour_is_not_blank check (colour ~ '[[:alnum:]]' and length(colour) <= 10);
select set_has($$select object from tests.lint('one_rule')$$, $$values ('app_public.toys (toys_colour_is_not_blank)')$$, 'and so is a constraint of two rules');
select * from finish();
rollback;
