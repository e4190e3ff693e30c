-- Messages over every channel: what may be told, over which channels, in which words, to whom, and what became of it.
-- FND-15, APT-08, APT-09.

-- squawk-ignore ban-drop-table
drop table if exists app_public.messages cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.message_reports;
-- squawk-ignore ban-drop-table
drop table if exists app_private.opt_outs;
-- squawk-ignore ban-drop-table
drop table if exists app_public.push_subscriptions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.quiet_hours cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.notification_preferences cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.whatsapp_templates cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.clinic_message_templates cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.message_channels cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.message_types cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.message_topics cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.channels cascade;
drop function if exists app_private.notify(uuid, text, text, text, text, jsonb, uuid, uuid);
drop function if exists app_private.claim_message(uuid);
drop function if exists app_private.record_message_accepted(uuid, text);
drop type if exists app_private.message_recipient cascade;

-- What may be told ------------------------------------------------------------------------------

create table app_private.channels (
  name text primary key,
  reaches text not null,
  quiet_from time,
  quiet_until time,
  per_person_and_day int,
  constraint channels_name_is_a_slug check (name ~ '^[a-z]+(_[a-z]+)*$'),
  constraint channels_reaches_is_known check (reaches in ('email', 'phone', 'account')),
  constraint channels_quiet_hours_have_both_ends check ((quiet_from is null) = (quiet_until is null)),
  constraint channels_per_person_and_day_is_positive check (per_person_and_day > 0)
);
comment on table app_private.channels is
  'Ways to tell somebody something: what each needs to know of a person, and the quiet hours and the cap of whoever '
  'set none. Quiet hours are local times; the cap counts 24 hours.';
insert into app_private.channels (name, reaches, quiet_from, quiet_until, per_person_and_day) values
  ('email', 'email', null, null, null),
  ('sms', 'phone', '21:00', '08:00', 10),
  ('whatsapp', 'phone', '21:00', '08:00', null),
  ('push', 'account', '21:00', '08:00', null),
  ('in_app', 'account', null, null, null);

create table app_public.message_topics (
  key text primary key,
  kind text not null,
  name text not null,
  name_ro text not null,
  constraint message_topics_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$'),
  constraint message_topics_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint message_topics_name_ro_is_one_line check (name_ro !~ '[[:cntrl:]]'),
  constraint message_topics_kind_is_known check (kind in ('transactional', 'marketing'))
);
comment on table app_public.message_topics is
  'What messages are about, as people switch them on and off. transactional: about one''s own appointment or account, '
  'needs no consent; marketing: needs one.';
insert into app_public.message_topics (key, kind, name, name_ro) values
  ('appointments', 'transactional', 'Appointments and booking requests', 'Programări și cereri de programare'),
  ('clinic', 'transactional', 'Work at the clinic', 'Activitatea clinicii'),
  ('news', 'marketing', 'News and offers', 'Noutăți și oferte');

create table app_private.message_types (
  key text primary key,
  topic text not null references app_public.message_topics on delete restrict,
  variables text[] not null,
  sample jsonb not null,
  calendar_status text,
  urgent_within interval,
  expires_with text,
  lasts interval not null default '2 days',
  constraint message_types_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$'),
  constraint message_types_sample_is_an_object check (jsonb_typeof(sample) = 'object'),
  constraint message_types_calendar_status_is_known check (calendar_status in ('TENTATIVE', 'CONFIRMED', 'CANCELLED')),
  constraint message_types_expires_with_is_a_variable check (expires_with is null or expires_with = any (variables)),
  constraint message_types_lasts_is_positive check (lasts > interval '0')
);
create index message_types_topic_idx on app_private.message_types (topic);
comment on table app_private.message_types is 'Everything that can be told. Its words are in message_templates.';
comment on column app_private.message_types.variables is
  'What notify() must be given, no more and no less. The renderer adds when, respondByWhen, recipientName, '
  'inPerson, video, phone, clinicName, clinicPhone, clinicEmail and clinicAddress.';
comment on column app_private.message_types.sample is 'Variables for a preview.';
comment on column app_private.message_types.calendar_status is
  'The mail carries a calendar file with this status; null: none.';
comment on column app_private.message_types.urgent_within is
  'When startsAt is nearer than this, the message does not wait for the end of quiet hours.';
comment on column app_private.message_types.expires_with is 'The variable with the time after which it helps nobody.';
comment on column app_private.message_types.lasts is 'How long it may wait to be told, at most.';

