-- Test: assignment_order - what is held or requested in the calendar weighs in while it is alive. SCH-04.
begin;
select plan(6);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana');
select tests.specialist('bogdan');
select tests.calendar('pool', specialists => '{ana,bogdan}');
select tests.calendar('other', specialists => '{ana,bogdan}');
create function pg_temp.first() returns text language sql as $$
  select n.name from app_private.assignment_order(tests.id('pool')) as o join tests.names as n on n.id = o.specialist_id where o.turn = 1;
$$;
select is(pg_temp.first(), 'ana', 'by id');
select tests.claim('ana', '2027-03-08 09:00+02', kind => 'hold', calendar => 'other');
select is(pg_temp.first(), 'ana', 'what is held elsewhere weighs nothing here');
select tests.remember('held', tests.claim('ana', '2027-03-08 10:00+02', kind => 'hold', calendar => 'pool'));
select is(pg_temp.first(), 'bogdan', 'what is held here does');
update app_private.time_claims set released_at = app_hidden.now() where id = tests.id('held');
select is(pg_temp.first(), 'ana', 'until it is given back');
select tests.claim('ana', '2027-03-08 11:00+02', kind => 'hold', calendar => 'pool');
select tests.freeze_time('2027-03-01 08:10+02');
select is(pg_temp.first(), 'ana', 'or over');
select tests.claim('ana', '2027-03-08 12:00+02', kind => 'request', calendar => 'pool');
select is(pg_temp.first(), 'bogdan', 'and so does what is requested');
select * from finish();
rollback;
