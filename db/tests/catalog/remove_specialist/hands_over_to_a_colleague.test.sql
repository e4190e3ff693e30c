-- Test: remove_specialist - what is to come goes to a colleague, all of it, claims included. SPC-06.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.specialist('carla');
select tests.calendar('mondays', '{stefan,carla}');
select tests.appointment('past', 'ana', 'mondays', 'stefan', '2027-02-22 10:00+02');
select tests.appointment('next', 'ana', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.appointment('called off', 'ana', 'mondays', 'stefan', '2027-03-08 12:00+02');
select tests.booking_request('asked for', 'mondays', 'stefan', '2027-03-15 10:00+02');
select tests.specialist('dan');
select tests.booking_request('asked of dan', 'mondays', 'dan', '2027-03-22 10:00+02');
select tests.remember('in nobody''s way', tests.claim('carla', '2027-03-22 10:00+02', kind => 'hold', calendar => 'mondays', visitor => 'somebody'));
select tests.claim('carla', '2027-03-08 11:00+02');
select tests.claim('carla', '2027-03-08 12:00+02');
select tests.claim('carla', '2027-03-08 10:00+02', kind => 'hold', calendar => 'mondays', visitor => 'somebody');
update app_private.time_claims set expires_at = '2027-03-01 07:59+02' where kind = 'hold';
update app_private.time_claims set released_at = now() where id = (select claim_id from app_public.appointments where id = tests.id('called off'));
update app_public.appointments set status = 'cancelled' where id = tests.id('called off');

select tests.act_as('adrian');
select isnt((app_public.remove_specialist(tests.id('stefan'), tests.id('carla'))).deleted_at, null, 'the specialist goes');
select tests.act_as('the database');
select is(specialist_id, tests.id('carla'), 'the next appointment is the colleague''s') from app_public.appointments where id = tests.id('next');
select is(specialist_id, tests.id('carla'), 'the request too') from app_public.booking_requests where id = tests.id('asked for');
select is(specialist_id, tests.id('dan'), 'what somebody else was asked for is theirs') from app_public.booking_requests where id = tests.id('asked of dan');
select is(specialist_id, tests.id('stefan'), 'what is past stays') from app_public.appointments where id = tests.id('past');
select is(specialist_id, tests.id('stefan'), 'and what was called off') from app_public.appointments where id = tests.id('called off');
select is(
  (select count(*) from app_private.time_claims c join app_public.appointments a on a.claim_id = c.id where c.specialist_id <> a.specialist_id), 0::bigint,
  'every claim is where its appointment is');
select is(
  (select count(*) from app_private.time_claims where specialist_id = tests.id('carla') and released_at is null and kind <> 'hold'), 4::bigint,
  'the colleague has four times taken');
select is((select array_agg(id) from app_private.time_claims where kind = 'hold' and released_at is null), array[tests.id('in nobody''s way')], 'a kept time that had expired was not in the way, and another is let be');
select throws_ok($$select tests.claim('carla', '2027-03-08 10:30+02')$$, '23P01', null, 'nobody else gets in there');
select tests.act_as('adrian');
select is((app_public.cancel_appointment(tests.id('next'))).status, 'cancelled', 'what was handed over lives on');
select tests.works('carla');
select is((app_public.confirm_booking_request(tests.id('asked for'))).specialist_id, tests.id('carla'), 'the request is confirmed with the colleague');
select * from finish();
rollback;
