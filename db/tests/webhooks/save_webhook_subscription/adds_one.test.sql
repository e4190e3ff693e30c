-- Test: save_webhook_subscription - a new subscription stands with its secret under the ids that were given, twenty at most in a clinic, by who may manage webhooks. WHK-01.
begin;
select plan(17);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('boreal'), tests.data_key('boreal'), tests.staff('beata', 'owner', 'boreal');
select tests.clinic('atlas'), tests.data_key('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select set_config('tests.envelope', tests.envelope()::text, true), tests.remember('crm', uuidv7()), tests.remember('secret', uuidv7());
create function tests.adds(id uuid default uuidv7(), secret_id uuid default uuidv7(), name text default 'CRM', event_names text[] default '{form.signed}') returns jsonb language sql as $$
  select app_hidden.save_webhook_subscription(id, tests.id('atlas'), name, 'https://example.com/hooks', event_names, secret_id, current_setting('tests.envelope')::bytea) $$;

select tests.act_as('olga');
select is(tests.adds(tests.id('crm'), tests.id('secret'), ' CRM ', '{patient.onboarded,form.signed,patient.onboarded}'),
  jsonb_build_object('id', tests.id('crm'), 'secretId', tests.id('secret')), 'the answer names the subscription and its secret');
select results_eq($$select name, url, event_names, status, rotated_at, created_by from app_public.webhook_subscriptions where id = tests.id('crm')$$,
  $$values ('CRM', 'https://example.com/hooks', '{form.signed,patient.onboarded}'::text[], 'active', timestamptz '2026-03-02 10:00+00', tests.id('olga'))$$,
  'it is told of each event once, from now on, under a name without blanks around it, and says who added it');
select tests.act_as('the database');
select is((select array[s.organization_id, s.subscription_id] from app_private.webhook_secrets s where s.id = tests.id('secret') and s.secret::text = current_setting('tests.envelope') and s.good_until is null),
  array[tests.id('atlas'), tests.id('crm')], 'the secret lies sealed in its row');
select is((select count(*) from app_private.webhook_endpoints where organization_id = tests.id('atlas') and subscription_id = tests.id('crm') and failing_since is null), 1::bigint, 'nothing failed so far');
select is(tests.events_of(tests.id('crm')), '{webhook_subscription.added}'::text[], 'and the clinic''s record says that it was added');

select tests.act_as('olga');
select * from tests.refuses($$select tests.adds(event_names => '{form.signed,webhook_subscription.disabled}')$$, 'VALIDATION', 'event_not_offered', 'an event that stays here is not offered');
select tests.act_as('flavia');
select * from tests.refuses('select tests.adds()', 'FORBIDDEN', 'permission_missing', 'a colleague who may not manage webhooks adds none');
select tests.act_as('beata');
select * from tests.refuses('select tests.adds()', 'NOT_FOUND', 'not_found', 'nor does another clinic');

select tests.act_as('the database');
select tests.webhooks('theirs ' || n, 'boreal') from generate_series(1, 3) n;
select tests.webhooks('ours ' || n, 'atlas') from generate_series(1, 18) n;
select tests.act_as('olga');
select isnt(tests.adds(name => 'The twentieth'), null, 'a clinic has twenty, whatever others have');
select * from tests.refuses($$select tests.adds(name => 'One more')$$, 'CONFLICT', 'too_many_subscriptions', 'and no more');
select is(app_hidden.save_webhook_subscription(tests.id('crm'), tests.id('atlas'), 'CRM 2', 'https://example.com/', '{form.signed}'),
  jsonb_build_object('id', tests.id('crm'), 'secretId', null), 'those that it has are changed all the same');
select app_public.remove_webhook_subscription(tests.id('crm'));
select isnt(tests.adds(name => 'One more'), null, 'and where one is removed there is room again');
select is((select count(*) from app_public.webhook_subscriptions), 20::bigint, 'for one');
select * from finish();
rollback;
