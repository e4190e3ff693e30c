-- Test: lint - whatever begins something new asks whether the clinic is suspended, or says why not. BIL-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('suspended')$$,
  'whatever begins something new asks whether the clinic is suspended, or says why not');

create temporary table before as select object from tests.lint('suspended');
create function app_private.book_quietly() returns void language plpgsql as $$ begin insert into app_public.appointments default values; end $$;
create function app_public.book_anyhow() returns void language plpgsql as $$ begin perform app_private.book_quietly(); end $$;
create function app_public.book_as_allowed(clinic uuid) returns void language plpgsql as
$$ begin perform app_private.require_not_suspended(clinic); perform app_private.book_quietly(); end $$;
create function app_private.act_quietly() returns void language plpgsql as $$ begin perform app_private.book_quietly(); end $$;
revoke execute on function app_private.act_quietly from public;
create function app_public.only_reads() returns bigint language sql as 'select count(*) from app_public.appointments';
revoke execute on function app_private.book_quietly from public;
grant execute on function app_public.book_anyhow, app_public.book_as_allowed, app_public.only_reads to app_member;
grant insert (starts_on) on app_public.waitlist_entries to app_member;
select set_eq(
  $$select object from tests.lint('suspended') except select object from before$$,
  array['app_private.act_quietly()', 'app_public.book_anyhow()', 'app_public.waitlist_entries'],
  'a verb that books by a step of its own, an action that rows name, and a table that anybody may add to, are named; who asks, who reads, and a step that nobody may call are not');
select * from finish();
rollback;
