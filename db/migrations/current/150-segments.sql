-- Segments: groups of patients by a rule or by hand, who is in them and was, and whom has to be looked at again. SEG-01, SEG-03.

-- squawk-ignore ban-drop-table
drop table if exists app_private.segment_rechecks;
-- squawk-ignore ban-drop-table
drop table if exists app_private.segment_marks;
-- squawk-ignore ban-drop-table
drop table if exists app_private.segment_dependencies;
-- squawk-ignore ban-drop-table
drop table if exists app_public.segment_members;
-- squawk-ignore ban-drop-table
drop table if exists app_public.segment_versions;
-- squawk-ignore ban-drop-table
drop table if exists app_public.segments;

create table app_public.segments (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  name text not null,
  description text,
  kind text not null,
  rule jsonb,
  version int not null default 1,
  filled_version int,
  found_wrong int not null default 0,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint segments_identity unique (organization_id, id),
  constraint segments_kind_is_known check (kind in ('rule', 'list')),
  constraint segments_have_a_rule check ((kind = 'rule') = (rule is not null)),
  constraint segments_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint segments_name_is_short check (length(name) <= 120),
  constraint segments_description_is_short check (length(description) <= 1000),
  constraint segments_version_counts_from_one check (version >= 1)
);
create index segments_created_by_idx on app_public.segments (created_by);
comment on table app_public.segments is 'A group of patients of a clinic, by a rule or by hand.';
comment on column app_public.segments.rule is 'Who is in it, in the language that ruleBuilder describes; null of a list.';
comment on column app_public.segments.version is 'How often its rule was written; each is kept.';
comment on column app_public.segments.filled_version is
  'The version by which its members were found; null or an earlier one while the worker is at it, which takes seconds.';
comment on column app_public.segments.found_wrong is 'How many of them the nightly checks found wrongly in or out, which they mended.';
comment on constraint segments_kind_is_known on app_public.segments is E'rule: Whoever its rule holds for.\nlist: Whoever was put in.';

create table app_public.segment_versions (
  organization_id uuid not null,
  segment_id uuid not null,
  number int not null,
  rule jsonb not null,
  written_by uuid references app_public.principals on delete restrict,
  written_at timestamptz not null default now(),
  constraint segment_versions_pkey primary key (organization_id, segment_id, number),
  constraint segment_versions_segment_fkey foreign key (organization_id, segment_id)
    references app_public.segments (organization_id, id) on delete restrict
);
create index segment_versions_written_by_idx on app_public.segment_versions (written_by);
comment on table app_public.segment_versions is 'The rules that a segment had.';
comment on column app_public.segment_versions.number is 'The version that it is, counted from one.';
comment on column app_public.segment_versions.rule is 'The rule as it was written.';
comment on column app_public.segment_versions.written_at is 'When it was written.';

create table app_public.segment_members (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  segment_id uuid not null,
  patient_id uuid not null,
  patient_profile_id uuid not null,
  entered_at timestamptz not null,
  left_at timestamptz,
  constraint segment_members_identity unique (organization_id, id),
  constraint segment_members_segment_fkey foreign key (organization_id, segment_id)
    references app_public.segments (organization_id, id) on delete restrict,
  constraint segment_members_patient_fkey foreign key (organization_id, patient_id, patient_profile_id)
    references app_public.patients (organization_id, id, patient_profile_id) on delete restrict,
  constraint segment_members_leave_after_they_entered check (left_at >= entered_at)
);
create unique index segment_members_in_once on app_public.segment_members (organization_id, segment_id, patient_id) where left_at is null;
create index segment_members_patient_idx on app_public.segment_members (organization_id, patient_id, patient_profile_id);
create index segment_members_segment_idx on app_public.segment_members (organization_id, segment_id, entered_at, id);
comment on table app_public.segment_members is 'Who is in a segment and who was: each stay is a row.';
comment on column app_public.segment_members.entered_at is 'Since when.';
comment on column app_public.segment_members.left_at is 'Until when; null: still in.';

create table app_private.segment_dependencies (
  organization_id uuid not null,
  code text not null,
  segment_id uuid not null,
  constraint segment_dependencies_pkey primary key (organization_id, code, segment_id),
  constraint segment_dependencies_segment_fkey foreign key (organization_id, segment_id)
    references app_public.segments (organization_id, id) on delete cascade
);
create index segment_dependencies_segment_idx on app_private.segment_dependencies (organization_id, segment_id);
comment on table app_private.segment_dependencies is 'What the rule of a segment reads, by the codes of rule_sources.';

create table app_private.segment_marks (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  segment_id uuid not null,
  patient_id uuid,
  cause_id uuid default nullif(current_setting('app.cause_event_id', true), '')::uuid,
  constraint segment_marks_identity unique (organization_id, id),
  constraint segment_marks_segment_fkey foreign key (organization_id, segment_id)
    references app_public.segments (organization_id, id) on delete cascade
);
create index segment_marks_segment_idx on app_private.segment_marks (organization_id, segment_id);
comment on table app_private.segment_marks is
  'Whom to look at again, written with the change and gone when they were looked at. Several of one pair say the same, and nobody waits for another.';
comment on column app_private.segment_marks.patient_id is 'The patient; null: everybody.';
comment on column app_private.segment_marks.cause_id is
  'The event to which an automation answered with the change; what follows from the look has it as its cause. Null: no automation did it.';

create table app_private.segment_rechecks (
  organization_id uuid not null,
  segment_id uuid not null,
  patient_id uuid not null,
  at timestamptz not null,
  constraint segment_rechecks_pkey primary key (organization_id, segment_id, patient_id),
  constraint segment_rechecks_segment_fkey foreign key (organization_id, segment_id)
    references app_public.segments (organization_id, id) on delete cascade
);
create index segment_rechecks_at_idx on app_private.segment_rechecks (at);
comment on table app_private.segment_rechecks is 'When time alone may change whether a patient is in a segment.';

-- not in db/reference: it stands there as well; the policy of segments names it before those rows come.
insert into app_public.permissions (name, description) values ('segments.manage', 'Make segments of patients, edit and remove them')
on conflict do nothing;

