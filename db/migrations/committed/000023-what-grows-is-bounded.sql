--! Previous: sha1:a716c2d7ca856124d9b17278428516d0dea095a4
--! Hash: sha1:4b5cbd5eb3228fe107c20bb756366c88b0576078
--! Message: what grows is bounded

--! split: 500-what-grows-is-bounded.sql
-- Retentions are acted on: how the rows of a table age, and when its turn was last. FND-12, GDP-03.

-- squawk-ignore ban-drop-table
drop table if exists app_private.retention_runs;
-- squawk-ignore ban-drop-table
drop table if exists app_private.retention_rules;

create table app_private.retention_rules (
  table_name text not null references app_private.classified_tables on delete restrict,
  retention text not null references app_private.retentions on delete restrict,
  act text not null,
  kept_from text not null,
  only_if text,
  primary key (table_name, retention),
  constraint retention_rules_act_is_known check (act in ('delete', 'blank'))
);
create index retention_rules_retention_idx on app_private.retention_rules (retention);
comment on table app_private.retention_rules is
  'What happens to rows of a table when a retention has passed; written by retain(), from the table''s policy file.';
comment on column app_private.retention_rules.act is
  'delete: the row goes; blank: the columns that are kept for this retention become null.';
comment on column app_private.retention_rules.kept_from is
  'The column that tells since when the row is only kept; while it is null, nothing happens.';
comment on column app_private.retention_rules.only_if is 'SQL over the columns of the row; null means every row.';

create table app_private.retention_runs (
  table_name text not null,
  retention text not null,
  ran_at timestamptz not null,
  removed bigint not null default 0,
  primary key (table_name, retention)
);
comment on table app_private.retention_runs is
  'When a rule of retention_rules was last acted on, and how many rows it has deleted or blanked since it exists.';
comment on column app_private.retention_runs.ran_at is 'The last act; before the first one, when the rule was declared.';

alter table app_private.retentions add column if not exists held_because text;
alter table app_private.retentions drop constraint if exists retentions_held_because_says_why;
-- squawk-ignore constraint-missing-not-valid
alter table app_private.retentions add constraint retentions_held_because_says_why
  check (length(btrim(held_because)) between 10 and 500);
comment on column app_private.retentions.held_because is
  'Why nothing of this retention may be removed at present, such as a court''s order; null: there is no such reason.';

comment on table app_private.retentions is
  'How long rows are kept: keep_for after they ended; null means as long as what they belong to. Acted on once somebody confirmed it: counsel, or the product where no law asks for the rows.';

