-- What recordings of sessions come to, by exercise and by the version of the algorithm that said so. TEL-04, TEL-05, TEL-11.
-- squawk-ignore ban-drop-table
drop table if exists app_private.session_aggregates cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pose_rep_metrics cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pose_session_metrics cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.media_buffering_events cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.media_session_metrics cascade;
drop type if exists app_public.exercise_trend_point cascade;

create table app_private.session_aggregates (
  organization_id uuid not null,
  exercise_session_id uuid not null,
  algorithm_version int not null,
  result jsonb,
  told_at timestamptz not null,
  written_at timestamptz,
  constraint session_aggregates_pkey primary key (organization_id, exercise_session_id, algorithm_version),
  constraint session_aggregates_recording_fkey foreign key (organization_id, exercise_session_id)
    references app_public.exercise_sessions (organization_id, id) on delete restrict,
  constraint session_aggregates_version_counts_from_one check (algorithm_version >= 1),
  constraint session_aggregates_result_is_an_object check (jsonb_typeof(result) = 'object'),
  constraint session_aggregates_result_goes_once_it_is_written check ((result is null) = (written_at is not null))
);
comment on table app_private.session_aggregates is
  'What telemetry said a recording comes to, once for each version of the algorithm; its result until it is written as metrics.';

create table app_public.pose_session_metrics (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  exercise_session_id uuid not null,
  place int not null,
  algorithm_version int not null,
  exercise_id uuid not null references app_public.exercises on delete restrict,
  reps int not null,
  sets int not null,
  range_degrees numeric(5, 1),
  joint text,
  side text,
  signal text,
  confidence numeric(4, 3) not null,
  view text,
  frames_with_person int not null,
  frames_without_person int not null,
  frames_dropped int not null,
  gaps int not null,
  created_at timestamptz not null default now(),
  constraint pose_session_metrics_identity unique (organization_id, id),
  constraint pose_session_metrics_are_written_once unique (organization_id, exercise_session_id, place, algorithm_version),
  constraint pose_session_metrics_recording_fkey foreign key (organization_id, exercise_session_id)
    references app_public.exercise_sessions (organization_id, id) on delete restrict,
  constraint pose_session_metrics_place_counts_from_one check (place >= 1),
  constraint pose_session_metrics_version_counts_from_one check (algorithm_version >= 1),
  constraint pose_session_metrics_counts_are_not_negative check (
    least(reps, sets, frames_with_person, frames_without_person, frames_dropped, gaps) >= 0),
  constraint pose_session_metrics_side_is_known check (side in ('left', 'right')),
  constraint pose_session_metrics_confidence_is_a_share check (confidence between 0 and 1),
  constraint pose_session_metrics_range_is_an_angle check (range_degrees between 0 and 360)
);
create index pose_session_metrics_exercise_idx on app_public.pose_session_metrics (exercise_id, organization_id);
comment on table app_public.pose_session_metrics is
  'What the camera made of an exercise of a recording: information, no judgement. A later version of the algorithm adds a row.';
comment on column app_public.pose_session_metrics.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.pose_session_metrics.algorithm_version is 'The version of the algorithm that said so.';
comment on column app_public.pose_session_metrics.reps is 'Repetitions that were counted; 0 where nothing like the exercise was seen.';
comment on column app_public.pose_session_metrics.sets is 'Sets that they fall into: longer pauses divide them.';
comment on column app_public.pose_session_metrics.range_degrees is E'@nullable\nThe range of motion, in degrees; null where none was measured.';
comment on column app_public.pose_session_metrics.joint is E'@nullable\nThe joint that was measured.';
comment on column app_public.pose_session_metrics.side is E'@nullable\nThe side that was measured.';
comment on column app_public.pose_session_metrics.signal is E'@nullable\nWhat the repetitions were counted by.';
comment on column app_public.pose_session_metrics.confidence is 'How sure the count is, from 0 to 1.';
comment on column app_public.pose_session_metrics.view is E'@nullable\nFrom where the camera saw the person.';
comment on column app_public.pose_session_metrics.frames_with_person is 'Pictures in which somebody was seen.';
comment on column app_public.pose_session_metrics.frames_without_person is 'Pictures in which nobody was seen.';
comment on column app_public.pose_session_metrics.frames_dropped is 'Pictures that the page had to leave out.';
comment on column app_public.pose_session_metrics.gaps is 'Batches of it that never came.';
comment on constraint pose_session_metrics_side_is_known on app_public.pose_session_metrics is E'left: The left one.\nright: The right one.';
comment on constraint pose_session_metrics_recording_fkey on app_public.pose_session_metrics is
  E'@fieldName exerciseSession\n@foreignFieldName poseMetrics\nThe recording.';
