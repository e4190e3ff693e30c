--! Previous: sha1:d07434a1011ec68a20d10893fa1b30eeb01aec02
--! Hash: sha1:a182bbe3dbf57feb1078d36eeb7cfca8c2678ce3
--! Message: what is told has an end

--! split: 100-what-is-told-has-an-end.sql
-- Events, messages and inbox items go when their time is over. FND-12, GDP-03, SCA-01.

alter table app_private.retentions add column if not exists with_health_data boolean not null default false;
comment on column app_private.retentions.with_health_data is
  'Whoever confirmed it decided about health data, too: rows of this retention go although they hold some.';

alter table app_private.retention_rules add column if not exists not_while text;
comment on column app_private.retention_rules.not_while is
  'SQL over the row: while it is true, something still needs the row, and it stays whatever its age; null: nothing does.';

-- They have one parameter, and one column, more.
drop function if exists app_private.retain(text, text, text, text, text);
drop function if exists app_private.retention_acts();

-- By these the oldest are found.
-- squawk-ignore require-concurrent-index-creation
create index if not exists events_occurred_at_idx on app_private.events (occurred_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists messages_created_at_idx on app_public.messages (created_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists inbox_items_created_at_idx on app_public.inbox_items (created_at);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/notify/queue_messages.sql
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
      coalesce(
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
-- end of source: functions/notify/queue_messages.sql

-- source: functions/classification/retention_acts.sql
-- The rules of retention that may be acted on. FND-12, GDP-03.
-- A period that nobody confirmed, one that waits for counsel and one that is held (a court asks for the rows) are left
-- alone. So is health data, unless whoever confirmed the period decided about it, too: the patient's file is not removed
-- by its age, copies that were told to people are.

set role app_engine;

create or replace function app_private.retention_acts()
returns table (
  table_name text, retention text, act text, kept_from text, only_if text, not_while text, keep_for interval, columns text[]
)
language sql stable security definer
set search_path = ''
as $$
  select rules.table_name, rules.retention, rules.act, rules.kept_from, rules.only_if, rules.not_while,
    retentions.keep_for, touched.columns
  from app_private.retention_rules as rules
  join app_private.retentions on retentions.key = rules.retention
  cross join lateral (
    select array_agg(classified_columns.column_name order by classified_columns.column_name) as columns,
           bool_or(classified_columns.class = 'phi') as holds_health_data
    from app_private.classified_columns
    where classified_columns.table_name = rules.table_name
      and (rules.act = 'delete' or classified_columns.retention = rules.retention)
  ) as touched
  where retentions.keep_for is not null
    and retentions.confirmed_by is not null
    and retentions.held_because is null
    and (retentions.with_health_data or not touched.holds_health_data)
  order by rules.table_name, rules.retention
$$;

comment on function app_private.retention_acts is
  'What act_on_retention() may do: per table and retention the act, the period, and the columns that it touches.';

grant execute on function app_private.retention_acts to app_worker;

reset role;
-- end of source: functions/classification/retention_acts.sql

-- source: functions/classification/act_on_retention.sql
-- Deletes or blanks what a table has kept for long enough: one bounded step, the oldest first. FND-12, GDP-03.
-- Each call is a transaction of its own, so whoever is cut off goes on where they were. What somebody else has locked is
-- left for the next time; so is what something still needs (not_while), also where nobody can tell.

set role app_engine;

create or replace function app_private.act_on_retention(table_name text, retention text, up_to int default 1000) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_rule record;
  v_change text;
  v_also text;
  v_removed int;
begin
  select acts.* into v_rule
  from app_private.retention_acts() as acts
  where acts.table_name = act_on_retention.table_name and acts.retention = act_on_retention.retention;
  if not found then
    return 0;
  end if;

  if v_rule.act = 'delete' then
    v_change := format('delete from %s', v_rule.table_name::regclass);
  else
    v_change := format('update %s set %s', v_rule.table_name::regclass,
      (select string_agg(format('%I = null', named), ', ') from unnest(v_rule.columns) as named));
    v_also := (select string_agg(format('%I is not null', named), ' or ') from unnest(v_rule.columns) as named);
  end if;
  execute format(
    '%s where ctid = any (array(
       select ctid from %s
       where %I < $1 and (%s) and not (%s) and (%s)
       order by %I
       limit $2
       for update skip locked))',
    v_change, v_rule.table_name::regclass, v_rule.kept_from, coalesce(v_rule.only_if, 'true'),
    coalesce(v_rule.not_while, 'false'), coalesce(v_also, 'true'), v_rule.kept_from)
  using app_hidden.now() - v_rule.keep_for, act_on_retention.up_to;
  get diagnostics v_removed = row_count;

  insert into app_private.retention_runs (table_name, retention, ran_at, removed)
  values (act_on_retention.table_name, act_on_retention.retention, app_hidden.now(), v_removed)
  on conflict on constraint retention_runs_pkey do update
    set ran_at = excluded.ran_at, removed = retention_runs.removed + excluded.removed;
  return v_removed;
end;
$$;

comment on function app_private.act_on_retention is
  'Does what retain() declared for a table and a retention to at most this many rows, and says to how many: fewer than '
  'that and none is left that may go now. 0 where retention_acts() does not name it.';

grant execute on function app_private.act_on_retention to app_worker;

reset role;
-- end of source: functions/classification/act_on_retention.sql

-- source: functions/classification/retain.sql
-- A table says how its rows age: in its policy file, after classify(). FND-12, GDP-03.
-- Run by migrations only. It refuses a rule that could not be carried out, or that would remove more than was meant: a
-- mistake shows when the migration is tried and not when the rows are gone.

create or replace function app_private.retain(
  table_name text,
  retention text,
  act text,
  kept_from text,
  only_if text default null,
  not_while text default null
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_problem text := app_private.retention_problem(
    retain.table_name, retain.retention, retain.act, retain.kept_from, retain.only_if);
begin
  if v_problem is not null then
    raise exception 'retain: % %', retain.table_name, v_problem;
  end if;
  execute format('select from %s where (%s) and (%s) limit 0',
    retain.table_name::regclass, coalesce(retain.only_if, 'true'), coalesce(retain.not_while, 'true'));

  insert into app_private.retention_rules (table_name, retention, act, kept_from, only_if, not_while)
  values (retain.table_name, retain.retention, retain.act, retain.kept_from, retain.only_if, retain.not_while)
  on conflict on constraint retention_rules_pkey do update
    set act = excluded.act, kept_from = excluded.kept_from, only_if = excluded.only_if,
      not_while = excluded.not_while;
  insert into app_private.retention_runs (table_name, retention, ran_at)
  values (retain.table_name, retain.retention, app_hidden.now())
  on conflict on constraint retention_runs_pkey do nothing;
end;
$$;

comment on function app_private.retain is
  'Registers what act_on_retention() does with rows of a classified table when the retention has passed since kept_from '
  '(a timestamptz of the row): delete the row, or blank the columns that classify() keeps for this retention. only_if is '
  'SQL over the row. To delete by another retention than the table''s, it must be given. not_while is SQL over the row, '
  'too, such as its status: a row that something still needs stays until that is over.';
-- end of source: functions/classification/retain.sql

-- source: functions/events/tg_events__refuse_change.sql
-- What happened is not rewritten, by nobody. FND-14.
-- Per statement: it refuses before a row is looked for, so the answer is the same for whoever sees no row. The engine alone
-- gets to delete, and only what its retention has passed for: tg_events__refuse_early_end looks at what it deleted.

create or replace function app_private.tg_events__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' and current_user = 'app_engine' then
    return null;
  end if;
  perform app_hidden.refuse('IMMUTABLE', 'event_is_immutable', '{}', 'What happened stays: publish another event.');
  return null;
end;
$$;

comment on function app_private.tg_events__refuse_change is 'Refuses update, delete and truncate of events, but to the engine what is over.';

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_private.events
  for each statement execute function app_private.tg_events__refuse_change();
-- end of source: functions/events/tg_events__refuse_change.sql

-- source: functions/events/tg_events__refuse_early_end.sql
-- An event stands until its retention has passed, whoever deletes it; and while that is held, it stands. FND-14, GDP-03.

create or replace function app_private.tg_events__refuse_early_end() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if exists (
    select from ended
    where not exists (
      select from app_private.retention_acts() as acts
      where acts.table_name = 'app_private.events'
        and acts.act = 'delete'
        and ended.occurred_at < app_hidden.now() - acts.keep_for)
  ) then
    perform app_hidden.refuse('IMMUTABLE', 'event_is_immutable', '{}', 'What happened stays: publish another event.');
  end if;
  return null;
end;
$$;

comment on function app_private.tg_events__refuse_early_end is 'Refuses to delete events before their time is over.';

create or replace trigger _900_refuse_early_end
  after delete on app_private.events
  referencing old table as ended
  for each statement execute function app_private.tg_events__refuse_early_end();
-- end of source: functions/events/tg_events__refuse_early_end.sql

-- source: reference/classification/retentions.sql
-- How long rows are kept after they ended; nothing in keep_for: as long as what they belong to. FND-12, GDP-03.
-- Acted on once confirmed_by says who confirmed it: counsel, or the product where no law asks for the rows; on rows with
-- health data only where that was decided, too (with_health_data): what is told are copies, and the file stays. A reason to
-- hold one back (held_because) is set where the need arises, and stays.

select app_private.own_rows('app_private.retentions', given_once => '{held_because}', rows => '
  key              | keep_for | confirmed_by | with_health_data | citation                                                    | description
  -----------------+----------+--------------+------------------+-------------------------------------------------------------+-------------------------------------------------------------
  account          |          |              | false            | GDPR art. 5(1)(e)                                           | As long as the account exists.
  clinic           | 3 years  |              | false            | Civil Code art. 2517                                        | As long as the clinic is a customer, and three years after for claims.
  correspondence   | 5 years  | the product  | true             |                                                             | What was told to people, and about which event. Claims end after three years, and a calendar may be booked two years ahead.
  idempotency_keys | 1 day    | the product  | false            |                                                             | Answers to requests that may come once more.
  lapsed_holds     | 90 days  | the product  | false            |                                                             | Times that somebody looked at and nobody booked.
  ledger           | 10 years |              | false            | GDPR art. 5(2)                                              | What proves what was done: the audit.
  medical_record   | 10 years |              | false            | Law 95/2006 and Order 1411/2016: to be confirmed by counsel | The patient''s file.
  operations       | 90 days  | the product  | false            |                                                             | Work in progress and its traces.
  reference        |          |              | false            |                                                             | Kept by migrations; names no person.
  webhook_bodies   | 30 days  | the product  | false            |                                                             | What vendors wrote, after it was applied.
');
-- end of source: reference/classification/retentions.sql

select app_private.write_owned_rows();

-- source: policies/classification/retention_rules.sql
-- How the rows of a table age. FND-12, GDP-03.

select app_private.classify('app_private.retention_rules', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "retention", "act", "kept_from", "only_if", "not_while"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.retention_rules', engine => 'select');
-- end of source: policies/classification/retention_rules.sql

-- source: policies/classification/retentions.sql
-- How long things are kept. FND-12.

select app_private.classify('app_private.retentions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "description", "keep_for", "citation", "confirmed_by", "with_health_data", "held_because"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.retentions', engine => 'select');
-- end of source: policies/classification/retentions.sql

-- source: policies/events/events.sql
-- Written by publish(), read by consumers; never changed, and deleted when their time is over. FND-14.

select app_private.classify('app_private.events', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "name", "version", "subject_type", "subject_id", "actor_id",
                    "request_id", "cause_id", "occurred_at", "position"],
    "phi": ["payload"]}',
  unaudited => 'Is itself a ledger that nobody can change, of what the audited rows went through.');
-- What it updates is refused by a trigger; without the right it could lock no row that it is about to delete.
select app_private.protect('app_private.events', engine => 'select, insert, update (position), delete');
-- What a consumer was not told yet, what messages name as their cause, and what led to another event.
select app_private.retain('app_private.events', 'correspondence', 'delete', kept_from => 'occurred_at', not_while => $sql$
  exists (select from app_private.event_deliveries as still
          where still.scope_id = events.scope_id and still.event_id = events.id)
  or exists (select from app_public.messages as still
             where still.organization_id = events.organization_id and still.event_id = events.id)
  or exists (select from app_private.events as still
             where still.scope_id = events.scope_id and still.cause_id = events.id)
$sql$);
-- end of source: policies/events/events.sql

-- source: policies/notify/inbox_items.sql
-- One reads one's own messages, at the clinic the request names or at all of them. Nobody else does: not the clinic,
-- whose copy is the message, and not a caregiver, who is written to on their own. FND-15.

select app_private.classify('app_public.inbox_items', home => 'clinic', retention => 'correspondence', classes =>
  '{"phi": ["title", "body"],
    "pii_basic": ["human_id"],
    "operational": ["id", "organization_id", "message_id", "created_at", "read_at"]}',
  person_column => 'human_id',
  unaudited => 'A copy of a message that is kept on its own; only its reader changes it, by reading.');
select app_private.protect('app_public.inbox_items', engine => 'select, insert, update, delete');
-- Read or not: whoever reads nothing for five years would keep them for ever.
select app_private.retain('app_public.inbox_items', 'correspondence', 'delete', kept_from => 'created_at');

grant select (id, organization_id, human_id, title, body, created_at, read_at) on app_public.inbox_items to app_member;

create policy inbox_items_select_self on app_public.inbox_items for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    and organization_id = coalesce((select app_hidden.current_organization_id()), organization_id));
-- end of source: policies/notify/inbox_items.sql

