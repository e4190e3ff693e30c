-- Test: booking_by_token - whoever holds the link of a booking sees how it stands and what may be done, until a week after it. APT-05, APT-09.
begin;
select plan(23);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
update app_public.organizations set contact_phone = '+40264000111' where id = tests.id('atlas');
insert into app_public.booking_policies (organization_id, name, is_default, cancel_minutes, late_cancel, reschedule_minutes, reschedule_limit)
values (tests.id('atlas'), 'Strict', true, 1440, 'refused', 2880, 1);
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.calendar('picked', '{stefan}', strategy => 'specific', modality => 'video');
select tests.booking_request('request', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.booking_request('declined', 'picked', 'stefan', '2027-03-08 12:00+02');
update app_public.booking_requests r set token_hash = extensions.digest('token of ' || n.name, 'sha256') from tests.names n where n.id = r.id;
insert into app_private.guest_links (organization_id, opens, subject_id, token_hash, expires_at)
values (tests.id('atlas'), 'booking', tests.id('request'), extensions.digest('token in a mail', 'sha256'), '2027-03-15 11:00+02');

select tests.act_as('a visitor');
select results_eq(
  $$select status, appointment is null, calendar_id, specialist_id, service_name, specialist_name, modality, starts_at, ends_at,
      timezone, (clinic).slug, (clinic).phone, may_cancel, may_move, cancel_freely_until, move_until, respond_by, rejection_reason
    from app_public.booking_by_token('token of request')$$,
  $$values ('requested', true, tests.id('mondays'), null::uuid, 'service of mondays', 'Dr. Stefan Ionescu', 'in_person',
      '2027-03-08 10:00+02'::timestamptz, '2027-03-08 11:00+02'::timestamptz, 'Europe/Bucharest', 'atlas', '+40264000111',
      true, true, null::timestamptz, null::timestamptz, '2027-03-02 08:00+02'::timestamptz, null)$$,
  'a request that waits: what was asked for, of whom, and until when there is an answer');
select is(app_public.booking_by_token('token in a mail'), app_public.booking_by_token('token of request'), 'the link of a mail opens the same');
select results_eq(
  $$select specialist_id, modality from app_public.booking_by_token('token of declined')$$,
  $$values (tests.id('stefan'), 'video')$$, 'where the visitor picks, whom they picked');
select is(app_public.booking_by_token(token), null, 'nothing is opened by ' || token)
from unnest(array['', 'a guess', repeat('a', 5000), 'token of nobody', tests.id('request')::text]) as token;
select is(app_public.booking_by_token(null), null, 'nor by nothing');

select tests.act_as('flavia');
select app_public.reject_booking_request(tests.id('declined'), 'Cabinetul este închis.');
select tests.remember('visit', (app_public.confirm_booking_request(tests.id('request'))).id);
select tests.act_as('a visitor');
select results_eq(
  $$select status, may_cancel, may_move, rejection_reason, respond_by from app_public.booking_by_token('token of declined')$$,
  $$values ('rejected', false, false, 'Cabinetul este închis.', null::timestamptz)$$, 'one that was declined says why, and nothing goes any more');
select results_eq(
  $$select status, (appointment).status, (appointment).starts_at, (appointment).is_late_cancellation, may_cancel, may_move, cancel_freely_until, move_until
    from app_public.booking_by_token('token of request')$$,
  $$values ('confirmed', 'booked', '2027-03-08 10:00+02'::timestamptz, null::boolean, true, true, '2027-03-07 10:00+02'::timestamptz, '2027-03-06 10:00+02'::timestamptz)$$,
  'one that was confirmed is an appointment, with what was promised');
select tests.act_as('the database');
update app_public.appointments set status = 'confirmed';
update app_public.appointments set status = 'booked', starts_at = '2027-03-08 14:00+02', ends_at = '2027-03-08 15:00+02', reschedule_count = 1;
select tests.act_as('a visitor');
select results_eq(
  $$select starts_at, ends_at, may_move, may_cancel from app_public.booking_by_token('token in a mail')$$,
  $$values ('2027-03-08 14:00+02'::timestamptz, '2027-03-08 15:00+02'::timestamptz, false, true)$$, 'it is seen where it is; moved once is as often as the policy lets');
select tests.act_as('the database');
update app_public.appointments set reschedule_count = 0;
select tests.act_as('a visitor');
select tests.freeze_time('2027-03-06 14:00+02');
select ok(may_move and may_cancel, 'to the last second of a window') from app_public.booking_by_token('token of request');
select tests.freeze_time('2027-03-06 14:00:01+02');
select ok(not may_move and may_cancel, 'and no longer') from app_public.booking_by_token('token of request');
select tests.freeze_time('2027-03-07 14:00:01+02');
select ok(not may_cancel, 'late is refused by this policy') from app_public.booking_by_token('token of request');
select tests.act_as('the database');
update app_public.appointments set late_cancel = 'allowed';
select tests.act_as('a visitor');
select ok(may_cancel, 'and goes by another') from app_public.booking_by_token('token of request');
select tests.act_as('the database');
update app_public.patient_profiles set human_id = tests.person('gabriela'), birth_date = '1985-05-05' where id = (select patient_profile_id from app_public.appointments);
select tests.act_as('a visitor');
select ok(not may_cancel and not may_move and (appointment).status = 'booked', 'once the patient has an account the link reads, and no more')
from app_public.booking_by_token('token of request');

select tests.freeze_time('2027-03-15 10:59:59+02');
select isnt(app_public.booking_by_token('token in a mail'), null, 'the link of a mail lasts as long as it was given');
select tests.freeze_time('2027-03-15 11:00+02');
select is(app_public.booking_by_token('token in a mail'), null, 'and then is like any guess');
select isnt(app_public.booking_by_token('token of request'), null, 'that of the page lasts a week from where the visit is now');
select tests.freeze_time('2027-03-15 15:00+02');
select is(app_public.booking_by_token('token of request'), null, 'and ends');
select tests.freeze_time('2027-03-14 15:00+02');
select tests.act_as('the database');
update app_public.appointments set deleted_at = app_hidden.now();
select tests.act_as('a visitor');
select is(app_public.booking_by_token('token of request'), null, 'an appointment that was removed is not shown');
select tests.act_as('the database');
update app_public.appointments set deleted_at = null;
update app_public.organizations set deleted_at = app_hidden.now() where id = tests.id('atlas');
select tests.act_as('a visitor');
select is(app_public.booking_by_token('token of request'), null, 'nor one of a clinic that is gone');
select * from finish();
rollback;
