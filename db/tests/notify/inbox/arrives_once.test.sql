-- Test: put_in_inbox - a message arrives once, whole or not at all. FND-15.
begin;
select plan(16);
select tests.clinic('atlas');
select tests.patient('ana');
select tests.clinic('boreal');
create function pg_temp.put(message_id uuid, title text default 'Programare confirmată', body text default 'Vă așteptăm luni la 9:00.', clinic text default 'atlas')
returns uuid language sql as $$
  select app_private.put_in_inbox(tests.id(clinic), (select principal_id from tests.personas where name = 'ana'), message_id, title, body, now());
$$;

select tests.act_as('the worker');
select tests.remember('item', pg_temp.put('00000000-0000-7000-8000-000000000001'));
select is(pg_temp.put('00000000-0000-7000-8000-000000000001', 'Altceva'), tests.id('item'), 'the same message again is the item that is there');
select isnt(pg_temp.put('00000000-0000-7000-8000-000000000001', clinic => 'boreal'), tests.id('item'), 'another clinic''s message is another');
select is(pg_temp.put('00000000-0000-7000-8000-000000000001'), tests.id('item'), 'and this one''s stays what it was')
from (select pg_temp.put('00000000-0000-7000-8000-000000000002')) as another;
select throws_ok($$select pg_temp.put(gen_random_uuid(), '  ')$$, '23514', null, 'a title says something');
select throws_ok($$select pg_temp.put(gen_random_uuid(), E'one\ntwo')$$, '23514', null, 'on one line');
select throws_ok($$select pg_temp.put(gen_random_uuid(), body => '')$$, '23514', null, 'a body says something');
select throws_ok($$select pg_temp.put(gen_random_uuid(), body => repeat('a', 10001))$$, '23514', null, 'and comes to an end');
select throws_ok($$select app_private.put_in_inbox(tests.id('atlas'), gen_random_uuid(), gen_random_uuid(), 'a', 'b', now())$$, '23503', null,
  'nobody is nobody''s inbox');
select is(pg_temp.put(null), null, 'no message is no item');

select tests.act_as('the database');
select results_eq(
  $$select title, body, read_at from app_public.inbox_items where id = tests.id('item')$$,
  $$values ('Programare confirmată', 'Vă așteptăm luni la 9:00.', null::timestamptz)$$, 'one item, unread, as it was first said');
select is((select count(*) from app_public.inbox_items), 3::bigint, 'nothing of what was refused is there');

-- A server that did not listen for a while asks what arrived since: by the time in the id.
select tests.patient('bogdan');
select tests.remember('bogdan', (select principal_id from tests.personas where name = 'bogdan'));
insert into app_public.inbox_items (id, organization_id, human_id, message_id, title, body)
select id::uuid, tests.id('atlas'), case who when 'ana' then p.principal_id else tests.id('bogdan') end, gen_random_uuid(), 'a', 'b'
from tests.personas p, (values
  ('ana', '01956e00-0000-7000-8000-000000000001'), ('ana', '01956e00-0001-7000-8000-000000000002'), ('bogdan', '01956e00-0002-7000-8000-000000000003'),
  ('ana', '01956e00-0003-7000-8000-000000000004')) as i (who, id) where p.name = 'ana';
create function pg_temp.since(who text[], id text) returns text[] language sql as $$
  select coalesce(array_agg(right(s.id::text, 1)), '{}') from app_hidden.inbox_items_since(
    (select array_agg(principal_id) from tests.personas where name = any (who)), uuid_extract_timestamp(since.id::uuid)) s where s.id < '01956e00-0004-7000-8000-000000000000'
$$;
select is(pg_temp.since('{ana}', '01956e00-0001-7000-8000-000000000000'), '{2,4}', 'from that moment on, what is hers');
select is(pg_temp.since('{ana,bogdan}', '01956e00-0001-7000-8000-000000000000'), '{2,3,4}', 'or of all who listen, in its order');
select is(pg_temp.since('{ana}', '01956e00-0004-7000-8000-000000000000'), '{}', 'and nothing of before');
select tests.act_as('ana');
select throws_ok($$select pg_temp.put(gen_random_uuid())$$, '42501', null, 'nobody writes into their own inbox');
select throws_ok($$insert into app_public.inbox_items (organization_id, human_id, message_id, title, body)
  values (tests.id('atlas'), gen_random_uuid(), gen_random_uuid(), 'a', 'b')$$, '42501', null, 'nor into somebody''s');
select * from finish();
rollback;
