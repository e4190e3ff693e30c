-- Test: settle_waitlist - offers end with their holds, whoever does not answer three times waits no more, and whoever has a time does not either. SCH-10.
begin;
select plan(22);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["09:00", "13:00"]]}');
select tests.patient('ana');
select tests.calendar('mondays', '{stefan}');
select tests.calendar('others', '{stefan}');
create function pg_temp.waits(name text, calendar text default 'mondays', patient text default null, ends_on date default '2027-04-30', at timestamptz default app_hidden.now()) returns void language plpgsql as $$
begin
  insert into app_public.waitlist_entries (organization_id, calendar_id, starts_on, ends_on, patient_profile_id, given_name, family_name, email, phone, locale, token_hash, created_at)
  select tests.id('atlas'), tests.id(calendar), least('2027-03-08', waits.ends_on), waits.ends_on, case when patient is not null then tests.id(patient) end,
    case when patient is null then 'G' end, case when patient is null then 'F' end, case when patient is null then name || '@people.test' end,
    case when patient is null then '+40722111222' end, 'ro', sha256(name::bytea), waits.at;
  perform tests.remember(name, (select id from app_public.waitlist_entries where token_hash = sha256(name::bytea)));
end $$;
create function pg_temp.offer() returns void language plpgsql as $$
begin perform tests.remember('offer', app_private.offer_next_time(tests.id('atlas'))); end $$;
create function pg_temp.look(at timestamptz default null) returns text language plpgsql as $$
begin
  if at is not null then perform set_config('tests.now', at::text, true); end if;
  perform app_private.settle_waitlist(tests.id('atlas'));
  return (select o.outcome || ' ' || e.status from app_public.waitlist_offers o join app_public.waitlist_entries e on e.id = o.waitlist_entry_id where o.id = tests.id('offer'));
end $$;

select pg_temp.waits('first'), pg_temp.offer();
select is(pg_temp.look(), null, 'an open offer stays open');
select is(pg_temp.look('2027-03-01 12:00:59+02'), null, 'also in the minute in which its hold is still honoured');
select is(pg_temp.look('2027-03-01 12:01+02'), 'expired waiting', 'then it has run out, and they wait on');
select is((select (status, ended_at)::text from app_public.waitlist_entries where id = tests.id('first')), '(waiting,)', 'for another time');
select pg_temp.offer();
select is((select to_char(starts_at at time zone 'UTC', 'DD HH24') from app_public.waitlist_offers where id = tests.id('offer')), '08 08', 'the next one');
select app_private.release_claims(array(select claim_id from app_public.waitlist_offers where id = tests.id('offer')));
select is(pg_temp.look(), 'declined waiting', 'whoever gives it back has declined');
select pg_temp.offer(), pg_temp.look('2027-03-01 15:00+02');
select pg_temp.offer(), pg_temp.look('2027-03-01 18:00+02');
select is((select status from app_public.waitlist_entries where id = tests.id('first')), 'waiting', 'two without a word, after one that was declined');
select pg_temp.offer();
select is(pg_temp.look('2027-03-02 18:00+02'), 'expired expired', 'three in a row: they wait no more');
select is((select ended_at from app_public.waitlist_entries where id = tests.id('first')), '2027-03-02 18:00+02'::timestamptz, 'since now');

-- Days that are over, and calendars that are gone.
select pg_temp.waits('yesterday', ends_on => '2027-03-02'), pg_temp.waits('today', ends_on => '2027-03-03'), pg_temp.waits('gone', 'others');
update app_public.calendars set deleted_at = now() where id = tests.id('others');
select pg_temp.look('2027-03-03 23:30+02');
select is((select string_agg(status, ' ' order by email) from app_public.waitlist_entries where email ~ '^(gone|today|yesterday)@'), 'expired waiting expired', 'the last day counts whole, on the calendar''s clocks');
select pg_temp.look('2027-03-04 00:00+02');
select is((select status from app_public.waitlist_entries where id = tests.id('today')), 'expired', 'at midnight it is over');

