-- What the booking page needs beside the catalog: how large groups are, and whose pages may show it. APT-05.

alter type app_public.public_calendar drop attribute if exists capacity;
alter type app_public.public_calendar add attribute capacity int;
comment on column app_public.public_calendar.capacity is
  'How many can be booked at one start. Of more than one, it is a group, and times say how many seats are left.';

alter table app_public.organizations drop constraint if exists organizations_embedding_origins_are_https_origins;
alter table app_public.organizations add column if not exists embedding_origins text[] not null default '{}';
-- Joined by spaces, which no origin has: what comes apart as it was put together holds no null and no space.
alter table app_public.organizations
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_embedding_origins_are_https_origins
  check (cardinality(embedding_origins) <= 20
         and string_to_array(array_to_string(embedding_origins, ' '), ' ') = embedding_origins
         and array_to_string(embedding_origins, ' ')
           ~ '^(https://[a-z0-9-]+(\.[a-z0-9-]+)+(:[1-9][0-9]{0,4})?( (?=.)|$))*$');
comment on column app_public.organizations.embedding_origins is
  'Whose pages may show the booking page of the clinic inside of them, as origins: https://www.example.ro. None: nobody may.';