-- What is old enough is found without reading what is not. Built under the lock of a migration: the tables are small
-- as long as they were never purged for want of an index.
-- squawk-ignore require-concurrent-index-creation
create index if not exists effects_claimed_at_idx on app_private.effects (claimed_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists event_deliveries_delivered_at_idx on app_private.event_deliveries (delivered_at)
  where delivered_at is not null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists dead_letter_decisions_decided_at_idx on app_private.dead_letter_decisions (decided_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists revoked_sessions_revoked_at_idx on app_private.revoked_sessions (revoked_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists message_reports_received_at_idx on app_private.message_reports (received_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists webhook_receipts_body_idx on app_private.webhook_receipts (processed_at)
  where raw_body is not null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists time_claims_lapsed_idx on app_private.time_claims (released_at)
  where kind = 'hold' and released_at is not null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists time_claims_traced_idx on app_private.time_claims (created_at)
  where kind <> 'hold'
    and (address is not null or first_token_hash is not null or token_hash is not null or visitor_id is not null);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/classification/retention_acts.sql
-- The rules of retention that may be acted on. FND-12, GDP-03.
-- A period that nobody confirmed, one that waits for counsel and one that is held (a court asks for the rows) are left
-- alone. So is health data, whatever its period: it goes with the patient's file, which a person decides about.

set role app_engine;

create or replace function app_private.retention_acts()
returns table (
  table_name text, retention text, act text, kept_from text, only_if text, keep_for interval, columns text[]
)
language sql stable security definer
set search_path = ''
as $$
  select rules.table_name, rules.retention, rules.act, rules.kept_from, rules.only_if, retentions.keep_for, touched.columns
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
    and not touched.holds_health_data
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
-- left for the next time.

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
       select old.ctid from %s as old
       where old.%I < $1 and (%s) and (%s)
       order by old.%I
       limit $2
       for update skip locked))',
    v_change, v_rule.table_name::regclass, v_rule.kept_from, coalesce(v_rule.only_if, 'true'), coalesce(v_also, 'true'),
    v_rule.kept_from)
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
  'that and none is left. 0 where retention_acts() does not name it.';

grant execute on function app_private.act_on_retention to app_worker;

reset role;
-- end of source: functions/classification/act_on_retention.sql

-- source: functions/classification/classify.sql
-- Registers what a table holds and where its rows are at home: the first call in its policy file. FND-12, FND-08, SCA-01.
-- Run by migrations only, so it replaces what was said before and refuses a column that does not exist.

create or replace function app_private.classify(
  table_name text,
  home text,
  retention text,
  classes jsonb,
  person_column text default null,
  unaudited text default null,
  protected jsonb default '{}',
  kept jsonb default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_unknown text;
begin
  select named.column_name into v_unknown
  from (
    select jsonb_array_elements_text(given.columns) as column_name
    from jsonb_each(classify.classes) as given (class, columns)
    union all
    select jsonb_array_elements_text(given.columns)
    from jsonb_each(classify.protected || classify.kept) as given (key, columns)
    union all
    select classify.person_column where classify.person_column is not null
  ) as named
  where not exists (
    select from pg_catalog.pg_attribute
    where attrelid = classify.table_name::regclass and attname = named.column_name and attnum > 0 and not attisdropped
  );
  if v_unknown is not null then
    raise exception 'classify: % has no column %', classify.table_name, v_unknown;
  end if;

  delete from app_private.classified_columns where classified_columns.table_name = classify.table_name;
  -- retain() comes after it, in the same file: a rule that is no longer there ends.
  delete from app_private.retention_rules where retention_rules.table_name = classify.table_name;
  insert into app_private.classified_tables (table_name, home, retention, person_column, unaudited)
  values (classify.table_name, classify.home, classify.retention, classify.person_column, classify.unaudited)
  on conflict on constraint classified_tables_pkey do update
    set home = excluded.home, retention = excluded.retention, person_column = excluded.person_column, unaudited = excluded.unaudited;
  insert into app_private.classified_columns (table_name, column_name, class, retention, protection)
  select classify.table_name, named.column_name, given.class, coalesce(kept.retention, classify.retention), guarded.protection
  from jsonb_each(classify.classes) as given (class, columns)
  cross join lateral jsonb_array_elements_text(given.columns) as named (column_name)
  left join jsonb_each(classify.protected) as guarded (protection, columns) on guarded.columns ? named.column_name
  left join jsonb_each(classify.kept) as kept (retention, columns) on kept.columns ? named.column_name;
  perform audit.follow(classify.table_name);
end;
$$;

comment on function app_private.classify is
  'Registers a table: its home (clinic, person, platform or cell), its retention, columns by class ({"pii_basic": '
  '["email"]}), the column that names the person it is about, the reason if no audit follows it, how columns of an '
  'encrypted class are protected ({"digest": ["token_hash"]} or "ciphertext"), and which columns are kept for another time '
  'than their row ({"operations": ["address"]}). Every column of the table must be named. Attaches the audit to the table, '
  'or takes it off.';
-- end of source: functions/classification/classify.sql

-- source: functions/classification/retention_problem.sql
-- What is wrong with a rule of retention: a step of retain(). FND-12.

create or replace function app_private.retention_problem(
  table_name text, retention text, act text, kept_from text, only_if text
) returns text
language sql stable
set search_path = ''
as $$
  select case
    when tables.table_name is null then 'is not classified'
    when pg_class.relkind <> 'r' then 'is no plain table: drop its partitions instead'
    when not exists (
      select from pg_catalog.pg_attribute
      where attrelid = pg_class.oid and attname = retention_problem.kept_from and atttypid = 'timestamptz'::regtype
    ) then 'has no timestamptz ' || retention_problem.kept_from
    when retention_problem.act = 'delete' then
      case
        when tables.retention <> retention_problem.retention and retention_problem.only_if is null
          then 'is kept for ' || tables.retention || ': say which of its rows are not'
      end
    when kept.columns = 0 then 'keeps no column for ' || retention_problem.retention
    else 'cannot be without ' || kept.required
  end
  from pg_catalog.pg_class
  left join app_private.classified_tables as tables on tables.table_name = retention_problem.table_name
  cross join lateral (
    select count(*) as columns, min(attname) filter (where attnotnull) as required
    from app_private.classified_columns as classified
    join pg_catalog.pg_attribute on attrelid = pg_class.oid and attname = classified.column_name
    where classified.table_name = retention_problem.table_name
      and classified.retention = retention_problem.retention
      and classified.retention <> tables.retention
  ) as kept
  where pg_class.oid = retention_problem.table_name::regclass
$$;

comment on function app_private.retention_problem is
  'Why a rule of retention cannot be, in words that follow the name of the table; null when it can.';
-- end of source: functions/classification/retention_problem.sql

-- source: functions/classification/retain.sql
-- A table says how its rows age: in its policy file, after classify(). FND-12, GDP-03.
-- Run by migrations only. It refuses a rule that could not be carried out, or that would remove more than was meant: a
-- mistake shows when the migration is tried and not when the rows are gone.

create or replace function app_private.retain(
  table_name text,
  retention text,
  act text,
  kept_from text,
  only_if text default null
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
  execute format('select from %s where %s limit 0', retain.table_name::regclass, coalesce(retain.only_if, 'true'));

  insert into app_private.retention_rules (table_name, retention, act, kept_from, only_if)
  values (retain.table_name, retain.retention, retain.act, retain.kept_from, retain.only_if)
  on conflict on constraint retention_rules_pkey do update
    set act = excluded.act, kept_from = excluded.kept_from, only_if = excluded.only_if;
  insert into app_private.retention_runs (table_name, retention, ran_at)
  values (retain.table_name, retain.retention, app_hidden.now())
  on conflict on constraint retention_runs_pkey do nothing;
end;
$$;

comment on function app_private.retain is
  'Registers what act_on_retention() does with rows of a classified table when the retention has passed since kept_from '
  '(a timestamptz of the row): delete the row, or blank the columns that classify() keeps for this retention. only_if is '
  'SQL over the row. To delete by another retention than the table''s, it must be given.';
-- end of source: functions/classification/retain.sql

-- source: functions/events/purge_webhooks.sql
-- What act_on_retention() does with deliveries, for workers of the version before, which go on by the clock while a new
-- version is migrated. Goes with the version after. FND-25, FND-12.

set role app_engine;

create or replace function app_private.purge_webhooks() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.act_on_retention('app_private.webhook_receipts', 'operations');
  return app_private.act_on_retention('app_private.webhook_receipts', 'webhook_bodies');
end;
$$;

comment on function app_private.purge_webhooks is
  'Deletes bodies of deliveries that were applied 30 days ago, and every trace of what came before the retention of '
  'operations; answers how many bodies.';
grant execute on function app_private.purge_webhooks to app_worker;

reset role;
-- end of source: functions/events/purge_webhooks.sql

-- source: functions/idempotency/forget_remembered_mutations.sql
-- What act_on_retention() does with answers to idempotency keys, for workers of the version before, which go on by the
-- clock while a new version is migrated. Goes with the version after. FND-26.

set role app_engine;

create or replace function app_private.forget_remembered_mutations() returns int
language sql volatile security definer
set search_path = ''
as $$
  select app_private.act_on_retention('app_private.remembered_mutations', 'idempotency_keys', 10000)
$$;

comment on function app_private.forget_remembered_mutations is
  'Forgets answers older than a day, up to 10,000 at a time, and says how many.';

grant execute on function app_private.forget_remembered_mutations to app_worker;

reset role;
-- end of source: functions/idempotency/forget_remembered_mutations.sql

-- source: functions/operations/retention_figures.sql
-- How the retentions are acted on, for metrics and for the doctor: names of tables, counts and times. FND-28, GDP-03.

set role app_engine;

create or replace function app_private.retention_figures()
returns table (
  table_name text,
  retention text,
  act text,
  removed bigint,
  idle_seconds double precision
)
language sql stable security definer
set search_path = ''
as $$
  select acts.table_name, acts.retention, acts.act, runs.removed, extract(epoch from app_hidden.now() - runs.ran_at)
  from app_private.retention_acts() as acts
  join app_private.retention_runs as runs on runs.table_name = acts.table_name and runs.retention = acts.retention
$$;

comment on function app_private.retention_figures is
  'For each rule that may be acted on: the rows that it has removed so far, and the seconds since its last run.';
grant execute on function app_private.retention_figures to app_worker;

reset role;
-- end of source: functions/operations/retention_figures.sql

-- source: reference/classification/retentions.sql
-- How long rows are kept after they ended; nothing in keep_for: as long as what they belong to. FND-12, GDP-03.
-- Acted on once confirmed_by says who confirmed it: counsel, or the product where no law asks for the rows. A reason to hold
-- one back (held_because) is set where the need arises, and stays.

select app_private.own_rows('app_private.retentions', given_once => '{held_because}', rows => '
  key              | keep_for | confirmed_by | citation                                                    | description
  -----------------+----------+--------------+-------------------------------------------------------------+-------------------------------------------------------------
  account          |          |              | GDPR art. 5(1)(e)                                           | As long as the account exists.
  clinic           | 3 years  |              | Civil Code art. 2517                                        | As long as the clinic is a customer, and three years after for claims.
  correspondence   |          |              |                                                             | What was told to people about their treatment; counsel says for how long.
  idempotency_keys | 1 day    | the product  |                                                             | Answers to requests that may come once more.
  lapsed_holds     | 90 days  | the product  |                                                             | Times that somebody looked at and nobody booked.
  ledger           | 10 years |              | GDPR art. 5(2)                                              | What proves what was done: events and the audit.
  medical_record   | 10 years |              | Law 95/2006 and Order 1411/2016: to be confirmed by counsel | The patient''s file.
  operations       | 90 days  | the product  |                                                             | Work in progress and its traces.
  reference        |          |              |                                                             | Kept by migrations; names no person.
  webhook_bodies   | 30 days  | the product  |                                                             | What vendors wrote, after it was applied.
');
-- end of source: reference/classification/retentions.sql

select app_private.write_owned_rows();

-- source: policies/classification/retention_rules.sql
-- How the rows of a table age. FND-12, GDP-03.

select app_private.classify('app_private.retention_rules', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "retention", "act", "kept_from", "only_if"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.retention_rules', engine => 'select');
-- end of source: policies/classification/retention_rules.sql

-- source: policies/classification/retention_runs.sql
-- When retentions were last acted on. FND-28, GDP-03.

select app_private.classify('app_private.retention_runs', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["table_name", "retention", "ran_at", "removed"]}',
  unaudited => 'Counts of what a task did, a row for each of its rules.');
select app_private.protect('app_private.retention_runs', engine => 'select, insert, update');

-- retain() begins the count.
create policy retention_runs_all_migrator on app_private.retention_runs to app_owner using (true) with check (true);
-- end of source: policies/classification/retention_runs.sql

-- source: policies/classification/retentions.sql
-- How long things are kept. FND-12.

select app_private.classify('app_private.retentions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "description", "keep_for", "citation", "confirmed_by", "held_because"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.retentions', engine => 'select');
-- end of source: policies/classification/retentions.sql

-- source: policies/events/effects.sql
-- The worker claims and finishes effects through functions. FND-14, FND-15.

select app_private.classify('app_private.effects', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["key", "attempts", "claimed_at", "claimed_by", "done_at", "result"]}',
  unaudited => 'Is itself a ledger, of what was done outside and by which worker.');
select app_private.protect('app_private.effects', engine => 'select, insert, update, delete');
-- A job is tried 25 times within some four days, and one that is replayed later finds that its message is no longer
-- queued: no retry makes an effect of 90 days ago once more.
select app_private.retain('app_private.effects', 'operations', 'delete', kept_from => 'claimed_at');
-- end of source: policies/events/effects.sql

-- source: policies/events/event_deliveries.sql
-- Queued by the trigger of events, worked off through functions. FND-14.

select app_private.classify('app_private.event_deliveries', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["event_id", "scope_id", "consumer", "subject_id", "position", "delivered_at", "attempts"],
    "pii_basic": ["last_error"]}',
  unaudited => 'How far the worker is with each event; nobody else writes it.');
select app_private.protect('app_private.event_deliveries', engine => 'select, insert, update, delete');
-- What was not delivered yet has no age: it stays, and later events about its subject wait for it.
select app_private.retain('app_private.event_deliveries', 'operations', 'delete', kept_from => 'delivered_at');
-- end of source: policies/events/event_deliveries.sql

-- source: policies/events/webhook_receipts.sql
-- Taken, applied and purged through functions; nobody reads what a vendor sent. FND-25.

select app_private.classify('app_private.webhook_receipts', home => 'cell', retention => 'operations', classes =>
  '{"pii_basic": ["raw_body", "headers", "last_error"],
    "operational": ["id", "provider", "integration_id", "event_id", "type", "occurred_at", "received_at",
                    "body_hash", "status", "outcome", "attempts", "processed_at", "conflict_count",
                    "conflicted_at"]}',
  kept => '{"webhook_bodies": ["raw_body"]}',
  unaudited => 'It is a trace itself; what a delivery changes is followed where it changes it.');
select app_private.protect('app_private.webhook_receipts', engine => 'select, insert, update, delete', guard => true);
-- A body that was not applied is there to be replayed for as long as its row.
select app_private.retain('app_private.webhook_receipts', 'webhook_bodies', 'blank', kept_from => 'processed_at');
select app_private.retain('app_private.webhook_receipts', 'operations', 'delete', kept_from => 'received_at');
-- end of source: policies/events/webhook_receipts.sql

-- source: policies/idempotency/remembered_mutations.sql
-- Verbs remember and repeat through functions; nobody else sees what was answered. FND-26.

select app_private.classify('app_private.remembered_mutations', home => 'cell', retention => 'idempotency_keys', classes =>
  '{"auth_secret": ["request_digest", "arguments_digest", "response"], "operational": ["operation", "created_at"]}',
  protected => '{"digest": ["request_digest", "arguments_digest"], "ciphertext": ["response"]}',
  unaudited => 'Kept for a day, unreadable without the caller''s key; the mutation itself is audited.');
select app_private.protect('app_private.remembered_mutations', engine => 'select, insert, update, delete');
select app_private.retain('app_private.remembered_mutations', 'idempotency_keys', 'delete', kept_from => 'created_at');
-- end of source: policies/idempotency/remembered_mutations.sql

-- source: policies/identity/revoked_sessions.sql
-- Sessions ended before their token: read at every request. FND-03.

-- A session's id opens nothing, since tokens are signed; but it follows a person around.
select app_private.classify('app_private.revoked_sessions', home => 'cell', retention => 'operations', classes =>
  '{"pii_basic": ["session_id"], "operational": ["revoked_at"]}',
  unaudited => 'Written once for each session that ends early: the row is the record.');
-- To lock a row, one must be allowed to update some column of it.
select app_private.protect('app_private.revoked_sessions', engine => 'select, insert, delete, update (session_id)');
-- The door takes no token that lives for longer than 30 days, so after that a revocation holds nobody off any more.
select app_private.retain('app_private.revoked_sessions', 'operations', 'delete', kept_from => 'revoked_at');
-- end of source: policies/identity/revoked_sessions.sql

-- source: policies/notify/message_reports.sql
-- Kept as it came, applied by functions. FND-15, FND-25.

select app_private.classify('app_private.message_reports', home => 'cell', retention => 'operations', classes =>
  '{"pii_basic": ["reason"],
    "operational": ["id", "integration_id", "vendor", "vendor_id", "status", "occurred_at", "address_is_dead", "received_at", "counted_at"]}',
  unaudited => 'Each row is the record of one report.');
