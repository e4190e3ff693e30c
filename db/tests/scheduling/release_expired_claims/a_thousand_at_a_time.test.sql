-- Test: release_expired_claims - holds that nobody came back for are let go, a thousand at a time, and nothing else is. SCH-06.
begin;
select plan(6);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana');
select tests.remember('live', tests.claim('ana', '2027-03-08 06:00+02', kind => 'hold'));
select tests.claim('ana', '2027-03-08 08:00+02', kind => 'request');
select tests.freeze_time('2027-03-01 07:50+02');
insert into app_private.time_claims (organization_id, specialist_id, kind, during, blocked, expires_at, token_hash, created_at)
select tests.id('atlas'), tests.id('ana'), 'hold', span, span, app_hidden.now() + interval '10 minutes', sha256(n::text::bytea), app_hidden.now()
from generate_series(1, 1001) as n
cross join lateral (select tstzrange(start, start + interval '1 minute') as span
                    from (select '2027-03-09 00:00+02'::timestamptz + n * interval '1 minute' as start) as minute) as one;
select tests.freeze_time('2027-03-01 07:59:59.999999+02');
select tests.act_as('the worker');
select is(app_private.release_expired_claims(), 0, 'not before its time');
select tests.freeze_time('2027-03-01 08:00+02');
select is(app_private.release_expired_claims(), 1000, 'a thousand');
select is(app_private.release_expired_claims(), 1, 'and the rest');
select is(app_private.release_expired_claims(), 0, 'once');
select tests.act_as('the database');
select is((select count(*) from app_private.events where name = 'slot.released'), 1001::bigint, 'each is told');
select is((select array_agg(kind order by kind) from app_private.time_claims where released_at is null), '{hold,request}', 'what is alive, requested or booked stays');
select * from finish();
rollback;
