-- Test: segments - stays, events, versions, lists, nesting, who was in on a day; a circle is refused, and what is named is not removed. SEG-01, SEG-03, SEG-04.
begin;
select plan(33);
select tests.freeze_time('2027-03-10 10:00+00');
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('stefan', 'specialist'), tests.staff('felicia', 'front_desk');
select tests.patient('ana', birth_date => '1980-05-17'), tests.patient('ion', account => false, birth_date => '2009-03-20');
create function pg_temp.looked() returns int language plpgsql as $$
declare v_events int := (select count(*) from app_private.events where name like 'segment.%');
begin
  perform app_private.due_segments();
  while app_private.refresh_segments(tests.id('atlas')) loop null; end loop;
  return (select count(*) from app_private.events where name like 'segment.%') - v_events;
end $$;
create function pg_temp.members(segment text) returns text language sql as $$
  select coalesce(string_agg(profiles.given_name, ' ' order by profiles.given_name), '')
  from app_public.segment_members as stays join app_public.patient_profiles as profiles on profiles.id = stays.patient_profile_id
  where stays.segment_id = tests.id(segment) and stays.left_at is null $$;

select tests.act_as('olga');
select tests.remember('adults', (app_public.create_segment(tests.id('atlas'), 'Adulți', '{"field": "profile.age", "operator": "at_least", "value": 18}')).id);
select tests.remember('list', (app_public.create_segment(tests.id('atlas'), 'Chemați')).id);
select tests.remember('both', (app_public.create_segment(tests.id('atlas'), 'Amândouă',
  jsonb_build_object('all', jsonb_build_array(jsonb_build_object('segment', tests.id('adults')), jsonb_build_object('segment', tests.id('list')))))).id);
select tests.act_as('the database');
select is(pg_temp.looked(), 0, 'a new segment fills without a word: nobody did anything');
select is(pg_temp.members('adults'), 'Ana', 'who is of age');
select is((select filled_version from app_public.segments where id = tests.id('adults')), 1, 'it says by which version it is filled');

select tests.act_as('olga');
select is((app_public.add_to_segment(tests.id('list'), tests.id('ion at atlas'))).left_at, null, 'somebody is put into a list');
select is((app_public.add_to_segment(tests.id('list'), tests.id('ion at atlas'))).patient_profile_id, tests.id('ion'), 'once is enough');
select tests.act_as('the database');
select is((select count(*)::int from app_private.events where name = 'segment.entered'), 1, 'which is one event');
select is(pg_temp.looked(), 0, 'the segment that names the list looks, and nobody enters');
select tests.freeze_time('2027-03-19 22:30+00');
select is(pg_temp.looked(), 2, 'a birthday comes by time alone: into one segment, and into the one that names it');
select is(pg_temp.members('both'), 'Ion', 'who is of age and called');
select is((select payload from app_private.events where name = 'segment.entered' and payload ->> 'segmentId' = tests.id('both')::text),
  jsonb_build_object('segmentId', tests.id('both'), 'patientId', tests.id('ion at atlas'), 'segmentVersion', 1), 'the event says who, where and by which rule');
select is(pg_temp.looked(), 0, 'nothing twice');

select tests.act_as('olga');
select is((select count(*)::int from app_public.segment_members_on(tests.id('atlas'), tests.id('adults'), '2027-03-19')), 1, 'on the day before, at the clinic, one was in');
select is((select count(*)::int from app_public.segment_members_on(tests.id('atlas'), tests.id('adults'), '2027-03-20')), 2, 'on the day itself, two');
select is((select count(*)::int from app_public.segment_members_on(tests.id('atlas'), tests.id('adults'))), 2, 'and now');
select is((select app_public.segments_member_count(s) from app_public.segments s where id = tests.id('adults')), 2, 'who are counted');
select is(app_public.explain_segment(tests.id('adults'), tests.id('ion at atlas')),
  '{"field": "profile.age", "operator": "at_least", "value": 18, "holds": true, "actual": 18}', 'why somebody is in');
select is(app_public.explain_segment(tests.id('list'), tests.id('ana at atlas')) -> 'holds', 'false', 'of a list whether');

select * from tests.refuses(format('select app_public.edit_segment(%L, rule => %L)', tests.id('adults'), jsonb_build_object('segment', tests.id('both'))),
  'VALIDATION', 'segment_names_itself', 'a rule that leads back');
select * from tests.refuses(format('select app_public.remove_segment(%L)', tests.id('list')), 'CONFLICT', 'segment_is_named', 'what is named stays');
select * from tests.refuses(format('select app_public.add_to_segment(%L, %L)', tests.id('adults'), tests.id('ana at atlas')),
  'VALIDATION', 'segment_is_not_a_list', 'nobody is put where a rule decides');
select is((app_public.edit_segment(tests.id('adults'), rule => '{"field": "profile.age", "operator": "at_least", "value": 40}')).version, 2, 'another rule is another version');
select is((select count(*)::int from app_public.segment_versions where segment_id = tests.id('adults')), 2, 'both are kept');
select tests.act_as('the database');
select is(pg_temp.looked(), 0, 'an edit is no event, neither there nor in what names it');
select is(pg_temp.members('adults') || '|' || pg_temp.members('both'), 'Ana|', 'and the members are those of the new rule');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('ion at atlas');
select is(pg_temp.looked(), 1, 'whoever is removed leaves the list');
select tests.act_as('olga');
select isnt((app_public.remove_segment(tests.id('both'))).deleted_at, null, 'what nothing names goes');
select is((app_public.remove_segment(tests.id('list'))).kind, 'list', 'then what it named');
select tests.act_as('felicia');
select * from tests.refuses(format('select app_public.create_segment(%L, %L)', tests.id('atlas'), 'X'), 'FORBIDDEN', 'permission_missing', 'not everybody makes segments');
select tests.act_as('the database');
select is((select count(*)::int from app_public.segment_members where segment_id in (tests.id('both'), tests.id('list')) and left_at is null), 0, 'nobody stays in what is gone');
select * from finish();
rollback;
