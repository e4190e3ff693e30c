-- Treatment plans that patients were assigned, their sessions, and what was done in them. EXE-01, EXE-02, EXE-04.

create table app_public.patient_treatment_plans (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  patient_profile_id uuid not null,
  plan_scope_id uuid not null,
  treatment_plan_id uuid not null,
  version_id uuid not null,
  patient_service_plan_id uuid,
  form_template_id uuid,
  starts_on date not null,
  ends_on date not null,
  weekdays int[] not null default '{1,2,3,4,5,6,7}',
  allows_extra_sessions boolean not null default false,
  status text not null default 'active',
  status_reason text,
  paused_on date,
  tended_on date not null,
  low_adherence_since timestamptz,
  assigned_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_treatment_plans_identity unique (organization_id, id),
  constraint patient_treatment_plans_are_of_a_patient unique (organization_id, id, patient_profile_id),
  constraint patient_treatment_plans_patient_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint patient_treatment_plans_version_fkey foreign key (plan_scope_id, treatment_plan_id, version_id)
    references app_public.treatment_plan_versions (scope_id, treatment_plan_id, id) on delete restrict,
  constraint patient_treatment_plans_service_plan_fkey foreign key (organization_id, patient_service_plan_id)
    references app_public.patient_service_plans (organization_id, id) on delete restrict,
  constraint patient_treatment_plans_form_template_fkey foreign key (organization_id, form_template_id)
    references app_public.form_templates (organization_id, id) on delete restrict,
  constraint patient_treatment_plans_plan_is_the_clinics_or_the_platforms
    check (plan_scope_id in (organization_id, '00000000-0000-0000-0000-000000000000')),
  constraint patient_treatment_plans_status_is_known check (status in ('active', 'paused', 'completed', 'cancelled', 'expired')),
  constraint patient_treatment_plans_end_after_they_start check (ends_on >= starts_on),
  constraint patient_treatment_plans_weekdays_are_iso check (weekdays <@ '{1,2,3,4,5,6,7}' and cardinality(weekdays) between 1 and 7),
  constraint patient_treatment_plans_paused_ones_say_since_when check ((status = 'paused') = (paused_on is not null)),
  constraint patient_treatment_plans_reason_is_at_most_500_characters_long check (length(status_reason) <= 500)
);
create unique index patient_treatment_plans_are_assigned_once on app_public.patient_treatment_plans
  (organization_id, patient_profile_id, treatment_plan_id) where status in ('active', 'paused');
create index patient_treatment_plans_patient_idx on app_public.patient_treatment_plans (organization_id, patient_profile_id, created_at, id);
create index patient_treatment_plans_created_idx on app_public.patient_treatment_plans (organization_id, created_at, id);
create index patient_treatment_plans_profile_idx on app_public.patient_treatment_plans (patient_profile_id);
create index patient_treatment_plans_version_idx on app_public.patient_treatment_plans (plan_scope_id, treatment_plan_id, version_id);
create index patient_treatment_plans_service_plan_idx on app_public.patient_treatment_plans (organization_id, patient_service_plan_id);
create index patient_treatment_plans_form_template_idx on app_public.patient_treatment_plans (organization_id, form_template_id);
create index patient_treatment_plans_assigned_by_idx on app_public.patient_treatment_plans (assigned_by);
create index patient_treatment_plans_tended_idx on app_public.patient_treatment_plans (tended_on, organization_id, id) where status = 'active';
comment on table app_public.patient_treatment_plans is
  'A treatment plan that a patient was assigned. It stays with the version of that day until somebody moves it to another.';
comment on column app_public.patient_treatment_plans.plan_scope_id is E'@behavior -*\nWhose the plan is: the clinic, or zero for the platform.';
comment on column app_public.patient_treatment_plans.patient_service_plan_id is
  E'@nullable\nThe service plan of the patient that it was counted to; null: nothing was counted.';