-- Whoever has a time of the calendar meanwhile.
-- Requests and appointments are made at the real now.
select pg_temp.waits(n, patient => case n when 'patient' then 'ana' end, at => now()) from unnest('{booked,patient,elsewhere,rejected}'::text[]) n;

update app_public.calendars set deleted_at = null where id = tests.id('others');
select tests.booking_request('r1', 'mondays', 'stefan', '2027-04-05 09:00+03', 'booked@people.test'), tests.booking_request('r2', 'others', 'stefan', '2027-04-05 10:00+03', 'elsewhere@people.test'),
  tests.booking_request('r3', 'mondays', 'stefan', '2027-04-05 11:00+03', 'rejected@people.test');
update app_public.booking_requests set status = 'rejected' where id = tests.id('r3');
select tests.appointment('a1', 'ana', 'mondays', 'stefan', '2027-04-05 12:00+03');
select pg_temp.look();
select is((select string_agg(status, ' ' order by coalesce(email, 'patient')) from app_public.waitlist_entries where coalesce(email, 'patient') ~ '^(booked|patient|elsewhere|rejected)'), 'taken waiting taken waiting', 'who asked for a time of this calendar or has one waits no more; who was rejected does');
select pg_temp.waits('after', patient => 'ana', at => now() + interval '1 second'), pg_temp.look();
select is((select status from app_public.waitlist_entries where id = tests.id('after')), 'waiting', 'and whoever had one before waits for another');
update app_public.waitlist_entries set status = 'left', ended_at = now() where status = 'waiting';

-- From offer to booking.
select set_config('tests.now', '2027-03-05 09:00+02', true), pg_temp.waits('taker'), pg_temp.offer();
select tests.act_as('the database');
select set_config('tests.token.link', 'a-token-of-an-offer', true);
insert into app_private.guest_links (organization_id, opens, subject_id, token_hash, expires_at)
select tests.id('atlas'), 'waitlist_offer', tests.id('offer'), extensions.digest('a-token-of-an-offer', 'sha256'), '2027-03-20';
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.take_offer('a-guess-that-is-wrong')$$, 'NOT_FOUND', 'offer_not_found', 'a guess');
select set_config('tests.token.held', (app_public.take_offer('a-token-of-an-offer')).token, true) is not null as held;
select isnt((app_public.request_booking(tests.token('held'), 'T', 'K', 'other@people.test', '0722 000 111')).token, null, 'booked with the hold, also under another address');
reset role;
select is((select o.outcome || ' ' || e.status from app_public.waitlist_offers o join app_public.waitlist_entries e on e.id = o.waitlist_entry_id where o.id = tests.id('offer')), 'taken taken', 'so it was taken');
select is(pg_temp.look('2027-03-05 10:00+02'), 'taken taken', 'and stays so');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.take_offer('a-token-of-an-offer')$$, 'GONE', 'offer_over', 'once');
reset role;

-- It ran out, was written down so, and is honoured all the same.
select pg_temp.waits('late'), pg_temp.offer();
insert into app_private.guest_links (organization_id, opens, subject_id, token_hash, expires_at)
select tests.id('atlas'), 'waitlist_offer', tests.id('offer'), extensions.digest('the-late-token-of-it', 'sha256'), '2027-03-20';
select tests.act_as('a visitor');
select set_config('tests.token.held', (app_public.take_offer('the-late-token-of-it')).token, true) is not null as held;
reset role;
update app_public.waitlist_offers set outcome = 'expired', ended_at = now() where id = tests.id('offer');
update app_public.waitlist_entries set status = 'waiting' where id = tests.id('late');
select set_config('tests.now', '2027-03-05 12:00:30+02', true);
select tests.act_as('a visitor');
select isnt((app_public.request_booking(tests.token('held'), 'T', 'K', 'other@people.test', '0722 000 111')).token, null, 'within the last minute');
reset role;
select is((select o.outcome || ' ' || e.status from app_public.waitlist_offers o join app_public.waitlist_entries e on e.id = o.waitlist_entry_id where o.id = tests.id('offer')), 'taken taken', 'it counts as taken');
select * from finish();
rollback;
