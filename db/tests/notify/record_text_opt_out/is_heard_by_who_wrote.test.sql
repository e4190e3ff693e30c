-- Test: record_text_opt_out - a STOP is heard by the clinics that wrote, a START takes it back. FND-15.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.clinic('kineto');
select tests.clinic('silent');
create function pg_temp.texted(clinic text, channel text default 'sms', attempted boolean default true) returns void language sql as $$
  insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version, recipient_name, recipient_phone, address, data, expires_at, attempted_at)
  select tests.id(texted.clinic), t.template_key, texted.channel, 'mobile', 1, 'ro', t.version, 'Ștefan', '+40722000111', '+40722000111', '{}', now() + interval '1 day', case when texted.attempted then now() end
  from app_private.message_templates t where t.channel = texted.channel and t.locale = 'ro' order by t.template_key, t.version limit 1;
$$;
create function pg_temp.out() returns setof text language sql as $$
  select o.channel || ' of ' || case o.organization_id when tests.id('atlas') then 'atlas' when tests.id('kineto') then 'kineto' else 'silent' end
  from app_private.opt_outs o where o.address = '+40722000111' order by 1;
$$;
select pg_temp.texted('atlas'), pg_temp.texted('atlas'), pg_temp.texted('kineto'), pg_temp.texted('kineto', 'whatsapp'), pg_temp.texted('silent', 'sms', false);

select app_private.record_text_opt_out(null, 'sms', '+40722000111', false);
select results_eq('select pg_temp.out()', $$values ('sms of atlas'), ('sms of kineto')$$, 'a STOP to the shared number ends the texts of the clinics that wrote, and WhatsApp goes on');
select lives_ok($$select app_private.record_text_opt_out(null, 'sms', '+40722000111', false)$$, 'twice is the same');
select results_eq('select pg_temp.out()', $$values ('sms of atlas'), ('sms of kineto')$$, 'and changes nothing');
select app_private.record_text_opt_out(null, 'whatsapp', '+40722000111', true);
select results_eq('select pg_temp.out()', $$values ('sms of atlas'), ('sms of kineto')$$, 'START over one channel says nothing about the other');
select app_private.record_text_opt_out(null, 'sms', '+40722000111', true);
select is_empty('select pg_temp.out()', 'START over the same takes it back');

select app_private.record_text_opt_out(null, 'sms', '+40722000999', false);
select is_empty($$select * from app_private.opt_outs$$, 'a number that nobody wrote to is nobody''s');
insert into app_private.suppressed_addresses (channel, address, reason) values ('sms', '+40722000111', 'bounce');
select app_private.record_text_opt_out(null, 'sms', '+40722000111', true);
select is_empty($$select * from app_private.suppressed_addresses$$, 'a number that texts START is not dead');

select tests.act_as('the worker');
select lives_ok($$select app_private.record_text_opt_out(null, 'sms', '+40722000111', false)$$, 'the worker tells');
select tests.act_as('a visitor');
select throws_ok($$select app_private.record_text_opt_out(null, 'sms', '+40722000111', false)$$, '42501', null, 'and nobody else');
select * from finish();
rollback;