comment on column app_public.patient_treatment_plans.form_template_id is E'@nullable\nThe form that is asked after each session at home.';
comment on column app_public.patient_treatment_plans.starts_on is 'From which day, by the clock of the clinic.';
comment on column app_public.patient_treatment_plans.ends_on is 'The last day, by the clock of the clinic.';
comment on column app_public.patient_treatment_plans.weekdays is 'On which days sessions can be due: 1 is Monday, 7 is Sunday.';
comment on column app_public.patient_treatment_plans.allows_extra_sessions is 'Whether the patient may do sessions that are not due.';
comment on column app_public.patient_treatment_plans.status_reason is E'@nullable\nWhy it was paused, taken up or cancelled.';
comment on column app_public.patient_treatment_plans.paused_on is E'@nullable\nSince which day it is paused.';
comment on column app_public.patient_treatment_plans.tended_on is E'@behavior -*\nThe day of the clinic up to which the clock has looked after it.';
comment on column app_public.patient_treatment_plans.low_adherence_since is
  E'@nullable\nSince when fewer of the sessions that were due were done than the clinic asks for; null: enough.';
comment on column app_public.patient_treatment_plans.assigned_by is 'Who assigned it, by the id of their account.';
comment on constraint patient_treatment_plans_status_is_known on app_public.patient_treatment_plans is
  E'active: Goes on.\npaused: Nothing is due until it is taken up.\ncompleted: No session is left to do.\n'
  'cancelled: Somebody of the clinic ended it.\nexpired: Its last day has passed with sessions left.';
comment on constraint patient_treatment_plans_patient_fkey on app_public.patient_treatment_plans is
  E'@fieldName patient\n@foreignFieldName treatmentPlans\nThe patient.';

create table app_public.treatment_plan_moves (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_treatment_plan_id uuid not null,
  plan_scope_id uuid not null,
  from_version_id uuid not null,
  to_version_id uuid not null,
  reason text not null,
  moved_by uuid references app_public.principals on delete restrict,
  moved_at timestamptz not null,
  constraint treatment_plan_moves_identity unique (organization_id, id),
  constraint treatment_plan_moves_plan_fkey foreign key (organization_id, patient_treatment_plan_id)
    references app_public.patient_treatment_plans (organization_id, id) on delete restrict,
  constraint treatment_plan_moves_from_version_fkey foreign key (plan_scope_id, from_version_id)
    references app_public.treatment_plan_versions (scope_id, id) on delete restrict,
  constraint treatment_plan_moves_to_version_fkey foreign key (plan_scope_id, to_version_id)
    references app_public.treatment_plan_versions (scope_id, id) on delete restrict,
  constraint treatment_plan_moves_lead_elsewhere check (from_version_id <> to_version_id),
  constraint treatment_plan_moves_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint treatment_plan_moves_reason_is_at_most_500_characters_long check (length(reason) <= 500)
);
create index treatment_plan_moves_plan_idx on app_public.treatment_plan_moves (organization_id, patient_treatment_plan_id, moved_at);
create index treatment_plan_moves_from_idx on app_public.treatment_plan_moves (plan_scope_id, from_version_id);
create index treatment_plan_moves_to_idx on app_public.treatment_plan_moves (plan_scope_id, to_version_id);
create index treatment_plan_moves_moved_by_idx on app_public.treatment_plan_moves (moved_by);
comment on table app_public.treatment_plan_moves is 'When a patient''s treatment plan went from one version to another, by whom and why.';
comment on column app_public.treatment_plan_moves.plan_scope_id is E'@behavior -*\nWhose the plan is: the clinic, or zero for the platform.';
comment on column app_public.treatment_plan_moves.reason is 'Why it was moved.';
comment on column app_public.treatment_plan_moves.moved_by is 'Who moved it, by the id of their account.';
comment on column app_public.treatment_plan_moves.moved_at is 'When it was moved.';

