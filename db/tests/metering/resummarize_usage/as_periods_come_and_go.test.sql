-- Test: resummarize_usage (recounted_usage, usage_periods_between, usage_period_at), tg_billing_periods__resummarize, tg_organization_subscriptions__resummarize - where a period begins, moves or goes after usage of its time was told, or a subscription ends before its period was opened, that clinic is summed up anew; where nothing moved nothing is written. FND-24.
begin;
select plan(33);
select tests.freeze_time('2027-03-25 12:00+02');
select tests.bill_meter('summed', 'sum'), tests.bill_meter('whom', 'unique');
select tests.clinic('boreal'), tests.subscribe(tests.id('boreal'), 'start', '2027-03-05');
select tests.clinic('atlas');
create function pg_temp.use(key text, at timestamptz, subject text default null, clinic text default 'atlas') returns bigint language sql as $$
  select (app_private.record_usage(tests.id(clinic), case when subject is null then 'summed' else 'whom' end, 'test', key, 1, at, tests.bill_id(subject))).position $$;
create function pg_temp.summaries(of_meter text default 'summed', clinic text default 'atlas') returns text language sql as $$
  select string_agg(format('%s–%s %s/%s', to_char(period_starts_at at time zone 'Europe/Bucharest', 'MM-DD'), to_char(period_ends_at at time zone 'Europe/Bucharest', 'MM-DD'), quantity, records), ', ' order by period_starts_at)
  from app_public.usage_summaries where organization_id = tests.id(clinic) and meter = of_meter $$;
create function pg_temp.subjects(clinic text default 'atlas') returns text language sql as $$
  select string_agg(format('%s %s', to_char(period_starts_at at time zone 'Europe/Bucharest', 'MM-DD'), case subject_id when tests.bill_id('ana') then 'ana' else 'dan' end), ', ' order by period_starts_at, subject_id = tests.bill_id('dan'))
  from app_private.usage_subjects where organization_id = tests.id(clinic) and meter = 'whom' $$;
-- Which rows there are, as they lie: a row that is written anew lies elsewhere.
create function pg_temp.rows(clinic text default 'atlas') returns text language sql as $$ select string_agg(ctid::text, ' ' order by ctid) from app_public.usage_summaries where organization_id = tests.id(clinic) $$;
create function pg_temp.remember_rows() returns setof text language sql as $$ select set_config('tests.rows_of_' || c, pg_temp.rows(c), true) from unnest('{boreal,atlas}'::text[]) c $$;
create function pg_temp.begin(starts_on date, ends_on date) returns void language sql as $$
  insert into app_public.billing_periods (organization_id, subscription_id, position, starts_on, ends_on, during)
  select organization_id, id, 1, starts_on, ends_on, tstzrange(starts_on::timestamp at time zone timezone, ends_on::timestamp at time zone timezone)
  from app_public.organization_subscriptions where id = tests.id('subscription') $$;

select pg_temp.use('a', '2027-03-10 10:00+02'), pg_temp.use('b', '2027-03-20 10:00+02'), pg_temp.use('c', '2027-03-20 10:00+02', 'ana'), pg_temp.use('d', '2027-03-10 10:00+02', 'ana'), pg_temp.use('e', '2027-03-21 10:00+02', 'dan');
select pg_temp.use('a', '2027-03-20 10:00+02', null, 'boreal'), pg_temp.use('b', '2027-03-20 10:00+02', 'ana', 'boreal');
select is(pg_temp.summaries(), '03-01–04-01 2/2', 'without a subscription usage is of the calendar month');
select pg_temp.remember_rows();
select tests.remember('subscription', tests.subscribe(tests.id('atlas'), 'start', '2027-03-15'));
select is(pg_temp.summaries(), '03-01–03-15 1/1, 03-15–04-15 1/1', 'a period that begins in it takes what is of its time');
select is(pg_temp.summaries('whom'), '03-01–03-15 1/1, 03-15–04-15 2/2', 'of whom it was for, too');
select is(pg_temp.subjects(), '03-01 ana, 03-15 ana, 03-15 dan', 'who is known of each span');
select is((select count(*) from app_private.usage_subjects where meter <> 'whom'), 0::bigint, 'and of no other meter');
select is(pg_temp.rows('boreal'), current_setting('tests.rows_of_boreal'), 'another clinic''s rows are not touched');
select is(pg_temp.subjects('boreal'), '03-05 ana', 'nor whom it knows');
select pg_temp.use('f', '2027-03-22 10:00+02', 'ana'), pg_temp.use('g', '2027-03-22 10:00+02', 'ana', 'boreal');
select is(pg_temp.summaries('whom') || '; ' || pg_temp.summaries('whom', 'boreal'), '03-01–03-15 1/1, 03-15–04-15 2/3; 03-05–04-05 1/2', 'whoever is known is not counted again');
select is_empty($$select from app_private.usage_differences(tests.id('atlas'))$$, 'all of it is what the records come to');

