-- Since when what a recording rests on is not consented to any more: the first withdrawal since it began. Consenting once more counts for the
-- next recording. TEL-06. It is asked for every second, of all that run, so it looks up nothing but the answers of one person. What was refused is neither
-- withdrawn nor does it run out.

create or replace function app_private.withdrawals_since(recording app_public.exercise_sessions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(ended.scope, ended.at), '{}')
  from (
    select asked.scope, min(asked.at) as at
    from (
      select 'pose' as scope, coalesce(consents.withdrawn_at, consents.holds_until) as at
      from app_public.consents
      where consents.organization_id = (recording).organization_id
        and consents.patient_profile_id = (recording).patient_profile_id
        and consents.purpose_code = 'biometric_capture'
      union all
      select 'media', consents.withdrawn_at
      from app_public.consents
      where consents.human_id = (recording).viewer_id
        and consents.purpose_code = 'analytics'
    ) as asked
    where asked.at between (recording).started_at and app_hidden.now()
    group by asked.scope
  ) as ended;
end;

comment on function app_private.withdrawals_since is
  'By scope, when the consent that a recording rests on was first withdrawn, or ran out, since it began: {"pose": instant, "media": instant}.';
grant execute on function app_private.withdrawals_since to app_engine;
