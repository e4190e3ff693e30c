-- Test: claim_message, end_message - at the edge of the night, of a day's cap and of a household; its own words and nobody else's. FND-15.
begin;
select plan(23);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.patient('dan');
update app_public.patient_profiles set phone = '+40722000222' where id = tests.id('dan');
create function pg_temp.tell(name text, patient text default 'ana', template text default 'appointment_cancelled', event uuid default null)
returns void language plpgsql as $$
declare v_ids uuid[];
begin
  v_ids := app_private.notify(tests.id('atlas'), tell.template,
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video"}'::jsonb || case tell.template when 'appointment_cancelled' then '{"reason": null}'::jsonb else '{}' end,
    patient_profile_id => tests.id(tell.patient), event_id => tell.event, calendar_uid => uuidv7());
  perform tests.remember(tell.name || ' ' || coalesce(case m.account_id when tests.id('corina') then 'her ' when tests.id('cezar') then 'his ' end, '') || m.channel, m.id)
  from app_public.messages as m where m.id = any (v_ids);
end;
$$;
create function pg_temp.claim(name text) returns text language plpgsql as $$
declare v_claimed text := (select case when wait_until is null then 'leaves' else 'waits' end from app_private.claim_message(tests.id(claim.name)));
begin
  return coalesce(v_claimed, (select concat_ws(' ', m.status, m.reason) from app_public.messages m where m.id = tests.id(claim.name)));
end;
$$;
select tests.person('corina'), tests.person('cezar');

-- Night.
select pg_temp.tell(name) from (values ('urgent'), ('late'), ('in time'), ('at eight')) as m (name);
update app_public.messages set is_urgent = true where id = tests.id('urgent sms');
update app_public.messages set expires_at = '2027-03-02 08:00+02' where id = tests.id('late sms');
update app_public.messages set expires_at = '2027-03-02 08:00:01+02' where id = tests.id('in time sms');
select tests.freeze_time('2027-03-01 22:00+02');
select is(pg_temp.claim('urgent sms'), 'leaves', 'what is urgent leaves at night');
select is((select count(*) from app_public.messages where attempts > 0), 1::bigint, 'and is the only one that was tried');
select is(pg_temp.claim('late sms'), 'skipped expires_in_quiet_hours', 'what ends with the night is not told at all');
select is(pg_temp.claim('in time sms'), 'waits', 'what lasts a second longer waits');
select is((select count(*) from app_public.messages where not_before is not null), 1::bigint, 'and is the only one that does');
select tests.freeze_time('2027-03-02 08:00+02');
select is(pg_temp.claim('at eight sms'), 'leaves', 'at eight the night is over');
select tests.freeze_time('2027-03-02 08:00:01+02');
select is(pg_temp.claim('in time sms'), 'skipped expired', 'and a second later it is too late');

-- The words of this clinic, for this message, in this language, over this channel.
select tests.freeze_time('2027-03-05 12:00+02');
insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
values (tests.id('atlas'), 'appointment_cancelled', 'ro', 'HX' || md5('right'), '{when}'), (tests.id('atlas'), 'appointment_cancelled', 'en', 'HX' || md5('en'), '{when}'),
       (tests.id('atlas'), 'appointment_booked', 'ro', 'HX' || md5('booked'), '{when}'), (tests.id('boreal'), 'appointment_cancelled', 'ro', 'HX' || md5('boreal'), '{when}');
select tests.act_as('adrian');
select app_public.edit_message_template(tests.id('atlas'), 'appointment_cancelled', 'email', 'ro', 'Trupul ' || n, 'Titlul ' || n) from generate_series(1, 2) as n;
select tests.act_as('the database');
select pg_temp.tell('worded');
insert into app_private.message_templates (template_key, channel, locale, version, title, body)
select template_key, channel, locale, version + 1, title, 'Newer words' from app_private.message_templates where template_key = 'appointment_cancelled' and version = 1;
select results_eq($$select channel, title, body, content_sid, clinic_name, calendar_status from app_private.claim_message(tests.id('worded email'))$$,
  $$values ('email', 'Titlul 2', 'Trupul 2', null, 'Atlas', 'CANCELLED')$$, 'a letter in the clinic''s own words');
select results_eq($$select channel, title, body, content_sid from app_private.claim_message(tests.id('worded sms'))$$,
  $$select 'sms', null, body, null from app_private.message_templates
    where template_key = 'appointment_cancelled' and channel = 'sms' and locale = 'ro' and version = 1$$, 'an SMS in those it was queued with');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
