-- Test: request_booking - a visitor's request keeps the time that was held, until the clinic answers. APT-05, APT-09, FND-14.
begin;
select plan(26);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
-- Somebody else's lie before and behind, wherever the wrong ones were read.
select tests.specialist('vasile');
select tests.calendar('tuesdays', '{vasile}', timezone => 'Europe/London', modality => 'video');
select tests.specialist('stefan');
select tests.service('massage', price_amount => 25000);
select tests.calendar('mondays', '{stefan}', service => 'massage', timezone => 'Europe/Bucharest');
select tests.specialist('zoe');
select tests.calendar('sundays', '{zoe}', timezone => 'Europe/London', modality => 'video');
update app_public.organizations set booking_response_hours = 12;
select tests.hold('kept', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.hold('with_vasile', 'tuesdays', 'vasile', '2027-03-09 10:00+02');
select tests.hold('soon', 'mondays', 'stefan', '2027-03-01 14:00+02');
select tests.hold('very_soon', 'mondays', 'stefan', '2027-03-01 09:00+02');
select tests.hold('at_the_lead', 'mondays', 'stefan', '2027-03-01 10:00+02');
create temporary table receipts (receipt app_public.booking_receipt);
grant all on receipts to public;

select tests.act_as('a visitor');
insert into receipts select app_public.request_booking(
  tests.token('kept'), ' Gabriela ', ' Munteanu ', ' Gabriela@People.test ', '0722 123 456', '  Prefer dimineața  ');
select is((receipt).status, 'requested', 'the receipt says: requested') from receipts;
select is(
  ((receipt).service_name, (receipt).specialist_name, (receipt).starts_at, (receipt).ends_at, (receipt).timezone)::text,
  ('massage', 'Dr. Stefan Ionescu', '2027-03-08 10:00+02'::timestamptz, '2027-03-08 11:00+02'::timestamptz, 'Europe/Bucharest')::text, 'what, with whom, when')
from receipts;
select is((receipt).respond_by, '2027-03-01 20:00+02', 'and until when the clinic answers') from receipts;
select matches((receipt).token, '^[0-9a-f]{32}$', 'the token has 128 bits') from receipts;
select tests.act_as('the database');
select results_eq(
  $$select given_name, family_name, email, phone, message, locale, price_amount, currency::text, decided_at from app_public.booking_requests$$,
  $$values ('Gabriela', 'Munteanu', 'gabriela@people.test', '+40722123456', 'Prefer dimineața', 'ro', 25000::bigint, 'RON', null::timestamptz)$$, 'as the visitor wrote it, tidied');
select is((select token_hash = sha256(convert_to((receipt).token, 'UTF8')) from app_public.booking_requests, receipts), true, 'only the hash of the token is stored');
select is_empty(
  $$select * from app_private.events, receipts where payload::text like '%' || (receipt).token || '%' or payload::text ilike '%gabriela%'$$, 'no event carries the token or the name');
select is_empty(
  $$select * from graphile_worker._private_jobs j, receipts where j::text like '%' || (receipt).token || '%' or j::text ilike '%gabriela%'$$, 'nor does a job');
select results_eq(
  $$select kind, expires_at, released_at from app_private.time_claims where id = tests.id('claim of kept')$$,
  $$values ('request', null::timestamptz, null::timestamptz)$$, 'the claim of the hold is the claim of the request');
select is((select claim_id from app_public.booking_requests), tests.id('claim of kept'), 'the same one');
select throws_ok($$select tests.claim('stefan', '2027-03-08 10:30+02')$$, '23P01', null, 'nobody gets in between');
select is(tests.events_of((select id from app_public.booking_requests)), '{booking_request.received}', 'one event');
select is((select actor_id from app_private.events where name = 'booking_request.received'), null, 'by nobody we know');
select is((select count(*) from app_public.patient_profiles), 0::bigint, 'no patient is made before the clinic says yes');

select tests.act_as('a visitor');
select * from tests.refuses(
  $$select app_public.request_booking(tests.token('kept'), 'G', 'M', 'g@people.test', '0722123456')$$, 'GONE', 'hold_expired', 'a hold is used once');
select is((app_public.request_booking(tests.token('soon'), 'G', 'M', 'g@people.test', '0722123456', locale => 'en')).respond_by, '2027-03-01 12:00+02', 'or two hours before the time, so that there is time to come');
insert into receipts select app_public.request_booking(tests.token('very_soon'), 'G', 'M', 'g@people.test', '0722123456');
select is((receipt).respond_by, null, 'a time too near for that promises nothing') from receipts where (receipt).starts_at = '2027-03-01 09:00+02';
select is((app_public.request_booking(tests.token('at_the_lead'), 'G', 'M', 'g@people.test', '0722123456')).respond_by, null, 'nor does one that would have to be answered at once');
select is((app_public.request_booking(tests.token('with_vasile'), 'G', 'M', 'g@people.test', '0722123456')).specialist_name, 'Dr. Vasile Ionescu', 'another request is with another');
select tests.act_as('the database');
select is((select respond_by from app_public.booking_requests where starts_at = '2027-03-01 09:00+02'), '2027-03-01 09:00+02', 'and is kept until it is there');
select is((select max(organizer_email) from app_public.booking_requests), 'contact@atlas.test', 'the clinic''s address of now is the organizer');
update app_public.organizations set response_lead_hours = 0;
select tests.hold('tomorrow', 'mondays', 'stefan', '2027-03-01 15:00+02');
select tests.act_as('a visitor');
select is((app_public.request_booking(tests.token('tomorrow'), 'G', 'M', 'g@people.test', '0722123456')).respond_by, null, 'a clinic that wants no lead promises nothing either');
delete from receipts where (receipt).starts_at = '2027-03-01 09:00+02';
select is((app_public.booking_by_token((receipt).token)).status, 'requested', 'the token reads the request') from receipts;
select is((app_public.booking_by_token('no such token')).booking_request_id, null, 'another token reads nothing');
select is((app_public.booking_by_token((receipt).booking_request_id::text)).booking_request_id, null, 'nor does the id of the request') from receipts;
select * from finish();
rollback;
