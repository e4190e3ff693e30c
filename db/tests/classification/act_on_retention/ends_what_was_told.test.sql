-- Test: act_on_retention - what people were told and what it was about go after five years, and not while anything needs it. FND-12, FND-14, FND-15, GDP-03, SCA-01.
begin;
select plan(37);
select tests.freeze_time('2022-03-01 08:00+02');
set local session_replication_role = replica;
update app_public.consent_purpose_versions set in_force_from = '2022-01-01';
set local session_replication_role = origin;
select tests.two_clinics();
set local session_replication_role = replica;
delete from app_private.event_subscriptions where event_name = 'organization.created';
delete from app_private.event_deliveries; delete from app_private.events; delete from app_public.messages; delete from app_public.inbox_items;
set local session_replication_role = origin;

create function pg_temp.event(called text, at timestamptz default '2022-03-01 08:00+02', name text default 'organization.created', cause text default null)
returns void language plpgsql as $$
begin
  perform tests.freeze_time(at);
  perform tests.remember(called, app_private.publish(event.name, tests.id('atlas'), tests.id('atlas'),
    '{"slug": "atlas"}', case when cause is not null then tests.id(cause) end));
end $$;
create function pg_temp.message(called text, status text default 'skipped', at timestamptz default '2022-03-01 08:00+02', event text default null)
returns void language sql as $$
  with made as (
    insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version, recipient_name,
      recipient_email, address, data, event_id, expires_at, status, reason, created_at)
    values (tests.id('atlas'), 'appointment_booked', 'email', 'letter', 1, 'ro', 1, called, replace(called, ' ', '.') || '@people.test', replace(called, ' ', '.') || '@people.test',
      '{"serviceName": "K"}', case when event is not null then tests.id(event) end, at, 'queued', null, at) returning id)
  select tests.remember(called, id) from made;
  update app_public.messages m set status = 'sent', sent_at = at where id = tests.id(called) and message.status in ('sent', 'delivered', 'read', 'bounced');
  update app_public.messages m set status = message.status, reason = case when message.status in ('skipped', 'suppressed', 'failed', 'bounced') then 'why' end
  where id = tests.id(called) and m.status <> message.status $$;
create function pg_temp.left_of(what regclass) returns text language plpgsql as $$
declare v_names text;
begin
  execute format('select string_agg(n.name, '', '' order by n.name) from %s t join tests.names n on n.id = t.id', what) into v_names;
  return v_names;
end $$;
create function pg_temp.end(what text, up_to int default 1000) returns int language sql as $$
  select app_private.act_on_retention(what, 'correspondence', up_to) $$;

-- Messages.
select pg_temp.message('to wait', 'queued');
select pg_temp.message(s, s) from unnest('{sent,delivered,read,failed,bounced,suppressed,skipped}'::text[]) as s;
select pg_temp.message('younger', at => '2022-03-01 08:00:00.000001+02');
select tests.freeze_time('2027-03-01 08:00+02');
select is(pg_temp.end('app_public.messages'), 0, 'five years to the microsecond: nothing yet');
select tests.freeze_time('2027-03-01 08:00:00.000001+02');
select tests.act_as('the worker');
select is(pg_temp.end('app_public.messages', 2), 2, 'as many as were asked for');
select is(pg_temp.end('app_public.messages', 1000), 5, 'then the rest');
select is(pg_temp.end('app_public.messages'), 0, 'and once');
select tests.act_as('the database');
select is(pg_temp.left_of('app_public.messages'), 'to wait, younger', 'whatever became of them, but what still waits to be sent stays');
select lives_ok($$update app_public.messages set status = 'skipped', reason = 'expired' where id = tests.id('to wait')$$, 'when it ends');
select is(pg_temp.end('app_public.messages'), 1, 'it goes, too');

-- Its calendar goes on counting.
select pg_temp.message('first', at => '2022-03-02 08:00+02');
select pg_temp.message('second', at => '2022-03-03 08:00+02');
update app_public.messages set calendar_uid = tests.id('atlas'), recipient_email = 'first@people.test',
  calendar_sequence = case when id = tests.id('first') then 0 else 1 end where id in (tests.id('first'), tests.id('second'));
