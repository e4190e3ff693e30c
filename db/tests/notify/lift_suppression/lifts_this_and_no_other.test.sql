-- Test: lift_suppression, lift_suppressions - this address over this channel at this clinic, and an owner's proof once. FND-35, FND-15.
begin;
select plan(14);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('ana');
select tests.patient('other');
insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
values (tests.id('atlas'), 'email', 'smtp', null), (tests.id('boreal'), 'email', 'smtp', tests.integration('mail of boreal', 'smtp', 'boreal'));
select app_private.notify(tests.id('atlas'), 'appointment_booked',
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
    "timezone": "Europe/Bucharest", "modality": "video"}', patient_profile_id => tests.id('ana'), calendar_uid => uuidv7());
create function pg_temp.kept() returns text[] language sql security definer as $$
  select coalesce(array_agg(line order by line), '{}') from (
    select concat_ws(' ', o.slug, k.channel, k.address, k.reason) as line
    from app_private.clinic_suppressed_addresses k join app_public.organizations o on o.id = k.organization_id
    union all select concat_ws(' ', 'platform', channel, address, reason) from app_private.suppressed_addresses) as k;
$$;
create function pg_temp.lift(channel text, address text, reason text default 'She wrote to us from it.') returns boolean language sql as $$
  select app_public.lift_suppression(lift.channel, lift.address, lift.reason, tests.id('atlas'));
$$;

-- What lies beside it stays.
insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason) values
  (tests.id('atlas'), 'sms', '+40722000111', 'bounce'), (tests.id('atlas'), 'whatsapp', '+40722000111', 'bounce'), (tests.id('atlas'), 'sms', '+40722000999', 'bounce');
insert into app_private.suppressed_addresses (channel, address, reason) values
  ('sms', '+40722000111', 'bounce'), ('whatsapp', '+40722000111', 'bounce'), ('sms', '+40722000999', 'bounce'), ('email', 'ana@people.test', 'bounce');
select tests.act_as('olga');
select throws_ok($$select pg_temp.lift('sms', '+40722000111', e'one\ntwo')$$, 'RX400', 'reason_missing', 'a reason is one line');
select throws_ok($$select pg_temp.lift('whatsapp', '+40722000111')$$, 'RX404', 'not_suppressed', 'over WhatsApp nobody wrote there');
select ok(pg_temp.lift('sms', '+40722000111', repeat('x', 500)), 'a reason of five hundred characters is short enough');
select is(pg_temp.kept(), array['atlas sms +40722000999 bounce', 'atlas whatsapp +40722000111 bounce', 'platform email ana@people.test bounce',
  'platform sms +40722000999 bounce', 'platform whatsapp +40722000111 bounce'], 'another channel and another number are as they were');
select ok(pg_temp.lift('email', 'ana@people.test'), 'a choice of the platform''s account is the platform''s account, and another clinic''s own is not ours');
select ok(not pg_temp.kept() @> array['platform email ana@people.test bounce'], 'so its word is lifted');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test')$$, 'RX404', 'not_suppressed', 'a second time there is nothing to lift');

-- A complaint and a STOP are told apart from nothing, and from what others said.
select tests.act_as('the database');
insert into app_private.suppressed_addresses (channel, address, reason) values ('email', 'other@people.test', 'complaint'), ('push', 'ana@people.test', 'complaint');
insert into app_private.opt_outs (organization_id, channel, address)
values (tests.id('boreal'), 'email', 'ana@people.test'), (tests.id('atlas'), 'whatsapp', 'ana@people.test'), (tests.id('atlas'), 'email', 'other@people.test');
select tests.act_as('olga');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test')$$, 'RX404', 'not_suppressed', 'what others said, of others, or over another channel, is not said of this');
select tests.act_as('the database');
insert into app_private.suppressed_addresses (channel, address, reason) values ('email', 'ana@people.test', 'complaint');
insert into app_private.opt_outs (organization_id, channel, address) values (tests.id('atlas'), 'email', 'ana@people.test');
insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason) values (tests.id('atlas'), 'email', 'ana@people.test', 'bounce');
select tests.act_as('olga');
select ok(pg_temp.lift('email', 'ana@people.test'), 'what is the clinic''s to lift is lifted, though more stands in the way');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test')$$, 'RX412', 'complaint_to_the_platform', 'which it hears when it asks again');

-- The proof of an owner.
select tests.act_as('the database');
delete from app_private.suppressed_addresses; delete from app_private.clinic_suppressed_addresses; delete from app_private.opt_outs;
select tests.person('newcomer');
create function pg_temp.bounced(address text) returns void language sql as $$
  insert into app_private.suppressed_addresses (channel, address, reason) values ('email', bounced.address, 'bounce');
  insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason) values (tests.id('atlas'), 'email', bounced.address, 'bounce'), (tests.id('boreal'), 'email', bounced.address, 'complaint');
$$;
select pg_temp.bounced('new@people.test');
update app_public.humans set email = 'new@people.test', email_verified_at = null where principal_id = tests.id('newcomer');
select is(cardinality(pg_temp.kept()), 3, 'an address that is only named proves nothing');
update app_public.humans set email_verified_at = app_hidden.now() where principal_id = tests.id('newcomer');
select is(pg_temp.kept(), array['boreal email new@people.test complaint'], 'once it is proved, its mailbox is alive; a complaint is no matter of proof');
delete from app_private.clinic_suppressed_addresses;
select pg_temp.bounced('new@people.test');
update app_public.humans set email_verified_at = app_hidden.now() + interval '1 day' where principal_id = tests.id('newcomer');
select is(cardinality(pg_temp.kept()), 3, 'what bounced after the proof is not lifted by the same proof again');
select pg_temp.bounced('next@people.test');
update app_public.humans set email = 'next@people.test', email_verified_at = app_hidden.now() + interval '2 days' where principal_id = tests.id('newcomer');
select is(pg_temp.kept(), array['atlas email new@people.test bounce', 'boreal email new@people.test complaint', 'boreal email next@people.test complaint',
  'platform email new@people.test bounce'], 'another address that the same person proves is alive, and the one before it as dead as it was');
select * from finish();
rollback;
