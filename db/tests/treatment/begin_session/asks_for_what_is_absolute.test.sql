-- Test: begin_session - before an exercise is begun its absolute contraindications are acknowledged, and what the refusal names is what is missing. EXE-02, EXE-05, REQ-EX-001.
begin;
select plan(13);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat')), tests.published_exercise('test-lunge'); -- whose warnings are no matter of a squat
insert into app_public.exercise_contraindications (exercise_id, severity, text) values
  (tests.id('squat'), 'absolute', '{"ro": "Luxație.", "en": "A dislocation."}'),
  (tests.id('squat'), 'relative', '{"ro": "Artroză.", "en": "Arthrosis."}'),
  (tests.id('squat'), 'caution', '{"ro": "Amețeală.", "en": "Dizziness."}');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.treatment_plan('knee', 3, 0), tests.assigned('ana', 'knee');
select tests.remember(w.text ->> 'en', w.id) from app_public.exercise_contraindications w where w.exercise_id = tests.id('squat');
create function pg_temp.begin_session(session text, variadic acknowledged text[] default '{}') returns app_public.patient_sessions
language plpgsql security definer as $$ begin return app_private.begin_session(tests.id(session), array(select tests.id(a) from unnest(acknowledged) a)); end $$;
create function pg_temp.missing(session text, variadic acknowledged text[] default '{}') returns text language plpgsql as $$
declare
  v_detail text;
begin
  perform pg_temp.begin_session(session, variadic acknowledged);
  return 'it has begun';
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return (
    select string_agg(w.text ->> 'en', ' ' order by w.text ->> 'en') from app_public.exercise_contraindications w
    where w.id::text in (select jsonb_array_elements_text(v_detail::jsonb -> 'contraindicationIds')));
end $$;

select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.begin_session('ana''s knee 1', 'Arthrosis.', 'Dizziness.')$$, 'STATE', 'contraindications_not_acknowledged', 'what is less does not stand for what is absolute');
select is(pg_temp.missing('ana''s knee 1'), 'A dislocation. A recent fracture.', 'those that are absolute are named');
select is(pg_temp.missing('ana''s knee 1', 'A recent fracture.'), 'A dislocation.', 'without those that are acknowledged already');
select results_eq($$select s.status, s.acknowledged_ids @> array[tests.id('A dislocation.'), tests.id('A recent fracture.')], cardinality(s.acknowledged_ids) from pg_temp.begin_session('ana''s knee 1', 'A dislocation.', 'A recent fracture.', 'Dizziness.') s$$,
  $$values ('started', true, 2)$$, 'with these it begins, and they are what was asked');

-- What the library comes to know later: the same.
select tests.act_as('the database');
insert into app_public.exercise_contraindications (exercise_id, severity, text) values
  (tests.id('squat'), 'absolute', '{"ro": "Tromboză.", "en": "A thrombosis."}'),
  (tests.id('squat'), 'relative', '{"ro": "Osteoporoză.", "en": "Osteoporosis."}');
select tests.remember(w.text ->> 'en', w.id) from app_public.exercise_contraindications w where w.exercise_id = tests.id('squat');
select tests.act_as('ana');
select tests.freeze_time('2027-03-03 10:00+02');
select is(pg_temp.missing('ana''s knee 2', 'A dislocation.', 'A recent fracture.'), 'A thrombosis.', 'of what is found later those that are absolute as well');
select is((pg_temp.begin_session('ana''s knee 2', 'A dislocation.', 'A recent fracture.', 'A thrombosis.')).status, 'started', 'and nothing more');

-- Over: nothing is asked of it any more.
select is((app_public.complete_session(tests.id('ana''s knee 2'))).status, 'completed', 'it is done');
select * from tests.refuses($$select pg_temp.begin_session('ana''s knee 2')$$, 'STATE', 'illegal_move', 'what is done is not begun, whatever is acknowledged');
select tests.act_as('the database');
update app_public.patient_sessions set status = 'missed' where id = tests.id('ana''s knee 3');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.begin_session('ana''s knee 3')$$, 'STATE', 'illegal_move', 'nor is what was missed');
select tests.act_as('the database');
select is((select count(*) from app_public.usage_records where meter = 'telerehab_sessions'), 2::bigint, 'each that has begun is the clinic''s usage once (FND-20)');
select * from finish();
rollback;
