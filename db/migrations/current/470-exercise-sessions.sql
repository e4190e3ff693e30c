-- What is recorded of sessions at home, and the functions by which telemetry tells of it. EXE-05, TEL-05, TEL-06, TEL-07.
create schema if not exists app_telemetry;
grant usage, create on schema app_telemetry to app_engine;
grant usage on schema app_telemetry to app_telemetry;
grant usage, create on schema analytics to app_engine;
comment on schema app_telemetry is 'What telemetry may ask and tell, as app_telemetry, which may do nothing else.';

-- squawk-ignore ban-drop-table
drop table if exists app_public.exercise_sessions cascade;
drop type if exists app_public.exercise_to_do;

alter table app_public.patient_sessions drop constraint if exists patient_sessions_are_of_a_patient;
alter table app_public.patient_sessions
  -- squawk-ignore disallowed-unique-constraint
  add constraint patient_sessions_are_of_a_patient unique (organization_id, id, patient_profile_id);

create table app_public.exercise_sessions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  patient_session_id uuid not null,
  patient_profile_id uuid not null,
  viewer_id uuid not null references app_public.humans on delete restrict,
  scopes text[] not null,
  tracked jsonb not null default '[]',
  started_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  gaps jsonb not null default '[]',
  claimed_by uuid,
  claimed_at timestamptz,
  replay_state text not null default 'none',
  surface text not null default 'session_replays' references app_private.object_surfaces on delete restrict,
  replay_object_key text,
  replay_sha256 text,
  replay_bytes bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint exercise_sessions_identity unique (organization_id, id),
  constraint exercise_sessions_session_fkey foreign key (organization_id, patient_session_id, patient_profile_id)
    references app_public.patient_sessions (organization_id, id, patient_profile_id) on update cascade on delete restrict,
  constraint exercise_sessions_patient_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint exercise_sessions_scopes_are_known check (scopes <@ '{media,pose}'),
  constraint exercise_sessions_expire_after_they_start check (expires_at > started_at),
  constraint exercise_sessions_end_after_they_start check (ended_at >= started_at),
  constraint exercise_sessions_tracked_is_a_list check (jsonb_typeof(tracked) = 'array'),
  constraint exercise_sessions_gaps_is_a_list check (jsonb_typeof(gaps) = 'array'),
  constraint exercise_sessions_claimed_ones_say_when check ((claimed_by is null) = (claimed_at is null)),
  constraint exercise_sessions_replay_state_is_known check (replay_state in ('none', 'kept', 'archived', 'removed')),
  constraint exercise_sessions_kept_replays_lie_somewhere check (
    (replay_state in ('kept', 'archived')) = (num_nonnulls(replay_object_key, replay_sha256, replay_bytes) = 3)
    and num_nonnulls(replay_object_key, replay_sha256, replay_bytes) in (0, 3)),
  constraint exercise_sessions_replay_bytes_are_some check (replay_bytes > 0),
  constraint exercise_sessions_replay_sha256_is_a_sha256 check (replay_sha256 ~ '^[0-9a-f]{64}$'),
  constraint exercise_sessions_replay_object_key_is_the_clinics check (
    replay_object_key = organization_id::text || '/telemetry/' || id::text || '.replay')
);
create index exercise_sessions_session_idx on app_public.exercise_sessions
  (organization_id, patient_session_id, patient_profile_id, started_at);
create index exercise_sessions_patient_idx on app_public.exercise_sessions (organization_id, patient_profile_id, started_at, id);
create index exercise_sessions_started_idx on app_public.exercise_sessions (organization_id, started_at, id);
create index exercise_sessions_profile_idx on app_public.exercise_sessions (patient_profile_id, organization_id);
create index exercise_sessions_viewer_idx on app_public.exercise_sessions (viewer_id);
create index exercise_sessions_surface_idx on app_public.exercise_sessions (surface);
create index exercise_sessions_open_idx on app_public.exercise_sessions (expires_at) where ended_at is null;
comment on column app_public.exercise_sessions.surface is 'Which part of the object store its replay lies in.';
comment on table app_public.exercise_sessions is
  'A recording of a session at home: what a patient agreed to have recorded as it began, and what is left of it.';
comment on column app_public.exercise_sessions.viewer_id is
  'Whose use of the player is counted, by the id of their account: the patient, or who began it for a patient without one.';
comment on column app_public.exercise_sessions.scopes is 'What may be recorded: pose, media, both or neither, as consents stood when it began.';
comment on column app_public.exercise_sessions.tracked is
  'What telemetry looks at of its exercises: [{"place", "joints", "seconds": the length of the video}], as it began.';
comment on column app_public.exercise_sessions.started_at is 'When it began.';
comment on column app_public.exercise_sessions.expires_at is 'Until when anything of it is taken.';
comment on column app_public.exercise_sessions.ended_at is E'@nullable\nWhen it was over, and its results were known; null until then.';
comment on column app_public.exercise_sessions.gaps is 'Batches that never came: [[from, to], …], by their numbers.';
comment on column app_public.exercise_sessions.replay_state is 'Whether its movement can be played again.';
comment on column app_public.exercise_sessions.replay_bytes is E'@nullable\nHow large what can be played again is, in bytes.';
comment on constraint exercise_sessions_replay_state_is_known on app_public.exercise_sessions is
  E'none: No movement was recorded.\nkept: It can be played again.\narchived: It was put away: it takes hours to be brought back.\n'
  'removed: It was kept for its time, or erased.';
comment on constraint exercise_sessions_session_fkey on app_public.exercise_sessions is
  E'@fieldName patientSession\n@foreignFieldName exerciseSessions\nThe session of the treatment plan.';
comment on constraint exercise_sessions_patient_fkey on app_public.exercise_sessions is
  E'@fieldName patient\n@foreignFieldName exerciseSessions\nThe patient.';

comment on constraint exercise_sessions_viewer_id_fkey on app_public.exercise_sessions is '@behavior -*';

create type app_public.exercise_to_do as (
  place int,
  prescription jsonb,
  tracking jsonb,
  exercise app_public.shown_exercise
);
comment on type app_public.exercise_to_do is 'An exercise of a session as its page needs it: what was prescribed, what the camera follows, and how it is shown.';
comment on column app_public.exercise_to_do.place is 'Its place in the session, counted from one.';
comment on column app_public.exercise_to_do.prescription is
  'What was prescribed: {"sets", "reps", "seconds", "restSeconds", "tempo": {"up", "hold", "down"}, "side"}.';
comment on column app_public.exercise_to_do.tracking is
  E'@nullable\nWhat the camera follows: {"joints": ["knee", "hip"], "view": "front" or "side", "primary": "knee", "minRange": degrees}; null where it cannot be followed.';
comment on column app_public.exercise_to_do.exercise is 'The exercise in the language of the patient, with the video of what was prescribed.';

-- not in db/reference: it stands there as well; the table names it by default.
insert into app_private.object_surfaces (key, prefix, description, class, retention) values
  ('session_replays', 'telemetry/', 'Movement of sessions at home, in the folder of each clinic, to be played again.', 'phi', 'medical_record')
on conflict do nothing;

-- not in db/reference: they stand there as well; policies name them before those rows come.
insert into app_public.permissions (name, description) values
  ('exercise_sessions.view', 'See what was recorded of patients'' sessions at home, and play it again')
on conflict do nothing;
