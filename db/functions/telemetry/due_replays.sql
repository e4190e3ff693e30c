-- What the clock does next with the movement of recordings, by the days that each clinic set: where reading costs more, into the archive, away.
-- Nothing is removed while a court, or anybody with the right to, holds what is kept of patients. TEL-07, docs/decisions/0157.

set role app_engine;

create or replace function app_private.due_replays(up_to int default 100, except_for text[] default '{}')
returns table (exercise_session_id uuid, organization_id uuid, object_key text, step text)
language sql stable security definer
set search_path = ''
begin atomic
  with held as (
    select exists (
      select from app_private.retentions where retentions.key = 'medical_record' and retentions.held_because is not null) as is_held
  )
  select due.id, due.organization_id, due.replay_object_key, due.step
  from app_public.organizations as clinics
  cross join held
  cross join lateral (
    (select recordings.id, recordings.organization_id, recordings.replay_object_key, 'remove' as step
     from app_public.exercise_sessions as recordings
     where recordings.organization_id = clinics.id and recordings.replay_state in ('kept', 'archived') and not held.is_held
       and clinics.id || '/remove' <> all (except_for)
       and recordings.ended_at <= app_hidden.now() - make_interval(hours => 24 * clinics.replay_remove_after_days)
     limit up_to)
    union all
    (select recordings.id, recordings.organization_id, recordings.replay_object_key, 'archive'
     from app_public.exercise_sessions as recordings
     where recordings.organization_id = clinics.id and recordings.replay_state = 'kept'
       and recordings.replay_class in ('standard', 'infrequent') and clinics.id || '/archive' <> all (except_for)
       and recordings.ended_at <= app_hidden.now() - make_interval(hours => 24 * clinics.replay_archive_after_days)
       and (held.is_held or clinics.replay_remove_after_days is null
            or recordings.ended_at > app_hidden.now() - make_interval(hours => 24 * clinics.replay_remove_after_days))
     limit up_to)
    union all
    (select recordings.id, recordings.organization_id, recordings.replay_object_key, 'infrequent'
     from app_public.exercise_sessions as recordings
     where recordings.organization_id = clinics.id and recordings.replay_state = 'kept' and recordings.replay_class = 'standard'
       and clinics.id || '/infrequent' <> all (except_for)
       and recordings.ended_at <= app_hidden.now() - make_interval(hours => 24 * clinics.replay_infrequent_after_days)
       and recordings.ended_at > app_hidden.now() - make_interval(hours => 24 * least(
         coalesce(clinics.replay_archive_after_days, 100000), coalesce(clinics.replay_remove_after_days, 100000)))
     limit up_to)
  ) as due
  order by due.organization_id, due.step, due.id
  limit up_to;
end;

comment on function app_private.due_replays is
  'Recordings whose movement is due to be moved, at most so many: where it lies, and the step: infrequent, archive or remove. '
  'except_for names steps of clinics that are left out, as <organization id>/<step>.';
grant execute on function app_private.due_replays to app_worker;

-- What the object store did is written afterwards: every step may be done once more, so a process that dies in between leaves it to the next.
create or replace function app_private.record_replay_step(exercise_session_id uuid, step text) returns void
language sql volatile security definer
set search_path = ''
begin atomic
  update app_public.exercise_sessions as recordings set
    replay_state = case record_replay_step.step when 'remove' then 'removed' when 'archive' then 'archived' else recordings.replay_state end,
    replay_class = case record_replay_step.step when 'remove' then recordings.replay_class else record_replay_step.step end,
    replay_object_key = case when record_replay_step.step <> 'remove' then recordings.replay_object_key end,
    replay_sha256 = case when record_replay_step.step <> 'remove' then recordings.replay_sha256 end,
    replay_bytes = case when record_replay_step.step <> 'remove' then recordings.replay_bytes end
  where recordings.id = record_replay_step.exercise_session_id
    and (recordings.replay_state = 'kept' or (recordings.replay_state = 'archived' and record_replay_step.step = 'remove'));
end;

comment on function app_private.record_replay_step is
  'Says that the movement of a recording was moved (infrequent, archive) or removed (remove). One that is archived or gone already stays so.';
grant execute on function app_private.record_replay_step to app_worker;

reset role;
