-- What specialists subscribe their own calendars to. APT-08.
-- squawk-ignore ban-drop-table
drop table if exists app_public.calendar_feeds;
drop type if exists app_public.calendar_feed_link cascade;

create table app_public.calendar_feeds (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations (id) on delete cascade,
  specialist_id uuid not null,
  shows_initials boolean not null,
  token_hash bytea not null,
  created_by uuid not null references app_public.principals (id) on delete restrict,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  constraint calendar_feeds_identity unique (organization_id, id),
  foreign key (organization_id, specialist_id) references app_public.specialists (organization_id, id) on delete cascade,
  constraint calendar_feeds_token_hash_is_a_digest check (octet_length(token_hash) = 32)
);
create unique index calendar_feeds_token_is_unique on app_public.calendar_feeds (token_hash);
create index calendar_feeds_specialist_idx on app_public.calendar_feeds (organization_id, specialist_id, created_at);
create index calendar_feeds_created_by_idx on app_public.calendar_feeds (created_by);
comment on table app_public.calendar_feeds is
  'Secret addresses under which calendar programs read a specialist''s appointments. Nobody sees the address again.';
comment on column app_public.calendar_feeds.shows_initials is
  'Whether entries carry the initials of patients; their names never leave for the vendors of calendars.';
comment on column app_public.calendar_feeds.created_by is 'Whoever made it; it answers as long as they belong to the clinic.';
comment on column app_public.calendar_feeds.revoked_at is 'Since when it answers no more; null while it does.';

create type app_public.calendar_feed_link as (
  id uuid,
  path text
);
comment on type app_public.calendar_feed_link is 'The address of a new feed, told this once.';
comment on column app_public.calendar_feed_link.id is 'What revokeCalendarFeed names.';
comment on column app_public.calendar_feed_link.path is 'Where the feed is, behind the address of this server: /v1/calendar-feeds/….ics.';

