-- Test: take_own_offer, remove_from_waitlist - each takes the offer that was made to them, front desk the one that they name, and whoever is no patient of the clinic any more none. SCH-10.
begin;
select plan(9);
select tests.waitlist_clinic();
select tests.offer('ana', '2027-03-08 09:00+02'), tests.offer('bogdan', '2027-03-08 10:00+02');
create function pg_temp.take(offer text) returns text language sql as $$
  select to_char((app_public.take_own_offer(tests.id(offer))).starts_at at time zone 'UTC', 'HH24:MI')
$$;
select is(tests.events_of((select claim_id from app_public.waitlist_offers where id = tests.id('offer to ana'))), '{slot.held}', 'whoever watches the listing hears that it is kept');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.take('offer to bogdan')$$, 'NOT_FOUND', 'offer_not_found', 'who waits herself takes no offer of others');
select is(pg_temp.take('offer to ana'), '07:00', 'but hers');
select tests.act_as('flavia');
select is(pg_temp.take('offer to bogdan'), '08:00', 'front desk takes the one of who is on the telephone');
select tests.act_as('the database');
update app_public.patients set deleted_at = app_hidden.now() where patient_profile_id = tests.id('bogdan');
select tests.act_as('bogdan');
select * from tests.refuses($$select pg_temp.take('offer to bogdan')$$, 'NOT_FOUND', 'offer_not_found', 'who is no patient any more takes none');
select * from tests.refuses($$select app_public.remove_from_waitlist(tests.id('wait of bogdan'))$$, 'NOT_FOUND', 'waitlist_entry_not_found', 'and has no wait to end');
select * from finish();
rollback;
