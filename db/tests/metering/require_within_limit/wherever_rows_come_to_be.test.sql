-- Test: require_within_limit, tg_within_limit - a hard limit holds wherever what it counts comes to be: made, brought back, merged and undone, confirmed. FND-20.
begin;
select plan(41);
select tests.freeze_time('2027-03-10 12:00+02');
select tests.platform_tier('small', '{"specialists": 2, "active_patients": 3, "storage_bytes": 2000, "telerehab_sessions": 1}');
select tests.clinic('boreal');
select tests.specialist('sorin'), tests.specialist('sanda'), tests.specialist('sever');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('olga', 'owner');
select tests.specialist('stefan'), tests.specialist('simona');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('dana', account => false), tests.patient('gone');
select tests.remember('visits', tests.person('vera'));
create function pg_temp.hire(name text) returns void language sql as $$
  insert into app_public.specialists (organization_id, given_name, family_name) values (tests.id('atlas'), hire.name, 'Pop') $$;
create function pg_temp.register(name text) returns void language sql as $$
  select app_public.create_patient(tests.id('atlas'), register.name, 'Pop', as_new_patient => true) $$;
create function pg_temp.refused(statement text, meter text, most bigint, says text) returns text language sql as $$
  select throws_ok(statement, 'RX402', 'tier_limit_reached', says) $$;

-- Without a subscription nothing is limited.
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('gone at atlas');
select tests.act_as('adrian');
select lives_ok($$select pg_temp.hire('Free')$$, 'a clinic without a subscription has as many specialists as it likes');
select tests.act_as('the database');
delete from app_public.specialists where given_name = 'Free';
select tests.subscribe(tests.id('atlas'), 'small', status => 'pending');
select tests.act_as('adrian');
select lives_ok($$select pg_temp.hire('Free')$$, 'nor does a subscription that has not begun limit it');
select tests.act_as('the database');
delete from app_public.specialists where given_name = 'Free';
update app_public.organization_subscriptions set status = 'active', anchor_on = '2027-03-10' where organization_id = tests.id('atlas');

-- Specialists: made by hand, brought back, many at once.
select tests.act_as('adrian');
select * from tests.refuses($$select pg_temp.hire('Third')$$, 'ENTITLEMENT_EXHAUSTED', 'tier_limit_reached', 'the third of two');
select is((select count(*) from app_public.specialists), 2::bigint, 'and nothing is left behind');
select lives_ok($$update app_public.specialists set title = 'Dr.' where id = tests.id('simona')$$, 'those who are there are edited as before');
select lives_ok($$select app_public.remove_specialist(tests.id('simona'))$$, 'one goes');
select lives_ok($$select pg_temp.hire('Third')$$, 'and another takes the place');
select * from tests.refuses($$select app_public.restore_deleted_row('specialists', tests.id('simona'))$$, 'ENTITLEMENT_EXHAUSTED', 'tier_limit_reached', 'who went cannot come back to a place that is taken');
select lives_ok($$select app_public.remove_specialist((select id from app_public.specialists where given_name = 'Third'))$$, 'which is given back');
select lives_ok($$select app_public.restore_deleted_row('specialists', tests.id('simona'))$$, 'for them');
select * from tests.refuses($$insert into app_public.specialists (organization_id, given_name, family_name) select tests.id('atlas'), 'Many ' || chr(64 + n), 'Pop' from generate_series(1, 2) n$$, 'ENTITLEMENT_EXHAUSTED', 'tier_limit_reached', 'nor do two in one statement');

