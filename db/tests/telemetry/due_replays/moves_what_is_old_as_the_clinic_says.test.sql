-- Test: due replays - where the movement of recordings goes with its age, by the policy of each clinic. TEL-07.
begin;
select plan(31);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal'), tests.staff('beata', 'admin');
select tests.patient('dan', account => false), tests.treatment_plan('of boreal', 1, 0), tests.assigned('dan', 'of boreal');
select tests.recording('dan''s of boreal 1', name => 'another', ended => true);
select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.treatment_plan('knee', 1, 0), tests.assigned('ana', 'knee');
select tests.recording('ana''s knee 1', name => 'first', ended => true);
create function pg_temp.replay(name text) returns void language sql as $$
  update app_public.exercise_sessions set replay_state = 'kept', replay_sha256 = repeat('a', 64), replay_bytes = 10,
    replay_object_key = organization_id || '/telemetry/' || id || '.replay'
  where id = tests.id(name)
$$;
select pg_temp.replay('first'), pg_temp.replay('another');
create function pg_temp.due(except_for text[] default '{}') returns text language sql as $$
  select string_agg(d.step || ' ' || r.name, ', ' order by r.name) from app_private.due_replays(except_for => due.except_for) d
  join (values ('first'), ('another')) r (name) on tests.id(r.name) = d.exercise_session_id
$$;
create function pg_temp.state(name text) returns text language sql as $$
  select concat_ws(' ', replay_state, replay_class, num_nonnulls(replay_object_key, replay_sha256, replay_bytes)) from app_public.exercise_sessions where id = tests.id(name)
$$;

-- The policy is the clinic's, and one that makes sense.
select tests.act_as('flavia');
select is_empty('update app_public.organizations set replay_archive_after_days = 40 where id = tests.id(''atlas'') returning id', 'front desk changes no policy');
select tests.act_as('beata');
select is_empty('update app_public.organizations set replay_archive_after_days = 40 where id = tests.id(''atlas'') returning id', 'nor does another clinic');
select tests.act_as('adrian');
select throws_ok('update app_public.organizations set replay_infrequent_after_days = 29', '23514', null, 'a class that costs less is used from thirty days on');
select throws_ok('update app_public.organizations set replay_archive_after_days = 90', '23514', null, 'what is archived was kept elsewhere before');
select throws_ok('update app_public.organizations set replay_remove_after_days = 365', '23514', null, 'and what is removed was archived before');
select throws_ok('update app_public.organizations set replay_archive_after_days = null, replay_remove_after_days = 90', '23514', null, 'or kept elsewhere');
select lives_ok('update app_public.organizations set replay_infrequent_after_days = 30, replay_archive_after_days = 60, replay_remove_after_days = 400', 'a policy that makes sense');
select tests.act_as('the worker');
select throws_ok('select from app_public.exercise_sessions', '42501', null, 'the worker reads no recordings');
select is(pg_temp.due(), null, 'nothing is due on the day');

-- By age, each clinic by its own days.
select tests.freeze_time('2027-03-31 10:59:59+03');
select is(pg_temp.due(), null, 'nor a second before its time');
select tests.freeze_time('2027-03-31 11:00+03');
select is(pg_temp.due(), 'infrequent first', 'after thirty days of atlas, which are days of 24 hours');
select is(pg_temp.due(array[tests.id('atlas') || '/infrequent']), null, 'but for what is left out');
select app_private.record_replay_step(tests.id('first'), 'infrequent');
select is(pg_temp.due(), null, 'it is done once');
select tests.act_as('the database');
select is(pg_temp.state('first'), 'kept infrequent 3', 'and is played as before');
select tests.act_as('ana');
select ok((select object_key from app_hidden.open_replay(tests.id('first'))) is not null, 'by the person, too');
select tests.freeze_time('2027-04-30 11:00+03');
select tests.act_as('the worker');
select is(pg_temp.due(), 'archive first', 'then the archive');
select app_private.record_replay_step(tests.id('first'), 'archive'), app_private.record_replay_step(tests.id('first'), 'infrequent');
select is(pg_temp.due(), null, 'from which nothing comes back by itself');
select tests.act_as('the database');
select is(pg_temp.state('first'), 'archived archive 3', 'it is known where it lies');
select tests.act_as('ana');
select * from tests.refuses($$select app_hidden.open_replay(tests.id('first'))$$, 'STATE', 'replay_archived', 'an archived one says so');
select is((app_hidden.my_exercise_sessions() -> 0 ->> 'replay_state'), 'archived', 'in the list as well');
select tests.freeze_time('2028-04-30 11:00+03');
select tests.act_as('the worker');
select is(pg_temp.due(), 'archive another, remove first', 'boreal has the days that nobody changed');
select tests.act_as('the database');
update app_private.retentions set held_because = 'Dosar 1/2028' where key = 'medical_record';
select tests.act_as('the worker');
select is(pg_temp.due(), 'archive another', 'nothing is removed while it is held');
select tests.act_as('the database');
update app_private.retentions set held_because = null where key = 'medical_record';
select tests.act_as('the worker');
select app_private.record_replay_step(tests.id('first'), 'remove');
select is(pg_temp.due(), 'archive another', 'it is removed once');
select tests.act_as('the database');
select is(pg_temp.state('first'), 'removed archive 0', 'and nothing says where it lay');
select is((select count(*)::int from app_public.pose_session_metrics where exercise_session_id = tests.id('first')), 1, 'what it came to stays');
select tests.act_as('ana');
select * from tests.refuses($$select app_hidden.open_replay(tests.id('first'))$$, 'GONE', 'replay_removed', 'nobody plays it any more');

-- Without days nothing is moved.
select tests.act_as('beata');
update app_public.organizations set replay_infrequent_after_days = null, replay_archive_after_days = null;
select tests.act_as('the worker');
select is(pg_temp.due(), null, 'a clinic that keeps everything where it is');
select tests.act_as('beata');
update app_public.organizations set replay_remove_after_days = 30;
select tests.act_as('the worker');
select is(pg_temp.due(), 'remove another', 'or removes it without archive');
select tests.act_as('the database');
select throws_ok($$select app_private.record_replay_step(tests.id('another'), 'elsewhere')$$, '23514', null, 'other steps there are none');
select * from finish();
rollback;
