-- Test: merge_patients, undo_patient_merge - rows of the duplicate at this clinic, and no others; where another clinic or
-- the person relies on the profile too, what a clinic may not decide for them stays. FND-34, FND-08.
begin;
select plan(20);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.specialist('sorin');
select tests.calendar('northern', '{sorin}');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.patient(p, account => false, birth_date => '2009-03-01') from unnest('{kept,duplicate,bystander,kept here,duplicate here}'::text[]) p;
select tests.patient('third', 'boreal', account => false);
select tests.admitted(tests.id('boreal'), tests.id(p)) from unnest('{kept here,duplicate here}'::text[]) p;

-- Everybody has one of everything; who is at two clinics has it at both.
create temporary table people as select unnest('{kept,duplicate,bystander,kept here,duplicate here}'::text[]) as name;
select tests.appointment('visit of ' || name, name, 'mondays', 'stefan', '2027-03-08 08:00+02'::timestamptz + row_number() over (order by name) * interval '1 hour') from people;
select tests.appointment('second visit of duplicate here', 'duplicate here', 'mondays', 'stefan', '2027-03-09 09:00+02');
select tests.appointment('northern visit', 'duplicate here', 'northern', 'sorin', '2027-03-08 09:00+02');
insert into app_public.invitations (organization_id, kind, email, name, patient_profile_id, invited_by, expires_at)
select tests.id('atlas'), 'patient', status || '@people.test', name, tests.id(name), tests.id('adrian'), '2027-03-10' from people, unnest('{open,declined}'::text[]) status where name <> 'kept here';
update app_public.invitations set status = 'declined' where email = 'declined@people.test';
insert into app_public.invitations (organization_id, kind, email, name, patient_profile_id, invited_by, expires_at)
values (tests.id('boreal'), 'patient', 'x@people.test', 'N', tests.id('duplicate here'), tests.id('beata'), '2027-03-10');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
select tests.id(name), 'appointments', 'sms', true from people where name <> 'kept' union all select tests.id('kept'), topic, 'sms', false
from (select t.key as topic from app_public.message_topics t where t.key <> 'appointments' limit 1) as other;
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled) values (tests.id('duplicate here'), 'appointments', 'push', false);
insert into app_public.quiet_hours (patient_profile_id, quiet_from, quiet_until, timezone) select tests.id(name), '20:00', '10:00', 'Europe/Bucharest' from people where name <> 'kept here';
select tests.caregiver(c, p) from (values
  ('corina', 'kept'), ('daria', 'kept'), ('corina', 'duplicate'), ('daria', 'duplicate'), ('emil', 'duplicate'), ('of the bystander', 'bystander'),
  ('corina', 'kept here'), ('corina', 'duplicate here'), ('revoked', 'duplicate here'), ('on their last day', 'duplicate here')) as t (c, p);
update app_public.caregivers set revoked_at = app_hidden.now()
where id in (tests.id('daria for kept'), tests.id('corina for duplicate'), tests.id('revoked for duplicate here'));
update app_public.caregivers set ends_on = '2027-03-01' where id = tests.id('on their last day for duplicate here');

-- What somebody was told: by event, template, channel and account.
insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select tests.id('atlas'), e.name, e.version, 'patient', uuidv7(), '{}', now() from (select name, version from app_private.event_types limit 1) e, generate_series(1, 2);
create temporary table told (place int, person text, event int, template text, channel text, account text);
insert into told values
  (1, 'kept', 1, 'appointment_booked', 'email', null), (2, 'duplicate', 1, 'appointment_booked', 'email', null), (3, 'duplicate', 2, 'appointment_booked', 'email', null),
  (4, 'duplicate', 1, 'appointment_cancelled', 'email', null), (5, 'duplicate', 1, 'appointment_booked', 'sms', null), (6, 'duplicate', 1, 'appointment_booked', 'email', 'corina'),
  (7, 'bystander', 1, 'appointment_booked', 'push', null), (8, 'duplicate', 1, 'appointment_booked', 'push', null), (9, 'bystander', 2, 'appointment_booked', 'email', null);
insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version, patient_profile_id, account_id, recipient_name, data, event_id, expires_at)
select tests.id('atlas'), template, told.channel, 'letter', 1, 'ro', 1, tests.id(person), case when account is not null then (select principal_id from tests.personas where name = account) end,
  place::text, '{}', (select id from app_private.events order by id desc offset 2 - event limit 1), now() + interval '2 days' from told;
insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version, patient_profile_id, recipient_name, data, expires_at)
values (tests.id('boreal'), 'appointment_booked', 'email', 'letter', 1, 'ro', 1, tests.id('duplicate here'), 'of boreal', '{}', now() + interval '2 days');

create function pg_temp.whose(profile uuid) returns text language sql as $$ select name from people where tests.id(name) = profile $$;
create function pg_temp.all_rows() returns table (what text, whose text) language sql as $$
  select 'visit ' || (select name from tests.names n where n.id = a.id), pg_temp.whose(patient_profile_id) from app_public.appointments a union all
  select 'message ' || recipient_name, pg_temp.whose(patient_profile_id) from app_public.messages union all
  select 'link ' || (select name from tests.names n where n.id = c.id) || coalesce(' until ' || ends_on, ''), pg_temp.whose(patient_profile_id) from app_public.caregivers c union all
  select 'evidence of ' || (select name from tests.names n where n.id = e.caregiver_id), pg_temp.whose(patient_profile_id) from app_private.caregiver_evidence e union all
  select 'preference ' || topic || ' ' || id, pg_temp.whose(patient_profile_id) from app_public.notification_preferences union all
  select 'quiet ' || id, pg_temp.whose(patient_profile_id) from app_public.quiet_hours union all
  select 'invitation ' || status || ' ' || id, pg_temp.whose(patient_profile_id) from app_public.invitations
$$;
create temporary table before as select * from pg_temp.all_rows();
create function pg_temp.gone(kind text) returns text[] language sql as $$
  select array_agg(b.what || ': ' || b.whose || ' to ' || a.whose order by b.what) from before b join pg_temp.all_rows() a using (what) where b.whose <> a.whose and b.what like kind || '%';
$$;

select tests.act_as('adrian');
select tests.remember('merge', (app_public.merge_patients(tests.id('kept at atlas'), tests.id('duplicate at atlas'), 'The same person')).id);
select tests.act_as('the database');
select is(pg_temp.gone('visit'), '{"visit visit of duplicate: duplicate to kept"}', 'the visits of the duplicate, and of nobody else');
select is(pg_temp.gone('message'), array(select 'message ' || n || ': duplicate to kept' from unnest('{3,4,5,6,8}'::int[]) n),
  'messages but the one that both were told: another event, template, channel or account is another message, and what a third was told is theirs');
select is(pg_temp.gone('link'), '{"link corina for duplicate: duplicate to kept","link daria for duplicate: duplicate to kept","link emil for duplicate: duplicate to kept"}',
  'links, also one that was ended, and one whose like was ended; who turns eighteen today keeps them without a date');
select is(pg_temp.gone('evidence'), '{"evidence of corina for duplicate: duplicate to kept","evidence of daria for duplicate: duplicate to kept","evidence of emil for duplicate: duplicate to kept"}', 'with their evidence');
select is(cardinality(pg_temp.gone('preference')), 1, 'what the one kept said of another topic stands in no way');
select is(pg_temp.gone('quiet'), null, 'who has quiet hours keeps them, and so do others');
select is((select array_agg(pg_temp.whose(patient_profile_id)) from app_public.invitations where status = 'revoked'), '{duplicate}', 'the open invitation of the duplicate is taken back');
select is((select count(*) from app_public.invitations where status = 'declined'), 4::bigint, 'what was declined stays declined');

