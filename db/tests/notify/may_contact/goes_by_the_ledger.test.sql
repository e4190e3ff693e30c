-- Test: may_contact, claim_message - marketing goes to whom consented to its channel, and stops with the withdrawal; what is not marketing needs no consent. FND-15, FND-16, CNS-08.
begin;
select plan(15);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.patient('ana'), tests.patient('bogdan');
insert into app_private.message_types (key, topic, lasts, variables, sample) values ('spring_offer', 'news', '2 days', '{}', '{}');
insert into app_private.message_channels (template_key, channel, route, rank, is_default) values ('spring_offer', 'email', 'letter', 1, true), ('spring_offer', 'in_app', 'inbox', 1, true);
insert into app_private.message_templates (template_key, channel, locale, version, title, body)
select 'spring_offer', channel, locale, 1, 'Spring', 'Come to {{clinicName}}.' from unnest('{email,in_app}'::text[]) channel, unnest('{ro,en}'::text[]) locale;
create function pg_temp.may(channel text default 'email', kind text default 'marketing', patient text default 'ana', clinic text default 'atlas') returns boolean language sql as $$
  select app_private.may_contact(tests.id(clinic), tests.id(patient), null, channel, kind);
$$;
select is(pg_temp.may(), false, 'nobody has consented');
select is(pg_temp.may(kind => 'transactional'), true, 'what is not marketing needs no consent');
select tests.consent('ana', 'marketing_email');
select is(pg_temp.may(), true, 'the channel that was consented to');
select is(pg_temp.may(channel), false, 'no other: ' || channel) from unnest('{sms,whatsapp,push,in_app}'::text[]) channel;
select is(pg_temp.may(patient => 'bogdan'), false, 'nor another person');
select is(pg_temp.may(clinic => 'boreal'), false, 'nor another clinic');
select is(app_private.may_contact(tests.id('atlas'), null, (select principal_id from tests.personas where name = 'ana'), 'email', 'marketing'), false, 'nor somebody who is no patient');
create function pg_temp.send() returns uuid language plpgsql as $$
declare v_ids uuid[] := app_private.notify(tests.id('atlas'), 'spring_offer', '{}', patient_profile_id => tests.id('ana'));
begin
  return (select m.id from app_public.messages m where m.id = any (v_ids) and m.channel = 'email' and m.status = 'queued');
end;
$$;
select tests.remember('first', pg_temp.send()), tests.remember('second', pg_temp.send());
create function pg_temp.claimed(message text) returns bigint language sql as $$ select count(*) from app_private.claim_message(tests.id(message)) $$;
select is(pg_temp.claimed('first'), 1::bigint, 'the mail leaves while the consent stands');
update app_public.consents set withdrawn_at = now() where purpose_code = 'marketing_email';
select is(pg_temp.may(), false, 'nothing is queued after the withdrawal');
select is(pg_temp.claimed('second'), 0::bigint, 'and what was queued does not leave');
select results_eq($$select status, reason from app_public.messages where id = tests.id('second')$$, $$values ('skipped', 'consent_missing')$$, 'it says why');
select tests.consent('ana', 'marketing_email');
update app_public.patients set deleted_at = now() where id = tests.id('ana at atlas');
select is(pg_temp.may(), false, 'nor is anything told to whom the clinic removed');
select * from finish();
rollback;