create table app_private.message_channels (
  template_key text not null references app_private.message_types on delete cascade,
  channel text not null references app_private.channels on delete restrict,
  route text not null,
  rank int not null,
  is_default boolean not null,
  primary key (template_key, channel),
  constraint message_channels_rank_is_taken_once unique (template_key, route, rank),
  constraint message_channels_route_is_known check (route in ('letter', 'alert', 'inbox')),
  constraint message_channels_rank_counts_from_one check (rank >= 1)
);
create index message_channels_channel_idx on app_private.message_channels (channel);
comment on table app_private.message_channels is
  'Over which channels something may be told. Channels of one route stand in for each other, lowest rank first: '
  'a person is told once per route. is_default: whether those who said nothing are told over this channel.';

-- In which words --------------------------------------------------------------------------------

alter table app_private.message_templates no force row level security;
do $$
begin
  if to_regclass('app_private.messages') is not null then
    alter table app_private.messages no force row level security;
    alter table app_private.messages drop constraint if exists messages_template_key_locale_template_version_fkey;
  end if;
  if exists (select from pg_attribute where attrelid = 'app_private.message_templates'::regclass and attname = 'subject') then
    alter table app_private.message_templates rename column subject to title;
    alter table app_private.message_templates rename column key to template_key;
    alter table app_private.message_templates drop constraint message_templates_subject_is_one_line;
    alter table app_private.message_templates drop constraint message_templates_key_is_a_slug;
  end if;
end;
$$;
alter table app_private.message_templates add column if not exists channel text not null default 'email';
alter table app_private.message_templates alter column channel drop default;
-- squawk-ignore ban-drop-not-null
alter table app_private.message_templates alter column title drop not null;
-- squawk-ignore ban-drop-column
alter table app_private.message_templates drop column if exists variables;
-- squawk-ignore ban-drop-column
alter table app_private.message_templates drop column if exists calendar_status;
alter table app_private.message_templates drop constraint if exists message_templates_pkey;
-- A few dozen rows that only migrations write: locks and scans concern nobody.
alter table app_private.message_templates
  -- squawk-ignore adding-serial-primary-key-field, constraint-missing-not-valid
  add constraint message_templates_pkey primary key (template_key, channel, locale, version),
  drop constraint if exists message_templates_title_is_one_line,
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_templates_title_is_one_line check (title !~ '[[:cntrl:]]' and length(btrim(title)) between 1 and 200),
  drop constraint if exists message_templates_title_is_where_it_shows,
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_templates_title_is_where_it_shows check ((title is null) = (channel in ('sms', 'whatsapp'))),
  drop constraint if exists message_templates_short_texts_are_short,
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_templates_short_texts_are_short check (
    length(body) <= case when channel in ('sms', 'whatsapp') then 480 when channel = 'push' then 240 else 20000 end);
comment on table app_private.message_templates is
  'The platform''s words for a message on a channel, in mustache, plain text; the HTML of a mail is made from the '
  'text. The highest version is used. A clinic''s own words are in clinic_message_templates.';
comment on column app_private.message_templates.title is 'Subject of a mail, title of a notice; none in a short text.';

create table app_public.clinic_message_templates (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  template_key text not null references app_private.message_types on delete restrict,
  channel text not null references app_private.channels on delete restrict,
  locale text not null,
  version int not null,
  title text,
  body text,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint clinic_message_templates_identity unique (organization_id, id),
  constraint clinic_message_templates_version_counts_up unique (organization_id, template_key, channel, locale, version),
  constraint clinic_message_templates_version_counts_from_one check (version >= 1),
  constraint clinic_message_templates_locale_is_supported check (locale in ('ro', 'en')),
  constraint clinic_message_templates_title_is_one_line check (title !~ '[[:cntrl:]]' and length(btrim(title)) between 1 and 200),
  constraint clinic_message_templates_title_is_where_it_shows check (
    (title is null) = (body is null or channel in ('sms', 'whatsapp'))),
  constraint clinic_message_templates_short_texts_are_short check (
    length(btrim(body)) >= 1
    and length(body) <= case when channel in ('sms', 'whatsapp') then 480 when channel = 'push' then 240 else 20000 end)
);
create index clinic_message_templates_type_idx on app_public.clinic_message_templates (template_key);
create index clinic_message_templates_channel_idx on app_public.clinic_message_templates (channel);
create index clinic_message_templates_created_by_idx on app_public.clinic_message_templates (created_by);
comment on table app_public.clinic_message_templates is
  'A clinic''s own words instead of the platform''s. Never changed: an edit is a new version, and one without a body '
  'goes back to the platform''s words.';