select app_private.protect('app_private.message_reports', engine => 'select, insert, delete, update (counted_at)');
select app_private.retain('app_private.message_reports', 'operations', 'delete', kept_from => 'received_at');
-- end of source: policies/notify/message_reports.sql

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
select app_private.protect('app_public.messages', engine => 'select, insert, update', guard => true);

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

-- source: policies/operations/dead_letter_decisions.sql
-- Written by the verbs about dead letters. FND-28.

select app_private.classify('app_private.dead_letter_decisions', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["id", "job_id", "task", "key", "payload", "last_error", "decision", "reason", "decided_by", "decided_at"]}');
-- To lock a row, one must be allowed to update some column of it.
select app_private.protect('app_private.dead_letter_decisions', engine => 'select, insert, delete, update (id)');
-- What was decided stays in the audit. A dead job that nobody decided about is in the queue, and is never purged.
select app_private.retain('app_private.dead_letter_decisions', 'operations', 'delete', kept_from => 'decided_at');
-- end of source: policies/operations/dead_letter_decisions.sql

-- source: policies/scheduling/time_claims.sql
-- Nobody sees claims: who is booked when, and under which token, is the engine's alone. SCH-06.

-- Who holds a time is nobody's business once it is booked or let go; the claim stays with its appointment.
select app_private.classify('app_private.time_claims', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "calendar_id", "kind", "during", "blocked",
                    "expires_at", "released_at", "counted_at", "created_by", "created_at"],
    "pii_basic": ["visitor_id", "address"],
    "auth_secret": ["token_hash", "first_token_hash"]}',
  protected => '{"digest": ["token_hash", "first_token_hash"]}', kept => '{"operations": ["visitor_id", "address", "token_hash", "first_token_hash"]}',
  unaudited => 'Every look at a time writes here; what became of it is an audited request or appointment.');
select app_private.protect('app_private.time_claims', engine => 'select, insert, update, delete');
-- A hold that was let go became nothing; it is the one kind of claim that nothing refers to.
select app_private.retain('app_private.time_claims', 'lapsed_holds', 'delete', kept_from => 'released_at', only_if => 'kind = ''hold''');
select app_private.retain('app_private.time_claims', 'operations', 'blank', kept_from => 'created_at', only_if => 'kind <> ''hold''');
-- end of source: policies/scheduling/time_claims.sql
