-- Test: messages_about_waitlist_offer - whoever waits hears of an offer while it is open, and of none that is over when its turn to be told comes. SCH-10, FND-15.
begin;
select plan(5);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["09:00", "13:00"]]}');
select tests.patient(name) from unnest('{ana,bogdan}'::text[]) as name;
select tests.calendar('mondays', '{stefan}');
insert into app_public.waitlist_entries (id, organization_id, calendar_id, starts_on, ends_on, patient_profile_id, locale, token_hash)
select tests.remember('wait of ' || name, uuidv7()), tests.id('atlas'), tests.id('mondays'), '2027-03-08', '2027-04-30', tests.id(name), 'ro', sha256(name::bytea)
from unnest('{ana,bogdan}'::text[]) as name;
select tests.act_as('flavia');
select tests.remember('offer to ana', (app_public.offer_time(tests.id('wait of ana'), '2027-03-08 09:00+02')).id);
select tests.remember('offer to bogdan', (app_public.offer_time(tests.id('wait of bogdan'), '2027-03-08 10:00+02')).id);
select tests.act_as('the database');
create function pg_temp.told(offer text) returns text language plpgsql as $$
declare v_told text;
begin
  delete from app_public.messages;
  perform app_private.messages_about_waitlist_offer(e) from app_private.events e where e.name = 'waitlist_entry.offered' and e.payload ->> 'waitlistOfferId' = tests.id(offer)::text;
  select string_agg(distinct m.recipient_name || ' ' || to_char((m.data ->> 'startsAt')::timestamptz at time zone 'UTC', 'HH24:MI'), ', ') into v_told from app_public.messages m;
  return v_told;
end $$;
select is(pg_temp.told('offer to bogdan'), 'Bogdan Popescu 08:00', 'it is told to whom it was made');
select tests.freeze_time(expires_at - interval '1 second') from app_public.waitlist_offers where id = tests.id('offer to bogdan');
select is(pg_temp.told('offer to bogdan'), 'Bogdan Popescu 08:00', 'to its last second');
select tests.freeze_time(expires_at) from app_public.waitlist_offers where id = tests.id('offer to bogdan');
select is(pg_temp.told('offer to bogdan'), null, 'and then no more');
select tests.freeze_time('2027-03-01 10:01+02');
select is(pg_temp.told('offer to ana'), 'Ana Popescu 07:00', 'so is hers');
update app_public.waitlist_offers set outcome = 'declined', ended_at = app_hidden.now() where id = tests.id('offer to ana');
select is(pg_temp.told('offer to ana'), null, 'unless she has answered');
select * from finish();
rollback;
