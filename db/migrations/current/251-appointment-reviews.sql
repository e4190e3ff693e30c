-- What patients say of an appointment, and from which rating on the clinic wants to hear of it at once. APT-04.

-- squawk-ignore ban-drop-table
drop table if exists app_public.appointment_reviews cascade;
create table app_public.appointment_reviews (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  appointment_id uuid not null,
  rating int not null,
  comment text,
  created_by uuid not null references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint appointment_reviews_identity unique (organization_id, id),
  constraint appointment_reviews_one_for_an_appointment unique (organization_id, appointment_id),
  constraint appointment_reviews_organization_id_appointment_id_fkey foreign key (organization_id, appointment_id)
    references app_public.appointments (organization_id, id) on delete restrict,
  constraint appointment_reviews_rating_is_one_to_five check (rating between 1 and 5),
  constraint appointment_reviews_comment_is_at_most_2000_characters_long check (length(comment) <= 2000),
  constraint appointment_reviews_comment_says_something check (comment ~ '[^[:space:]]')
);
create index appointment_reviews_newest_idx on app_public.appointment_reviews (organization_id, created_at, id);
create index appointment_reviews_created_by_idx on app_public.appointment_reviews (created_by);
comment on table app_public.appointment_reviews is
  'How a patient found an appointment that took place: once, and as it was said then. The clinic reads it, no other patient.';
comment on column app_public.appointment_reviews.rating is 'From 1, bad, to 5, very good.';
comment on column app_public.appointment_reviews.comment is 'In the patient''s own words; null where there are none.';

alter table app_public.organizations drop constraint if exists organizations_low_rating_below_is_a_rating;
alter table app_public.organizations add column if not exists low_rating_below int not null default 3;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.organizations add constraint organizations_low_rating_below_is_a_rating
  check (low_rating_below between 1 and 6);
comment on column app_public.organizations.low_rating_below is
  'Of a review with fewer stars, members with reviews.alerted are told at once. 1: of none; 6: of every one.';

