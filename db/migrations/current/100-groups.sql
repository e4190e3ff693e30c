-- Group sessions: a session takes the specialist's time, its seats are claims below it. SCH-02.

alter table app_public.calendars add column if not exists capacity int not null default 1;
comment on column app_public.calendars.capacity is
  'How many can be booked at one start with one specialist. Of more than one, each start is a group session with so many seats.';
alter table app_public.calendars drop constraint if exists calendars_capacity_is_sensible;
alter table app_public.calendars
  -- squawk-ignore constraint-missing-not-valid
  add constraint calendars_capacity_is_sensible check (capacity between 1 and 200);

alter table app_private.time_claims add column if not exists session_id uuid;
alter table app_private.time_claims add column if not exists seat int;
alter table app_private.time_claims add column if not exists capacity int;
comment on column app_private.time_claims.session_id is 'The group session that it is a seat of, which has the specialist''s time.';
comment on column app_private.time_claims.seat is 'The number of the seat, from 1; one claim has it at a time.';
comment on column app_private.time_claims.capacity is 'Of a session: how many seats it has, frozen when it was made.';

alter table app_private.time_claims drop constraint if exists time_claims_no_two_at_once;
alter table app_private.time_claims drop constraint if exists time_claims_kind_is_known;
alter table app_private.time_claims drop constraint if exists time_claims_holds_expire;
alter table app_private.time_claims drop constraint if exists time_claims_sessions_have_seats;
alter table app_private.time_claims drop constraint if exists time_claims_seats_are_of_a_session;
alter table app_private.time_claims drop constraint if exists time_claims_session_id_fkey;
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_no_two_at_once exclude using gist (specialist_id with =, blocked with &&)
    where (released_at is null and session_id is null);
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_kind_is_known check (kind in ('hold', 'request', 'appointment', 'block', 'session'));
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_holds_expire check (
    case kind when 'hold' then expires_at is not null when 'session' then true else expires_at is null end);
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_sessions_have_seats check (
    (kind = 'session') = (capacity is not null) and (capacity is null or capacity > 1 and session_id is null));
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_seats_are_of_a_session check (seat >= 1 and (session_id is null or seat is not null));
-- A session that was let go is swept away; what was booked in it and called off stays.
alter table app_private.time_claims
  -- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
  add constraint time_claims_session_id_fkey foreign key (organization_id, session_id)
    references app_private.time_claims (organization_id, id) on delete set null (session_id);

-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_private.time_claims_one_claim_a_seat;
-- squawk-ignore require-concurrent-index-creation
create unique index time_claims_one_claim_a_seat on app_private.time_claims (organization_id, session_id, seat)
  where released_at is null and session_id is not null;
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_private.time_claims_session_idx;
-- squawk-ignore require-concurrent-index-creation
create index time_claims_session_idx on app_private.time_claims (organization_id, session_id) where session_id is not null;
-- Sessions are swept away as holds are.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_private.time_claims_lapsed_idx;
-- squawk-ignore require-concurrent-index-creation
create index time_claims_lapsed_idx on app_private.time_claims (released_at)
  where kind in ('hold', 'session') and released_at is not null;

alter type app_public.slot drop attribute if exists seats_left;
alter type app_public.slot add attribute seats_left int;
comment on column app_public.slot.seats_left is
  E'@nullable\nHow many more can be booked at this start, in a calendar of groups; null in others.';