select tests.id(name), 'appointments', 'whatsapp', true from (values ('ana'), ('dan')) as p (name);
select pg_temp.tell('approved');
select results_eq($$select channel, content_sid from app_private.claim_message(tests.id('approved whatsapp'))$$, $$values ('whatsapp', 'HX' || md5('right'))$$,
  'WhatsApp with the text that was approved for this');

-- A household: every account by itself.
select tests.patient('carmen', account => false, birth_date => '2018-05-17');
select tests.caregiver('corina', 'carmen');
select tests.caregiver('cezar', 'carmen');
insert into app_public.push_subscriptions (human_id, endpoint, p256dh, auth) values
  (tests.id('corina'), 'https://push.example.org/1', repeat('B', 87), repeat('A', 22)),
  (tests.id('cezar'), 'https://push.example.org/2', repeat('B', 87), repeat('A', 22));
select pg_temp.tell('of carmen', 'carmen');
delete from app_public.push_subscriptions where human_id = tests.id('cezar');
select is(pg_temp.claim('of carmen her push'), 'leaves', 'who has a browser is told there');
select is(pg_temp.claim('of carmen his push'), 'skipped unreachable', 'who has none any more is not');
update app_public.caregivers set revoked_at = app_hidden.now() where id = tests.id('cezar for carmen');
select is(pg_temp.claim('of carmen his in_app'), 'skipped unreachable', 'nor who does not care for the child any more');
select is(pg_temp.claim('of carmen her in_app'), 'leaves', 'who does is');

-- The cap counts what went to this address over this channel in twenty-four hours.
select tests.freeze_time('2027-03-07 12:00+02');
delete from app_public.notification_preferences;
update app_private.channels set per_person_and_day = 1 where name = 'sms';
select pg_temp.tell('over whatsapp');
update app_public.messages set channel = 'whatsapp', template_version = 1, attempted_at = app_hidden.now() where id = tests.id('over whatsapp sms');
select pg_temp.tell('of dan', 'dan');
select is(pg_temp.claim('of dan sms'), 'leaves', 'one for him');
select pg_temp.tell('one');
select is(pg_temp.claim('one sms'), 'leaves', 'one for her');
select pg_temp.tell('another');
select is(pg_temp.claim('another sms'), 'skipped daily_cap', 'and no more');
select tests.freeze_time('2027-03-08 12:00+02');
select pg_temp.tell('a day later');
select is(pg_temp.claim('a day later sms'), 'leaves', 'a day later, to the second, there is place again');
update app_private.channels set per_person_and_day = null where name = 'sms';

-- What ends lets the next channel of its route stand in, unless this person is being told over the route of this.
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
select tests.id(name), 'appointments', 'whatsapp', true from (values ('ana'), ('dan')) as p (name);
insert into app_private.events (id, organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select tests.remember(name, uuidv7()), tests.id('atlas'), 'appointment.cancelled', 1, 'appointment', uuidv7(), '{}', app_hidden.now() from (values ('this'), ('that')) as e (name);
select pg_temp.tell('told', event => tests.id('this'));
select pg_temp.tell('told of that', event => tests.id('that'));
select pg_temp.tell('told something else', template => 'appointment_booked', event => tests.id('this'));
select pg_temp.tell('told to dan', 'dan', event => tests.id('this'));
create temporary table before as select id from app_public.messages;
create function pg_temp.stands_in() returns setof text language sql as $$
  select concat_ws(' ', channel, status, recipient_name) from app_public.messages where id not in (select id from before) order by id
$$;
select app_private.end_message(tests.id('told whatsapp'), 'failed', repeat('x', 600));
select results_eq('select pg_temp.stands_in()', array['sms queued Ana Popescu'], 'whatever else is told, to whomever else');
select results_eq($$select length(reason), count(*) from app_public.messages where status = 'failed' group by 1$$, $$values (500, 1::bigint)$$, 'the one that ended says why, in short');
select app_private.end_message(id, 'failed', 'no') from app_public.messages where id not in (select id from before);
select is((select count(*) from pg_temp.stands_in()), 1::bigint, 'and nothing comes after the last');
update app_public.messages set expires_at = app_hidden.now() where id = tests.id('told to dan whatsapp');
select app_private.end_message(tests.id('told to dan whatsapp'), 'failed', 'too late');
select is((select count(*) from pg_temp.stands_in()), 1::bigint, 'what ends in the moment in which it expires is told no more');
select app_private.end_message(tests.id('told of that whatsapp'), 'suppressed', 'opted_out');
select is((select count(*) from pg_temp.stands_in()), 2::bigint, 'another event is told for itself');
select * from finish();
rollback;
