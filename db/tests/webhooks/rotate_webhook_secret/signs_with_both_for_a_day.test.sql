-- Test: rotate_webhook_secret - a new secret signs at once, the one before for 24 hours more, five at most; those of no other subscription are touched. WHK-01.
begin;
select plan(21);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('boreal'), tests.staff('beata', 'owner', 'boreal');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.webhooks('theirs', 'boreal'), tests.webhooks('crm'), tests.webhooks('bi');
select tests.remember('first of ' || s.name, x.id) from app_private.webhook_secrets x join app_public.webhook_subscriptions s on s.id = x.subscription_id;
select tests.remember(name, uuidv7()) from unnest('{second,third,fourth,fifth,sixth,of bi}'::text[]) as name;
-- By which secrets the next delivery is signed, by their names in the test.
create function pg_temp.signs(who text) returns text language sql as $$
  delete from app_public.webhook_events;
  insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, next_attempt_at)
  select organization_id, id, 'webhook.test', 1, '{}', app_hidden.now() from app_public.webhook_subscriptions where id = tests.id(who);
  select string_agg(n.name, ', ' order by s.place)
  from app_private.claim_webhook_events(64, 0) c, jsonb_array_elements(c.secrets) with ordinality as s (secret, place), tests.names n
  where c.subscription_id = tests.id(who) and n.id = (s.secret ->> 'id')::uuid;
$$;
create function pg_temp.rotated(who text) returns timestamptz language sql as $$ select rotated_at from app_public.webhook_subscriptions where id = tests.id(who) $$;
select set_config('tests.envelope', tests.envelope()::text, true);
create function tests.rotates() returns jsonb language sql as $$ select app_hidden.rotate_webhook_secret(tests.id('crm'), uuidv7(), current_setting('tests.envelope')::bytea) $$;
-- As the person, at the time.
create function pg_temp.rotates(person text, who text, secret text, at timestamptz) returns jsonb language plpgsql as $$
declare v_answer jsonb;
begin
  perform tests.freeze_time(rotates.at), tests.act_as(rotates.person);
  v_answer := app_hidden.rotate_webhook_secret(tests.id(who), tests.id(secret), current_setting('tests.envelope')::bytea);
  perform tests.act_as('the database');
  return v_answer;
end;
$$;
create temporary table before as select id, subscription_id, good_until from app_private.webhook_secrets;
update app_public.webhook_subscriptions set rotated_at = '2026-01-01';

select is(pg_temp.signs('crm'), 'first of crm', 'one secret signs');
select is(pg_temp.rotates('olga', 'crm', 'second', '2026-03-02 11:00+00'), jsonb_build_object('id', tests.id('crm'), 'secretId', tests.id('second')),
  'a rotation answers with the subscription and its new secret');
select is(pg_temp.signs('crm'), 'second, first of crm', 'then both sign, the new one first');
select is(pg_temp.rotated('crm'), '2026-03-02 11:00+00', 'the subscription says since when');
select is((select array_agg(distinct rotated_at) from app_public.webhook_subscriptions where id <> tests.id('crm')), '{2026-01-01}'::timestamptz[], 'and no other does');
select pg_temp.rotates('olga', 'crm', 'third', '2026-03-02 12:00+00');
select is(pg_temp.signs('crm'), 'third, second, first of crm', 'the same once more');
select tests.freeze_time('2026-03-03 10:59:59+00');
select is(pg_temp.signs('crm'), 'third, second, first of crm', 'the first one signs for a day after it was replaced');
select tests.freeze_time('2026-03-03 11:00+00');
select is(pg_temp.signs('crm'), 'third, second', 'and no longer: the rotation after that gave it no more time');

select pg_temp.rotates('olga', 'crm', 'fourth', '2026-03-03 11:30+00'), pg_temp.rotates('olga', 'crm', 'fifth', '2026-03-03 11:40+00');
select is((select count(*) from app_private.webhook_secrets where subscription_id = tests.id('crm')), 4::bigint, 'one that signs no more is not kept');
select is(pg_temp.rotates('olga', 'crm', 'first of crm', '2026-03-03 11:50+00') ->> 'secretId', tests.id('first of crm')::text, 'so there is room for a fifth');
select * from tests.refuses($$select pg_temp.rotates('olga', 'crm', 'sixth', '2026-03-03 11:59:59+00')$$, 'CONFLICT', 'too_many_secrets', 'but for no sixth while five sign');
select tests.act_as('the database');
select is(pg_temp.rotates('olga', 'bi', 'of bi', '2026-03-03 11:59:59+00') ->> 'id', tests.id('bi')::text, 'another subscription has five of its own');
select is(pg_temp.signs('bi'), 'of bi, first of bi', 'and its secret was current until now');
select is((select array[good_until] from app_private.webhook_secrets where id = tests.id('first of theirs')), '{null}'::timestamptz[], 'that of another clinic still is');
select is(pg_temp.rotates('olga', 'crm', 'sixth', '2026-03-03 12:00+00') ->> 'id', tests.id('crm')::text, 'at the instant at which one signs no more there is room again');

-- A secret that signs no more is taken out by a rotation of its own subscription.
select pg_temp.rotates('olga', 'crm', 'second', '2026-03-09 12:00+00');
select is((select array_agg(n.name order by n.name) from app_private.webhook_secrets s join tests.names n using (id)
           where s.subscription_id = tests.id('bi')), '{first of bi,of bi}'::text[], 'a rotation takes out nothing of another subscription');

select tests.act_as('flavia');
select * from tests.refuses($$select tests.rotates()$$, 'FORBIDDEN', 'permission_missing', 'a colleague who may not manage webhooks gives them no secret');
select tests.act_as('beata');
select * from tests.refuses($$select tests.rotates()$$, 'NOT_FOUND', 'not_found', 'nor does another clinic');
select * from finish();
rollback;
