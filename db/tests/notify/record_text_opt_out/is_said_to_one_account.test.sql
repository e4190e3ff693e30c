-- Test: record_text_opt_out - at a clinic's own number it is said to that clinic, at the shared one to who wrote by it. FND-15, FND-35.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.integration('of atlas', 'twilio', 'atlas');
select tests.clinic('kineto');
select tests.integration('of kineto', 'twilio', 'kineto');
select tests.clinic('silent');
select tests.clinic('lyra');
select tests.integration('of lyra', 'twilio', 'lyra');
create function pg_temp.texted(clinic text, channel text default 'sms', integration_id uuid default null) returns void language sql as $$
  insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version, recipient_name, recipient_phone, address, data, expires_at, attempted_at, integration_id)
  select tests.id(texted.clinic), t.template_key, texted.channel, 'mobile', 1, 'ro', t.version, 'Ștefan', '+40722000111', '+40722000111', '{}', now() + interval '1 day', now(), texted.integration_id
  from app_private.message_templates t where t.channel = texted.channel and t.locale = 'ro' order by t.template_key, t.version limit 1;
$$;
create function pg_temp.kept() returns text[] language sql as $$
  select coalesce(array_agg(line order by line), '{}') from (
    select concat_ws(' ', o.slug, x.channel, right(x.address, 3), case when x.to_own_account then 'own' else 'shared' end) as line
    from app_private.opt_outs x join app_public.organizations o on o.id = x.organization_id
    union all select concat_ws(' ', o.slug, x.channel, x.reason) from app_private.clinic_suppressed_addresses x join app_public.organizations o on o.id = x.organization_id
    union all select concat_ws(' ', 'platform', x.channel, x.reason) from app_private.suppressed_addresses x) as k
$$;
select pg_temp.texted('atlas'), pg_temp.texted('kineto', 'sms', tests.id('of kineto')), pg_temp.texted('silent', 'whatsapp'), pg_temp.texted('lyra', 'sms', tests.id('of lyra'));

select app_private.record_text_opt_out(tests.id('of kineto'), 'sms', '+40722000111', false);
select is(pg_temp.kept(), '{kineto sms 111 own}', 'a STOP to a clinic''s own number');
select app_private.record_text_opt_out(null, 'sms', '+40722000111', false);
select is(pg_temp.kept(), '{atlas sms 111 shared,kineto sms 111 own}', 'one to the shared number: to who texted by it');
insert into app_private.opt_outs (organization_id, channel, address, to_own_account)
values (tests.id('kineto'), 'sms', '+40722000999', true), (tests.id('kineto'), 'whatsapp', '+40722000111', true), (tests.id('atlas'), 'sms', '+40722000999', false), (tests.id('silent'), 'sms', '+40722000111', false);
insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason)
values (tests.id('kineto'), 'sms', '+40722000111', 'bounce'), (tests.id('atlas'), 'sms', '+40722000111', 'bounce');
insert into app_private.suppressed_addresses (channel, address, reason) values ('sms', '+40722000111', 'complaint');
select app_private.record_text_opt_out(tests.id('of kineto'), 'sms', '+40722000111', true);
select is(pg_temp.kept(), array['atlas sms 111 shared', 'atlas sms 999 shared', 'atlas sms bounce', 'kineto sms 999 own', 'kineto whatsapp 111 own', 'platform sms complaint', 'silent sms 111 shared'],
  'a START to the own number takes back what was said there, and shows this clinic that the number is alive');
select app_private.record_text_opt_out(tests.id('of kineto'), 'sms', '+40722000111', false);
select app_private.record_text_opt_out(null, 'sms', '+40722000111', true);
select is(pg_temp.kept(), array['atlas sms 999 shared', 'atlas sms bounce', 'kineto sms 111 own', 'kineto sms 999 own', 'kineto whatsapp 111 own'],
  'one to the shared number takes back what was said there, of this number, and shows the platform');
select results_eq(
  $$select o.slug, l.channel, l.reason, l.lifted_by from app_private.lifted_suppressions l left join app_public.organizations o on o.id = l.organization_id order by 1, 3$$,
  $$values ('atlas', 'sms', 'request', 'start'), ('kineto', 'sms', 'bounce', 'start'), ('kineto', 'sms', 'request', 'start'), ('silent', 'sms', 'request', 'start'), (null, 'sms', 'complaint', 'start')$$, 'each stays on record');

-- The word that weighs more is kept.
select app_private.suppress_address(tests.id('atlas'), tests.id('of atlas'), 'sms', '+40722000999', 'request');
select is((select to_own_account from app_private.opt_outs where organization_id = tests.id('atlas')), true, 'what was said to the shared number may be said to the clinic, too');
select app_private.suppress_address(tests.id('atlas'), null, 'sms', '+40722000999', 'request');
select is((select to_own_account from app_private.opt_outs where organization_id = tests.id('atlas')), true, 'and is not weakened by the shared number');
select app_private.suppress_address(tests.id('atlas'), null, 'email', 'Ana@people.test', 'bounce'), app_private.suppress_address(tests.id('atlas'), tests.id('of atlas'), 'email', 'Ana@people.test', 'complaint');
select results_eq('select address, reason from app_private.suppressed_addresses', $$values ('ana@people.test', 'bounce')$$, 'what the platform''s vendor says is the platform''s');
select results_eq($$select address from app_private.clinic_suppressed_addresses where reason = 'complaint'$$, $$values ('ana@people.test')$$, 'what the clinic''s does is the clinic''s');
select * from finish();
rollback;
