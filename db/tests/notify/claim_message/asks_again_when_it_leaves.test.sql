-- Test: claim_message - what changed since it was queued counts, and another channel stands in. FND-15.
begin;
select plan(30);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
create function pg_temp.tell(name text) returns void language plpgsql as $$
declare v_ids uuid[];
begin
  v_ids := app_private.notify(tests.id('atlas'), 'appointment_cancelled',
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video", "reason": null}',
    patient_profile_id => tests.id('ana'), calendar_uid => uuidv7());
  perform tests.remember(name || ' ' || m.channel, m.id) from app_public.messages as m where m.id = any (v_ids);
end;
$$;
create function pg_temp.state(name text) returns text language sql as $$
  select concat_ws(' ', status, reason) from app_public.messages where id = tests.id(name)
$$;
create function pg_temp.after(name text) returns setof text language sql as $$
  select concat_ws(' ', channel, status, reason) from app_public.messages
  where id > tests.id(name) and id <> all (select id from tests.names) order by id
$$;
create function pg_temp.leaves(name text) returns boolean language plpgsql as $$
begin
  return coalesce((select wait_until is null from app_private.claim_message(tests.id(name))), false);
end;
$$;

select pg_temp.tell('first');
select results_eq($$select wait_until, channel, address, title, content_sid from app_private.claim_message(tests.id('first sms'))$$,
  $$values (null::timestamptz, 'sms', '+40722000111', null, null)$$, 'an SMS that may leave comes with its words and number');
select is((select attempted_at from app_public.messages where id = tests.id('first sms')), '2027-03-01 12:00+02', 'that it was tried is known before anybody knows how it ended');
select results_eq(
  $$select channel, account_id = (select human_id from app_public.patient_profiles where id = tests.id('ana')), title is not null
    from app_private.claim_message(tests.id('first in_app'))$$,
  $$values ('in_app', true, true)$$, 'one for the inbox with the account');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled) values (tests.id('ana'), 'appointments', 'email', false);
select ok(not pg_temp.leaves('first email'), 'who switched the channel off since is not written to');
select is(pg_temp.state('first email'), 'skipped switched_off', 'and that is on record');
delete from app_public.notification_preferences;

insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled) values (tests.id('ana'), 'appointments', 'whatsapp', true);
insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
values (tests.id('atlas'), 'appointment_cancelled', 'ro', 'HX' || md5('x'), '{clinicName,when}');
select pg_temp.tell('second');
select results_eq($$select content_sid, content_variables from app_private.claim_message(tests.id('second whatsapp'))$$,
  $$values ('HX' || md5('x'), '{clinicName,when}'::text[])$$, 'WhatsApp leaves with the approved text');
select app_private.suppress_address(tests.id('atlas'), null, 'whatsapp', '+40722000111', 'request');
select ok(not pg_temp.leaves('second whatsapp'), 'not once the person said STOP');
select is(pg_temp.state('second whatsapp'), 'suppressed opted_out', 'which is on record');
select results_eq($$select * from pg_temp.after('second whatsapp')$$, array['sms queued'], 'and an SMS stands in');
select ok(not pg_temp.leaves('second whatsapp'), 'a second job for it');
select results_eq($$select * from pg_temp.after('second whatsapp')$$, array['sms queued'], 'queues no second SMS');
delete from app_private.opt_outs;

select pg_temp.tell('third');
select ok(pg_temp.leaves('third whatsapp'), 'a message leaves');
select app_private.record_message_refused(tests.id('third whatsapp'), null, 'twilio 63024', true);
select is(pg_temp.state('third whatsapp'), 'failed twilio 63024', 'and the vendor will never take it');
select results_eq($$select * from pg_temp.after('third whatsapp')$$, array['sms queued'], 'an SMS stands in here too');
select results_eq($$select channel, address, reason from app_private.suppressed_addresses$$, $$values ('whatsapp', '+40722000111', 'bounce')$$, 'and the number is dead for WhatsApp, not for SMS');
select pg_temp.tell('fourth');
select is(pg_temp.state('fourth whatsapp') || ', ' || pg_temp.state('fourth sms'), 'suppressed bounce, queued', 'the next time it is known beforehand');

-- Night falls while it waits.
select tests.freeze_time('2027-03-01 21:30+02');
update graphile_worker._private_jobs set locked_by = 'worker-a', locked_at = now() where key = 'message:' || tests.id('fourth sms');
select results_eq($$select wait_until, channel from app_private.claim_message(tests.id('fourth sms'))$$,
  $$values ('2027-03-02 08:00+02'::timestamptz, null)$$, 'what comes too late in the evening waits for the morning');
select results_eq($$select run_at from graphile_worker._private_jobs where key = 'message:' || tests.id('fourth sms')$$,
  $$values ('2027-03-02 08:00+02'::timestamptz)$$, 'with a job of its own, beside the one that asked');
select is(pg_temp.state('fourth sms'), 'queued', 'it is not lost');
select is((select attempts from app_public.messages where id = tests.id('fourth sms')), 0, 'nor counted as tried');
select tests.freeze_time('2027-03-02 08:00+02');
select ok(pg_temp.leaves('fourth sms'), 'and leaves then');
select pg_temp.tell('fifth');
select tests.freeze_time('2027-03-04 08:00+02');
select ok(not pg_temp.leaves('fifth email'), 'what waited for two days is told no more');
select is(pg_temp.state('fifth email'), 'skipped expired', 'and says why');
select results_eq($$select * from pg_temp.after('fifth sms')$$, $$select ''::text where false$$, 'nobody stands in for what is too late');

-- The cap.
select tests.freeze_time('2027-03-05 12:00+02');
update app_public.notification_preferences set is_enabled = false where channel = 'whatsapp';
update app_private.channels set per_person_and_day = 3 where name = 'sms';
select pg_temp.tell(n::text) from generate_series(1, 4) as n;
select is((select count(*) from generate_series(1, 4) as n where pg_temp.leaves(n || ' sms')), 3::bigint, 'three SMS a day, if that is the cap');
select is(pg_temp.state('4 sms'), 'skipped daily_cap', 'the fourth is skipped and says why');
select ok(pg_temp.leaves('3 sms'), 'a retry is not another one');
select tests.freeze_time('2027-03-06 12:01+02');
select pg_temp.tell('tomorrow');
select ok(pg_temp.leaves('tomorrow sms'), 'a day later there is place again');
select ok(pg_temp.leaves('tomorrow email'), 'mail has no cap');
select is((select per_person_and_day from app_private.channels where name = 'email'), null, 'as the data says');
select * from finish();
rollback;
