-- How long the movement of recordings is kept where, as each clinic decides. TEL-07, docs/decisions/0157.

alter table app_public.organizations
  add column if not exists replay_infrequent_after_days int default 90,
  add column if not exists replay_archive_after_days int default 365,
  add column if not exists replay_remove_after_days int;
comment on column app_public.organizations.replay_infrequent_after_days is
  'How many days after a session at home its movement is kept where reading it costs more; null: never.';
comment on column app_public.organizations.replay_archive_after_days is
  'How many days after a session at home its movement is archived, and no more played; null: never.';
comment on column app_public.organizations.replay_remove_after_days is
  'How many days after a session at home its movement is removed for good; null: it is kept as long as the patient''s file.';
alter table app_public.organizations drop constraint if exists organizations_replay_days_are_sensible;
alter table app_public.organizations add constraint organizations_replay_days_are_sensible check (
  replay_infrequent_after_days between 30 and 36500
  and replay_archive_after_days between 30 and 36500
  and replay_remove_after_days between 30 and 36500) not valid;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.organizations validate constraint organizations_replay_days_are_sensible;
alter table app_public.organizations drop constraint if exists organizations_replay_days_follow_one_another;
alter table app_public.organizations add constraint organizations_replay_days_follow_one_another check (
  replay_infrequent_after_days < coalesce(replay_archive_after_days, replay_remove_after_days, 100000)
  and replay_archive_after_days < coalesce(replay_remove_after_days, 100000)) not valid;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.organizations validate constraint organizations_replay_days_follow_one_another;

alter table app_public.exercise_sessions add column if not exists replay_class text not null default 'standard';
comment on column app_public.exercise_sessions.replay_class is 'Where the object store keeps its movement.';
alter table app_public.exercise_sessions drop constraint if exists exercise_sessions_replay_class_is_known;
alter table app_public.exercise_sessions add constraint exercise_sessions_replay_class_is_known
  check (replay_class in ('standard', 'infrequent', 'archive')) not valid;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.exercise_sessions validate constraint exercise_sessions_replay_class_is_known;
comment on constraint exercise_sessions_replay_class_is_known on app_public.exercise_sessions is
  E'standard: Where everything is kept at first.\n'
  'infrequent: Where keeping costs less, and reading more.\n'
  'archive: Where it is brought back before it is read.';
-- squawk-ignore require-concurrent-index-creation
create index if not exists exercise_sessions_replays_idx
  on app_public.exercise_sessions (organization_id, replay_class, ended_at) where replay_state in ('kept', 'archived');