-- Patients: by the desk, by a profile that is admitted, brought back, and by a merge that is undone.
select * from tests.refuses($$select pg_temp.register('Fourth')$$, 'ENTITLEMENT_EXHAUSTED', 'tier_limit_reached', 'the fourth of three patients');
select * from tests.refuses($$select app_public.restore_deleted_row('patients', tests.id('gone at atlas'))$$, 'ENTITLEMENT_EXHAUSTED', 'tier_limit_reached', 'brought back');
select tests.act_as('the database');
select throws_ok($$select app_private.admit_patient(tests.id('atlas'), tests.id('gone'))$$, 'RX402', 'tier_limit_reached', 'or admitted again');
select tests.act_as('adrian');
select lives_ok($$select app_public.merge_patients(tests.id('ana at atlas'), tests.id('dana at atlas'), 'the same person')$$, 'two who were one');
select lives_ok($$select pg_temp.register('Third')$$, 'leave a place');
select * from tests.refuses($$select app_public.undo_patient_merge((select id from app_public.patient_merges), 'they were two')$$, 'ENTITLEMENT_EXHAUSTED', 'tier_limit_reached', 'that they do not have any more');
select lives_ok($$select app_public.remove_patient((select p.id from app_public.patients p join app_public.patient_profiles f on f.id = p.patient_profile_id where f.given_name = 'Third'))$$, 'until it is given back');
select lives_ok($$select app_public.undo_patient_merge((select id from app_public.patient_merges), 'they were two')$$, 'to them');

-- Files: confirmed, grown, and brought back.
select tests.file('one', 'document_images', tests.id('atlas'), 'adrian'), tests.file('two', 'document_images', tests.id('atlas'), 'adrian');
select tests.act_as('the database');
select lives_ok($$select tests.file('three', 'organization_logo', tests.id('atlas'), 'adrian', 'pending')$$, 'what is only awaited takes nothing up');
select throws_ok($$update app_public.files set status = 'confirmed', confirmed_at = now(), expires_at = null where id = tests.id('three')$$, 'RX402', 'tier_limit_reached', 'what arrives does');
select throws_ok($$update app_public.files set size_bytes = 1001 where id = tests.id('two')$$, 'RX402', 'tier_limit_reached', 'and what grows');
select lives_ok($$update app_public.files set size_bytes = 999 where id = tests.id('two')$$, 'what shrinks does not');
select tests.act_as('adrian');
select lives_ok($$select app_public.delete_file(tests.id('two'))$$, 'what is deleted leaves room');
select tests.act_as('the database');
select lives_ok($$update app_public.files set status = 'confirmed', confirmed_at = now(), expires_at = null where id = tests.id('three')$$, 'for another');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.restore_file(tests.id('two'))$$, 'ENTITLEMENT_EXHAUSTED', 'tier_limit_reached', 'and cannot come back');

-- What is used: of the period, and only where the tier says so.
select tests.act_as('the database');
select lives_ok($$select app_private.require_within_limit(tests.id('atlas'), 'telerehab_sessions')$$, 'the first session of one');
select app_private.record_usage(tests.id('atlas'), 'telerehab_sessions', 'patient_sessions', 'last month', 1, '2027-02-20 10:00+02');
select lives_ok($$select app_private.require_within_limit(tests.id('atlas'), 'telerehab_sessions')$$, 'what was used before the period does not count');
select app_private.record_usage(tests.id('atlas'), 'telerehab_sessions', 'patient_sessions', 'first', 1);
select throws_ok($$select app_private.require_within_limit(tests.id('atlas'), 'telerehab_sessions')$$, 'RX402', 'tier_limit_reached', 'the second');
select lives_ok($$select app_private.require_within_limit(tests.id('atlas'), 'sms_messages', 1000000)$$, 'what the tier does not limit is not limited');
select lives_ok($$select app_private.require_within_limit(tests.id('boreal'), 'specialists', 1000)$$, 'nor is another clinic');
update app_public.organization_subscriptions set status = 'past_due', past_due_at = now() where organization_id = tests.id('atlas');
select throws_ok($$select app_private.require_within_limit(tests.id('atlas'), 'specialists')$$, 'RX402', 'tier_limit_reached', 'a clinic that owes keeps its limits');
update app_public.organization_subscriptions set status = 'canceled', ended_at = now() where organization_id = tests.id('atlas');
select lives_ok($$select app_private.require_within_limit(tests.id('atlas'), 'specialists')$$, 'one whose subscription ended has none');
select is((select count(*) from app_public.usage_conflicts), 0::bigint, 'and asking counts nothing');
select * from finish();
rollback;
