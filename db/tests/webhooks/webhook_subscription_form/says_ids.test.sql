-- Test: webhook_subscription_form - before anything is sealed, who may save a subscription gets its clinic and ids; of a request that was answered, those of then with the envelope. WHK-01, FND-26.
begin;
select plan(20);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('boreal'), tests.data_key('boreal'), tests.staff('olga', 'owner', 'boreal');
select tests.clinic('atlas'), tests.data_key('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.webhooks('bi'), tests.webhooks('theirs', 'boreal');
select set_config('tests.envelope', tests.envelope()::text, true), set_config('tests.another', tests.envelope()::text, true);
select tests.remember(name, uuidv7()) from unnest('{crm,secret,second secret}'::text[]) as name;
create function tests.asks_for(clinic text, who text, operation text default 'save_webhook_subscription', request jsonb default '{"name": "CRM"}') returns jsonb language sql as $$
  select jsonb_build_object('clinic', (select name from tests.names where id = f.clinic_id and name in ('atlas', 'boreal')), 'id', (select name from tests.names where id = f.id),
    'secret', (select name from tests.names where id = f.secret_id), 'hasIds', f.id is not null and f.secret_id is not null, 'isAnswered', f.is_answered, 'envelope', f.envelope::text)
  from app_hidden.webhook_subscription_form(case when clinic is not null then tests.id(clinic) end, case when who is not null then tests.id(who) end, operation, request) f $$;
create function pg_temp.fresh(clinic text, id text) returns jsonb language sql as $$
  select jsonb_build_object('clinic', clinic, 'id', id, 'secret', null, 'hasIds', true, 'isAnswered', false, 'envelope', null) $$;
create function pg_temp.answered(secret text, envelope text) returns jsonb language sql as $$
  select jsonb_build_object('clinic', 'atlas', 'id', 'crm', 'secret', secret, 'hasIds', secret is not null, 'isAnswered', true, 'envelope', envelope) $$;
create function pg_temp.key(key text) returns text language sql as $$ select set_config('app.idempotency_key', key, true) $$;

-- olga manages both clinics, and is signed in at none of them alone.
select tests.act_as('olga'), set_config('app.organization_id', '', true);
select is(tests.asks_for('atlas', null), pg_temp.fresh('atlas', null), 'a new one gets ids, for itself and for a secret');
select is(tests.asks_for('atlas', 'bi'), pg_temp.fresh('atlas', 'bi'), 'one that stands keeps its own');
select is(tests.asks_for(null, 'theirs'), pg_temp.fresh('boreal', 'theirs'), 'and says its clinic where none is named');
select * from tests.refuses($$select tests.asks_for('atlas', 'theirs')$$, 'NOT_FOUND', 'not_found', 'it is not there for a clinic that is not its own');
select * from tests.refuses($$select tests.asks_for('atlas', 'secret')$$, 'NOT_FOUND', 'not_found', 'nor one that nobody knows');
select tests.act_as('flavia');
select * from tests.refuses($$select tests.asks_for('atlas', null)$$, 'FORBIDDEN', 'permission_missing', 'a colleague who may not manage webhooks gets no ids');
select * from tests.refuses($$select tests.asks_for(null, 'bi')$$, 'FORBIDDEN', 'permission_missing', 'neither of a new one nor of one that stands');
select tests.act_as('a visitor');
select * from tests.refuses($$select tests.asks_for('atlas', null)$$, '42501', null, 'a visitor asks nothing of it');

-- The same request again: of a new subscription, of a change without a secret, of a rotation.
select tests.act_as('olga');
select pg_temp.key('key-of-a-new-one');
select app_hidden.save_webhook_subscription(tests.id('crm'), tests.id('atlas'), 'CRM', 'https://example.com/', '{form.signed}', tests.id('secret'), current_setting('tests.envelope')::bytea, '{"name": "CRM"}');
select is(tests.asks_for('atlas', null), pg_temp.answered('secret', current_setting('tests.envelope')), 'who asks for a new one again gets the ids of the first, and its envelope');
select pg_temp.key('key-of-a-rotation');
select app_hidden.rotate_webhook_secret(tests.id('crm'), tests.id('second secret'), current_setting('tests.another')::bytea, '{}');
select is(tests.asks_for(null, 'crm', 'rotate_webhook_secret', '{}'), pg_temp.answered('second secret', current_setting('tests.another')), 'a rotation that comes again gets the envelope of its own secret');
select pg_temp.key('key-of-a-change');
select app_hidden.save_webhook_subscription(tests.id('crm'), tests.id('atlas'), 'CRM 2', 'https://example.com/', '{form.signed}', request => '{"name": "CRM"}');
select is(tests.asks_for('atlas', 'crm'), pg_temp.answered(null, null), 'a change that comes again made no secret');
select * from tests.refuses($$select tests.asks_for('atlas', 'crm', request => '{"name": "ERP"}')$$, 'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', 'another request under its key is refused');
select app_public.remove_webhook_subscription(tests.id('crm'));
select pg_temp.key('key-of-a-new-one');
select * from tests.refuses($$select tests.asks_for('atlas', null)$$, 'NOT_FOUND', 'not_found', 'of one that was removed since, no answer is told again');
select * from finish();
rollback;