create table app_public.patient_sessions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_treatment_plan_id uuid not null,
  patient_profile_id uuid not null,
  plan_scope_id uuid not null,
  version_id uuid not null,
  position int not null,
  is_extra boolean not null default false,
  due_on date not null,
  place text not null,
  appointment_id uuid,
  status text not null default 'due',
  started_at timestamptz,
  acknowledged_ids uuid[] not null default '{}',
  completed_at timestamptz,
  completed_by uuid references app_public.principals on delete restrict,
  completion_reason text,
  pain_before int,
  pain_after int,
  form_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_sessions_identity unique (organization_id, id),
  constraint patient_sessions_plan_fkey foreign key (organization_id, patient_treatment_plan_id, patient_profile_id)
    references app_public.patient_treatment_plans (organization_id, id, patient_profile_id) on update cascade on delete restrict,
  constraint patient_sessions_patient_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint patient_sessions_version_fkey foreign key (plan_scope_id, version_id)
    references app_public.treatment_plan_versions (scope_id, id) on delete restrict,
  constraint patient_sessions_appointment_fkey foreign key (organization_id, appointment_id)
    references app_public.appointments (organization_id, id) on delete restrict,
  constraint patient_sessions_form_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint patient_sessions_place_is_known check (place in ('home', 'clinic')),
  constraint patient_sessions_status_is_known check (status in ('due', 'started', 'completed', 'missed', 'cancelled')),
  constraint patient_sessions_position_counts_from_one check (position >= 1),
  constraint patient_sessions_appointments_are_of_those_in_the_clinic check (appointment_id is null or place = 'clinic'),
  constraint patient_sessions_extra_ones_are_at_home check (not is_extra or place = 'home'),
  constraint patient_sessions_completed_ones_say_when check ((status = 'completed') = (completed_at is not null)),
  constraint patient_sessions_end_after_they_started check (completed_at >= started_at),
  constraint patient_sessions_pain_before_is_a_rating check (pain_before between 0 and 10),
  constraint patient_sessions_pain_after_is_a_rating check (pain_after between 0 and 10),
  constraint patient_sessions_reason_is_at_most_500_characters_long check (length(completion_reason) <= 500)
);
create unique index patient_sessions_are_due_once on app_public.patient_sessions
  (organization_id, patient_treatment_plan_id, position) where not is_extra and status <> 'cancelled';
create unique index patient_sessions_appointment_is_of_one on app_public.patient_sessions (organization_id, appointment_id)
  where appointment_id is not null;
create index patient_sessions_plan_idx on app_public.patient_sessions
  (organization_id, patient_treatment_plan_id, patient_profile_id, due_on, id);
create index patient_sessions_due_idx on app_public.patient_sessions (organization_id, due_on, id);
create index patient_sessions_profile_idx on app_public.patient_sessions (patient_profile_id, organization_id);
create index patient_sessions_patient_idx on app_public.patient_sessions (organization_id, patient_profile_id, due_on, id);
create index patient_sessions_version_idx on app_public.patient_sessions (plan_scope_id, version_id);
create index patient_sessions_form_idx on app_public.patient_sessions (organization_id, form_id);
create index patient_sessions_completed_by_idx on app_public.patient_sessions (completed_by);
comment on table app_public.patient_sessions is 'A session of a patient''s treatment plan: when it is due, and what became of it.';
comment on column app_public.patient_sessions.plan_scope_id is E'@behavior -*\nWhose the plan is: the clinic, or zero for the platform.';
comment on column app_public.patient_sessions.version_id is 'The version that says what is done in it.';
comment on column app_public.patient_sessions.position is 'Which session of the version it is, counted from one.';
comment on column app_public.patient_sessions.is_extra is 'Whether the patient did it beyond what was due; it counts neither for nor against them.';
comment on column app_public.patient_sessions.due_on is 'The day on which it is due, by the clock of the clinic.';
comment on column app_public.patient_sessions.place is 'Where it takes place.';
comment on column app_public.patient_sessions.appointment_id is E'@nullable\nThe appointment in which it takes place; null: none is linked.';
comment on column app_public.patient_sessions.started_at is E'@nullable\nWhen the patient began it.';
comment on column app_public.patient_sessions.acknowledged_ids is
  'The contraindications that the patient said to have read before it began.';
comment on column app_public.patient_sessions.completed_at is E'@nullable\nWhen it was done.';
comment on column app_public.patient_sessions.completed_by is
  E'@nullable\nWho said that it was done, by the id of their account; null where its appointment did.';
