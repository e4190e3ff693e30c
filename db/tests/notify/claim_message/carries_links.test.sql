-- Test: claim_message - a link is made for the message that is about it and goes to whoever has no account; one to sign is told while it is open; what rests on consent is held as it leaves. FND-15, FND-17, APT-05, CNS-06.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.data_key();
select tests.staff('alina', 'front_desk');
select tests.patient('ana');
select tests.specialist('stefan'), tests.calendar('visits', '{stefan}'), tests.booking_request('asked', 'visits', 'stefan', '2027-03-08 10:00+02');
create function pg_temp.tell(name text, more jsonb default '{}', patient text default null) returns void language plpgsql as $$
declare
  v_ids uuid[];
  v_booked jsonb := '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
    "timezone": "Europe/Bucharest", "modality": "video"}';
begin
  if patient is not null then
    v_ids := app_private.notify(tests.id('atlas'), 'appointment_booked', v_booked, patient_profile_id => tests.id(patient), calendar_uid => uuidv7());
  else
    v_ids := app_private.notify(tests.id('atlas'), 'appointment_booked', v_booked, name => 'G', email => 'guest@people.test', locale => 'ro', calendar_uid => uuidv7());
  end if;
  update app_public.messages set data = data || more where id = any (v_ids);
  perform tests.remember(name || ' ' || m.channel, m.id) from app_public.messages m where m.id = any (v_ids);
end $$;
create function pg_temp.claim(name text) returns text language plpgsql as $$
declare
  v_data jsonb := (select m.data from app_public.messages m where m.id = tests.id(name));
  v_claimed record;
begin
  select * into v_claimed from app_private.claim_message(tests.id(name));
  if not found then
    return (select concat_ws(' ', m.status, m.reason) from app_public.messages m where m.id = tests.id(name));
  end if;
  return concat_ws(' ', v_claimed.link_name, left(v_claimed.link_path, 9), case when v_claimed.data = v_data then 'as written' else (
    select string_agg(key || ' ' || value, ', ') from jsonb_each(v_claimed.data) where value is distinct from v_data -> key) end);
end $$;

select pg_temp.tell('plain');
select is(pg_temp.claim('plain email'), 'as written', 'what is about no link has none');
select pg_temp.tell('about a booking', jsonb_build_object('bookingRequestId', tests.id('asked')));
select is(pg_temp.claim('about a booking email'), 'bookingUrl /booking# as written', 'a guest has the link of their booking');
select pg_temp.tell('about none', jsonb_build_object('bookingRequestId', uuidv7()));
select is(pg_temp.claim('about none email'), 'bookingRequestId null', 'of one that is not there nothing is said');
select pg_temp.tell('about hers', jsonb_build_object('bookingRequestId', tests.id('asked')), 'ana');
select is(pg_temp.claim('about hers in_app'), 'bookingRequestId null', 'who reads it in an account needs no link');
select is((select count(*) from app_private.guest_links), 1::bigint, 'and none is made');

-- To sign.
select tests.form_template('consent', jsonb_build_array(tests.form_item('pain', 'text')), signature_mode => 'remote_link'), tests.form('form', 'ana', 'consent');
select tests.act_as('alina');
select app_hidden.send_signature_link(tests.remember('to sign', gen_random_uuid()), tests.id('form'), sha256('token'), '\x52584501'::bytea || int4send(1) || sha256('?') || sha256('!'), null, 'birth_date', null);
select tests.act_as('the database');
select pg_temp.tell('to be signed ' || n, jsonb_build_object('signatureLinkId', tests.id('to sign'))) from generate_series(1, 2) as n;
select is(pg_temp.claim('to be signed 1 email'), 'as written', 'an open link is told');
select tests.freeze_time('2027-03-02 12:00+02');
select is(pg_temp.claim('to be signed 2 email'), 'skipped expired', 'one that is over is not');

-- Marketing. Whoever withdraws waits until the message has left: the answer is locked, as its row tells.
update app_private.message_types set topic = 'news' where key = 'appointment_cancelled';
select pg_temp.tell('booked', patient => 'ana');
select is(pg_temp.claim('booked email'), 'as written', 'what is no marketing needs no consent');
update app_private.message_types set topic = 'news' where key = 'appointment_booked';
create function pg_temp.is_locked() returns boolean language sql as $$ select xmax <> 0 from app_public.consents where purpose_code = 'marketing_email' $$;
select tests.consent('ana', 'marketing_email');
select is(pg_temp.is_locked(), false, 'nobody holds her answer');
select pg_temp.tell('news', patient => 'ana');
select is(pg_temp.claim('news email'), 'as written', 'news leave with it');
select is(pg_temp.is_locked(), true, 'and hold it');
select pg_temp.tell('more news', patient => 'ana');
update app_public.consents set withdrawn_at = app_hidden.now();
select is(pg_temp.claim('more news email'), 'skipped consent_missing', 'withdrawn, they do not');
select * from finish();
rollback;