-- source: policies/notify/messages.sql
-- Queued by notify(), worked off through functions. What was sent to whom is seen by staff with messages.view and by the
-- patient; what it said and how it was carried by neither. FND-15.

select app_private.classify('app_public.messages', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "template_key", "channel", "route", "rank", "locale", "template_version",
                    "clinic_template_id", "event_id", "calendar_uid", "calendar_sequence", "is_urgent", "not_before",
                    "expires_at", "status", "attempts", "attempted_at", "integration_id", "vendor", "vendor_id", "sent_at", "delivered_at",
                    "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "recipient_human_id", "account_id", "recipient_name", "recipient_email",
                  "recipient_phone", "recipient", "address", "mailbox", "reason"],
    "phi": ["data"]}',
  person_column => 'patient_profile_id',
  unaudited => 'What leaves, and what became of it: each row is the record of one message.');
select app_private.on_merge('app_public.messages', 'patient_profile_id', 'moves');
select app_private.protect('app_public.messages', engine => 'select, insert, update, delete', guard => true);
select app_private.retain('app_public.messages', 'correspondence', 'delete', kept_from => 'created_at', not_while => $sql$ status = 'queued' $sql$);

grant select (id, organization_id, template_key, channel, locale, patient_profile_id, recipient_name, address, status, reason,
              not_before, expires_at, sent_at, delivered_at, created_at, updated_at)
  on app_public.messages to app_member;

create policy messages_select_staff on app_public.messages for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('messages.view'))::uuid[]));

create policy messages_select_person on app_public.messages for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]));
-- end of source: policies/notify/messages.sql
