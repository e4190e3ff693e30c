-- Test: inbox_items - seen and marked by the person alone, at one clinic or at all of them. FND-15.
begin;
select plan(29);
select tests.clinic('boreal');
select tests.patient('ana');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.staff('olga', 'owner');
select tests.caregiver('corina', 'bogdan');
select tests.person('root', superadmin => true);
select tests.remember(person || '/' || clinic || '/' || n, app_private.put_in_inbox(tests.id(clinic),
  (select principal_id from tests.personas where name = person), gen_random_uuid(), 'Mesaj ' || n, 'Text', now() + n * interval '1 second' - interval '1 minute'))
from (values ('ana', 'atlas', 1), ('ana', 'atlas', 2), ('ana', 'boreal', 3), ('bogdan', 'atlas', 4)) as m (person, clinic, n);

select tests.act_as('ana', 'atlas');
select results_eq($$select title from app_public.inbox_items order by created_at$$, array['Mesaj 1', 'Mesaj 2'], 'at the clinic that is named, that clinic''s');
select is(app_public.inbox_unread_count(), 2, 'and so is the count');
select is(app_public.mark_inbox_items_read(array[tests.id('ana/atlas/1'), tests.id('ana/atlas/1')]), 2, 'one is read, two are left at all clinics');
select is(app_public.inbox_unread_count(), 1, 'one here');
select tests.remember('ana', (select principal_id from tests.personas where name = 'ana'));
select tests.act_as(tests.id('ana'));
select results_eq($$select title, read_at is null from app_public.inbox_items order by created_at$$,
  $$values ('Mesaj 1', false), ('Mesaj 2', true), ('Mesaj 3', true)$$, 'with no clinic named, all of one''s own');
select is(app_public.inbox_unread_count(), 2, 'and their count');
select set_config('tests.read_at', read_at::text, true) from app_public.inbox_items where id = tests.id('ana/atlas/1');
select tests.freeze_time(now() + interval '1 hour');
select is(app_public.mark_inbox_items_read(array[tests.id('ana/atlas/1')]), 2, 'reading twice changes nothing');
select is((select read_at from app_public.inbox_items where id = tests.id('ana/atlas/1')), current_setting('tests.read_at')::timestamptz, 'not even when it was read');

select * from tests.refuses($$select app_public.mark_inbox_items_read(array[tests.id('ana/atlas/2'), tests.id('bogdan/atlas/4')])$$,
  'NOT_FOUND', 'inbox_item_not_found', 'somebody else''s is not found');
select * from tests.refuses($$select app_public.mark_inbox_items_read(array[tests.id('ana/atlas/2'), uuidv7()])$$,
  'NOT_FOUND', 'inbox_item_not_found', 'no more than one that is not there');
select * from tests.refuses($$select app_public.mark_inbox_items_read(array[tests.id('ana/atlas/2'), null])$$,
  'NOT_FOUND', 'inbox_item_not_found', 'nor nothing at all');
select is(app_public.inbox_unread_count(), 2, 'and none of these were marked');
select * from tests.refuses($$select app_public.mark_inbox_items_read('{}')$$, 'VALIDATION', 'too_many_at_once', 'none is too few');
select * from tests.refuses($$select app_public.mark_inbox_items_read(array_fill(uuidv7(), array[101]))$$, 'VALIDATION', 'too_many_at_once', '101 are too many');

select tests.act_as('ana', 'atlas');
select is(app_public.mark_inbox_read(), 1, 'all of the clinic that is named');
select tests.act_as(tests.id('ana'));
select is(app_public.inbox_unread_count(), 1, 'leaves the other clinic''s');
select is(app_public.mark_inbox_read(), 1, 'all of all');
select is(app_public.mark_inbox_read(), 0, 'and nothing is left');

select r from (values ('olga', 'the clinic''s owner'), ('corina', 'a caregiver'), ('root', 'the platform')) as t (persona, who),
  lateral (select tests.act_as(persona)) a,
  lateral is((select count(*) from app_public.inbox_items) + app_public.inbox_unread_count() + app_public.mark_inbox_read(), 0::bigint, who || ' sees nothing of it') r;
select tests.act_as('bogdan');
select is(app_public.inbox_unread_count(), 1, 'bogdan''s message is still unread');
select throws_ok($$select message_id from app_public.inbox_items$$, '42501', null, 'which message it was is nobody''s to see');

select tests.act_as('the database');
update app_public.principals set disabled_at = now() where id = (select principal_id from tests.personas where name = 'bogdan');
select tests.act_as('bogdan');
select is((select count(*) from app_public.inbox_items) + app_public.inbox_unread_count() + app_public.mark_inbox_read(), 0::bigint, 'a closed account has no inbox');
select * from finish();
rollback;
