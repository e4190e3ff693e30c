-- Test: appointment_resources - the room of one appointment, for its patient as long as they belong to the clinic. SCH-11, FND-05.
begin;
select plan(4);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.patient('ana'), tests.patient('bogdan');
select tests.specialist('stefan'), tests.specialist('mihai');
select tests.calendar('visits', '{stefan,mihai}');
select tests.resource('Cabinet 1', 'cabinet'), tests.resource('Cabinet 2', 'cabinet');
select tests.appointment('of ana', 'ana', 'visits', 'stefan', '2027-03-08 10:00+02'), tests.appointment('of bogdan', 'bogdan', 'visits', 'mihai', '2027-03-08 10:00+02');
insert into app_private.resource_claims (organization_id, resource_id, claim_id, blocked)
select a.organization_id, tests.id(room), a.claim_id, tstzrange(a.starts_at, a.ends_at)
from (values ('of ana', 'Cabinet 1'), ('of bogdan', 'Cabinet 2')) as has (visit, room) join app_public.appointments a on a.id = tests.id(visit);
select tests.act_as('ana');
select results_eq($$select name from app_public.appointment_resources(tests.id('of ana'))$$, $$values ('Cabinet 1')$$, 'her own room');
select is_empty($$select name from app_public.appointment_resources(tests.id('of bogdan'))$$, 'not another patient''s');
reset role;
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('ana at atlas');
select tests.act_as('ana');
select is_empty($$select name from app_public.appointment_resources(tests.id('of ana'))$$, 'nor her own when she is no patient any more');
reset role;
update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('of bogdan');
select tests.act_as('bogdan');
select is_empty($$select name from app_public.appointment_resources(tests.id('of bogdan'))$$, 'what was removed has none');
select * from finish();
rollback;
