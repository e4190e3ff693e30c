-- Test: due_replays - a recording has one step that is due, the farthest: what is to be removed is not archived before, what is held is archived and not removed; what is not kept has none. TEL-07.
begin;
select plan(17);
select tests.freeze_time('2027-03-01 10:00+00');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal'), tests.patient('dan', account => false), tests.treatment_plan('of boreal', 1, 0), tests.assigned('dan', 'of boreal');
select tests.recording('dan''s of boreal 1', name => 'endless', ended => true);
select tests.clinic('atlas');
select tests.patient('ana'), tests.treatment_plan('knee', 1, 0), tests.assigned('ana', 'knee');
select tests.recording('ana''s knee 1', name => name, ended => true) from unnest('{slept,spared,archived,removed,nothing}'::text[]) name;
update app_public.organizations set replay_infrequent_after_days = 30, replay_archive_after_days = 60, replay_remove_after_days = 400 where id = tests.id('atlas');
update app_public.organizations set replay_infrequent_after_days = 30, replay_archive_after_days = 60, replay_remove_after_days = null where id = tests.id('boreal');
update app_public.exercise_sessions set replay_state = 'none', replay_object_key = null, replay_sha256 = null, replay_bytes = null where id = tests.id('nothing');
select app_private.record_replay_step(tests.id('spared'), 'infrequent'), app_private.record_replay_step(tests.id('archived'), 'archive'), app_private.record_replay_step(tests.id('removed'), 'remove');
create function pg_temp.due(at timestamptz, variadic except_for text[] default '{}') returns text language plpgsql as $$
begin
  perform tests.freeze_time(at);
  return (select string_agg(d.step || ' ' || n.name, ', ' order by n.name) from app_private.due_replays(except_for => except_for) d join tests.names n on n.id = d.exercise_session_id where n.name !~ 'recorded');
end $$;

select is(pg_temp.due('2027-03-31 09:59:59+00'), null, 'before its time nothing is due');
select is(pg_temp.due('2027-03-31 10:00+00'), 'infrequent endless, infrequent slept', 'after thirty days where reading costs more; what lies there, is archived, is removed or never was has no such step');
select is(pg_temp.due('2027-04-30 09:59:59+00'), 'infrequent endless, infrequent slept', 'until it is archived');
select is(pg_temp.due('2027-04-30 10:00+00'), 'archive endless, archive slept, archive spared', 'after sixty into the archive, wherever it lies, and nowhere before');
select is(pg_temp.due('2027-04-30 10:00+00', tests.id('atlas') || '/archive'), 'archive endless', 'but for the clinic that is left out');
select is(pg_temp.due('2028-04-04 09:59:59+00'), 'archive endless, archive slept, archive spared', 'until it is removed');
select is(pg_temp.due('2028-04-04 10:00+00'), 'remove archived, archive endless, remove slept, remove spared', 'after four hundred it is removed, also from the archive, and not archived before; who removes nothing archives');
select is(pg_temp.due('2028-04-04 10:00+00', tests.id('atlas') || '/remove'), 'archive endless', 'but for the clinic that is left out');
update app_private.retentions set held_because = 'Dosar 1/2028' where key = (select min(key) from app_private.retentions where key <> 'medical_record');
select is(pg_temp.due('2028-04-04 10:00+00'), 'remove archived, archive endless, remove slept, remove spared', 'what is held of something else holds none');
update app_private.retentions set held_because = 'Dosar 2/2028' where key = 'medical_record';
select is(pg_temp.due('2028-04-04 10:00+00'), 'archive endless, archive slept, archive spared', 'while it is held it is archived instead');

-- What was done is written of what is kept alone.
create function pg_temp.state(name text) returns text language sql as $$ select replay_state || ' ' || replay_class from app_public.exercise_sessions where id = tests.id(name) $$;
select app_private.record_replay_step(tests.id('nothing'), 'remove');
select is(pg_temp.state('nothing'), 'none standard', 'of what never was nothing is removed');
select app_private.record_replay_step(tests.id('nothing'), 'archive'), app_private.record_replay_step(tests.id('removed'), 'archive');
select results_eq($$select pg_temp.state('nothing'), pg_temp.state('removed')$$, $$values ('none standard', 'removed standard')$$, 'or archived, nor is what is removed');
select app_private.record_replay_step(tests.id('archived'), 'infrequent');
select is(pg_temp.state('archived'), 'archived archive', 'and what is archived comes back by no step');
select app_private.record_replay_step(tests.id('archived'), 'remove');
select is(pg_temp.state('archived'), 'removed archive', 'it is removed');
select is(pg_temp.state('slept'), 'kept standard', 'and no other one is');

-- At most so many.
select is((select count(*) from app_private.due_replays(1)), 1::bigint, 'no more at a time than is asked for');
select is((select count(*) from app_private.due_replays()), 3::bigint, 'or all of them');
select * from finish();
rollback;
