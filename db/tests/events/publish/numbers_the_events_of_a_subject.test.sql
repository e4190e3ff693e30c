-- Test: publish - numbers the events of each subject from one, and never one number twice. FND-14, SCA-01.
begin;
select plan(5);
select tests.clinic('atlas');
select tests.clinic('boreal');
select tests.remember(subject, uuidv7()) from unnest('{atlas''s subject,boreal''s subject,moved}'::text[]) as subject;
create temporary table before as select id from app_private.events;
grant select on before to public;

select tests.act_as('the engine');
select app_private.publish('organization.created', tests.id(clinic), tests.id(clinic || '''s subject'), '{"slug": "a"}')
from unnest('{atlas,boreal,atlas,boreal,atlas}'::text[]) with ordinality as published (clinic, place) order by place;

select tests.act_as('the database');
select results_eq(
  $$select subject_id = tests.id('atlas''s subject'), array_agg(position order by id) from app_private.events
    where id not in (select id from before) group by 1 order by 1$$,
  $$values (false, '{1,2}'::bigint[]), (true, '{1,2,3}')$$,
  'each subject counts for itself, whatever happens at other clinics meanwhile');
insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select tests.id('atlas'), 'organization.created', 1, 'organization', tests.id('boreal''s subject'), '{}', now() from generate_series(1, 3);
select results_eq(
  $$select position from app_private.events where subject_id = tests.id('boreal''s subject') order by id$$,
  $$values (1::bigint), (2), (3), (4), (5)$$,
  'the rows of one statement follow each other');

-- As it arrives on another server.
insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at, position)
values (tests.id('atlas'), 'organization.created', 1, 'organization', tests.id('moved'), '{}', now(), 41);
select tests.act_as('the engine');
select app_private.publish('organization.created', tests.id('atlas'), tests.id('moved'), '{"slug": "a"}');
select tests.act_as('the database');
select is((select array_agg(position order by id) from app_private.events where subject_id = tests.id('moved')), '{41,42}',
  'what brings its number keeps it, and what happens next is next');
select throws_ok(
  $$insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at, position)
    values (tests.id('atlas'), 'organization.created', 1, 'organization', tests.id('moved'), '{}', now(), 42)$$,
  '23505', null, 'one number is of one event');
select results_eq(
  $$select d.position, d.scope_id from app_private.event_deliveries d where d.subject_id = tests.id('moved') order by d.position$$,
  $$select e.position, e.organization_id from app_private.events e
    join app_private.event_subscriptions s on s.event_name = e.name where e.subject_id = tests.id('moved') order by 1$$,
  'deliveries bear the number and the clinic of their event');
select * from finish();
rollback;