select tests.act_as('adrian');
select lives_ok($$select app_public.undo_patient_merge(tests.id('merge'), 'Two people')$$, 'they are two again');
select tests.act_as('the database');
select set_eq($$select * from pg_temp.all_rows() where what not like 'invitation%'$$, $$select * from before where what not like 'invitation%'$$, 'and every row is whose it was');

-- Both are also patients of another clinic, which relies on the profiles too. One that another clinic merged away is another matter there.
insert into app_public.patient_merges (organization_id, patient_profile_id, merged_profile_id, reason, moved)
values (tests.id('boreal'), tests.id('third'), tests.id('kept here'), 'One person', '{}');
truncate before;
insert into before select * from pg_temp.all_rows();
create function pg_temp.merged_after(statement text) returns text language plpgsql as $$
begin
  execute statement;
  perform tests.act_as('adrian');
  perform app_public.merge_patients(tests.id('kept here at atlas'), tests.id('duplicate here at atlas'), 'The same person');
  perform tests.act_as('the database');
  raise exception 'merged' using errcode = 'ZZ000';
exception when sqlstate 'ZZ000' or sqlstate 'RX409' then
  perform tests.act_as('the database');
  return sqlerrm;
end $$;
select is(pg_temp.merged_after(statement), outcome, why)
from (values
  ('select', 'merged', 'a link that was ended, one on its last day, and a caregiver of both stand in no way'),
  ($$update app_public.caregivers set ends_on = '2027-03-02' where id = tests.id('on their last day for duplicate here')$$, 'caregivers_differ', 'one that lasts until tomorrow does'),
  ($$update app_public.caregivers set ends_on = null where id = tests.id('on their last day for duplicate here')$$, 'caregivers_differ', 'and one without an end'),
  ($$update app_public.caregivers set revoked_at = now() where id = tests.id('corina for kept here')$$, 'caregivers_differ', 'who cares for the kept one no more is no caregiver of both'),
  ($$update app_public.patient_profiles set human_id = tests.id('corina') where id in (tests.id('kept here'), tests.id('duplicate here'))$$, 'merged', 'two profiles of one account are one person''s')
) as t (statement, outcome, why);
create function pg_temp.moved_since() returns jsonb language plpgsql as $$
declare v text; begin perform app_public.undo_patient_merge(tests.id('merge here'), 'Two people'); return null; exception when sqlstate 'RX409' then get stacked diagnostics v = pg_exception_detail; return v::jsonb -> 'ids'; end $$;
select tests.act_as('adrian');
select tests.remember('merge here', (app_public.merge_patients(tests.id('kept here at atlas'), tests.id('duplicate here at atlas'), 'The same person')).id);
select tests.act_as('the database');
select is(pg_temp.gone(''), '{"visit second visit of duplicate here: duplicate here to kept here","visit visit of duplicate here: duplicate here to kept here"}', 'only the visits at this clinic move');
select is((select array_agg(organization_id) from app_public.invitations where patient_profile_id = tests.id('duplicate here') and status = 'open'), array[tests.id('boreal')], 'only its own invitation is taken back');
select tests.act_as('adrian');
select app_public.move_appointment_to_patient(tests.id('visit of duplicate here'), tests.id('bystander'), 'It is theirs');
select is(pg_temp.moved_since(), jsonb_build_array(tests.id('visit of duplicate here')), 'what moved on is named, and nothing else');
select app_public.move_appointment_to_patient(tests.id('visit of duplicate here'), tests.id('kept here'), 'It is not');
select lives_ok($$select app_public.undo_patient_merge(tests.id('merge here'), 'Two people')$$, 'moved back, they are two again');
select tests.act_as('the database');
select set_eq($$select * from pg_temp.all_rows() where what not like 'invitation%'$$, $$select * from before where what not like 'invitation%'$$, 'and every row is whose it was');
select * from finish();
rollback;