comment on column app_public.patient_sessions.completion_reason is E'@nullable\nWhy somebody of the clinic completed it without an appointment.';
comment on column app_public.patient_sessions.pain_before is E'@nullable\nPain before it, as the patient put it: 0 none, 10 the worst.';
comment on column app_public.patient_sessions.pain_after is E'@nullable\nPain after it, as the patient put it: 0 none, 10 the worst.';
comment on column app_public.patient_sessions.form_id is E'@nullable\nThe form that was asked after it.';
comment on constraint patient_sessions_status_is_known on app_public.patient_sessions is
  E'due: To be done on its day.\nstarted: Begun.\ncompleted: Done.\nmissed: Its day has passed, or nobody came to it.\n'
  'cancelled: No longer asked for.';
comment on constraint patient_sessions_place_is_known on app_public.patient_sessions is
  E'home: Where the patient is, by the patient alone.\nclinic: In the clinic, with somebody of the clinic.';
comment on constraint patient_sessions_patient_fkey on app_public.patient_sessions is
  E'@fieldName patient\n@foreignFieldName sessions\nThe patient.';
comment on constraint patient_sessions_plan_fkey on app_public.patient_sessions is
  E'@fieldName patientTreatmentPlan\n@foreignFieldName sessions\nThe plan that it belongs to.';

create table app_public.patient_exercise_logs (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_session_id uuid not null,
  place int not null,
  exercise_id uuid not null references app_public.exercises on delete restrict,
  prescribed jsonb not null,
  client_id uuid,
  entered_sets int,
  entered_reps int,
  entered_seconds int,
  actual_sets int,
  actual_reps int,
  actual_seconds int,
  actual_source text,
  note text,
  video_watch_percentage int,
  pose_summary jsonb,
  performed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_exercise_logs_identity unique (organization_id, id),
  constraint patient_exercise_logs_place_is_used_once unique (organization_id, patient_session_id, place),
  constraint patient_exercise_logs_client_id_is_used_once unique (organization_id, client_id),
  constraint patient_exercise_logs_session_fkey foreign key (organization_id, patient_session_id)
    references app_public.patient_sessions (organization_id, id) on delete restrict,
  constraint patient_exercise_logs_place_counts_from_one check (place >= 1),
  constraint patient_exercise_logs_actual_source_is_known check (actual_source in ('patient', 'pose')),
  constraint patient_exercise_logs_what_was_done_has_a_source check (
    (actual_source is null) = (num_nonnulls(actual_sets, actual_reps, actual_seconds) = 0)),
  constraint patient_exercise_logs_entered_sets_is_sensible check (entered_sets between 0 and 100),
  constraint patient_exercise_logs_entered_reps_is_sensible check (entered_reps between 0 and 10000),
  constraint patient_exercise_logs_entered_seconds_is_sensible check (entered_seconds between 0 and 86400),
  constraint patient_exercise_logs_actual_sets_is_sensible check (actual_sets between 0 and 100),
  constraint patient_exercise_logs_actual_reps_is_sensible check (actual_reps between 0 and 10000),
  constraint patient_exercise_logs_actual_seconds_is_sensible check (actual_seconds between 0 and 86400),
  constraint patient_exercise_logs_video_watch_percentage_is_a_percentage check (video_watch_percentage between 0 and 100),
  constraint patient_exercise_logs_prescribed_is_an_object check (jsonb_typeof(prescribed) = 'object'),
  constraint patient_exercise_logs_pose_summary_is_an_object check (jsonb_typeof(pose_summary) = 'object'),
  constraint patient_exercise_logs_note_is_at_most_1000_characters_long check (length(note) <= 1000)
);
create index patient_exercise_logs_exercise_idx on app_public.patient_exercise_logs (exercise_id);
comment on table app_public.patient_exercise_logs is 'What was done of an exercise of a session, beside what was prescribed.';
comment on column app_public.patient_exercise_logs.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.patient_exercise_logs.prescribed is 'What was prescribed, copied from the version.';
comment on column app_public.patient_exercise_logs.client_id is
  E'@nullable\nThe id that the patient''s device gave the entry; a repeated one writes nothing.';