-- It moves, and goes.
update app_public.billing_periods set starts_on = '2027-03-09', during = tstzrange('2027-03-09 00:00+02', upper(during)) where subscription_id = tests.id('subscription');
select is(pg_temp.summaries(), '03-09–04-15 2/2', 'a period that begins earlier takes more');
select is(pg_temp.subjects(), '03-09 ana, 03-09 dan', '…');
update app_public.billing_periods set starts_on = '2027-03-23', during = tstzrange('2027-03-23 00:00+02', upper(during)) where subscription_id = tests.id('subscription');
select is(pg_temp.summaries(), '03-01–03-23 2/2', 'one that begins later gives it back');
update app_public.billing_periods set starts_on = '2027-03-15', during = tstzrange('2027-03-15 00:00+02', upper(during)) where subscription_id = tests.id('subscription');
select is(pg_temp.summaries(), '03-01–03-15 1/1, 03-15–04-15 1/1', 'to and fro');
create temporary table gone as select * from app_public.billing_periods where subscription_id = tests.id('subscription');
update app_public.organization_subscriptions set status = 'canceled', ended_at = '2027-03-15 00:00+02' where id = tests.id('subscription');
delete from app_public.billing_periods where subscription_id = tests.id('subscription');
select is(pg_temp.summaries(), '03-01–04-01 2/2', 'and one that goes gives all of it back');
select is(pg_temp.summaries('whom'), '03-01–04-01 2/4', 'each counted once again');

-- Nothing is written where nothing moves.
select tests.freeze_time('2027-05-06 12:00+03');
select pg_temp.remember_rows();
select tests.remember('subscription', tests.subscribe(tests.id('atlas'), 'start', '2027-04-05'));
select is(pg_temp.rows(), current_setting('tests.rows_of_atlas'), 'a period in whose time nothing was used touches no row');
delete from app_public.billing_periods where subscription_id = tests.id('subscription');
select is(pg_temp.rows(), current_setting('tests.rows_of_atlas'), 'nor does one that goes so');
select pg_temp.begin('2027-04-05', '2027-05-05');
select is(pg_temp.rows(), current_setting('tests.rows_of_atlas'), '… and comes back');
select is(pg_temp.rows('boreal'), current_setting('tests.rows_of_boreal'), 'in which another clinic used something');

-- The clock has not opened May yet.
select pg_temp.use('may', '2027-05-06 10:00+03'), pg_temp.use('may', '2027-05-06 10:00+03', null, 'boreal');
select is(pg_temp.summaries(), '03-01–04-01 2/2, 05-05–06-05 1/1', 'what is used now is of the period that will be opened');
select pg_temp.remember_rows();
update app_public.organization_subscriptions set status = 'past_due', past_due_at = app_hidden.now() where organization_id = tests.id('atlas') and id = tests.id('subscription');
select is(pg_temp.rows(), current_setting('tests.rows_of_atlas'), 'a move that changes no period writes nothing');
update app_public.organization_subscriptions set cancels_on = '2027-05-05', cancels_because = 'asked' where id = tests.id('subscription');
select is(pg_temp.summaries(), '03-01–04-01 2/2, 05-05–06-01 1/1', 'where it does not go on, it is of the calendar month');
select is_empty($$select from app_private.usage_differences(tests.id('atlas'))$$, 'as the records say');
update app_public.organization_subscriptions set cancels_on = null, cancels_because = null where id = tests.id('subscription');
select is(pg_temp.summaries(), '03-01–04-01 2/2, 05-05–06-05 1/1', 'where it goes on after all, of its period');
update app_public.organization_subscriptions set status = 'canceled', ended_at = '2027-05-05 00:00+03' where id = tests.id('subscription');
select is(pg_temp.summaries(), '03-01–04-01 2/2, 05-05–06-01 1/1', 'and where it has ended, of the month again');
select is_empty($$select from app_private.usage_differences(tests.id('atlas'))$$, 'as the records say, too');
select is(pg_temp.summaries('summed', 'boreal'), '03-05–04-05 1/1, 05-05–06-05 1/1', 'another clinic''s period is still to be opened');
select is(pg_temp.rows('boreal'), current_setting('tests.rows_of_boreal'), 'and its rows are as they were');

-- What ended long ago was summed up then.
select tests.freeze_time('2027-12-01 12:00+02');
select tests.remember('subscription', tests.subscribe(tests.id('atlas'), 'start', '2027-12-01'));
set local session_replication_role = replica;
update app_public.usage_summaries set period_ends_at = '2027-03-30 00:00+03' where organization_id = tests.id('atlas') and period_starts_at < '2027-04-01';
update app_public.usage_summaries set quantity = 5, period_ends_at = '2027-06-02 00:00+03' where organization_id = tests.id('boreal') and period_starts_at > '2027-04-10';
set local session_replication_role = origin;
select pg_temp.use('december', '2027-12-01 11:00+02'), pg_temp.remember_rows();
update app_public.organization_subscriptions set status = 'past_due', past_due_at = app_hidden.now() where id = tests.id('subscription');
select is(pg_temp.rows(), current_setting('tests.rows_of_atlas'), 'spans that ended more than three months ago are not looked at');
select is((select array_agg(meter order by meter) from app_private.usage_differences(tests.id('atlas'))), '{summed,whom}', 'though somebody who looks finds what was bent');
select app_private.resummarize_usage(tests.id('atlas'));
select is_empty($$select from app_private.usage_differences(tests.id('atlas'))$$, 'and has it made again');
select is((select count(*) from app_private.usage_differences(tests.id('boreal'))), 1::bigint, 'of that clinic, and of no other');
select is((select count(*) from app_public.usage_summaries where organization_id = tests.id('boreal')), 3::bigint, 'whose rows are all there');
select * from finish();
rollback;
