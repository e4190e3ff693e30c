-- Test: every permission says what it allows in Romanian as well, since administrators choose among them on pages. FND-04.
begin;
select plan(1);
select is_empty('select name from app_public.permissions where description_ro is null or description_ro = description', 'each has its Romanian words');
select * from finish();
rollback;
