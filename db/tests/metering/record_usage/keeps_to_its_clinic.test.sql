-- Test: record_usage (find_usage_period) - the period that is kept is the clinic's own and the latest opened one, whatever periods others have. FND-24.
begin;
select plan(11);
select tests.clinic('cobalt'), tests.clinic('delta'), tests.clinic('echo');
select tests.bill_tier('Start', 10000);
select tests.bill_subscription('cobalt', 'Start', '2027-03-01', 3), tests.bill_subscription('echo', 'Start', '2027-03-15', 2);
create function pg_temp.use(clinic text, day text) returns bigint language sql as $$
  select position from app_private.record_usage(tests.id(clinic), 'sms_messages', 'messages', day, 1, day::timestamptz) $$;
create function pg_temp.kept(clinic text) returns text language sql as $$
  select to_char(lower(period) at time zone 'Europe/Bucharest', 'MM-DD') || ' ' || to_char(upper(period) at time zone 'Europe/Bucharest', 'MM-DD')
  from app_private.usage_positions where organization_id = tests.id(clinic) $$;

select pg_temp.use('echo', '2027-03-10 10:00+02');
select is(pg_temp.kept('echo'), null, 'a use before the subscription keeps nothing');
select pg_temp.use('cobalt', '2027-03-10 10:00+02');
select is(pg_temp.kept('cobalt'), '03-01 04-01', 'a period is kept, though another clinic''s overlaps it and more of its own follow');
select is(pg_temp.kept('echo'), null, 'for its clinic alone');
select pg_temp.use('delta', '2027-03-10 10:00+02');
select is(pg_temp.kept('delta'), null, 'a calendar month is not kept for being another clinic''s period');
select pg_temp.use('echo', '2027-03-20 10:00+02');
select is(pg_temp.kept('echo'), '03-15 04-15', 'each clinic has its own');
select is(pg_temp.kept('cobalt'), '03-01 04-01', 'and leaves the other''s');
select pg_temp.use('cobalt', '2027-04-10 10:00+03');
select is(pg_temp.kept('cobalt'), '04-01 05-01', 'the period that follows at once takes its place');
select pg_temp.use('cobalt', '2027-03-11 10:00+02');
select is(pg_temp.kept('cobalt'), '04-01 05-01', 'what is late of the one before does not');
select pg_temp.use('cobalt', '2027-05-10 10:00+03');
select is(pg_temp.kept('cobalt'), '05-01 06-01', 'and so on');
select is_empty($$select tests.id(c) from unnest('{cobalt,delta,echo}'::text[]) c cross join lateral app_private.usage_differences(tests.id(c))$$, 'all sums are what the records add up to');
select is((select count(*) from app_public.usage_summaries where organization_id = tests.id('echo')), 2::bigint, 'and no use is summed up in another''s period');
select * from finish();
rollback;
