-- Test: events - what happened is changed by nobody, the owner of the table included. FND-14.
begin;
select plan(14);
select tests.clinic('atlas');
set local session_replication_role = replica;
delete from app_private.event_subscriptions where event_name = 'organization.created';
set local session_replication_role = origin;
select tests.act_as('the engine');
select tests.remember('created', app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'), '{"slug": "atlas"}'));

select tests.act_as('the database');
select throws_ok($$update app_private.events set name = 'organization.activated'$$, 'RX423', 'event_is_immutable', 'a superuser cannot update');
select throws_ok($$update app_private.events set name = name where false$$, 'RX423', 'event_is_immutable', 'not even nothing');
select throws_ok($$delete from app_private.events$$, 'RX423', 'event_is_immutable', 'a superuser cannot delete');
select throws_ok($$truncate app_private.events cascade$$, 'RX423', 'event_is_immutable', 'a superuser cannot truncate');
select throws_ok(
  $$insert into app_private.events (id, organization_id, name, version, subject_type, subject_id, payload, occurred_at)
    select id, organization_id, name, version, subject_type, subject_id, '{}', now() from app_private.events
    where id = tests.id('created')
    on conflict (id) do update set payload = excluded.payload$$,
  'RX423', 'event_is_immutable', 'an upsert is an update');

select tests.act_as('the owner');
select throws_ok($$update app_private.events set name = 'organization.activated'$$, 'RX423', 'event_is_immutable', 'the owner cannot update');
select throws_ok($$delete from app_private.events$$, 'RX423', 'event_is_immutable', 'the owner cannot delete');
select throws_ok($$truncate app_private.events cascade$$, 'RX423', 'event_is_immutable', 'the owner cannot truncate');
select throws_ok(
  $$insert into app_private.events (name, version, subject_type, subject_id, payload, occurred_at)
    values ('organization.created', 1, 'organization', uuidv7(), '{}', now())$$,
  '42501', null, 'the owner cannot write past publish()');
select is((select count(*) from app_private.events), 0::bigint, 'the owner sees none');

select tests.act_as('the engine');
select throws_ok($$update app_private.events set name = 'organization.activated'$$, '42501', null, 'the engine may not update');
select throws_ok($$delete from app_private.events$$, 'RX423', 'event_is_immutable', 'nor delete what is not over');

select tests.act_as('the worker');
select throws_ok($$update app_private.events set name = 'organization.activated'$$, '42501', null, 'the worker may not update');

select tests.act_as('the database');
select is((select name from app_private.events where id = tests.id('created')), 'organization.created', 'it stands as it was written');
select * from finish();
rollback;
