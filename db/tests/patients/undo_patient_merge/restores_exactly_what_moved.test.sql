-- Test: undo_patient_merge - every row is as it was; what came after the merge stays; what cannot go back is refused, saying why. FND-34, FND-08.
begin;
select plan(25);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.patient('ana', account => false, birth_date => '2018-01-01');
select tests.patient('ana again', account => false, birth_date => null);
select tests.patient('third', account => false, birth_date => '2018-01-01');
select tests.caregiver('corina', 'ana', ends_on => '2036-01-01');
select tests.caregiver('corina', 'ana again');
select tests.caregiver('mihai', 'ana again');
select tests.appointment('of ana', 'ana', 'mondays', 'stefan', '2027-03-08 09:00+02');
select tests.appointment('of again', 'ana again', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.appointment('lost', 'ana again', 'mondays', 'stefan', '2027-03-08 11:00+02');
update app_public.appointments set deleted_at = now() where id = tests.id('lost');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
values (tests.id('ana'), 'appointments', 'sms', true), (tests.id('ana again'), 'appointments', 'sms', false), (tests.id('ana again'), 'appointments', 'push', false);

create function pg_temp.snapshot() returns table (held jsonb) language sql as $$
  select to_jsonb(r) - 'updated_at' from app_public.appointments r union all
  select to_jsonb(r) - 'updated_at' from app_public.messages r union all
  select to_jsonb(r) - 'updated_at' from app_public.caregivers r union all
  select to_jsonb(r) - 'updated_at' from app_public.notification_preferences r union all
  select to_jsonb(r) - 'updated_at' from app_public.quiet_hours r union all
  select to_jsonb(r) - 'updated_at' from app_public.patients r union all
  select to_jsonb(r) - 'updated_at' from app_public.patient_profiles r
$$;
create temporary table before as select * from pg_temp.snapshot();
create function pg_temp.merge(kept text, duplicate text) returns uuid language sql as $$
  select (app_public.merge_patients(tests.id(kept), tests.id(duplicate), 'The same person')).id;
$$;
select tests.act_as('adrian');
select tests.remember('merge', pg_temp.merge('ana at atlas', 'ana again at atlas'));
select tests.act_as('the database');
select is((select ends_on from app_public.caregivers where id = tests.id('mihai for ana again')), '2036-01-01', 'a link to a child whose birthday is known ends with it');
select is((select patient_profile_id from app_public.caregivers where id = tests.id('corina for ana again')), tests.id('ana again'), 'a link that the one kept has already stays behind');
select is((select count(*) from app_public.notification_preferences where patient_profile_id = tests.id('ana')), 2::bigint, 'what the one kept had said counts');
select is((select is_enabled from app_public.notification_preferences where patient_profile_id = tests.id('ana') and channel = 'sms'), true, '… as it was said');

select tests.act_as('flavia');
select * from tests.refuses($$select app_public.undo_patient_merge(tests.id('merge'), 'Two people')$$, 'FORBIDDEN', 'permission_missing', 'front desk asks an administrator');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.undo_patient_merge(tests.id('merge'), '')$$, 'VALIDATION', 'reason_missing', 'it says why');
select * from tests.refuses($$select app_public.undo_patient_merge(uuidv7(), 'Two people')$$, 'NOT_FOUND', 'not_found', 'no such merge');

-- What stands in the way says what to take back first.
select app_public.move_appointment_to_patient(tests.id('of again'), tests.id('third'), 'It is the third''s');
select * from tests.refuses($$select app_public.undo_patient_merge(tests.id('merge'), 'Two people')$$, 'CONFLICT', 'moved_since', 'an appointment went on to somebody else');
select app_public.move_appointment_to_patient(tests.id('of again'), tests.id('ana'), 'It is hers');
select tests.remember('further', pg_temp.merge('third at atlas', 'ana at atlas'));
select * from tests.refuses($$select app_public.undo_patient_merge(tests.id('merge'), 'Two people')$$, 'CONFLICT', 'merged_further', 'the one kept was merged again');
select lives_ok($$select app_public.undo_patient_merge(tests.id('further'), 'Two people')$$, 'which is undone first');
select tests.act_as('the database');
update app_public.patients set deleted_at = now() where id = tests.id('ana at atlas');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.undo_patient_merge(tests.id('merge'), 'Two people')$$, 'CONFLICT', 'belongs_to_something_deleted', 'the one kept is removed');
select tests.act_as('the database');
update app_public.patients set deleted_at = null where id = tests.id('ana at atlas');
select tests.appointment('after', 'ana', 'mondays', 'stefan', '2027-03-08 12:00+02');

select tests.act_as('adrian');
select lives_ok($$select app_public.undo_patient_merge(tests.id('merge'), 'Two people after all')$$, 'then they are two again');
select results_eq(
  $$select undone_by, undo_reason, undone_at from app_public.patient_merges where id = tests.id('merge')$$,
  $$values (tests.id('adrian'), 'Two people after all', '2027-03-01 08:00+02'::timestamptz)$$, 'by whom, why and when stands there');
select * from tests.refuses($$select app_public.undo_patient_merge(tests.id('merge'), 'Again')$$, 'STATE', 'merge_is_undone', 'once');
select tests.act_as('the database');
select is((select patient_profile_id from app_public.appointments where id = tests.id('after')), tests.id('ana'), 'what came after the merge stays with who was kept');
-- But for the contact of the appointment that went to the third and came to Ana in between: it is hers.
select set_eq(
  $$select held - '{contact_name,contact_email}'::text[] from pg_temp.snapshot() where held ->> 'id' <> tests.id('after')::text$$,
  $$select held - '{contact_name,contact_email}'::text[] from before$$, 'and every row is as it was before');
select is(tests.events_of(tests.id('ana at atlas')), '{patient.merged,patient.merge_undone}', 'both are events');
select tests.act_as('adrian');
select isnt(pg_temp.merge('ana at atlas', 'ana again at atlas'), null, 'they can be merged anew');
select * from finish();
rollback;
