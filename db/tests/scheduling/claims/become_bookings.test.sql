-- Test: convert_claim, claim_slot, release_claim - a claim goes one way, and a booking needs no hold. SCH-06, APT-09.
begin;
select plan(31);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('borealis');
select tests.staff('horia', 'admin');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "18:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["09:00", "18:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60, buffer_before_minutes => 5, notice_minutes => 60);
select tests.calendar('internal', specialists => '{ana}', minutes => 60, is_public => false);

create function pg_temp.kind(of_claim uuid) returns text language sql as 'select kind from app_private.time_claims where id = of_claim';
select tests.remember('first', tests.claim('ana', '2027-03-08 09:00+02', 60, 'hold', 'visits'));
select results_eq($$select kind, expires_at from app_private.convert_claim(tests.id('first'), 'request')$$,
  $$values ('request', null::timestamptz)$$, 'a hold becomes a request, which does not expire');
select is((app_private.convert_claim(tests.id('first'), 'appointment')).kind, 'appointment', 'a request becomes an appointment');
select throws_ok($$select app_private.convert_claim(tests.id('first'), 'request')$$, 'RX412', 'claim_not_convertible', 'but not back');
select throws_ok($$select app_private.convert_claim(tests.id('first'), 'hold')$$, 'RX412', 'claim_not_convertible', 'nor a hold again');
select throws_ok($$select app_private.convert_claim(gen_random_uuid(), 'request')$$, 'RX412', 'claim_not_convertible', 'nor out of nothing');
select tests.remember('second', tests.claim('ana', '2027-03-08 10:00+02', 60, 'hold', 'visits'));
select is((app_private.convert_claim(tests.id('second'), 'appointment')).kind, 'appointment', 'a hold becomes an appointment');
select tests.remember('third', tests.claim('ana', '2027-03-08 11:00+02', 60, 'hold', 'visits'));
select lives_ok($$select app_private.release_claim(tests.id('third'))$$, 'a claim is released');
select throws_ok($$select app_private.convert_claim(tests.id('third'), 'appointment')$$, 'RX412', 'claim_not_convertible',
  'and then books nothing');
select lives_ok($$select app_private.release_claim(tests.id('third'))$$, 'releasing again changes nothing');
select results_eq($$select name, subject_id from app_private.events where name like 'slot.%'$$,
  $$values ('slot.released', tests.id('third'))$$, 'and is published once');
select is((select released_at from app_private.time_claims where id = tests.id('third')), '2027-03-01 08:00+02'::timestamptz,
  'at its time');

-- Directly, as the verbs of other areas do it: with the engine's rights, on behalf of the caller.
grant app_engine to app_member;
grant execute on function app_private.claim_slot(uuid, timestamptz, uuid, text, boolean) to app_member;
create function pg_temp.claim(calendar text, at timestamptz, specialist text default null, kind text default 'appointment', override boolean default false)
returns app_private.time_claims language sql security definer as
  $$select app_private.claim_slot(tests.id(calendar), at, case when specialist is not null then tests.id(specialist) end, kind, override)$$;
grant execute on function pg_temp.claim to public;
select tests.act_as('maria');
select results_eq(
  $$select c.organization_id, c.specialist_id, c.calendar_id, c.kind, c.during, c.blocked, c.expires_at, c.token_hash, c.created_by
    from pg_temp.claim('visits', '2027-03-08 13:00+02') as c$$,
  $$values (tests.id('atlas'), tests.id('ana'), tests.id('visits'), 'appointment',
            tstzrange('2027-03-08 13:00+02', '2027-03-08 14:00+02'), tstzrange('2027-03-08 12:55+02', '2027-03-08 14:00+02'),
            null::timestamptz, null::bytea, tests.id('maria'))$$,
  'staff book a listed time directly');
select is((pg_temp.claim('visits', '2027-03-08 15:00+02', 'ana', 'request')).kind, 'request', 'or take it for a request');
select is((pg_temp.claim('internal', '2027-03-08 17:00+02')).kind, 'appointment', 'in an internal calendar too');
select throws_ok($$select pg_temp.claim('visits', '2027-03-08 13:00+02')$$, 'RXSLT', 'slot_taken', 'not twice');
select throws_ok($$select pg_temp.claim('visits', '2027-03-08 13:00+02', 'bogdan')$$, 'RX400', 'unknown_specialist', 'not with a stranger');
select throws_ok($$select pg_temp.claim('visits', '2027-03-09 09:00+02')$$, 'RX400', 'outside_hours', 'not outside hours');
select throws_ok($$select pg_temp.claim('visits', '2027-03-15 13:00+02', null, 'hold')$$, 'RX400', 'claim_kind_invalid', 'not as a hold');
select throws_ok($$select pg_temp.claim('visits', '2027-03-15 13:00+02', null, null)$$, 'RX400', 'claim_kind_invalid', 'not as nothing');
select tests.act_as('horia');
select throws_ok($$select pg_temp.claim('internal', '2027-03-15 13:00+02')$$, 'RX404', 'calendar_not_found', 'not in somebody else''s calendar');

select tests.act_as('maria');
select is((pg_temp.claim('visits', '2027-03-09 09:10+02', override => true)).during,
  tstzrange('2027-03-09 09:10+02', '2027-03-09 10:10+02'), 'an override sets hours and grid aside');
select is((pg_temp.claim('visits', '2027-03-01 08:00+02', override => true)).kind, 'appointment', 'and notice');
select is((pg_temp.claim('visits', '2028-03-01 08:00+02', override => true)).kind, 'appointment', 'and the horizon');
select tests.override('ana', 'closed', '2027-03-22');
select is((pg_temp.claim('visits', '2027-03-22 09:00+02', override => true)).kind, 'appointment', 'and closings');
select throws_ok($$select pg_temp.claim('visits', '2027-03-09 10:00+02', override => true)$$, 'RXSLT', 'slot_taken', 'never another claim');
select throws_ok($$select pg_temp.claim('visits', '2027-03-09 10:13+02', override => true)$$, 'RXSLT', 'slot_taken', 'nor its own cooldown');
select throws_ok($$select pg_temp.claim('visits', '2027-02-28 06:59+02', override => true)$$, 'RX400', 'in_the_past', 'nor a past longer than an hour');
select throws_ok($$select pg_temp.claim('visits', null, override => true)$$, 'RX400', 'start_invalid', 'nor a time that is none');

select tests.act_as('the database');
select tests.remember('expired', tests.claim('bogdan', '2027-03-08 09:00+02', 60, 'hold'));
select tests.remember('requested', tests.claim('bogdan', '2027-03-08 10:00+02', 60, 'request'));
select tests.freeze_time('2027-03-01 08:10+02');
select tests.remember('live', tests.claim('bogdan', '2027-03-08 11:00+02', 60, 'hold'));
select tests.act_as('the worker');
select is(app_private.release_expired_claims(), 1, 'the worker tidies what has expired');
select is(app_private.release_expired_claims(), 0, 'once');
select tests.act_as('the database');
select results_eq(
  $$select id, released_at is not null from app_private.time_claims where specialist_id = tests.id('bogdan') order by during$$,
  $$values (tests.id('expired'), true), (tests.id('requested'), false), (tests.id('live'), false)$$,
  'and nothing else');
select * from finish();
rollback;
