-- Chooses the channels and queues the messages: one insert and one add_jobs, for one person or two thousand. FND-15.
-- Within a route the first channel that may be used is; what stood in the way of an earlier one is kept as a row of its
-- own, and so is a person whom no channel reaches. What a visitor causes is bounded for each mailbox (FND-35); what follows
-- a message that was told about the same request is told, too, or a calendar would keep what is over.

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
  v_now timestamptz := app_hidden.now(); -- read once: it is asked for per row below
  v_ids uuid[];
  v_jobs graphile_worker.job_spec[];
  v_visitor_limit text := (
    select message_types.visitor_limit from app_private.message_types where message_types.key = queue_messages.template_key);
begin
  if v_visitor_limit is not null then
    -- Two requests at once count one after the other.
    perform pg_advisory_xact_lock(hashtextextended('told by visitors: ' || told.mailbox, 0))
    from (
      select distinct app_private.mailbox_of(given.address) as mailbox
      from unnest(queue_messages.recipients) as recipient
      cross join lateral (values (recipient.email), (recipient.phone)) as given (address)
      where given.address is not null
      order by 1
    ) as told;
  end if;

  with times as materialized (
    select recipient.place,
      coalesce(queue_messages.expires_at,
        least(v_now + message_types.lasts, (recipient.data ->> message_types.expires_with)::timestamptz)) as expires_at,
      message_types.carries_code or coalesce(
        (recipient.data ->> 'startsAt')::timestamptz >= v_now
        and (recipient.data ->> 'startsAt')::timestamptz < v_now + message_types.urgent_within, false) as is_urgent
    from unnest(queue_messages.recipients) with ordinality
      as recipient (patient_profile_id, human_id, name, email, phone, locale, data, place)
    join app_private.message_types on message_types.key = queue_messages.template_key
  ),
  timed as materialized (
    select ways.*, times.expires_at, times.is_urgent,
      case
        when ways.obstacle is not null then ways.obstacle
        when not times.is_urgent and ways.not_before >= times.expires_at then 'expires_in_quiet_hours'
        when v_visitor_limit is not null and ways.address is not null
          and not exists (
            select from app_public.messages as earlier
            where earlier.organization_id = queue_messages.organization_id
              and earlier.calendar_uid = queue_messages.calendar_uid
              and earlier.recipient_email = ways.address
              and earlier.status not in ('skipped', 'suppressed'))
          and app_private.recipient_is_full(queue_messages.organization_id, v_visitor_limit, ways.channel, ways.address)
          then 'recipient_limit'
      end as problem
    from app_private.ways_to_reach(
      queue_messages.organization_id, queue_messages.template_key, queue_messages.recipients) as ways
    join times on times.place = ways.place
    where (queue_messages.route is null or ways.route = queue_messages.route) and ways.rank > queue_messages.after_rank
  ),
  -- Windows rather than joins: the planner expects a handful of people, and would loop over two thousand twice.
  ranked as (
    select timed.*, timed.is_reachable and timed.is_wanted as is_candidate,
      min(timed.rank) filter (where timed.is_reachable and timed.is_wanted and timed.problem is null)
        over (partition by timed.place, timed.route) as first_open
    from timed
  ),
  judged as (
    select ranked.*,
      ranked.is_candidate and (ranked.first_open is null or ranked.rank <= ranked.first_open) as is_chosen
    from ranked
  ),
  told as materialized (
    select weighed.*,
      case
        when weighed.is_chosen then weighed.problem
        when weighed.is_anyhow_reachable then 'switched_off'
        else 'unreachable'
      end as why
    from (
      select judged.*,
        bool_or(judged.is_chosen) over person as is_told,
        bool_or(judged.is_reachable) over person as is_anyhow_reachable,
        row_number() over (partition by judged.place order by judged.route = 'letter' desc, judged.rank) as nth
      from judged
      window person as (partition by judged.place)
    ) as weighed
    where weighed.is_chosen or (queue_messages.route is null and not weighed.is_told and weighed.nth = 1)
  ),
  words as materialized (
    select said.channel, said.locale, found.version, found.clinic_template_id
    from (select distinct told.channel, told.locale from told) as said
    cross join lateral app_private.words_of(
      queue_messages.organization_id, queue_messages.template_key, said.channel, said.locale) as found
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
        -- The last one and not how many: the first are deleted some day, and calendars know the number.
        select coalesce(max(earlier.calendar_sequence) + 1, 0)
        from app_public.messages as earlier
        where earlier.organization_id = queue_messages.organization_id
          and earlier.calendar_uid = queue_messages.calendar_uid
          and earlier.recipient_email = told.email)
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
      v_now
    from told
    join words on words.channel = told.channel and words.locale = told.locale
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

comment on function app_private.queue_messages is
  'Queues what the rules allow and records what they do not; with a route and a rank only what comes after that rank. '
  'Answers the ids of the new messages.';

reset role;
