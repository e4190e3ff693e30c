-- Test: claim_message, text_may_leave, texts_by_own_account, hard_limit - a text message beyond a hard limit of the clinic's tier is skipped as it leaves, with the reason for the clinic to read; what caused it stands, and another channel stands in. FND-20, FND-15.
begin;
select plan(28);
select tests.freeze_time('2027-03-08 10:00+02');
select tests.platform_tier('two-texts', '{"sms_messages": 2}'), tests.platform_tier('billed-texts', '{}', '{"sms_messages": 1}');
select tests.clinic('boreal'), tests.patient('dan'), tests.subscribe(tests.id('boreal'), 'billed-texts', '2027-03-01');
select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.patient('ana'), tests.subscribe(tests.id('atlas'), 'two-texts', '2027-03-01');
update app_public.patient_profiles set phone = '+40722000222' where id = tests.id('dan');
update app_private.channels set per_person_and_day = null where name = 'sms';
create function pg_temp.tell(name text, patient text default 'ana', clinic text default 'atlas', event uuid default null) returns void language plpgsql as $$
declare v_ids uuid[];
begin
  v_ids := app_private.notify(tests.id(tell.clinic), 'appointment_cancelled',
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-06-08T07:00:00Z", "endsAt": "2027-06-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video", "reason": null}',
    patient_profile_id => tests.id(tell.patient), event_id => tell.event, calendar_uid => uuidv7());
  perform tests.remember(tell.name || ' ' || m.channel, m.id) from app_public.messages as m where m.id = any (v_ids);
end $$;
create function pg_temp.claim(name text) returns text language plpgsql as $$
declare v_claimed text := (select case when wait_until is null then 'leaves' else 'waits' end from app_private.claim_message(tests.id(claim.name)));
begin
  return coalesce(v_claimed, (select concat_ws(' ', m.status, m.reason) from app_public.messages m where m.id = tests.id(claim.name)));
end $$;
create function pg_temp.used() returns numeric language sql as $$ select app_private.usage_now(tests.id('atlas'), 'sms_messages') $$;

select is(app_private.hard_limit(tests.id('atlas'), 'sms_messages'), 2::bigint, 'the tier includes two');
select is(app_private.hard_limit(tests.id('boreal'), 'sms_messages'), null, 'a soft limit is none');
select is(app_private.hard_limit(tests.id('atlas'), 'specialists'), null, 'nor is that of another meter');
select pg_temp.tell(name) from (values ('one'), ('two'), ('three'), ('four')) as m (name);
select is((select count(*)::int from app_public.messages where organization_id = tests.id('atlas') and channel = 'sms' and status = 'queued'), 4, 'four are queued');
select is(pg_temp.claim('one sms'), 'leaves', 'one leaves');
select is(pg_temp.claim('two sms'), 'leaves', 'and another, while the first is on its way');
select is(pg_temp.used(), 0::numeric, 'though none is used before the vendor has taken it');
select is(pg_temp.claim('three sms'), 'skipped tier_limit_reached', 'the third does not, and says why');
select is(pg_temp.claim('one sms'), 'leaves', 'one that is tried again has its place');
select app_private.record_message_accepted(tests.id('one sms'), null, 'twilio', 'SM1');
select is(pg_temp.claim('two sms'), 'leaves', 'once the first is taken the second still has its own');
select is(pg_temp.claim('four sms'), 'skipped tier_limit_reached', 'and there is none for a fourth');
select is(pg_temp.claim('four email'), 'leaves', 'a mail is not counted');
select pg_temp.tell('five');
select app_private.record_message_refused(tests.id('two sms'), null, 'unreachable', false);
select is(pg_temp.claim('five sms'), 'leaves', 'what the vendor refuses gives its place back');
select app_private.record_message_accepted(tests.id('five sms'), null, 'twilio', 'SM5');
select is(pg_temp.used(), 2::numeric, 'the limit is used up, and not passed');

-- The clinic reads it; nobody is refused anything.
select tests.act_as('adrian');
select results_eq($$select reason from app_public.messages where channel = 'sms' and status = 'skipped' order by id$$, array['tier_limit_reached', 'tier_limit_reached'], 'the clinic reads which did not leave, and why');
select tests.act_as('the database');
select lives_ok($$select pg_temp.tell('six')$$, 'whatever causes a message goes on');
select is(pg_temp.claim('six sms'), 'skipped tier_limit_reached', 'beyond the limit it is skipped alone');

-- Another channel of its route stands in.
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled) values (tests.id('ana'), 'appointments', 'whatsapp', true);
insert into app_private.events (id, organization_id, name, version, subject_type, subject_id, payload, occurred_at)
values (tests.remember('event', uuidv7()), tests.id('atlas'), 'appointment.cancelled', 1, 'appointment', uuidv7(), '{}', app_hidden.now());
select pg_temp.tell('seven', event => tests.id('event'));
select is(pg_temp.claim('seven sms'), 'skipped tier_limit_reached', 'one that stands in for another channel is limited, too');
delete from app_public.notification_preferences;

-- Whose account it goes by, and whose limit it is.
select pg_temp.tell('own account');
select tests.remember('twilio', tests.integration('own twilio', clinic => 'atlas'));
insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
values (tests.id('atlas'), 'sms', 'twilio', tests.id('twilio'));
select ok(app_private.texts_by_own_account(tests.id('atlas')), 'the clinic has an account of its own');
select ok(not app_private.texts_by_own_account(tests.id('boreal')), 'another has not');
select is(pg_temp.claim('own account sms'), 'leaves', 'by that the platform limits nothing');
delete from app_public.organization_service_providers;
select pg_temp.tell('soft ' || n, 'dan', 'boreal') from generate_series(1, 3) n;
select is(pg_temp.claim('soft ' || n || ' sms'), 'leaves', 'a soft limit lets it pass: ' || n) from generate_series(1, 3) n;

-- The next period has its own two.
select tests.freeze_time('2027-04-01 10:00+03');
insert into app_public.billing_periods (organization_id, subscription_id, position, starts_on, ends_on, during)
select organization_id, subscription_id, 2, '2027-04-01', '2027-05-01', '[2027-04-01 00:00+03,2027-05-01 00:00+03)' from app_public.billing_periods where organization_id = tests.id('atlas');
select app_private.end_message(id, 'failed', 'over') from app_public.messages where organization_id = tests.id('atlas') and status = 'queued';
select pg_temp.tell('april');
select is(pg_temp.claim('april sms'), 'leaves', 'a month later there is place again');
update app_public.organization_subscriptions set status = 'canceled', ended_at = app_hidden.now() where organization_id = tests.id('atlas');
select pg_temp.tell('no tier ' || n) from generate_series(1, 3) n;
select is((select string_agg(distinct pg_temp.claim('no tier ' || n || ' sms'), ',') from generate_series(1, 3) n), 'leaves', 'a clinic without a subscription has no limits');
select is(app_private.hard_limit(tests.id('atlas'), 'sms_messages'), null, 'as of any meter');
select is_empty($$select * from app_private.usage_differences(tests.id('atlas'))$$, 'all adds up');
select * from finish();
rollback;