comment on constraint pose_session_metrics_exercise_id_fkey on app_public.pose_session_metrics is
  E'@fieldName exercise\n@foreignFieldName poseMetrics\nThe exercise.';

create table app_public.pose_rep_metrics (
  organization_id uuid not null,
  exercise_session_id uuid not null,
  session_started_at timestamptz not null,
  place int not null,
  algorithm_version int not null,
  number int not null,
  started_at timestamptz not null,
  turned_at timestamptz not null,
  ended_at timestamptz not null,
  range_degrees numeric(5, 1),
  constraint pose_rep_metrics_pkey primary key
    (organization_id, exercise_session_id, place, algorithm_version, number, session_started_at),
  constraint pose_rep_metrics_recording_fkey foreign key (organization_id, exercise_session_id)
    references app_public.exercise_sessions (organization_id, id) on delete restrict,
  constraint pose_rep_metrics_number_counts_from_one check (number >= 1),
  constraint pose_rep_metrics_place_counts_from_one check (place >= 1),
  constraint pose_rep_metrics_range_is_an_angle check (range_degrees between 0 and 360)
) partition by range (session_started_at);
comment on table app_public.pose_rep_metrics is 'Each repetition that was counted in a recording; a partition for each month.';
comment on column app_public.pose_rep_metrics.session_started_at is 'When the recording began.';
comment on column app_public.pose_rep_metrics.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.pose_rep_metrics.algorithm_version is 'The version of the algorithm that said so.';
comment on column app_public.pose_rep_metrics.number is 'Which repetition of the exercise it is, counted from one.';
comment on column app_public.pose_rep_metrics.started_at is 'When it began, by the clock of the browser.';
comment on column app_public.pose_rep_metrics.turned_at is 'When it turned, by the clock of the browser.';
comment on column app_public.pose_rep_metrics.ended_at is 'When it ended, by the clock of the browser.';
comment on column app_public.pose_rep_metrics.range_degrees is E'@nullable\nIts range, in degrees.';
comment on constraint pose_rep_metrics_recording_fkey on app_public.pose_rep_metrics is
  E'@fieldName exerciseSession\n@foreignFieldName repetitions\nThe recording.';

create table app_public.media_session_metrics (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  exercise_session_id uuid not null,
  place int not null,
  algorithm_version int not null,
  watched_ms bigint not null,
  duration_ms bigint,
  watched_percentage int,
  stalls int not null,
  stalled_ms bigint not null,
  rates jsonb not null,
  created_at timestamptz not null default now(),
  constraint media_session_metrics_identity unique (organization_id, id),
  constraint media_session_metrics_are_written_once unique (organization_id, exercise_session_id, place, algorithm_version),
  constraint media_session_metrics_recording_fkey foreign key (organization_id, exercise_session_id)
    references app_public.exercise_sessions (organization_id, id) on delete restrict,
  constraint media_session_metrics_place_counts_from_one check (place >= 1),
  constraint media_session_metrics_version_counts_from_one check (algorithm_version >= 1),
  constraint media_session_metrics_amounts_are_not_negative check (least(watched_ms, duration_ms, stalls, stalled_ms) >= 0),
  constraint media_session_metrics_watched_is_a_percentage check (watched_percentage between 0 and 100),
  constraint media_session_metrics_rates_is_a_list check (jsonb_typeof(rates) = 'array')
);
comment on table app_public.media_session_metrics is 'How the video of an exercise was watched in a recording.';
comment on column app_public.media_session_metrics.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.media_session_metrics.algorithm_version is 'The version of the algorithm that said so.';
comment on column app_public.media_session_metrics.watched_ms is 'How much of the video was seen, once each, in milliseconds.';
comment on column app_public.media_session_metrics.duration_ms is E'@nullable\nHow long the video is, in milliseconds.';
comment on column app_public.media_session_metrics.watched_percentage is E'@nullable\nHow much of it was watched, in hundredths; null where its length is not known.';
comment on column app_public.media_session_metrics.stalls is 'How often it stood still for the network.';
comment on column app_public.media_session_metrics.stalled_ms is 'How long it stood still, in milliseconds.';
comment on column app_public.media_session_metrics.rates is 'At which speed: [{"rate", "seconds"}].';
comment on constraint media_session_metrics_recording_fkey on app_public.media_session_metrics is
  E'@fieldName exerciseSession\n@foreignFieldName mediaMetrics\nThe recording.';

