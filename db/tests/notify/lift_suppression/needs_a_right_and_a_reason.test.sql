-- Test: lift_suppression - an address that was reported is written to again: by permission with a reason, by its owner's proof, on record. FND-35.
begin;
select plan(35);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.person('root', superadmin => true);
insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
values (tests.id('atlas'), 'sms', 'twilio', tests.integration('atlas twilio', 'twilio', 'atlas'));
select app_private.notify(tests.id('atlas'), 'appointment_booked',
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
    "timezone": "Europe/Bucharest", "modality": "video"}', patient_profile_id => tests.id('ana'), calendar_uid => uuidv7());
insert into app_private.suppressed_addresses (channel, address, reason) values
  ('email', 'ana@people.test', 'bounce'), ('sms', '+40722000111', 'bounce'), ('email', 'secret@elsewhere.test', 'bounce');
insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason) values
  (tests.id('atlas'), 'email', 'ana@people.test', 'complaint'), (tests.id('atlas'), 'sms', '+40722000111', 'bounce'),
  (tests.id('boreal'), 'email', 'ana@people.test', 'bounce');
create function pg_temp.lift(channel text, address text, clinic text default 'atlas', reason text default 'She wrote to us from it.') returns boolean language sql as $$
  select app_public.lift_suppression(lift.channel, lift.address, lift.reason, tests.id(lift.clinic));
$$;
create function pg_temp.kept() returns setof text language sql security definer as $$
  select concat_ws(' ', o.slug, k.channel, k.reason) from app_private.clinic_suppressed_addresses k join app_public.organizations o on o.id = k.organization_id
  union all select concat_ws(' ', 'platform', channel, reason) from app_private.suppressed_addresses where address !~ 'elsewhere'
  order by 1;
$$;

select tests.act_as('a visitor');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test')$$, '42501', null, 'a visitor lifts nothing');
select tests.act_as('flavia');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test')$$, 'RX403', 'permission_missing', 'nor does a colleague without the permission');
select tests.act_as('otto');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test')$$, 'RX404', 'not_found', 'for another clinic there is no such clinic');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test', 'boreal')$$, 'RX404', 'not_suppressed', 'an address that the clinic never wrote to is not there');
select throws_ok($$select app_public.lift_suppression('email', 'ana@people.test', 'why not')$$, 'RX403', 'superadmin_only', 'and the platform''s word is the platform''s to take back');
select tests.act_as('olga');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test', reason => '  ')$$, 'RX400', 'reason_missing', 'a reason is needed');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test', reason => null)$$, 'RX400', 'reason_missing', 'whatever is sent instead');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test', reason => repeat('x', 501))$$, 'RX400', 'reason_missing', 'a short one');
select throws_ok($$select pg_temp.lift('email', 'secret@elsewhere.test')$$, 'RX404', 'not_suppressed', 'nobody finds out about others'' addresses');
select throws_ok($$select pg_temp.lift('pigeon', 'ana@people.test')$$, 'RX400', 'message_channel_unknown', 'a channel that does not exist is none to lift');
select throws_ok($$select pg_temp.lift(null, 'ana@people.test')$$, 'RX400', 'message_channel_unknown', 'nor is none');
select throws_ok($$select pg_temp.lift('email', 'ana..b@people.test')$$, 'RX400', 'dot_misplaced', 'what is no address is said to be none');
select throws_ok($$select pg_temp.lift('sms', '072200011')$$, 'RX400', 'wrong_length', 'and so is what nobody can dial');
select throws_ok($$select pg_temp.lift('sms', null)$$, 'RX400', 'required', 'and nothing');
select throws_ok($$select pg_temp.lift('in_app', 'ana@people.test')$$, 'RX404', 'not_suppressed', 'nothing keeps anybody from an inbox');
select results_eq('select pg_temp.kept()', $$values ('atlas email complaint'), ('atlas sms bounce'), ('boreal email bounce'), ('platform email bounce'), ('platform sms bounce')$$, 'and all of that wrote nothing');
select ok(pg_temp.lift('email', ' Ana@people.test '), 'with permission and reason it is lifted, however it is spelt');
select results_eq('select pg_temp.kept()', $$values ('atlas sms bounce'), ('boreal email bounce'), ('platform sms bounce')$$, 'what the own vendor and, where the clinic uses it, the platform''s reported; another clinic keeps its own');
select ok(pg_temp.lift('sms', '0722 000 111'), 'over a channel with an account of its own');
select results_eq('select pg_temp.kept()', $$values ('boreal email bounce'), ('platform sms bounce')$$, 'the platform''s word stays: it does not concern the clinic');
select throws_ok($$select pg_temp.lift('sms', '+40722000111')$$, 'RX404', 'not_suppressed', 'a second time there is nothing to lift');