create table app_public.whatsapp_templates (
  organization_id uuid not null references app_public.organizations on delete cascade,
  template_key text not null references app_private.message_types on delete restrict,
  locale text not null,
  content_sid text not null,
  variables text[] not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, template_key, locale),
  constraint whatsapp_templates_locale_is_supported check (locale in ('ro', 'en')),
  constraint whatsapp_templates_content_sid_is_an_id check (content_sid ~ '^HX[0-9a-f]{32}$'),
  constraint whatsapp_templates_variables_are_few check (cardinality(variables) <= 20)
);
create index whatsapp_templates_type_idx on app_public.whatsapp_templates (template_key);
comment on table app_public.whatsapp_templates is
  'The text that WhatsApp approved for a clinic''s sender: without one, nothing is sent there and the next channel is used.';
comment on column app_public.whatsapp_templates.variables is 'What stands for {{1}}, {{2}} and so on, by name.';

-- To whom ---------------------------------------------------------------------------------------

create type app_private.message_recipient as (
  patient_profile_id uuid,
  human_id uuid,
  name text,
  email text,
  phone text,
  locale text,
  data jsonb
);
comment on type app_private.message_recipient is
  'Somebody to tell: a patient profile, a human, or a bare contact with name, email and phone. What is given beside '
  'a profile or human is used instead of what is known of them; data is added to what everybody is told.';

create table app_public.notification_preferences (
  id uuid primary key default uuidv7(),
  human_id uuid references app_public.humans on delete cascade,
  patient_profile_id uuid references app_public.patient_profiles on delete cascade,
  topic text not null references app_public.message_topics on delete cascade,
  channel text not null references app_private.channels on delete restrict,
  is_enabled boolean not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint notification_preferences_are_one_persons check (num_nonnulls(human_id, patient_profile_id) = 1),
  constraint notification_preferences_are_set_once unique nulls not distinct (human_id, patient_profile_id, topic, channel)
);
create index notification_preferences_profile_idx on app_public.notification_preferences (patient_profile_id, topic, channel);
create index notification_preferences_topic_idx on app_public.notification_preferences (topic);
create index notification_preferences_channel_idx on app_public.notification_preferences (channel);
comment on table app_public.notification_preferences is
  'What a person wants to be told over which channel; without a row the message''s own default holds. Nobody but the '
  'person, or who cares for them, changes it.';

create table app_public.quiet_hours (
  id uuid primary key default uuidv7(),
  human_id uuid references app_public.humans on delete cascade,
  patient_profile_id uuid references app_public.patient_profiles on delete cascade,
  quiet_from time not null,
  quiet_until time not null,
  timezone text not null references app_public.time_zones on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint quiet_hours_are_one_persons check (num_nonnulls(human_id, patient_profile_id) = 1),
  constraint quiet_hours_are_set_once unique nulls not distinct (human_id, patient_profile_id)
);
create index quiet_hours_profile_idx on app_public.quiet_hours (patient_profile_id);
create index quiet_hours_timezone_idx on app_public.quiet_hours (timezone);
comment on table app_public.quiet_hours is
  'When a person wants no SMS, WhatsApp or push, on the clock of a zone; from = until: never. Messages wait for the end.';

create table app_public.push_subscriptions (
  id uuid primary key default uuidv7(),
  human_id uuid not null references app_public.humans on delete cascade,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null default now(),
  constraint push_subscriptions_endpoint_is_unique unique (endpoint),
  constraint push_subscriptions_endpoint_is_a_push_service check (
    endpoint ~ '^https://([a-z0-9-]+\.)+[a-z][a-z0-9-]+/[!-~]+$' and length(endpoint) <= 1000),
  constraint push_subscriptions_p256dh_is_base64url check (p256dh ~ '^[A-Za-z0-9_-]{87}=?$'),
  constraint push_subscriptions_auth_is_base64url check (auth ~ '^[A-Za-z0-9_-]{22}(==)?$')
);
create index push_subscriptions_human_idx on app_public.push_subscriptions (human_id, created_at);
comment on table app_public.push_subscriptions is
  'Browsers in which a person wants to be told. Dropped when the push service says that one is over.';