create table app_public.media_buffering_events (
  organization_id uuid not null,
  exercise_session_id uuid not null,
  session_started_at timestamptz not null,
  place int not null,
  algorithm_version int not null,
  number int not null,
  stalled_at timestamptz not null,
  length_ms bigint not null,
  constraint media_buffering_events_pkey primary key
    (organization_id, exercise_session_id, place, algorithm_version, number, session_started_at),
  constraint media_buffering_events_recording_fkey foreign key (organization_id, exercise_session_id)
    references app_public.exercise_sessions (organization_id, id) on delete restrict,
  constraint media_buffering_events_number_counts_from_one check (number >= 1),
  constraint media_buffering_events_place_counts_from_one check (place >= 1),
  constraint media_buffering_events_length_is_not_negative check (length_ms >= 0)
) partition by range (session_started_at);
comment on table app_public.media_buffering_events is 'Each time that a video stood still for the network; a partition for each month.';
comment on column app_public.media_buffering_events.session_started_at is 'When the recording began.';
comment on column app_public.media_buffering_events.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.media_buffering_events.algorithm_version is 'The version of the algorithm that said so.';
comment on column app_public.media_buffering_events.number is 'Which of the exercise it is, counted from one.';
comment on column app_public.media_buffering_events.stalled_at is 'When it stood still, by the clock of the browser.';
comment on column app_public.media_buffering_events.length_ms is 'For how long, in milliseconds.';
comment on constraint media_buffering_events_recording_fkey on app_public.media_buffering_events is
  E'@fieldName exerciseSession\n@foreignFieldName stalls\nThe recording.';

create type app_public.exercise_trend_point as (
  exercise_session_id uuid,
  started_at timestamptz,
  place int,
  reps int,
  sets int,
  range_degrees numeric(5, 1),
  confidence numeric(4, 3),
  algorithm_version int,
  prescribed_reps int,
  pain_before int,
  pain_after int
);
comment on type app_public.exercise_trend_point is 'What one recording came to for an exercise: a point of its curves.';
comment on column app_public.exercise_trend_point.exercise_session_id is 'The recording.';
comment on column app_public.exercise_trend_point.started_at is 'When it began.';
comment on column app_public.exercise_trend_point.place is 'The place of the exercise in the session, counted from one.';
comment on column app_public.exercise_trend_point.reps is 'Repetitions that were counted.';
comment on column app_public.exercise_trend_point.sets is 'Sets that they fall into.';
comment on column app_public.exercise_trend_point.range_degrees is E'@nullable\nThe range of motion, in degrees.';
comment on column app_public.exercise_trend_point.confidence is 'How sure the count is, from 0 to 1.';
comment on column app_public.exercise_trend_point.algorithm_version is 'The version of the algorithm that said so.';
comment on column app_public.exercise_trend_point.prescribed_reps is E'@nullable\nRepetitions of all sets that were prescribed; null where it is done for a time.';
comment on column app_public.exercise_trend_point.pain_before is E'@nullable\nPain before the session, as the patient put it.';
comment on column app_public.exercise_trend_point.pain_after is E'@nullable\nPain after the session, as the patient put it.';
