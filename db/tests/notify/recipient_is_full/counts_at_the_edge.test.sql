-- Test: recipient_is_full - an hour, a day, a channel and an account, each to its edge. FND-35, APT-09.
begin;
select plan(13);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('own');
select tests.clinic('boreal');
select tests.clinic('atlas');
insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
values (tests.id('own'), 'email', 'smtp', tests.integration('mail of own', 'smtp', 'own')), (tests.id('boreal'), 'email', 'smtp', null);
update app_private.visitor_limits set per_hour = 2, per_day = 3 where name = 'guest';
update app_private.visitor_limits set per_hour = 4, per_day = 6 where name = 'guest_of_platform';
insert into app_private.visitor_limits (name, per_hour, per_day) values ('others', 1, 1);
create function pg_temp.told(clinic text, at timestamptz, times int default 1, channel text default 'email') returns void language sql as $$
  insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version, recipient_name, address, data, expires_at, created_at)
  select tests.id(told.clinic), 'booking_request_expired', told.channel, 'letter', n, 'ro', 1, 'Ștefan', case told.channel when 'email' then 'victim@people.test' else '+40722000111' end,
    '{}', told.at + interval '2 days', told.at
  from generate_series(1, told.times) as n;
$$;
create function pg_temp.full(channel text default 'email', clinic text default 'atlas') returns boolean language sql as $$
  select app_private.recipient_is_full(tests.id("full".clinic), 'guest', "full".channel, case "full".channel when 'email' then 'victim@people.test' else '+40722000111' end)
$$;

select pg_temp.told('atlas', '2027-03-01 11:30+02'), pg_temp.told('atlas', '2027-03-01 11:00+02');
select ok(not pg_temp.full(), 'what was told an hour ago is of another hour');
select pg_temp.told('atlas', '2027-03-01 11:00:00.001+02');
select ok(pg_temp.full(), 'what was told since is of this one');
delete from app_public.messages;
select pg_temp.told('atlas', '2027-03-01 04:00+02', 2), pg_temp.told('atlas', '2027-02-28 12:00+02');
select ok(not pg_temp.full(), 'what was told a day ago is of another day');
select pg_temp.told('atlas', '2027-02-28 12:00:00.001+02');
select ok(pg_temp.full(), 'what was told since is of this one');
delete from app_public.messages;

-- All that send by the platform's account.
select pg_temp.told('own', '2027-03-01 11:30+02', 6);
select ok(not pg_temp.full(), 'what went by an account of its own is not the platform''s');
select ok(pg_temp.full(clinic => 'own'), 'but that clinic''s');
select pg_temp.told('boreal', '2027-03-01 11:30+02', 3), pg_temp.told('boreal', '2027-03-01 11:00+02');
select ok(not pg_temp.full(), 'nor is what was told an hour ago of this hour');
select pg_temp.told('boreal', '2027-03-01 11:00:00.001+02');
select ok(pg_temp.full(), 'a choice of the platform''s account is the platform''s account');
delete from app_public.messages where created_at >= '2027-03-01 11:00+02';
select pg_temp.told('boreal', '2027-03-01 02:00+02', 5);
select ok(not pg_temp.full(), 'five in a day');
select pg_temp.told('boreal', '2027-02-28 12:00:00.001+02');
select ok(pg_temp.full(), 'six are the platform''s end');

-- Each channel for itself.
select pg_temp.told('atlas', '2027-03-01 11:30+02', 2, 'whatsapp');
select ok(not pg_temp.full('sms'), 'what went over WhatsApp is no SMS');
select pg_temp.told('own', '2027-03-01 11:30+02', 4, 'sms');
select ok(pg_temp.full('sms'), 'an account of its own for mail is none for SMS');
delete from app_public.messages;
select pg_temp.told('atlas', '2027-03-01 11:30+02');
select ok(not pg_temp.full(), 'a bound of something else is not this one''s');
select * from finish();
rollback;
