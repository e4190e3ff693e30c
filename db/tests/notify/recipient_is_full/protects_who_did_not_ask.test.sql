-- Test: recipient_is_full - a mailbox gets only so many mails that visitors cause, from a clinic and from all on the platform's account. FND-35, APT-09.
begin;
select plan(26);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.clinic('boreal');
select tests.clinic('own');
insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
values (tests.id('own'), 'email', 'smtp', tests.integration('mail of own', 'smtp', 'own'));
update app_private.visitor_limits set per_hour = 3, per_day = 5 where name = 'guest';
update app_private.visitor_limits set per_hour = 5, per_day = 8 where name = 'guest_of_platform';
create function pg_temp.asks(clinic text default 'atlas', email text default 'victim@people.test', request uuid default uuidv7(), type text default 'booking_request_received', phone text default null)
returns text language plpgsql as $$
declare v_ids uuid[];
begin
  v_ids := app_private.notify(tests.id(asks.clinic), asks.type,
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "video"}'::jsonb
      || case asks.type when 'booking_request_received' then '{"respondBy": "2027-03-03T07:00:00Z"}'::jsonb else '{}' end,
    name => 'Gabriela', email => asks.email, phone => asks.phone, locale => 'ro', calendar_uid => asks.request);
  return (select string_agg(concat_ws(' ', m.channel, m.status, m.reason), ', ' order by m.channel) from app_public.messages m where m.id = any (v_ids));
end;
$$;
create function pg_temp.times(n int, clinic text default 'atlas', email text default 'victim@people.test') returns text language sql as $$
  select string_agg(distinct pg_temp.asks(times.clinic, times.email), '; ') from generate_series(1, times.n);
$$;

select is(pg_temp.times(3), 'email queued', 'a few requests are told');
select tests.remember('told', m.calendar_uid) from app_public.messages m order by m.id limit 1;
select is(pg_temp.times(4), 'email skipped recipient_limit', 'more of an hour are not, though the requests stand');
select is_empty($$select from graphile_worker._private_jobs j join app_public.messages m on j.key = 'message:' || m.id where m.status <> 'queued'$$, 'and nothing of them is queued');
select is(pg_temp.asks(email => 'VICTIM+1@people.test'), 'email skipped recipient_limit', 'whatever is added to the address');
select is(pg_temp.asks(email => 'other@people.test'), 'email queued', 'somebody else is told');
select is(pg_temp.asks(type => 'booking_request_expired', request => tests.id('told')), 'email queued', 'what follows a request that was told is told, too');
select is(pg_temp.asks(type => 'booking_request_expired'), 'email skipped recipient_limit', 'what follows one that was not told is not');
select is(pg_temp.asks(type => 'booking_request_confirmed'), 'email queued', 'what the clinic decides is told in any case');
select is(pg_temp.asks(type => 'booking_request_expired', email => 'third@people.test', phone => '+40722000111'), 'email queued, sms queued', 'telephones are counted');
select is((select string_agg(distinct pg_temp.asks(type => 'booking_request_expired', email => 'x' || n || '@people.test', phone => '+40722000111'), '; ') from generate_series(1, 2) n), 'email queued, sms queued', '…');
select is(pg_temp.asks(type => 'booking_request_expired', email => 'x9@people.test', phone => '+40722000111'), 'email queued, sms skipped recipient_limit', 'for themselves');

select is(pg_temp.asks('boreal'), 'email queued', 'another clinic has its own count');
select is(pg_temp.times(3, 'boreal'), 'email skipped recipient_limit', 'and all of them on the platform''s account share one');
select is(pg_temp.asks('own'), 'email queued', 'a clinic with its own account is not bound by theirs');
select is(pg_temp.times(2, 'own'), 'email queued', 'it counts its own');
select is(pg_temp.asks('own'), 'email skipped recipient_limit', 'and meets its end as well');
select is(pg_temp.asks('boreal', 'second@people.test'), 'email queued', 'what it sent');
select is(pg_temp.times(5, 'own', 'second@people.test'), 'email queued; email skipped recipient_limit', 'is counted against');
select is(pg_temp.asks('boreal', 'second@people.test'), 'email queued', 'nobody else');

select tests.freeze_time('2027-03-01 09:30+02');
select is(pg_temp.asks(), 'email queued', 'after an hour it goes on');
select tests.freeze_time('2027-03-01 11:00+02');
select is(pg_temp.times(2), 'email skipped recipient_limit', 'to the end of a day''s');
select tests.freeze_time('2027-03-02 11:00+02');
select is(pg_temp.asks(), 'email queued', 'and then anew');

-- The column and the function say the same.
create temporary table spelt (address text);
insert into spelt values ('a@b.test'), ('A+x@B.Test'), ('a.b+c@gmail.com'), ('V.I.C@GoogleMail.com'), ('+40722000111'), ('a+b+c@d.test'), ('+@d.test'), (null);
create temporary table kept as select row_number() over () as n, s.address from spelt s;
insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version, recipient_name, address, data, expires_at)
select tests.id('atlas'), 'booking_request_received', 'email', 'letter', k.n, 'ro', 1, 'spelt', k.address, '{}', app_hidden.now() + interval '1 day' from kept k;
select is_empty(
  $$select address, mailbox, app_private.mailbox_of(address) from app_public.messages where recipient_name = 'spelt' and mailbox is distinct from app_private.mailbox_of(address)$$,
  'the column says what the function says');
select results_eq(
  $$select mailbox from app_public.messages where recipient_name = 'spelt' order by rank$$,
  $$values ('a@b.test'), ('a@b.test'), ('ab@gmail.com'), ('vic@gmail.com'), ('+40722000111'), ('a@d.test'), ('@d.test'), (null)$$, 'whose mailbox it is');
select results_eq($$select key from app_private.message_types where visitor_limit is not null order by 1$$,
  $$values ('booking_request_expired'), ('booking_request_moved_by_guest'), ('booking_request_received'), ('booking_request_to_review'),
         ('booking_request_withdrawn'), ('booking_request_withdrawn_by_guest'), ('waitlist_offer')$$, 'these are what a visitor causes: decide it of each new one');
select is_empty($$select key from app_private.message_types where visitor_limit is not null
  and not exists (select from app_private.visitor_limits l where l.name = message_types.visitor_limit || '_of_platform')$$, 'each has its bound for the platform, too');
select * from finish();
rollback;
