-- Patients who may not book by themselves. APT-06.
-- squawk-ignore ban-drop-table
drop table if exists app_public.booking_blocks;
create table app_public.booking_blocks (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  patient_profile_id uuid not null,
  reason text not null,
  until timestamptz,
  blocked_by uuid not null references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  contested_at timestamptz,
  objection text,
  decision text,
  decided_at timestamptz,
  decided_by uuid references app_public.principals on delete restrict,
  decision_reason text,
  constraint booking_blocks_identity unique (organization_id, id),
  constraint booking_blocks_are_of_a_patient foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint booking_blocks_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint booking_blocks_reason_is_at_most_500_characters_long check (length(reason) <= 500),
  constraint booking_blocks_objection_is_not_blank check (length(btrim(objection)) >= 3),
  constraint booking_blocks_objection_is_at_most_500_characters_long check (length(objection) <= 500),
  constraint booking_blocks_decision_reason_is_not_blank check (length(btrim(decision_reason)) >= 3),
  constraint booking_blocks_decision_reason_is_at_most_500_characters_long check (length(decision_reason) <= 500),
  constraint booking_blocks_decision_is_known check (decision in ('upheld', 'lifted')),
  constraint booking_blocks_end_after_they_began check (until > created_at),
  constraint booking_blocks_are_contested_with_words check ((contested_at is null) = (objection is null)),
  constraint booking_blocks_are_decided_by_somebody check (
    (decision is null) = (decided_at is null) and (decision is null) = (decided_by is null)
    and (decision is null) = (decision_reason is null)),
  constraint booking_blocks_are_upheld_by_somebody_else check (decision <> 'upheld' or decided_by <> blocked_by)
);
create index booking_blocks_patient_idx on app_public.booking_blocks (organization_id, patient_profile_id, created_at);
create index booking_blocks_standing_idx on app_public.booking_blocks (organization_id, patient_profile_id)
  where decision is distinct from 'lifted';
create index booking_blocks_contested_idx on app_public.booking_blocks (organization_id, contested_at, id)
  where contested_at is not null;
create index booking_blocks_blocked_by_idx on app_public.booking_blocks (blocked_by);
create index booking_blocks_decided_by_idx on app_public.booking_blocks (decided_by);
comment on table app_public.booking_blocks is
  'That a clinic keeps a patient from booking by themselves: who decided it and why, what the patient says to it, and what somebody else decided then.';
comment on column app_public.booking_blocks.reason is 'Why; the patient reads it.';
comment on column app_public.booking_blocks.until is 'Until when; null until it is lifted.';
comment on column app_public.booking_blocks.blocked_by is 'Who decided it, by the id of their account: always a person.';
comment on column app_public.booking_blocks.contested_at is 'When the patient asked for another person to look at it.';
comment on column app_public.booking_blocks.objection is 'What the patient says to it.';
comment on column app_public.booking_blocks.decision is 'What was decided about it last; null before.';
comment on column app_public.booking_blocks.decided_at is 'When that was decided.';
comment on column app_public.booking_blocks.decided_by is 'Who decided that, by the id of their account.';
comment on column app_public.booking_blocks.decision_reason is 'Why that was decided; the patient reads it.';
comment on constraint booking_blocks_decision_is_known on app_public.booking_blocks is
  E'upheld: Somebody other than who blocked looked at it, and it stays.\nlifted: The patient may book by themselves again.';
comment on constraint booking_blocks_are_of_a_patient on app_public.booking_blocks is
  E'@fieldName patient\n@foreignFieldName bookingBlocks\nThe patient who may not book by themselves.';

