-- Chooses the channels and queues the messages: one insert and one add_jobs, for one person or two thousand. FND-15.
-- Within a route the first channel that may be used is; what stood in the way of an earlier one is kept as a row of its
-- own, and so is a person whom no channel reaches.
-- requires: functions/core/now.sql
-- requires: functions/notify/ways_to_reach.sql
-- requires: functions/notify/delivery_of.sql
-- requires: policies/events/graphile_worker.sql

set role app_engine;
create or replace function app_private.queue_messages(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[],
  event_id uuid,
  calendar_uid uuid,
  expires_at timestamptz default null,
  route text default null,
  after_rank int default 0
) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_jobs graphile_worker.job_spec[];
begin
  with timed as materialized (
    select ways.*, message_types.calendar_status, times.expires_at, times.is_urgent,
      case when ways.obstacle is null and not times.is_urgent and ways.not_before >= times.expires_at
        then 'expires_in_quiet_hours' else ways.obstacle end as problem
    from app_private.ways_to_reach(
      queue_messages.organization_id, queue_messages.template_key, queue_messages.recipients) as ways
    join app_private.message_types on message_types.key = queue_messages.template_key
    cross join lateral (
      select
        coalesce(queue_messages.expires_at,
          least(app_hidden.now() + message_types.lasts, (ways.data ->> message_types.expires_with)::timestamptz)),
        coalesce(
          (ways.data ->> 'startsAt')::timestamptz >= app_hidden.now()
          and (ways.data ->> 'startsAt')::timestamptz < app_hidden.now() + message_types.urgent_within, false)
    ) as times (expires_at, is_urgent)
    where (queue_messages.route is null or ways.route = queue_messages.route) and ways.rank > queue_messages.after_rank
  ),
  open as (
    select timed.place, timed.route, min(timed.rank) as rank
    from timed
    where timed.is_reachable and timed.is_wanted and timed.problem is null
    group by timed.place, timed.route
  ),
  chosen as (
    select timed.*, timed.problem as why
    from timed
    left join open on open.place = timed.place and open.route = timed.route
    where timed.is_reachable and timed.is_wanted
      and case when timed.problem is null then timed.rank = open.rank
            else open.rank is null or timed.rank <= open.rank end
  ),
  silent as (
    select distinct on (timed.place) timed.*,
      case when bool_or(timed.is_reachable) over (partition by timed.place) then 'switched_off' else 'unreachable' end as why
    from timed
    where queue_messages.route is null and not exists (select from chosen where chosen.place = timed.place)
    order by timed.place, timed.route = 'letter' desc, timed.rank
  ),
  told as (
    select * from chosen union all select * from silent
  ),
  inserted as (
    insert into app_public.messages
      (organization_id, template_key, channel, route, rank, locale, template_version, clinic_template_id,
       patient_profile_id, recipient_human_id, account_id, recipient_name, recipient_email, recipient_phone, address, data,
       event_id, calendar_uid, calendar_sequence, is_urgent, not_before, expires_at, status, reason, created_at)
    select queue_messages.organization_id, queue_messages.template_key, told.channel, told.route, told.rank, told.locale,
      words.version, words.clinic_template_id, told.patient_profile_id, told.human_id, told.account_id, told.name,
      told.email, told.phone, told.address, told.data, queue_messages.event_id,
      case when told.channel = 'email' then queue_messages.calendar_uid end,
      case when told.channel = 'email' and queue_messages.calendar_uid is not null then (
        select count(*)
        from app_public.messages as earlier
        where earlier.organization_id = queue_messages.organization_id
          and earlier.calendar_uid = queue_messages.calendar_uid
          and earlier.recipient_email is not distinct from told.email)
      end,
      told.is_urgent,
      case when not told.is_urgent then told.not_before end,
      told.expires_at,
      case
        when told.why is null then 'queued'
        when told.why in ('bounce', 'complaint', 'request', 'opted_out') then 'suppressed'
        else 'skipped'
      end,
      told.why,
      app_hidden.now()
    from told
    cross join lateral app_private.words_of(
      queue_messages.organization_id, queue_messages.template_key, told.channel, told.locale) as words
    on conflict do nothing
    returning id, status, messages.not_before
  )
  select coalesce(array_agg(inserted.id order by inserted.id), '{}'),
    array_agg(app_private.delivery_of(inserted.id, inserted.not_before) order by inserted.id)
      filter (where inserted.status = 'queued')
  into v_ids, v_jobs
  from inserted;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return v_ids;
end;
$$;

comment on function app_private.queue_messages(uuid, text, app_private.message_recipient[], uuid, uuid, timestamptz, text, int) is
  'Queues what the rules allow and records what they do not; with a route and a rank only what comes after that rank. '
  'Answers the ids of the new messages.';

revoke all on function app_private.queue_messages(uuid, text, app_private.message_recipient[], uuid, uuid, timestamptz, text, int) from public;
reset role;
