-- Test: lint - whoever writes claims has locked their days first, so that nobody waits in a circle. SCH-06.
begin;
select plan(3);
select is_empty(
  $$select object, problem from tests.lint('claim_writers')$$,
  'whoever writes claims has locked their days');
select cmp_ok(
  (select count(*) from tests.app_functions where prosrc ~ '(insert into|update) app_private\.time_claims'),
  '>=', 6::bigint, 'and there are those who write');

create temporary table before as select object from tests.lint('claim_writers');
create function app_public.grab(claim uuid) returns void language plpgsql volatile as
  $$begin update app_private.time_claims set released_at = null where id = claim; perform app_private.lock_claims(array[claim]); end$$;
grant execute on function app_public.grab(uuid) to app_member;
create function app_public.drop_it(claim uuid) returns int language plpgsql volatile as
  $$begin return app_private.let_go(array[claim]); end$$;
grant execute on function app_public.drop_it(uuid) to app_worker;
create function app_public.drop_them(claim uuid) returns void language sql volatile
begin atomic
  select app_private.release_expired_holds(claim, null);
end;
grant execute on function app_public.drop_them(uuid) to app_anonymous;
create function app_public.take_care(claim uuid) returns int language plpgsql volatile as
  $$begin perform app_private.lock_claims(array[claim]); return app_private.let_go(array[claim]); end$$;
grant execute on function app_public.take_care(uuid) to app_member;
create function app_private.tg_toys__drop() returns trigger language plpgsql volatile as
  $$begin perform app_private.let_go(array[new.id]); return new; end$$;
select set_eq(
  $$select object from tests.lint('claim_writers') except select object from before$$,
  array['app_public.grab(uuid)', 'app_public.drop_it(uuid)', 'app_public.drop_them(uuid)', 'app_private.tg_toys__drop()'],
  'one that writes first, calls a step without a lock, or a step of a step, is named');
select * from finish();
rollback;
