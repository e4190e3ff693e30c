-- Rooms of video appointments and what was recorded in them. APT-07.

-- squawk-ignore ban-drop-table
drop table if exists app_public.video_recordings cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.video_rooms cascade;
create table app_public.video_rooms (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  appointment_id uuid not null,
  status text not null,
  room_name text not null,
  url text,
  integration_id uuid,
  opens_at timestamptz not null,
  expires_at timestamptz not null,
  problem text,
  tries int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint video_rooms_identity unique (organization_id, id),
  constraint video_rooms_one_for_an_appointment unique (organization_id, appointment_id),
  constraint video_rooms_organization_id_appointment_id_fkey foreign key (organization_id, appointment_id)
    references app_public.appointments (organization_id, id) on delete restrict,
  constraint video_rooms_status_is_known check (
    status in ('awaits_consent', 'wanted', 'delayed', 'ready', 'closing', 'closed')),
  constraint video_rooms_problem_is_known check (
    problem in ('vendor_unreachable', 'vendor_refused', 'credentials_refused', 'not_set_up')),
  constraint video_rooms_delay_has_a_problem check (status <> 'delayed' or problem is not null),
  constraint video_rooms_room_name_is_unguessable check (room_name ~ '^rx-[0-9a-f]{32}$'),
  constraint video_rooms_ready_has_a_url check (status <> 'ready' or url is not null),
  constraint video_rooms_url_is_a_url check (url ~ '^https?://[^[:space:][:cntrl:]]+$'),
  constraint video_rooms_url_is_at_most_500_characters_long check (length(url) <= 500),
  constraint video_rooms_tries_are_counted check (tries >= 0),
  constraint video_rooms_end_after_start check (opens_at < expires_at)
);
create index video_rooms_open_idx on app_public.video_rooms (updated_at) where status <> 'closed';
create index video_rooms_room_name_idx on app_public.video_rooms (room_name);
comment on table app_public.video_rooms is
  'Where a video appointment takes place, from startLeadMinutes before its time until it is over. joinVideo lets people in.';
comment on constraint video_rooms_status_is_known on app_public.video_rooms is
  E'awaits_consent: It is made as soon as the patient has consented to telemedicine.\n'
  'wanted: It is being made.\n'
  'delayed: It could not be made yet, and is tried again; problem says why.\n'
  'ready: People may enter.\n'
  'closing: The call is over, and the room is being taken away.\n'
  'closed: There is none any more.';
comment on constraint video_rooms_problem_is_known on app_public.video_rooms is
  E'vendor_unreachable: The vendor does not answer, or is busy.\n'
  'vendor_refused: The vendor did not want to do it.\n'
  'credentials_refused: The vendor does not accept the keys of the account.\n'
  'not_set_up: There is no account, or it was switched off.';
comment on column app_public.video_rooms.integration_id is
  'The clinic''s own account that holds the room; null: the platform''s. Kept when the integration is gone.';
comment on column app_public.video_rooms.opens_at is 'Nobody enters before.';
comment on column app_public.video_rooms.expires_at is 'Whoever is still inside is put out.';
comment on column app_public.video_rooms.problem is 'What kept the vendor from it, at the last try; null where nothing did.';
comment on column app_public.video_rooms.tries is 'How often it was tried in vain since the last success.';

create table app_public.video_recordings (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  video_room_id uuid not null,
  status text not null default 'starting',
  ended_because text,
  started_by uuid not null references app_public.principals on delete restrict,
  vendor_id text,
  seconds int,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint video_recordings_identity unique (organization_id, id),
  constraint video_recordings_organization_id_video_room_id_fkey foreign key (organization_id, video_room_id)
    references app_public.video_rooms (organization_id, id) on delete restrict,
  constraint video_recordings_status_is_known check (status in ('starting', 'running', 'stopping', 'stopped', 'failed')),
  constraint video_recordings_ended_because_is_known check (
    ended_because in ('participant', 'consent_withdrawn', 'call_over', 'vendor', 'not_answered')),
  constraint video_recordings_end_has_a_reason check ((status in ('starting', 'running')) = (ended_because is null)),
  constraint video_recordings_vendor_id_is_one_line check (vendor_id !~ '[[:cntrl:]]'),
  constraint video_recordings_vendor_id_is_at_most_200_characters_long check (length(vendor_id) <= 200),
  constraint video_recordings_seconds_are_not_negative check (seconds >= 0)
);
create unique index video_recordings_one_at_a_time on app_public.video_recordings (organization_id, video_room_id)
  where status in ('starting', 'running', 'stopping');
create index video_recordings_room_idx on app_public.video_recordings (organization_id, video_room_id, created_at);
create index video_recordings_started_by_idx on app_public.video_recordings (started_by);
comment on table app_public.video_recordings is
  'Each time a video call was recorded: by whom, until when, and why it ended. It is never begun without the patient''s consent.';
comment on constraint video_recordings_status_is_known on app_public.video_recordings is
  E'starting: The vendor was asked to record.\n'
  'running: The call is recorded.\n'
  'stopping: It is to end; tried until the vendor has done it.\n'
  'stopped: It has ended.\n'
  'failed: The vendor did not record.';
comment on constraint video_recordings_ended_because_is_known on app_public.video_recordings is
  E'participant: Somebody in the call ended it.\n'
  'consent_withdrawn: The patient''s consent was withdrawn.\n'
  'call_over: The call ended.\n'
  'vendor: The vendor ended or refused it.\n'
  'not_answered: The vendor did not say whether it records, so it was told to stop.';
comment on column app_public.video_recordings.ended_because is 'Why it is no longer recorded; null while it is.';
comment on column app_public.video_recordings.vendor_id is 'The vendor''s own id of what was recorded, once it has told us.';
comment on column app_public.video_recordings.seconds is 'How long it is, once the vendor has told us.';

-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.appointments_video_idx;
-- squawk-ignore require-concurrent-index-creation
create index appointments_video_idx on app_public.appointments (starts_at)
  where modality = 'video' and status in ('booked', 'upcoming', 'confirmed', 'inprogress');

