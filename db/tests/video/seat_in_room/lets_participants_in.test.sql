-- Test: seat_in_room - patient, caregiver, specialist and staff enter while the room is open, with consent. APT-07, CNS-08.
begin;
select plan(37);
select tests.video_clinic();
select tests.staff('flavia', 'front_desk');
select tests.staff('bianca', 'billing');
select tests.appointment('visit', 'ana', 'visits', 'stefan', '2027-03-08 14:00+02');
select tests.consent('ana', 'telemedicine');
select tests.clinic('boreal');
select tests.staff('nicu', 'owner');
select tests.patient('dan');

create function pg_temp.asked(who text) returns text language plpgsql as $$
begin
  perform tests.act_as(who);
  return (select display_name || case when is_owner then ', owner' else '' end from app_hidden.seat_in_room(tests.id('call')));
end;
$$;

select tests.act_as('ana');
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('call'))$$, 'STATE', 'call_not_open', 'two hours before');
reset role;
select tests.freeze_time('2027-03-08 10:00+02');
select tests.act_as('ana');
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('call'))$$, 'STATE', 'call_not_ready', 'before there is a room');
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('visit'))$$, 'STATE', 'appointment_not_by_video', 'a visit in person');
reset role;
select tests.room_is_made('call');

select is(pg_temp.asked('ana'), 'Pacient', 'the patient, without a name');
select is(pg_temp.asked('stefan'), 'Dr. Stefan Ionescu, owner', 'the specialist leads');
select is(pg_temp.asked('flavia'), 'Atlas', 'staff who may conduct sessions');
select tests.act_as('ana');
select is((select organization_id from app_hidden.seat_in_room(tests.id('call'))), tests.id('atlas'), 'the clinic whose account it is');
select is((select room_name from app_hidden.seat_in_room(tests.id('call'))), (tests.room('call')).room_name, 'the room');

select tests.act_as('bogdan');
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('call'))$$, 'NOT_FOUND', 'appointment_not_found', 'another patient');
select tests.act_as('nicu');
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('call'))$$, 'NOT_FOUND', 'appointment_not_found', 'another clinic');
select tests.act_as('dan');
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('call'))$$, 'NOT_FOUND', 'appointment_not_found', 'its patient');
select tests.act_as('bianca');
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('call'))$$, 'NOT_FOUND', 'appointment_not_found', 'a colleague who does not see appointments');
select tests.act_as('ana');
select * from tests.refuses($$select app_hidden.seat_in_room(uuidv7())$$, 'NOT_FOUND', 'appointment_not_found', 'no appointment');

reset role;
update app_public.memberships set ended_at = now() where human_id = (select human_id from app_public.specialists where id = tests.id('stefan'));
select tests.act_as('stefan');
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('call'))$$, 'NOT_FOUND', 'appointment_not_found', 'a specialist who has left');

select tests.act_as('ana');
select app_public.withdraw_consent('telemedicine', (select id from app_public.patients where patient_profile_id = tests.id('ana')));
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('call'))$$, 'CONSENT_REQUIRED', 'consent_missing', 'after a withdrawal nobody enters');
select tests.act_as('flavia');
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('call'))$$, 'CONSENT_REQUIRED', 'consent_missing', 'whoever it is');
reset role;
select tests.consent('ana', 'telemedicine', clinic => 'atlas');
select tests.freeze_time('2027-03-08 12:00+02');
select tests.act_as('ana');
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('call'))$$, 'STATE', 'call_over', 'at the end of a call that did not begin');
select tests.act_as('flavia');
select app_public.start_appointment(tests.id('call'));
select is(pg_temp.asked('ana'), 'Pacient', 'one that goes on is entered again');
select tests.act_as('flavia');
select app_public.finish_appointment(tests.id('call'));
select * from tests.refuses($$select app_hidden.seat_in_room(tests.id('call'))$$, 'STATE', 'call_over', 'not when it is done');

select tests.act_as('flavia');
select is((select count(*)::int from app_public.video_rooms), 1, 'staff see that there is a room');
select tests.act_as('ana');
select is((select status from app_public.video_rooms), 'ready', 'so does the patient');
select throws_ok('select room_name from app_public.video_rooms', '42501', null, 'not its name');
select throws_ok('select url from app_public.video_rooms', '42501', null, 'nor where it is');
select tests.act_as('bogdan');
select is((select count(*)::int from app_public.video_rooms), 0, 'another patient sees none');
select * from finish();
rollback;