comment on column app_public.patient_exercise_logs.entered_sets is E'@nullable\nSets that the patient says to have done.';
comment on column app_public.patient_exercise_logs.entered_reps is E'@nullable\nRepetitions that the patient says to have done, of all sets.';
comment on column app_public.patient_exercise_logs.entered_seconds is E'@nullable\nSeconds that the patient says to have done, of all sets.';
comment on column app_public.patient_exercise_logs.actual_sets is E'@nullable\nSets that were done, by its source.';
comment on column app_public.patient_exercise_logs.actual_reps is E'@nullable\nRepetitions that were done, of all sets, by its source.';
comment on column app_public.patient_exercise_logs.actual_seconds is E'@nullable\nSeconds that were done, of all sets, by its source.';
comment on column app_public.patient_exercise_logs.actual_source is E'@nullable\nWho says what was done.';
comment on column app_public.patient_exercise_logs.note is E'@nullable\nWhat the patient wrote about it.';
comment on column app_public.patient_exercise_logs.video_watch_percentage is E'@nullable\nHow much of the video was watched, in hundredths.';
comment on column app_public.patient_exercise_logs.pose_summary is E'@nullable\nWhat the camera made of it: information, no judgement.';
comment on column app_public.patient_exercise_logs.performed_at is E'@nullable\nWhen it was done.';
comment on constraint patient_exercise_logs_actual_source_is_known on app_public.patient_exercise_logs is
  E'patient: The patient said so.\npose: The camera counted.';
comment on constraint patient_exercise_logs_session_fkey on app_public.patient_exercise_logs is
  E'@fieldName patientSession\n@foreignFieldName exerciseLogs\nThe session.';

comment on constraint patient_treatment_plans_version_fkey on app_public.patient_treatment_plans is
  E'@fieldName version\n@foreignFieldName patientTreatmentPlans\nThe version that the patient has.';
comment on constraint patient_treatment_plans_service_plan_fkey on app_public.patient_treatment_plans is
  E'@fieldName patientServicePlan\n@foreignFieldName treatmentPlans\nThe service plan that it was counted to.';
comment on constraint patient_treatment_plans_form_template_fkey on app_public.patient_treatment_plans is
  E'@fieldName formTemplate\n@foreignFieldName patientTreatmentPlans\nThe form that is asked after each session.';
comment on constraint treatment_plan_moves_plan_fkey on app_public.treatment_plan_moves is
  E'@fieldName patientTreatmentPlan\n@foreignFieldName moves\nThe plan of the patient.';
comment on constraint treatment_plan_moves_from_version_fkey on app_public.treatment_plan_moves is
  E'@fieldName fromVersion\n@foreignFieldName movesFrom\nThe version before.';
comment on constraint treatment_plan_moves_to_version_fkey on app_public.treatment_plan_moves is
  E'@fieldName toVersion\n@foreignFieldName movesTo\nThe version after.';
comment on constraint patient_sessions_version_fkey on app_public.patient_sessions is
  E'@fieldName version\n@foreignFieldName patientSessions\nThe version that says what is done in it.';
comment on constraint patient_sessions_appointment_fkey on app_public.patient_sessions is
  E'@fieldName appointment\n@foreignFieldName treatmentSessions\nThe appointment in which it takes place.';
comment on constraint patient_sessions_form_fkey on app_public.patient_sessions is
  E'@fieldName form\n@foreignFieldName treatmentSessions\nThe form that was asked after it.';
comment on constraint patient_exercise_logs_exercise_id_fkey on app_public.patient_exercise_logs is
  E'@fieldName exercise\n@foreignFieldName exerciseLogs\nThe exercise.';

-- not in db/reference: they stand there as well; policies name them before those rows come.
insert into app_public.permissions (name, description) values
  ('treatment_plans.view', 'See treatment plans, and how patients get on with them'),
  ('treatment_plans.manage', 'Write treatment plans and submit them'),
  ('treatment_plans.approve', 'Approve treatment plans that others wrote'),
  ('treatment_plans.assign', 'Assign treatment plans to patients, and look after them')
on conflict do nothing;
