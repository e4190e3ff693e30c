-- Rooms and equipment: what a booking needs beside a specialist, under a constraint of the same kind. SCH-11.

-- squawk-ignore ban-drop-table
drop table if exists app_private.resource_claims;
-- squawk-ignore ban-drop-table
drop table if exists app_public.calendar_resources;
-- squawk-ignore ban-drop-table
drop table if exists app_public.resources cascade;

create table app_public.resources (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  kind text not null,
  type text not null,
  name text not null,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint resources_identity unique (organization_id, id),
  constraint resources_are_of_one_type unique (organization_id, id, type),
  constraint resources_kind_is_known check (kind in ('room', 'equipment')),
  constraint resources_type_is_not_blank check (type ~ '[[:alnum:]]'),
  constraint resources_type_is_one_line check (type !~ '[[:cntrl:]]'),
  constraint resources_type_is_at_most_100_characters_long check (length(type) <= 100),
  constraint resources_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint resources_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint resources_name_is_at_most_200_characters_long check (length(name) <= 200)
);
create index resources_name_idx on app_public.resources (organization_id, name, id);
comment on table app_public.resources is 'A room or a device of a clinic that bookings take beside a specialist, one at a time.';
comment on constraint resources_kind_is_known on app_public.resources is
  E'room: Where it takes place.\nequipment: What is used there.';
comment on column app_public.resources.type is
  'What it is, in the clinic''s words: treatment room, ultrasound. A calendar needs one of a type.';

create table app_public.calendar_resources (
  organization_id uuid not null,
  calendar_id uuid not null,
  type text not null,
  resource_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, calendar_id, type),
  constraint calendar_resources_organization_id_calendar_id_fkey foreign key (organization_id, calendar_id)
    references app_public.calendars (organization_id, id) on delete cascade,
  constraint calendar_resources_organization_id_resource_id_fkey foreign key (organization_id, resource_id, type)
    references app_public.resources (organization_id, id, type) on update cascade on delete cascade,
  constraint calendar_resources_type_is_not_blank check (type ~ '[[:alnum:]]'),
  constraint calendar_resources_type_is_at_most_100_characters_long check (length(type) <= 100)
);
create index calendar_resources_resource_idx on app_public.calendar_resources (organization_id, resource_id, type);
comment on table app_public.calendar_resources is
  'What a booking in a calendar needs: one of a type of rooms or equipment, any that is free, or the one named.';
comment on column app_public.calendar_resources.type is 'Of which type one is needed, in the clinic''s words.';
comment on column app_public.calendar_resources.resource_id is 'The one that it has to be; any of the type when null.';

create table app_private.resource_claims (
  organization_id uuid not null,
  resource_id uuid not null,
  claim_id uuid not null,
  blocked tstzrange not null,
  primary key (organization_id, claim_id, resource_id),
  constraint resource_claims_organization_id_resource_id_fkey foreign key (organization_id, resource_id)
    references app_public.resources (organization_id, id) on delete restrict,
  constraint resource_claims_organization_id_claim_id_fkey foreign key (organization_id, claim_id)
    references app_private.time_claims (organization_id, id) on delete cascade,
  constraint resource_claims_no_two_at_once exclude using gist (resource_id with =, blocked with &&)
);
create index resource_claims_resource_idx on app_private.resource_claims (organization_id, resource_id);
comment on table app_private.resource_claims is
  'The rooms and equipment that a claim has beside the specialist''s time, from the hold to the end of the appointment. It lives '
  'as long as its claim; a group session has them for all of its seats.';

drop type if exists app_public.appointment_resource cascade;
create type app_public.appointment_resource as (id uuid, kind text, type text, name text);
comment on type app_public.appointment_resource is 'A room or a device that an appointment has.';
comment on column app_public.appointment_resource.kind is '@words resources.kind';
comment on column app_public.appointment_resource.type is 'What it is, in the clinic''s words.';

alter type app_private.timetable drop attribute if exists unequipped;
alter type app_private.timetable add attribute unequipped tstzmultirange;
comment on type app_private.timetable is
  'One specialist in one calendar: opening windows, and the starts that closings, claims, a lack of rooms or equipment, and all of '
  'these rule out.';

drop function if exists app_private.revive_hold(app_private.time_claims);

