-- Test: lint - no function leaves behind what only a session keeps. SCA-01.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('pooling')$$,
  'nothing that the API calls needs its session again');

create temporary table before as select object from tests.lint('pooling');
create function app_private.toy_lock() returns void language sql as $$select pg_advisory_lock(1)$$;
create function app_private.toy_unlock() returns void language sql as $$select pg_advisory_unlock_all()$$;
create function app_private.toy_try() returns boolean language sql as $$select pg_try_advisory_lock_shared(1)$$;
create function app_private.toy_setting() returns text language sql as $$select set_config('app.toy', 'x', false)$$;
create function app_private.toy_ear() returns void language plpgsql as $$begin listen toys; end$$;
create function app_private.toy_table() returns void language plpgsql as $$begin create temporary table toys (); end$$;
create function app_private.toy_atomic() returns boolean language sql begin atomic; select pg_try_advisory_lock(1); end;
create function app_private.toy_fine() returns text language sql as $$
  select set_config('app.toy', 'x', true) from pg_advisory_xact_lock(1), pg_try_advisory_xact_lock_shared(2) $$;
select set_eq(
  $$select split_part(object, '(', 1) from tests.lint('pooling') except select split_part(object, '(', 1) from before$$,
  array['app_private.toy_lock', 'app_private.toy_unlock', 'app_private.toy_try', 'app_private.toy_setting', 'app_private.toy_ear',
    'app_private.toy_table', 'app_private.toy_atomic'],
  'locks and settings of the session, LISTEN and temporary tables are named; what ends with the transaction is not');
select * from finish();
rollback;
