-- Test: book - of a request an appointment has whom and how to write, else it has it of the patient; the policy is that of its clinic. APT-01, APT-03.
begin;
select plan(2);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal'), tests.clinic('atlas');
insert into app_public.booking_policies (organization_id, name, is_default, cancel_minutes)
values (tests.id('boreal'), 'Theirs', true, 2880), (tests.id('atlas'), 'Ours', true, 1440);
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
update app_public.patient_profiles set email = 'ana@people.test', locale = 'ro' where id = tests.id('ana');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}');
select tests.calendar('walks', '{stefan}');
select tests.booking_request('asked', 'walks', 'stefan', '2027-03-08 10:00+02', 'ana.at.work@people.test');
update app_public.booking_requests set locale = 'en';
select tests.act_as('flavia');
select results_eq($$select contact_email, locale, cancel_minutes from app_public.confirm_booking_request(tests.id('asked'), tests.id('ana'))$$,
  $$values ('ana.at.work@people.test', 'en', 1440)$$, 'whoever asked is written to as they asked');
select results_eq($$select contact_email, locale, cancel_minutes from app_public.book_directly(tests.id('walks'), '2027-03-08 12:00+02', tests.id('ana'))$$,
  $$values ('ana@people.test', 'ro', 1440)$$, 'else the patient as the clinic knows them');
select * from finish();
rollback;