do $$
begin
  if not exists (select from pg_attribute where attrelid = 'app_private.suppressed_addresses'::regclass and attname = 'channel') then
    alter table app_private.suppressed_addresses add column channel text not null default 'email';
    alter table app_private.suppressed_addresses alter column channel drop default;
    alter table app_private.suppressed_addresses drop constraint suppressed_addresses_pkey;
    alter table app_private.suppressed_addresses add primary key (channel, address);
    alter table app_private.suppressed_addresses drop constraint suppressed_addresses_reason_is_known;
    alter table app_private.suppressed_addresses
      add constraint suppressed_addresses_reason_is_known check (reason in ('bounce', 'complaint', 'request'));
  end if;
end;
$$;
alter table app_private.suppressed_addresses drop constraint if exists suppressed_addresses_channel_exists;
alter table app_private.suppressed_addresses
  -- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
  add constraint suppressed_addresses_channel_exists foreign key (channel) references app_private.channels on delete restrict;
comment on table app_private.suppressed_addresses is
  'Addresses that nobody writes to any more over a channel. Across clinics: an address that does not exist exists '
  'for none of them, and the reputation of the sender is shared.';

create table app_private.opt_outs (
  organization_id uuid not null references app_public.organizations on delete cascade,
  channel text not null references app_private.channels on delete restrict,
  address text not null,
  since timestamptz not null default now(),
  primary key (organization_id, channel, address),
  constraint opt_outs_address_is_lower_case check (address = lower(address))
);
create index opt_outs_channel_idx on app_private.opt_outs (channel);
comment on table app_private.opt_outs is 'Addresses that asked one clinic not to write to them over a channel: a STOP.';

-- What became of it -----------------------------------------------------------------------------

