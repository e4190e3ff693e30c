-- What a feed says to whoever has its address: the visits of a month back and of half a year ahead, without names. It answers
-- as long as it was not revoked, the specialist is there, and whoever made it belongs to the clinic. APT-08.

set role app_engine;

create or replace function app_hidden.read_calendar_feed(token text) returns jsonb
language sql stable strict security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'name', concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name) || ', ' || organizations.name,
    'timezone', specialists.scheduling_timezone,
    'clinic', organizations.name,
    'entries', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', visits.id,
        'startsAt', visits.starts_at,
        'endsAt', visits.ends_at,
        'changedAt', visits.updated_at,
        'serviceName', services.name,
        'modality', visits.modality,
        'initials', case when calendar_feeds.shows_initials
          then left(patient_profiles.given_name, 1) || '. ' || left(patient_profiles.family_name, 1) || '.' end
      ) order by visits.starts_at, visits.id)
      from app_public.appointments as visits
      join app_public.services on services.organization_id = visits.organization_id and services.id = visits.service_id
      join app_public.patient_profiles on patient_profiles.id = visits.patient_profile_id
      where visits.organization_id = specialists.organization_id
        and visits.specialist_id = specialists.id
        and visits.starts_at >= app_hidden.now() - interval '30 days'
        and visits.starts_at < app_hidden.now() + interval '180 days'
        and visits.status not in ('cancelled', 'noshow')
        and visits.deleted_at is null), '[]'))
  from app_public.calendar_feeds
  join app_public.organizations on organizations.id = calendar_feeds.organization_id and organizations.deleted_at is null
  join app_public.specialists
    on specialists.organization_id = calendar_feeds.organization_id
    and specialists.id = calendar_feeds.specialist_id
    and specialists.deleted_at is null
  where calendar_feeds.token_hash = sha256(convert_to(read_calendar_feed.token, 'UTF8'))
    and calendar_feeds.revoked_at is null
    and exists (
      select from app_public.memberships
      where memberships.organization_id = calendar_feeds.organization_id
        and memberships.human_id = calendar_feeds.created_by
        and memberships.ended_at is null)
$$;

comment on function app_hidden.read_calendar_feed is
  'Name, zone and entries of the feed with this token; null when there is none that answers.';
grant execute on function app_hidden.read_calendar_feed to app_anonymous, app_member;

reset role;
