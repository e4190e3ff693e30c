-- Test: messages_about_usage - usage told in two ways and AI calls without a price are told to superadmins, once a day, and to nobody of the clinic. FND-24, FND-15.
begin;
select plan(16);
select tests.freeze_time('2027-03-10 12:00+02');
select tests.person('root', superadmin => true), tests.person('gone', superadmin => true, disabled => true);
select tests.clinic('boreal');
select tests.clinic('atlas'), tests.staff('olga', 'owner');
create function pg_temp.tell() returns void language sql as $$
  select app_private.consume_notifications(e.id) from app_private.events e where e.name in ('usage.conflict', 'ai_call.price_missing') order by e.id
$$;
create function pg_temp.told(template text, clinic text default 'atlas') returns text[] language sql as $$
  select array_agg(concat_ws(' ', m.channel, m.status, m.locale) order by m.channel, m.created_at) from app_public.messages m
  where m.template_key = template and m.organization_id = tests.id(clinic) and m.recipient_human_id = tests.id('root') $$;
create function pg_temp.use(key text, quantity numeric, source text default 'messages', clinic text default 'atlas') returns void language sql as $$
  select app_private.record_usage(tests.id(clinic), 'sms_messages', source, key, quantity) $$;
create function pg_temp.call(key text, model text) returns void language sql as $$
  select app_private.record_ai_call(tests.id('atlas'), key, model, '{"input_tokens": 5, "output_tokens": 7}', app_hidden.now()) $$;

select pg_temp.use('a', 1), pg_temp.tell();
select is(pg_temp.told('usage_conflict'), null, 'what is told once is no news');
select pg_temp.use('a', 2), pg_temp.tell();
select is(pg_temp.told('usage_conflict'), '{"email queued ro","in_app queued ro"}', 'what is told in two ways: a superadmin by mail and in the app');
select results_eq($$select distinct data from app_public.messages where template_key = 'usage_conflict'$$, $$values ('{"usageKey": "a", "usageSource": "messages"}'::jsonb)$$, 'with its source and key');
select is((select count(distinct recipient) from app_public.messages), 1::bigint, 'nobody else: not who is disabled, not the clinic');
select pg_temp.tell();
select is(cardinality(pg_temp.told('usage_conflict')), 2, 'once, however often the event is told');
select pg_temp.use('a', 3), pg_temp.tell();
select is(cardinality(pg_temp.told('usage_conflict')), 2, 'another of that source on that day is not told');
select pg_temp.use('b', 1, 'video_rooms'), pg_temp.use('b', 2, 'video_rooms'), pg_temp.use('a', 1, clinic => 'boreal'), pg_temp.use('a', 2, clinic => 'boreal'), pg_temp.tell();
select is(cardinality(pg_temp.told('usage_conflict')), 4, 'one of another source is');
select is(cardinality(pg_temp.told('usage_conflict', 'boreal')), 2, 'and one of another clinic');
select tests.freeze_time('2027-03-11 12:01+02');
select pg_temp.use('a', 4), pg_temp.tell();
select is(cardinality(pg_temp.told('usage_conflict')), 6, 'and one of the next day');

select pg_temp.call('one', 'new-model'), pg_temp.tell();
select is(pg_temp.told('ai_price_missing'), '{"email queued ro","in_app queued ro"}', 'a call without a price: once, though two units have none');
select results_eq($$select distinct data from app_public.messages where template_key = 'ai_price_missing'$$, $$values ('{"aiModel": "new-model", "currency": "RON"}'::jsonb)$$, 'with its model and currency');
select pg_temp.call('two', 'new-model'), pg_temp.call('three', 'other-model'), pg_temp.tell();
select is(cardinality(pg_temp.told('ai_price_missing')), 4, 'another model is told, the same one is not');
update app_public.humans set locale = 'en' where principal_id = tests.id('root');
select tests.freeze_time('2027-03-12 12:02+02');
select pg_temp.call('four', 'new-model'), pg_temp.tell();
select is((pg_temp.told('ai_price_missing'))[3], 'email queued en', 'in the language of the reader, the next day again');
select tests.act_as('olga');
select is_empty('select from app_public.messages', 'the clinic sees nothing of it among its messages');
select tests.act_as('the database');
update app_public.principals set disabled_at = app_hidden.now() where id = tests.id('root');
select pg_temp.use('z', 1, 'exercise_sessions'), pg_temp.use('z', 2, 'exercise_sessions');
select lives_ok('select pg_temp.tell()', 'without a superadmin nobody is told');
select is((select count(*) from app_public.messages where data ->> 'usageKey' = 'z'), 0::bigint, 'and nothing fails');
select * from finish();
rollback;
