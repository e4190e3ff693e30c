-- Test: remove_segment - not while an automation names it: by its event, a condition, an action, one that is scheduled; nor while an
-- action of an earlier version waits. SEG-01, AUT-01.
begin;
select plan(13);
select tests.freeze_time('2027-03-10 10:00+00');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('ana');
select tests.toy_actions();
select tests.act_as('olga');
select tests.remember('list', (app_public.create_segment(tests.id('atlas'), 'Listă')).id);
select tests.remember('other', (app_public.create_segment(tests.id('atlas'), 'Alta')).id);
select tests.act_as('the database');
create function pg_temp.named_by() returns text language sql as $$
  select string_agg(kind || ' ' || name, ', ' order by kind, name) from app_private.who_names_segment(tests.id('atlas'), tests.id('list')) $$;
create function pg_temp.toy(after text default '{"minutes": 1}') returns jsonb language sql as $$
  select jsonb_build_array(jsonb_build_object('action', 'toy', 'config', jsonb_build_object('toy', 'x'), 'after', after::jsonb)) $$;
create function pg_temp.put(segment text) returns jsonb language sql as $$
  select jsonb_build_object('action', 'update_segment', 'config', jsonb_build_object('segmentId', tests.id(segment))) $$;

select is(pg_temp.named_by(), null, 'nothing names it');
select tests.automation('by event', 'segment.entered', pg_temp.toy(), jsonb_build_object('field', 'event.segmentId', 'operator', 'is', 'value', tests.id('list')));
select tests.automation('by condition', 'patient.onboarded', pg_temp.toy(), jsonb_build_object('all', jsonb_build_array(jsonb_build_object('not', jsonb_build_object('segment', tests.id('list'))))));
select tests.automation('by action', 'patient.onboarded', jsonb_build_array(pg_temp.put('list')));
select tests.automation('scheduled', 'patient.onboarded', jsonb_build_array(jsonb_build_object('action', 'schedule_action', 'config', pg_temp.put('list') || '{"after": {"days": 1}}')));
select tests.automation('another', 'patient.onboarded', jsonb_build_array(pg_temp.put('other')));
select is(pg_temp.named_by(), 'automation by action, automation by condition, automation by event, automation scheduled', 'each that names it, wherever, and no other');
select tests.act_as('olga');
select * from tests.refuses(format('select app_public.remove_segment(%L)', tests.id('list')), 'CONFLICT', 'segment_is_named', 'what an automation names stays');
select app_public.disable_automation(tests.id('by event')), app_public.remove_automation(tests.id('by action')), app_public.remove_automation(tests.id('scheduled'));
select tests.act_as('the database');
select is(pg_temp.named_by(), 'automation by condition, automation by event', 'one that is off can be put on again; what was removed cannot');

-- An earlier version, of which an action waits.
select tests.act_as('olga');
select app_public.remove_automation(tests.id('by event'));
select app_public.edit_automation(tests.id('by condition'), 'by condition', pg_temp.toy('{"days": 2}'),
  jsonb_build_object('not', jsonb_build_object('segment', tests.id('list'))));
select tests.act_as('the database');
select tests.happens('patient.onboarded', 'ana');
select tests.automations_follow();
select tests.act_as('olga');
select app_public.edit_automation(tests.id('by condition'), 'by condition', pg_temp.toy());
select tests.act_as('the database');
select is(pg_temp.named_by(), 'automation by condition', 'an action of the version before still waits');
select tests.freeze_time('2027-03-12 10:00+00');
select is(app_private.run_due_automation() is not null, true, 'it is done');
select is(pg_temp.named_by(), null, 'then nothing names the segment');
select tests.act_as('olga');
select isnt((app_public.remove_segment(tests.id('list'))).deleted_at, null, 'and it goes');
select * from tests.refuses(format('select app_public.create_automation(%L, %L, %L, %L)', tests.id('atlas'), 'X', 'patient.onboarded', jsonb_build_array(pg_temp.put('list'))),
  'VALIDATION', 'automation_not_valid', 'a new automation does not name what is gone');
select * from tests.refuses(format('select app_public.create_automation(%L, %L, %L, %L, %L)', tests.id('atlas'), 'X', 'segment.entered', pg_temp.toy(),
  jsonb_build_object('field', 'event.segmentId', 'operator', 'is', 'value', tests.id('list'))), 'VALIDATION', 'automation_not_valid', 'nor in a condition on its event');
select * from finish();
rollback;
