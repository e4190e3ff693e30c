-- Test: publish - of several versions the newest counts. FND-14.
begin;
select plan(2);
select tests.clinic('atlas');
insert into app_private.event_types (name, version, description, subject_type, payload_schema)
select name, 2, description, subject_type,
  '{"type": "object", "additionalProperties": false, "required": ["slug", "at"],
    "properties": {"slug": {"type": "string"}, "at": {"type": "string", "format": "date-time"}}}'
from app_private.event_types where name = 'organization.created';

select tests.act_as('the engine');
select throws_ok(
  $$select app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'), '{"slug": "atlas"}')$$,
  'RX400', 'event_payload_off_schema', 'a payload of the old version is refused');
select tests.remember('created', app_private.publish(
  'organization.created', tests.id('atlas'), tests.id('atlas'), '{"slug": "atlas", "at": "2027-03-01T08:00:00Z"}'));

select tests.act_as('the database');
select is((select version from app_private.events where id = tests.id('created')), 2, 'the new one is written with its version');
select * from finish();
rollback;
