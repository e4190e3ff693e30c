-- Test: put_in_segment, add_to_segment, remove_from_segment, own_segment - lists are of whoever manages segments, and of the clinic's own patients. SEG-01, FND-05.
begin;
select plan(62);
select tests.freeze_time('2027-03-10 10:00+00');
select tests.clinic('boreal');
select tests.staff('beata', 'owner');
select tests.patient('bogdan');
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('felicia', 'front_desk'), tests.staff('stefan', 'specialist');
select tests.patient('ana'), tests.patient('ion', account => false), tests.patient('dan', account => false);
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('dan at atlas');
create function pg_temp.verbs(patient text default 'ana at atlas') returns table (verb text, call text) language sql as $$
  values ('add_to_segment', format('select app_public.add_to_segment(tests.id(%L), tests.id(%L))', 'list', patient)),
    ('remove_from_segment', format('select app_public.remove_from_segment(tests.id(%L), tests.id(%L))', 'list', patient)),
    ('edit_segment', 'select app_public.edit_segment(tests.id(''list''), ''Altfel'')'),
    ('remove_segment', 'select app_public.remove_segment(tests.id(''list''))') $$;
select tests.act_as('olga');
select tests.remember('list', (app_public.create_segment(tests.id('atlas'), 'Chemați')).id);
select tests.remember('gone', (app_public.create_segment(tests.id('atlas'), 'Duși')).id);
select tests.remember('other', (app_public.create_segment(tests.id('atlas'), 'Alții')).id);
select tests.remember('all', (app_public.create_segment(tests.id('atlas'), 'Toți', '{"all": []}')).id);
select app_public.remove_segment(tests.id('gone'));

-- Who may.
select tests.act_as('felicia');
select t.* from pg_temp.verbs(), tests.refuses(call, 'FORBIDDEN', 'permission_missing', verb || ' is not for the front desk') as t;
select tests.act_as('stefan');
select t.* from pg_temp.verbs(), tests.refuses(call, 'FORBIDDEN', 'permission_missing', verb || ' is not for who sees segments alone') as t;
select tests.act_as('beata');
select t.* from pg_temp.verbs('bogdan at boreal'), tests.refuses(call, 'NOT_FOUND', 'segment_not_found', verb || ' of another clinic is not there') as t;
select tests.act_as('ana');
select t.* from pg_temp.verbs(), tests.refuses(call, 'NOT_FOUND', 'segment_not_found', verb || ' is not there for a patient') as t;

-- Whom.
select tests.act_as('olga');
select t.* from pg_temp.verbs('bogdan at boreal'), tests.refuses(call, 'NOT_FOUND', 'patient_not_found', verb || ' takes no patient of another clinic') as t where call ~ 'at boreal|at atlas';
select t.* from pg_temp.verbs('dan at atlas'), tests.refuses(call, 'NOT_FOUND', 'patient_not_found', verb || ' takes nobody who was removed') as t where call ~ 'at boreal|at atlas';
select * from tests.refuses($$select app_public.add_to_segment(tests.id('all'), tests.id('ana at atlas'))$$, 'VALIDATION', 'segment_is_not_a_list', 'nobody is put where a rule decides');
select * from tests.refuses($$select app_public.remove_from_segment(tests.id('all'), tests.id('ana at atlas'))$$, 'VALIDATION', 'segment_is_not_a_list', 'nor taken out');
select * from tests.refuses($$select app_public.add_to_segment(tests.id('gone'), tests.id('ana at atlas'))$$, 'NOT_FOUND', 'segment_not_found', 'a list that was removed takes nobody');
select * from tests.refuses($$select app_public.explain_segment(tests.id('gone'), tests.id('ana at atlas'))$$, 'NOT_FOUND', 'segment_not_found', 'nor says who would be in');
select tests.act_as('the database');
select * from tests.refuses($$select app_private.put_in_segment(tests.id('atlas'), tests.id('gone'), tests.id('ana at atlas'), true)$$, 'NOT_FOUND', 'segment_not_found', 'nor by an automation');
select tests.act_as('olga');
select * from tests.refuses($$select app_public.remove_from_segment(tests.id('list'), tests.id('ana at atlas'))$$, 'NOT_FOUND', 'not_in_segment', 'whoever never was in is not taken out');

-- In, out, and in again: two stays, and four events; the last one is told, whatever other list they are in later.
select is((app_public.add_to_segment(tests.id('list'), tests.id('ana at atlas'))).entered_at, '2027-03-10 10:00+00', 'in');
select is((app_public.add_to_segment(tests.id('list'), tests.id('ion at atlas'))).patient_id, tests.id('ion at atlas'), 'with somebody else');
select tests.freeze_time('2027-03-11 10:00+00');
select is((app_public.remove_from_segment(tests.id('list'), tests.id('ana at atlas'))).left_at, '2027-03-11 10:00+00', 'out');
select tests.freeze_time('2027-03-12 10:00+00');
select is((app_public.remove_from_segment(tests.id('list'), tests.id('ana at atlas'))).left_at, '2027-03-11 10:00+00', 'asked again, it says when they left');
select is((app_public.add_to_segment(tests.id('list'), tests.id('ana at atlas'))).entered_at, '2027-03-12 10:00+00', 'in again');
select tests.freeze_time('2027-03-13 10:00+00');
select app_public.add_to_segment(tests.id('other'), tests.id('ana at atlas'));
select is((app_public.add_to_segment(tests.id('list'), tests.id('ana at atlas'))).segment_id, tests.id('list'), 'of two lists the one that is meant');
select is((app_public.remove_from_segment(tests.id('list'), tests.id('ana at atlas'))).entered_at, '2027-03-12 10:00+00', 'of two stays the last is ended');
select is((app_public.remove_from_segment(tests.id('list'), tests.id('ana at atlas'))).entered_at, '2027-03-12 10:00+00', 'and told, not that of another list');
select tests.act_as('the database');
select is((select array_agg(left_at is null order by patient_id = tests.id('ana at atlas'), entered_at) from app_public.segment_members where segment_id = tests.id('list')),
  '{t,f,f}', 'who else is in stays');
select is((select array_agg(split_part(name, '.', 2) order by occurred_at, id) from app_private.events where payload ->> 'patientId' = tests.id('ana at atlas')::text and payload ->> 'segmentId' = tests.id('list')::text and name like 'segment.%'),
  '{entered,left,entered,left}', 'each change is one event');
select * from finish();
rollback;
