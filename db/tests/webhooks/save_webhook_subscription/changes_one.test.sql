-- Test: save_webhook_subscription - name, address and events of one subscription are changed, by who may manage it; its secret stays. WHK-01.
begin;
select plan(13);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('boreal'), tests.staff('olga', 'owner', 'boreal'), tests.staff('beata', 'owner', 'boreal');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.webhooks('theirs', 'boreal'), tests.webhooks('crm'), tests.webhooks('bi');
create function tests.changes(who text default 'crm', clinic text default 'atlas', event_names text[] default '{form.signed,patient.onboarded,form.signed}') returns jsonb language sql as $$
  select app_hidden.save_webhook_subscription(tests.id(who), tests.id(clinic), ' CRM 2 ', 'https://example.com/2', event_names) $$;
create temporary table before as select to_jsonb(s) as said from app_public.webhook_subscriptions s where s.id <> tests.id('crm');
create temporary table sealed as select to_jsonb(s) as said from app_private.webhook_secrets s;

select tests.act_as('olga');
select is(tests.changes(), jsonb_build_object('id', tests.id('crm'), 'secretId', null), 'the answer names no secret: none is made');
select results_eq($$select name, url, event_names, status from app_public.webhook_subscriptions where id = tests.id('crm')$$,
  $$values ('CRM 2', 'https://example.com/2', '{form.signed,patient.onboarded}'::text[], 'active')$$, 'name, address and events are as given, each event once');
select tests.act_as('the database');
select is((select jsonb_agg(to_jsonb(s) order by s.id) from app_public.webhook_subscriptions s where s.id <> tests.id('crm')),
  (select jsonb_agg(b.said order by b.said ->> 'id') from before b), 'no other subscription is');
select is((select jsonb_agg(to_jsonb(s) order by s.id) from app_private.webhook_secrets s), (select jsonb_agg(b.said order by b.said ->> 'id') from sealed b), 'and no secret');
select is(tests.events_of(tests.id('crm')), '{}'::text[], 'nothing was added');

select tests.act_as('olga');
select * from tests.refuses($$select tests.changes(event_names => '{webhook_subscription.disabled}')$$, 'VALIDATION', 'event_not_offered', 'an event that stays here is not offered');
select set_config('app.organization_id', '', true);
select * from tests.refuses($$select tests.changes('theirs')$$, 'NOT_FOUND', 'not_found', 'who manages two clinics finds none of the one in the other');
select tests.act_as('flavia');
select * from tests.refuses('select tests.changes()', 'FORBIDDEN', 'permission_missing', 'a colleague who may not manage webhooks changes none');
select tests.act_as('beata');
select * from tests.refuses('select tests.changes()', 'NOT_FOUND', 'not_found', 'nor does another clinic');
select * from finish();
rollback;
