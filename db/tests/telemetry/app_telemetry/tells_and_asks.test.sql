-- Test: what telemetry may ask and tell - how a recording stands, gaps, its end, what is left to finalize; and nothing else. TEL-05, TEL-06, TEL-10.
begin;
select plan(29);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.patient('ana');
select tests.treatment_plan('knee', 3, 0), tests.assigned('ana', 'knee');
update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
select tests.consent('ana', 'biometric_capture');
select tests.act_as('ana');
select tests.remember('one', (select id from app_hidden.start_exercise_session(tests.id('ana''s knee 1'), null, null,
  array(select id from app_public.exercise_contraindications where exercise_id = tests.id('squat')))));
select tests.act_as('the database');
update app_public.exercises set tracking = '{"joints": ["knee", "hip"], "view": "side", "primary": "knee", "minRange": 30}' where id = tests.id('squat');
select tests.recording('ana''s knee 2', name => 'two'), tests.recording('ana''s knee 3', name => 'three');

-- How it stands.
select tests.act_as('the telemetry');
select results_eq($$select organization_id, scopes, withdrawn_at, ended_at from app_telemetry.session_state(tests.id('one'))$$, $$values (tests.id('atlas'), '{pose}'::text[], '{}'::jsonb, null::timestamptz)$$, 'whose it is, and what may be sent');
select is((select jsonb_path_query_array(exercises, '$[*].place') from app_telemetry.session_state(tests.id('one'))), '[1]', 'of which exercises');
select is((select count(*) from app_telemetry.session_state(uuidv7())), 0::bigint, 'nothing of what is not there');
select tests.freeze_time('2027-03-01 10:05+02');
select tests.act_as('ana');
select app_public.withdraw_consent('biometric_capture', tests.id('ana at atlas'));
select tests.act_as('the telemetry');
select is((select (withdrawn_at ->> 'pose')::timestamptz from app_telemetry.session_state(tests.id('one'))), timestamptz '2027-03-01 10:05+02', 'a withdrawal is known at once');
select is((select withdrawn_at from app_telemetry.session_state(tests.id('two'))), '{"pose": "2027-03-01T08:05:00+00:00"}', 'by every recording of the patient');
select tests.act_as('the database');
select is(app_private.withdrawals_since(r), '{}', 'and by none that began later')
from (select (jsonb_populate_record(r, '{"started_at": "2027-03-01 10:06+02"}')).* from app_public.exercise_sessions r where id = tests.id('two')) r;

-- Gaps.
select tests.act_as('the telemetry');
select app_telemetry.record_gap(tests.id('one'), 3, 5), app_telemetry.record_gap(tests.id('one'), 3, 5), app_telemetry.record_gap(tests.id('one'), 7, 7);
select app_telemetry.record_gap(tests.id('one'), 9, 8), app_telemetry.record_gap(tests.id('one'), -1, 2), app_telemetry.record_gap(tests.id('one'), 0, 0);
select tests.act_as('the database');
select is((select gaps from app_public.exercise_sessions where id = tests.id('one')), '[[3, 5], [7, 7], [0, 0]]', 'each gap once, from the first batch on');
select is((select string_agg(gaps::text, ' ') from app_public.exercise_sessions where id <> tests.id('one')), '[] []', 'of no other recording');
update app_public.exercise_sessions set gaps = (select jsonb_agg(jsonb_build_array(n, n)) from generate_series(1, 9999) n) where id = tests.id('three');
select tests.act_as('the telemetry');
select app_telemetry.record_gap(tests.id('three'), 20000, 20000), app_telemetry.record_gap(tests.id('three'), 20001, 20001);
select tests.act_as('the database');
select is((select jsonb_array_length(gaps) from app_public.exercise_sessions where id = tests.id('three')), 10000, 'ten thousand are kept of one');