select tests.freeze_time('2027-03-02 09:00+02');
select is(pg_temp.end('app_public.messages'), 2, 'the first file of a calendar goes');
select tests.remember('third', (app_private.notify(tests.id('atlas'), 'appointment_booked',
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
    "timezone": "Europe/Bucharest", "modality": "video"}', name => 'First', email => 'first@people.test', calendar_uid => tests.id('atlas')))[1]);
select is((select calendar_sequence from app_public.messages where id = tests.id('third')), 2, 'and the next is later than the last');

-- What is held, what nobody confirmed, and health data that nobody decided about.
select tests.freeze_time('2027-03-04 08:00+02');
update app_private.retentions set held_because = 'A court asks for it.' where key = 'correspondence';
select is(pg_temp.end('app_public.messages'), 0, 'what is held stays');
update app_private.retentions set held_because = null, confirmed_by = null where key = 'correspondence';
select is(pg_temp.end('app_public.messages'), 0, 'what nobody confirmed');
update app_private.retentions set confirmed_by = 'the product', with_health_data = false where key = 'correspondence';
select is(pg_temp.end('app_public.messages'), 0, 'and health data, where that was not decided');
update app_private.retentions set with_health_data = true where key = 'correspondence';
select is(pg_temp.left_of('app_public.messages'), 'second, third', 'nothing is gone');
select is(pg_temp.end('app_public.messages'), 1, 'until it may');

-- Inbox items.
select tests.remember(called, app_private.put_in_inbox(tests.id('atlas'), (select human_id from app_public.patient_profiles where id = tests.id('ana')),
  gen_random_uuid(), 'T', 'B', at))
from (values ('read', timestamptz '2022-03-04 07:59+02'), ('unread', '2022-03-04 07:59+02'), ('new', '2022-03-04 08:00+02')) as i (called, at);
update app_public.inbox_items set read_at = '2027-03-03 08:00+02' where id = tests.id('read');
update app_private.retentions set held_because = 'A court asks for it.' where key = 'correspondence';
select is(pg_temp.end('app_public.inbox_items'), 0, 'what is held stays in the inbox');
update app_private.retentions set held_because = null where key = 'correspondence';
select is(pg_temp.end('app_public.inbox_items', 1), 1, 'one at a time');
select is(pg_temp.end('app_public.inbox_items'), 1, 'then the other, read or not');
select is(pg_temp.left_of('app_public.inbox_items'), 'new', 'to the moment');

-- Events.
select pg_temp.event('alone');
select pg_temp.event('told');
select pg_temp.event('caused', at => '2022-03-05 08:00+02', cause => 'alone');
select pg_temp.event('to tell', name => 'organization.activated');
select pg_temp.event('younger event', at => '2023-03-01 08:00+02');
select pg_temp.message('about it', event => 'told', at => '2022-03-05 08:00+02');
create function pg_temp.positions() returns bigint[] language sql as $$
  select array_agg(position order by position) from app_private.events where subject_id = tests.id('atlas') $$;
select is(pg_temp.positions(), '{1,2,3,4,5}', 'five events of one subject');
select tests.freeze_time('2027-03-04 08:00+02');
select is(pg_temp.end('app_private.events'), 0, 'what is a cause, what people were told about and what is to be told stay');
select tests.freeze_time('2027-03-05 08:01+02');
select is(pg_temp.end('app_private.events'), 1, 'the last of a chain goes');
select is(pg_temp.end('app_private.events'), 1, 'then its cause');
select is(pg_temp.end('app_public.messages'), 1, 'and when the message goes');
select is(pg_temp.end('app_private.events'), 1, 'so does what it was about');
select is(pg_temp.left_of('app_private.events'), 'to tell, younger event', 'what a consumer was not told yet stays');
select tests.act_as('the worker');
select is((select id from app_private.claim_event_delivery('notifications', tests.id('atlas'))), tests.id('to tell'), 'and is told, years later');
select app_private.record_event_delivered(tests.id('to tell'), 'notifications');
select tests.act_as('the database');
select pg_temp.event('next', at => '2027-03-05 08:01+02');
select is(pg_temp.positions(), '{4,5,6}', 'numbers go on');
select is(pg_temp.end('app_private.events'), 0, 'a delivery that is on record still names it');
select tests.freeze_time('2027-08-05 08:01+02');
select is(app_private.act_on_retention('app_private.event_deliveries', 'operations'), 1, 'when that is over');

-- Nobody deletes an event before its time.
update app_private.retentions set held_because = 'A court asks for it.' where key = 'correspondence';
select is(pg_temp.end('app_private.events'), 0, 'held, it stays');
select tests.act_as('the engine');
select throws_ok($$delete from app_private.events where id = tests.id('to tell')$$, 'RX423', 'event_is_immutable', 'whoever deletes it');
select tests.act_as('the database');
update app_private.retentions set held_because = null where key = 'correspondence';
select tests.act_as('the engine');
select throws_ok($$delete from app_private.events where id = tests.id('younger event')$$, 'RX423', 'event_is_immutable', 'nobody deletes what is not over');
select throws_ok($$update app_private.events set position = 9$$, 'RX423', 'event_is_immutable', 'or changes it');
select tests.act_as('the database');
select is(pg_temp.end('app_private.events'), 1, 'then it goes');

-- To the microsecond, and whatever else is done with old events sooner.
update app_private.classified_columns set retention = 'operations' where table_name = 'app_private.events' and column_name = 'request_id';
insert into app_private.retention_rules (table_name, retention, act, kept_from) values ('app_private.events', 'operations', 'blank', 'occurred_at');
select tests.freeze_time('2028-03-01 08:00+02');
select isnt_empty($$select from app_private.retention_acts() where table_name = 'app_private.events' and act = 'blank'$$, 'there is such a rule');
select tests.act_as('the engine');
select throws_ok($$delete from app_private.events where id = tests.id('younger event')$$, 'RX423', 'event_is_immutable', 'nobody deletes at the very end');
select tests.act_as('the database');
select tests.freeze_time('2028-03-01 08:00:00.000001+02');
select tests.act_as('the engine');
select lives_ok($$delete from app_private.events where id = tests.id('younger event')$$, 'but after it');
select * from finish();
rollback;
