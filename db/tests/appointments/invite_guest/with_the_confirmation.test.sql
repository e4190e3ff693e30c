-- Test: invite_guest - a guest who is confirmed is invited to an account when staff say so, or the clinic does so. APT-05, FND-07.
begin;
select plan(20);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('petra', 'front_desk');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.patient('known', account => false, email => 'known@people.test');
select tests.patient('with account', email => 'account@people.test');
select tests.booking_request(n, 'mondays', 'stefan', '2027-03-08 07:00+02'::timestamptz + i * interval '1 hour', replace(n, ' ', '.') || '@people.test')
from unnest(array['asked', 'not asked', 'told not to', 'by custom', 'named', 'of an account', 'asked of an account', 'without the right', 'again', 'at last']) with ordinality as request (n, i);
update app_public.booking_requests r set given_name = initcap(n.name) from tests.names n where n.id = r.id;
create function pg_temp.invited() returns text[] language sql as $$ select coalesce(array_agg(email || ' ' || status order by email), '{}') from app_public.invitations $$;

select tests.act_as('flavia');
select app_public.confirm_booking_request(tests.id('not asked'), as_new_patient => true);
select is(pg_temp.invited(), '{}', 'nobody is invited whom nobody asked to');
select tests.remember('visit', (app_public.confirm_booking_request(tests.id('asked'), as_new_patient => true, invite => true)).id);
select is(pg_temp.invited(), '{"asked@people.test open"}', 'who is to be is, at the address of the guest');
select tests.act_as('the database');
select is((select patient_profile_id from app_public.invitations), (select patient_profile_id from app_public.appointments where id = tests.id('visit')), 'to the profile of the new patient');
select is((select count(*) from app_public.messages where template_key = 'patient_invited' and address = 'asked@people.test'), 1::bigint, 'by mail');

update app_public.organizations set invites_guests = true where id = tests.id('atlas');
select tests.act_as('flavia');
select app_public.confirm_booking_request(tests.id('told not to'), as_new_patient => true, invite => false);
select is(cardinality(pg_temp.invited()), 1, 'where the clinic does so, staff may say no');
select app_public.confirm_booking_request(tests.id('by custom'), as_new_patient => true);
select is(pg_temp.invited(), '{"asked@people.test open","by.custom@people.test open"}', 'and else it is done');
select app_public.confirm_booking_request(tests.id('named'), patient_profile_id => tests.id('known'));
select is(pg_temp.invited(), '{"asked@people.test open","by.custom@people.test open","known@people.test open"}', 'a patient who was there is invited at the own address, never at one that a guest typed');
select lives_ok($$select app_public.confirm_booking_request(tests.id('of an account'), patient_profile_id => tests.id('with account'))$$, 'who has an account is confirmed all the same');
select is(cardinality(pg_temp.invited()), 3, 'and not invited');
select lives_ok($$select app_public.confirm_booking_request(tests.id('again'), patient_profile_id => tests.id('known'))$$, 'so is who was invited already');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('asked of an account'), patient_profile_id => tests.id('with account'), invite => true)$$, 'CONFLICT', 'profile_has_an_account', 'asked for, what cannot be is said');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('at last'), patient_profile_id => tests.id('known'), invite => true)$$, 'CONFLICT', 'already_invited', 'also that they are');

select tests.act_as('the database');
delete from app_public.role_permissions where permission = 'patients.manage'
  and role_id in (select role_id from app_public.membership_roles);
select tests.act_as('petra');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('without the right'), as_new_patient => true, invite => true)$$, 'FORBIDDEN', null, 'whoever may not invite is told');
select lives_ok($$select app_public.confirm_booking_request(tests.id('without the right'), as_new_patient => true)$$, 'and confirms without');
select tests.act_as('the database');
select is((select status from app_public.booking_requests where id = tests.id('without the right')), 'confirmed', 'which it is');
select is(cardinality(pg_temp.invited()), 3, 'with nobody invited');
select is((select status from app_public.booking_requests where id = tests.id('at last')), 'requested', 'and what was refused waits');
select * from finish();
rollback;