select tests.act_as('the database');
select results_eq(
  $$select o.slug, l.channel, l.address, l.reason, l.lifted_by, l.because, l.lifted_at from app_private.lifted_suppressions l
    left join app_public.organizations o on o.id = l.organization_id order by 1, 2, 4$$,
  $$values ('atlas', 'email', 'ana@people.test', 'complaint', 'permission', 'She wrote to us from it.', '2027-03-01 12:00+02'::timestamptz),
           ('atlas', 'sms', '+40722000111', 'bounce', 'permission', 'She wrote to us from it.', '2027-03-01 12:00+02'),
           (null, 'email', 'ana@people.test', 'bounce', 'permission', 'She wrote to us from it.', '2027-03-01 12:00+02')$$,
  'what was lifted, by what and why is kept');
select results_eq(
  $$select count(*) from audit.entries where table_name = 'app_private.lifted_suppressions' and actor_id = tests.id('olga')$$,
  $$values (3::bigint)$$, 'and audited, with who did it');

-- A complaint to the platform, and a STOP.
insert into app_private.suppressed_addresses (channel, address, reason) values ('email', 'ana@people.test', 'complaint');
insert into app_private.opt_outs (organization_id, channel, address) values (tests.id('atlas'), 'sms', '+40722000111');
select tests.act_as('olga');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test')$$, 'RX412', 'complaint_to_the_platform', 'a complaint about the platform''s mails is not the clinic''s to lift');
select throws_ok($$select pg_temp.lift('sms', '+40722000111')$$, 'RX412', 'opted_out', 'nor is a STOP anybody''s but who said it');
select tests.act_as('root');
select throws_ok($$select pg_temp.lift('email', 'ana@people.test')$$, 'RX404', null, 'the platform is no clinic');
select ok(app_public.lift_suppression('email', 'ana@people.test', 'Their provider asked us to.'), 'but lifts its own');
select tests.act_as('the database');
select results_eq('select pg_temp.kept()', $$values ('boreal email bounce'), ('platform sms bounce')$$, 'and no clinic''s');
select isnt_empty($$select * from app_private.opt_outs where organization_id = tests.id('atlas')$$, 'a STOP stands');

-- A mailbox whose owner proves it.
insert into app_private.suppressed_addresses (channel, address, reason) values ('email', 'new@people.test', 'bounce'), ('email', 'old@people.test', 'complaint');
insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason) values (tests.id('atlas'), 'email', 'new@people.test', 'bounce');
insert into app_private.identities (issuer, subject, principal_id, provider_changed_at) values ('https://idp', 'ana', tests.id('flavia'), '2020-01-01');
select app_hidden.update_identity('https://idp', 'ana', '2027-01-01', 'new@people.test', false, null, null, false);
select isnt_empty($$select * from app_private.suppressed_addresses where address = 'new@people.test'$$, 'an address that was only named is still dead');
select app_hidden.update_identity('https://idp', 'ana', '2027-01-02', 'new@people.test', true, null, null, false);
select is_empty(
  $$select address from app_private.suppressed_addresses where address = 'new@people.test'
    union all select address from app_private.clinic_suppressed_addresses where address = 'new@people.test'$$, 'one whose owner proved it is alive');
select is((select count(*) from app_private.lifted_suppressions where lifted_by = 'verified_address' and because is null), 2::bigint, 'which is kept, too');
select app_hidden.update_identity('https://idp', 'ana', '2027-01-03', 'old@people.test', true, null, null, false);
select isnt_empty($$select * from app_private.suppressed_addresses where address = 'old@people.test'$$, 'a complaint is no matter of proof');
select lives_ok($$select app_private.lift_suppressions(tests.id('atlas'), 'email', 'nobody@people.test', array['bounce'], 'start', null)$$, 'what was never suppressed');
select is((select count(*) from app_private.lifted_suppressions where address = 'nobody@people.test'), 0::bigint, 'leaves no trace');
select * from finish();
rollback;