-- The end.
select tests.act_as('the telemetry');
select app_telemetry.finalized(tests.id('one'), tests.id('atlas') || '/telemetry/' || tests.id('one') || '.replay', repeat('ab', 32), 1234);
select tests.freeze_time('2027-03-01 10:10+02');
select app_telemetry.finalized(tests.id('one'), null, null, 0), app_telemetry.finalized(tests.id('two'), null, repeat('ab', 32), 12);
select throws_ok($$select app_telemetry.finalized(tests.id('three'), tests.id('atlas') || '/telemetry/' || tests.id('one') || '.replay', repeat('ab', 32), 1234)$$, '23514', null, 'a replay lies in one place');
select tests.act_as('the database');
select results_eq($$select ended_at, replay_state, replay_bytes from app_public.exercise_sessions where id = tests.id('one')$$, $$values (timestamptz '2027-03-01 10:05+02', 'kept', 1234::bigint)$$, 'it ends once');
select results_eq($$select ended_at, replay_state, replay_object_key from app_public.exercise_sessions where id = tests.id('two')$$, $$values (timestamptz '2027-03-01 10:10+02', 'none', null::text)$$, 'also with nothing to play');
select is((select ended_at from app_telemetry.session_state(tests.id('one'))), timestamptz '2027-03-01 10:05+02', 'which it is told of');

-- What nobody finalized.
select tests.freeze_time('2027-03-02 11:15+02');
select tests.act_as('the telemetry');
select is((select count(*) from app_telemetry.claim_to_finalize(uuidv7(), 20)), 0::bigint, 'not before a day has passed');
select tests.freeze_time('2027-03-02 11:15:01+02');
select is((select count(*) from app_telemetry.claim_to_finalize(uuidv7(), 0)), 0::bigint, 'no more than is asked for');
select results_eq($$select * from app_telemetry.claim_to_finalize(uuidv7(), 20)$$, $$values (tests.id('three'))$$, 'what has no end');
select is((select count(*) from app_telemetry.claim_to_finalize(uuidv7(), 20)), 0::bigint, 'by one process');
select tests.freeze_time('2027-03-02 11:30:01+02');
select is((select count(*) from app_telemetry.claim_to_finalize(uuidv7(), 20)), 0::bigint, 'which has a quarter of an hour for it');
select tests.freeze_time('2027-03-02 11:30:02+02');
select is((select count(*) from app_telemetry.claim_to_finalize(uuidv7(), 20)), 1::bigint, 'and by another, if that has not done it');

-- Nothing else: the allow-list of TEL-10.
select tests.act_as('the database');
select results_eq($$
  select p.oid::regprocedure::text collate "C" from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname ~ '^(app_|audit$|analytics$|graphile_worker)' and has_function_privilege('app_telemetry', p.oid, 'execute') order by 1$$,
  $$values ('app_telemetry.claim_to_finalize(uuid,integer)' collate "C"), ('app_telemetry.finalized(uuid,text,text,bigint)'), ('app_telemetry.publish_aggregated(uuid,jsonb)'),
    ('app_telemetry.record_gap(uuid,integer,integer)'), ('app_telemetry.session_state(uuid)')$$, 'it executes five functions');
create function app_telemetry.planted() returns int language sql as 'select 1';
grant execute on function app_telemetry.planted() to app_telemetry;
select is((select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname ~ '^(app_|audit$|analytics$|graphile_worker)' and has_function_privilege('app_telemetry', p.oid, 'execute')), 6::bigint, 'a planted sixth is seen');
select is((select array_agg(c.oid::regclass::text) from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname ~ '^(app_|audit$|analytics$|graphile_worker)' and c.relkind in ('r', 'p', 'v', 'm')
    and (has_table_privilege('app_telemetry', c.oid, 'select, insert, update, delete, truncate') or has_any_column_privilege('app_telemetry', c.oid, 'select, insert, update'))),
  null, 'it has a right on no table');
select is((select array_agg(nspname::text order by nspname) from pg_namespace where nspname !~ '^(pg_|information_schema$|public$|extensions$|tests$)' and has_schema_privilege('app_telemetry', oid, 'usage')),
  '{app_telemetry}', 'and sees one schema');
select tests.act_as('the telemetry');
select throws_ok('select from app_public.exercise_sessions', '42501', null, 'recordings are not read');
select throws_ok('select from app_private.session_aggregates', '42501', null, 'nor what was told');
select throws_ok($$select app_private.consume_telemetry(uuidv7())$$, '42501', null, 'metrics are written by the worker alone');
select throws_ok($$select app_private.publish('session.aggregated', null, uuidv7())$$, '42501', null, 'no other event is told');
select tests.act_as('the worker');
select throws_ok($$select * from app_telemetry.session_state(uuidv7())$$, '42501', null, 'nor does anybody else ask');
select tests.act_as('ana');
select throws_ok($$select app_telemetry.finalized(uuidv7(), null, null, 0)$$, '42501', null, 'or tell');
select * from finish();
rollback;
