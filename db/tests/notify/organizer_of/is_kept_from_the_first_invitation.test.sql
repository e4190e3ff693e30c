-- Test: organizer_of - a calendar entry keeps its organizer, whatever the clinic's address becomes. APT-08.
begin;
select plan(14);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.specialist('ana');
select tests.calendar('mondays', '{ana}');
select tests.patient('maria');
select tests.booking_request('the request', 'mondays', 'ana', '2027-03-08 09:00+02');
select tests.appointment('direct', 'maria', 'mondays', 'ana', '2027-03-08 11:00+02');
select tests.appointment('another', 'maria', 'mondays', 'ana', '2027-03-08 12:00+02');
select tests.booking_request('without', 'mondays', 'ana', '2027-03-08 13:00+02');

select is(app_private.organizer_of(tests.id('atlas'), tests.id('the request'), 'sender@people.test'), 'contact@atlas.test', 'the clinic''s address of the first invitation');
select is(app_private.organizer_of(tests.id('atlas'), tests.id('direct'), 'sender@people.test'), 'contact@atlas.test', 'also of an appointment');
update app_public.organizations set contact_email = null where id = tests.id('atlas');
select is(app_private.organizer_of(tests.id('atlas'), tests.id('without'), 'sender@people.test'), 'sender@people.test', 'the sender where the clinic has none');
update app_public.organizations set contact_email = 'new@atlas.test' where id = tests.id('atlas');
select is(app_private.organizer_of(tests.id('atlas'), tests.id('the request'), 'other@people.test'), 'contact@atlas.test', 'the first one stays when the clinic changes its address');
select is(app_private.organizer_of(tests.id('atlas'), tests.id('direct'), 'other@people.test'), 'contact@atlas.test', 'that of an appointment too');
select is(app_private.organizer_of(tests.id('atlas'), tests.id('without'), 'other@people.test'), 'sender@people.test', 'and the sender''s');
select is(app_private.organizer_of(tests.id('boreal'), tests.id('the request'), 'other@people.test'), 'contact@boreal.test', 'another clinic''s entry is none');
select is(app_private.organizer_of(tests.id('boreal'), tests.id('direct'), 'other@people.test'), 'contact@boreal.test', 'be it a request or an appointment');
select is(app_private.organizer_of(tests.id('atlas'), uuidv7(), 'other@people.test'), 'new@atlas.test', 'an entry that is gone has the address of today');
select is(app_private.organizer_of(tests.id('atlas'), tests.id('another'), 'other@people.test'), 'new@atlas.test', 'so has one that nobody was invited to yet');

-- Whatever booked, the entry is the clinic's of that moment, also where no mail has left yet.
update app_public.organizations set contact_email = 'contact@atlas.test' where id = tests.id('atlas');
select tests.staff('flavia', 'front_desk', 'atlas');
select tests.hold('held', 'mondays', 'ana', '2027-03-15 09:00+02');
select tests.booking_request('to confirm', 'mondays', 'ana', '2027-03-15 10:00+02');
update app_public.booking_requests set organizer_email = 'old@atlas.test' where id = tests.id('to confirm');
select tests.act_as('flavia');
select tests.remember('by hold', (app_public.book_appointment(tests.token('held'), tests.id('maria'))).id);
select tests.remember('directly', (app_public.book_directly(tests.id('mondays'), '2027-03-15 11:00+02', tests.id('maria'), override_reason => 'Call')).id);
select tests.remember('by request', (app_public.confirm_booking_request(tests.id('to confirm'), as_new_patient => true)).id);
select tests.act_as('the database');
update app_public.organizations set contact_email = 'new@atlas.test' where id = tests.id('atlas');
select is((select a.organizer_email from app_public.appointments a where a.id = tests.id(entry.name)), entry.organizer, 'booked ' || entry.name)
from (values ('by hold', 'contact@atlas.test'), ('directly', 'contact@atlas.test'), ('by request', 'old@atlas.test')) as entry (name, organizer);
select tests.act_as('a visitor');
select throws_ok($$select app_private.organizer_of(tests.id('atlas'), tests.id('direct'), 'x@people.test')$$, '42501', null, 'only the worker asks');
select * from finish();
rollback;
