-- What visitors without an account can cause is bounded, for whoever they name and for whoever they are. FND-35, APT-09.

-- squawk-ignore ban-drop-table
drop table if exists app_private.visitor_limits cascade;
create table app_private.visitor_limits (
  name text primary key,
  per_hour int not null,
  per_day int not null,
  constraint visitor_limits_name_is_a_slug check (name ~ '^[a-z]+(_[a-z]+)*$'),
  constraint visitor_limits_are_in_order check (per_hour >= 1 and per_hour <= per_day)
);
comment on table app_private.visitor_limits is
  'How much visitors can cause in an hour and in a day. visitor, address: booking requests, whatever became of them, at '
  'all clinics. The others are messages to one mailbox or telephone: from one clinic, and _of_platform from all that '
  'send through the platform''s account.';
insert into app_private.visitor_limits (name, per_hour, per_day) values
  ('visitor', 10, 30),
  ('address', 100, 300),
  ('guest', 6, 15),
  ('guest_of_platform', 12, 30),
  ('front_desk', 30, 150),
  ('front_desk_of_platform', 60, 300);

alter table app_private.message_types add column if not exists visitor_limit text;
alter table app_private.message_types drop constraint if exists message_types_visitor_limit_exists;
alter table app_private.message_types
  -- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
  add constraint message_types_visitor_limit_exists foreign key (visitor_limit) references app_private.visitor_limits on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists message_types_visitor_limit_idx on app_private.message_types (visitor_limit);
comment on column app_private.message_types.visitor_limit is
  'A visitor who proved nothing causes it, so one mailbox gets only so many; null: somebody of the clinic does, or the clock for a patient.';
alter table app_private.message_types no force row level security;
update app_private.message_types set visitor_limit = 'guest' where key in ('booking_request_received', 'booking_request_expired', 'booking_request_withdrawn');
update app_private.message_types set visitor_limit = 'front_desk' where key in ('booking_request_to_review', 'booking_request_withdrawn_by_guest');
alter table app_private.message_types force row level security;

-- Who is told: victim+1@ and v.i.c.t.i.m@gmail.com are the victim. The same words as app_private.mailbox_of().
-- squawk-ignore adding-field-with-default
alter table app_public.messages add column if not exists mailbox text generated always as (
  case
    when strpos(address, '@') = 0 then address
    when app_hidden.ascii_lower(split_part(address, '@', 2)) in ('gmail.com', 'googlemail.com')
      then replace(split_part(split_part(app_hidden.ascii_lower(address), '@', 1), '+', 1), '.', '') || '@gmail.com'
    else split_part(split_part(app_hidden.ascii_lower(address), '@', 1), '+', 1) || '@' || app_hidden.ascii_lower(split_part(address, '@', 2))
  end) stored;
comment on column app_public.messages.mailbox is
  E'@behavior -*\nWhose address it is, without what people may add to it: limits count by it.';
-- squawk-ignore require-concurrent-index-creation
create index if not exists messages_mailbox_idx on app_public.messages (mailbox, channel, created_at) where mailbox is not null;

-- squawk-ignore require-concurrent-index-creation
create index if not exists time_claims_visitor_requests_idx on app_private.time_claims (visitor_id, created_at)
  where kind in ('request', 'appointment');
-- squawk-ignore require-concurrent-index-creation
create index if not exists time_claims_address_requests_idx on app_private.time_claims (address, created_at)
  where kind in ('request', 'appointment');

-- What a visitor typed is told as such.
alter table app_private.message_templates no force row level security;
insert into app_private.message_templates (template_key, channel, locale, version, title, body) values
  ('booking_request_to_review', 'email', 'ro', 2,
   'Cerere nouă de programare: {{when}}',
   $text$Bună ziua,

Un vizitator al paginii de programări a cerut o programare:

{{serviceName}}
{{specialistName}}
{{when}}

Numele, așa cum l-a scris vizitatorul (neverificat): „{{guestName}}”

Ora rămâne rezervată până {{respondByWhen}}. Dacă nu răspundeți până atunci, cererea expiră și ora se eliberează.
$text$),
  ('booking_request_to_review', 'email', 'en', 2,
   'New booking request: {{when}}',
   $text$Hello,

A visitor of the booking page has asked for an appointment:

{{serviceName}}
{{specialistName}}
{{when}}

The name, as the visitor typed it (not verified): "{{guestName}}"

The time is kept until {{respondByWhen}}. If nobody answers by then, the request expires and the time becomes free.
$text$)
on conflict do nothing;
alter table app_private.message_templates force row level security;