create table app_public.messages (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  template_key text not null references app_private.message_types on delete restrict,
  channel text not null references app_private.channels on delete restrict,
  route text not null,
  rank int not null,
  locale text not null,
  template_version int not null,
  clinic_template_id uuid,
  patient_profile_id uuid,
  recipient_human_id uuid references app_public.humans on delete restrict,
  account_id uuid references app_public.humans on delete restrict,
  recipient_name text not null,
  recipient_email text,
  recipient_phone text,
  recipient text generated always as
    (coalesce(patient_profile_id::text, recipient_human_id::text, lower(recipient_email), recipient_phone, '')) stored,
  address text,
  data jsonb not null,
  event_id uuid,
  calendar_uid uuid,
  calendar_sequence int,
  is_urgent boolean not null default false,
  not_before timestamptz,
  expires_at timestamptz not null,
  status text not null default 'queued',
  reason text,
  attempts int not null default 0,
  attempted_at timestamptz,
  vendor text,
  vendor_id text,
  sent_at timestamptz,
  delivered_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint messages_identity unique (organization_id, id),
  foreign key (organization_id, clinic_template_id)
    references app_public.clinic_message_templates (organization_id, id) on delete restrict,
  foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  foreign key (organization_id, event_id) references app_private.events (organization_id, id) on delete restrict,
  foreign key (template_key, channel, locale, template_version)
    references app_private.message_templates (template_key, channel, locale, version) on delete restrict,
  constraint messages_locale_is_supported check (locale in ('ro', 'en')),
  constraint messages_are_for_one_person check (num_nonnulls(patient_profile_id, recipient_human_id) <= 1),
  constraint messages_recipient_name_is_one_line check (recipient_name !~ '[[:cntrl:]]' and length(recipient_name) <= 250),
  constraint messages_recipient_email_is_valid check (recipient_email ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$' and length(recipient_email) <= 254),
  constraint messages_recipient_phone_is_a_phone_number check (recipient_phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint messages_data_is_an_object check (jsonb_typeof(data) = 'object'),
  constraint messages_calendar_has_uid_and_sequence check ((calendar_uid is null) = (calendar_sequence is null)),
  constraint messages_status_is_known check (
    status in ('queued', 'sent', 'delivered', 'read', 'failed', 'bounced', 'suppressed', 'skipped')),
  constraint messages_what_did_not_arrive_says_why check (
    (status in ('failed', 'bounced', 'suppressed', 'skipped')) = (reason is not null)),
  constraint messages_what_left_has_a_time check (status not in ('sent', 'delivered', 'read') or sent_at is not null),
  constraint messages_reason_is_short check (length(reason) <= 500)
);
-- One telling of one event to one person: a consumer may be run again.
create unique index messages_event_is_told_once
  on app_public.messages (organization_id, event_id, template_key, channel, recipient, account_id) nulls not distinct
  where event_id is not null;
create index messages_created_idx on app_public.messages (organization_id, created_at);
create index messages_status_idx on app_public.messages (organization_id, status, created_at);
create index messages_patient_idx on app_public.messages (organization_id, patient_profile_id, created_at);
create index messages_profile_idx on app_public.messages (patient_profile_id, created_at);
create index messages_recipient_human_idx on app_public.messages (recipient_human_id, created_at);
create index messages_account_idx on app_public.messages (account_id);
create index messages_calendar_idx on app_public.messages (organization_id, calendar_uid, recipient_email);
create index messages_event_idx on app_public.messages (organization_id, event_id);
create index messages_clinic_template_idx on app_public.messages (organization_id, clinic_template_id);
create index messages_template_idx on app_public.messages (template_key, channel, locale, template_version);
create index messages_channel_idx on app_public.messages (channel);
create index messages_vendor_idx on app_public.messages (vendor_id);
-- The cap of a day counts what one address got, whoever sent it.
create index messages_address_idx on app_public.messages (address, channel, attempted_at) where attempted_at is not null;
comment on table app_public.messages is
  'Every message to a person, one per channel: queued in the transaction of its cause, written when it leaves, followed '
  'until the vendor says what became of it. What could not be told stands here with its reason.';
-- Relations over columns that nobody may read would be doors that are locked for everybody.
comment on constraint messages_organization_id_clinic_template_id_fkey on app_public.messages is
  E'@behavior -*\nWhich of the clinic''s own words it was queued with.';
comment on constraint messages_recipient_human_id_fkey on app_public.messages is E'@behavior -*\nThe human who is told.';
comment on constraint messages_account_id_fkey on app_public.messages is E'@behavior -*\nWhose browser or inbox it is for.';
comment on column app_public.messages.patient_profile_id is 'The patient who is told; null for others.';
comment on column app_public.messages.recipient_human_id is 'The human who is told as themselves: a colleague, an owner.';
comment on column app_public.messages.account_id is
  'Whose browser or inbox it is for: the patient''s, or that of who cares for a patient without an account.';
comment on column app_public.messages.address is 'The address or number it goes to; null for push and in_app.';
comment on column app_public.messages.calendar_sequence is
  'SEQUENCE of the calendar file: counts up per calendar_uid and recipient, so calendars replace the older entry.';
comment on column app_public.messages.not_before is 'When quiet hours end that it waits for.';
comment on column app_public.messages.reason is 'Why it did not arrive.';

create table app_private.message_reports (
  vendor text not null,
  vendor_id text not null,
  status text not null,
  occurred_at timestamptz not null,
  reason text,
  address_is_dead boolean not null default false,
  received_at timestamptz not null default now(),
  primary key (vendor, vendor_id, status),
  constraint message_reports_status_is_known check (
    status in ('sent', 'delivered', 'read', 'failed', 'bounced', 'complained')),
  constraint message_reports_reason_is_short check (length(reason) <= 500)
);
create index message_reports_message_idx on app_private.message_reports (vendor_id, occurred_at);
comment on table app_private.message_reports is
  'What vendors report about messages, kept as it came: a report may overtake our own record of what was sent.';

insert into app_private.state_transitions (entity, from_state, to_state, actor) values
  ('messages', '', 'queued', 'system'),
  ('messages', '', 'skipped', 'system'),
  ('messages', '', 'suppressed', 'system'),
  ('messages', 'queued', 'sent', 'system'),
  ('messages', 'queued', 'delivered', 'system'),
  ('messages', 'queued', 'failed', 'system'),
  ('messages', 'queued', 'suppressed', 'system'),
  ('messages', 'queued', 'skipped', 'system'),
  ('messages', 'sent', 'delivered', 'system'),
  ('messages', 'sent', 'read', 'system'),
  ('messages', 'sent', 'failed', 'system'),
  ('messages', 'sent', 'bounced', 'system'),
  ('messages', 'delivered', 'read', 'system'),
  ('messages', 'delivered', 'bounced', 'system')
on conflict do nothing;

-- Who may ---------------------------------------------------------------------------------------

insert into app_public.permissions (name, description) values
  ('messages.view', 'See which messages the clinic''s patients were sent'),
  ('message_templates.manage', 'Edit the words of the clinic''s messages')
on conflict (name) do nothing;
insert into app_public.system_role_permissions (role_key, permission) values
  ('owner', 'messages.view'), ('admin', 'messages.view'), ('front_desk', 'messages.view'),
  ('owner', 'message_templates.manage'), ('admin', 'message_templates.manage')
on conflict do nothing;

set role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission in ('messages.view', 'message_templates.manage')
on conflict do nothing;
reset role;
