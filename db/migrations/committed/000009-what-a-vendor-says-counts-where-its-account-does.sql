--! Previous: sha1:cfce0d8a57b9389ce2a5d508a4ac783736f3456a
--! Hash: sha1:d725888a0b8cd11904ac8c1e805860a17688d0d0
--! Message: what a vendor says counts where its account does

--! split: 300-own_vendors.sql
-- What a clinic's own vendor says counts at that clinic; what the platform's says, at all that use it. FND-35, FND-15.

-- By whose account a message went ---------------------------------------------------------------

alter table app_public.messages add column if not exists integration_id uuid;
comment on column app_public.messages.integration_id is
  E'@behavior -*\nThe clinic''s own account that carried it; null: the platform''s. Kept when the integration is gone.';

-- Until now only the vendor was noted: what a clinic with an account of its own sent went by it.
alter table app_public.messages no force row level security;
alter table app_public.organization_service_providers no force row level security;
alter table app_public.messages disable trigger user;
update app_public.messages
set integration_id = choice.integration_id
from app_public.organization_service_providers as choice
where choice.organization_id = messages.organization_id
  and choice.capability = messages.channel
  and choice.integration_id is not null
  and messages.integration_id is null
  and messages.vendor_id is not null;
alter table app_public.messages enable trigger user;
alter table app_public.organization_service_providers force row level security;
alter table app_public.messages force row level security;

-- Addresses that are not written to ------------------------------------------------------------

comment on table app_private.suppressed_addresses is
  'Addresses that the platform''s own vendors reported as dead, or whose owner complained there: no clinic that sends '
  'through the platform''s account writes to them. What a clinic''s own vendor reports is in clinic_suppressed_addresses.';

-- squawk-ignore ban-drop-table
drop table if exists app_private.clinic_suppressed_addresses;
create table app_private.clinic_suppressed_addresses (
  organization_id uuid not null references app_public.organizations on delete cascade,
  channel text not null references app_private.channels on delete restrict,
  address text not null,
  reason text not null,
  since timestamptz not null default now(),
  primary key (organization_id, channel, address),
  constraint clinic_suppressed_addresses_address_is_lower_case check (address = app_hidden.ascii_lower(address)),
  constraint clinic_suppressed_addresses_reason_is_known check (reason in ('bounce', 'complaint'))
);
create index clinic_suppressed_addresses_channel_idx on app_private.clinic_suppressed_addresses (channel);
comment on table app_private.clinic_suppressed_addresses is
  'Addresses that a clinic''s own vendor reported as dead, or whose owner complained there: this clinic alone does not '
  'write to them.';

-- squawk-ignore ban-drop-table
drop table if exists app_private.lifted_suppressions;
create table app_private.lifted_suppressions (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete cascade,
  channel text not null references app_private.channels on delete restrict,
  address text not null,
  reason text not null,
  since timestamptz not null,
  lifted_by text not null,
  because text,
  lifted_at timestamptz not null,
  constraint lifted_suppressions_address_is_lower_case check (address = app_hidden.ascii_lower(address)),
  constraint lifted_suppressions_reason_is_known check (reason in ('bounce', 'complaint', 'request')),
  constraint lifted_suppressions_lifted_by_is_known check (lifted_by in ('start', 'verified_address', 'permission')),
  constraint lifted_suppressions_permission_says_why check (
    (lifted_by = 'permission') = (because is not null) and because ~ '[[:alnum:]]' and length(because) <= 500)
);
create index lifted_suppressions_organization_idx on app_private.lifted_suppressions (organization_id, lifted_at);
create index lifted_suppressions_channel_idx on app_private.lifted_suppressions (channel);
comment on table app_private.lifted_suppressions is
  'Suppressions that were taken back: by a START, by a mailbox whose owner proved it, or by somebody with the permission '
  'and a reason. organization_id: where it counted; null for the platform''s.';
comment on column app_private.lifted_suppressions.since is 'When it had begun.';

-- A STOP to a clinic's own number is not taken back by a START to the number that clinics share.
alter table app_private.opt_outs add column if not exists to_own_account boolean not null default false;
comment on column app_private.opt_outs.to_own_account is
  'Said to the clinic''s own account; otherwise to the platform''s, whose number clinics share.';

-- What vendors reported --------------------------------------------------------------------------

do $$
begin
  if not exists (select from pg_attribute where attrelid = 'app_private.message_reports'::regclass and attname = 'integration_id') then
    alter table app_private.message_reports drop constraint message_reports_pkey;
    alter table app_private.message_reports add column id uuid primary key default uuidv7();
    alter table app_private.message_reports add column integration_id uuid;
    alter table app_private.message_reports add column counted_at timestamptz;
    alter table app_private.message_reports
      add constraint message_reports_are_kept_once unique nulls not distinct (integration_id, vendor, vendor_id, status);
    -- The reports of a message that went by a clinic's own account came by that account.
    alter table app_private.message_reports no force row level security;
    alter table app_public.messages no force row level security;
    update app_private.message_reports set counted_at = received_at where address_is_dead or status = 'complained';
    update app_private.message_reports
    set integration_id = messages.integration_id
    from app_public.messages
    where messages.vendor_id = message_reports.vendor_id
      and messages.vendor = message_reports.vendor
      and messages.integration_id is not null;
    alter table app_public.messages force row level security;
    alter table app_private.message_reports force row level security;
  end if;
end;
$$;
comment on column app_private.message_reports.integration_id is
  'The clinic''s integration whose vendor reported; null for the platform''s own. It concerns only what went by that account.';
comment on column app_private.message_reports.counted_at is
  'When it ended writing to the address. It does so once: what is lifted afterwards stays lifted.';

alter table app_private.message_reports drop constraint if exists message_reports_status_is_known;
alter table app_private.message_reports
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_reports_status_is_known check (
    status in ('sent', 'delivered', 'read', 'failed', 'bounced', 'bounced_for_now', 'complained'));

-- squawk-ignore ban-drop-table
drop table if exists app_private.message_moves;
create table app_private.message_moves (
  report text not null,
  from_state text not null,
  to_state text not null,
  unless_reported text,
  primary key (report, from_state),
  constraint message_moves_report_is_known check (
    report in ('sent', 'delivered', 'read', 'failed', 'bounced', 'bounced_for_now')),
  constraint message_moves_unless_reported_is_known check (unless_reported in ('bounced', 'delivered', 'read'))
);
comment on table app_private.message_moves is
  'Which report moves a message from where to where. A report without a move from the present state changes nothing: it '
  'came late, or says less than is known. A complaint moves nothing.';
comment on column app_private.message_moves.unless_reported is 'The report counts for nothing once this was reported, too, in whichever order they came.';
insert into app_private.message_moves (report, from_state, to_state, unless_reported) values
  ('delivered', 'sent', 'delivered', null),
  ('read', 'sent', 'read', null),
  ('read', 'delivered', 'read', null),
  ('failed', 'sent', 'failed', null),
  ('bounced', 'sent', 'bounced', null),
  ('bounced', 'delivered', 'bounced', null),
  -- An answer that somebody is out of office, or a server that gave no reason: whatever arrived has arrived.
  ('bounced_for_now', 'sent', 'bounced', 'delivered'),
  ('delivered', 'bounced', 'delivered', 'bounced');

insert into app_private.state_transitions (entity, from_state, to_state, actor) values
  ('messages', 'bounced', 'delivered', 'system')
on conflict do nothing;

-- Who may ---------------------------------------------------------------------------------------

insert into app_public.permissions (name, description) values
  ('suppressions.lift', 'Let the clinic write again to an address that was reported as dead')
on conflict (name) do nothing;
insert into app_public.system_role_permissions (role_key, permission) values
  ('owner', 'suppressions.lift'), ('admin', 'suppressions.lift')
on conflict do nothing;

set role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission = 'suppressions.lift'
on conflict do nothing;
reset role;

-- What a function is called with has changed ------------------------------------------------------

drop function if exists app_private.suppress_address(uuid, text, text, text);
drop function if exists app_private.apply_message_reports(text);
drop function if exists app_private.record_message_accepted(uuid, text, text);
drop function if exists app_private.record_message_refused(uuid, text, boolean);
drop function if exists app_private.record_message_status(text, text, text, timestamptz, text, boolean);

-- A queue is searched for what waits ---------------------------------------------------------------

-- squawk-ignore require-concurrent-index-creation
create index if not exists messages_waiting_idx on app_public.messages (expires_at) where status = 'queued';

--! split: 310-key_destinations.sql
-- A key belongs to its destination: it was entered for it, and goes nowhere else. FND-35, FND-23, FND-11.

-- Which settings say where an account is, or in whose name it speaks. Changing one of them asks for the keys again.
alter table app_public.service_providers drop constraint if exists service_providers_settings_say_where_keys_go;
alter table app_public.service_providers drop constraint if exists service_providers_credential_fields_are_declared;
alter table app_public.service_providers no force row level security;
update app_public.service_providers
set settings_fields = coalesce((
      select jsonb_agg(
        field.value || jsonb_build_object('destination', field.value ->> 'name' not in ('configurationSet', 'invoiceSeries'))
        order by field.ordinality)
      from jsonb_array_elements(settings_fields) with ordinality as field), '[]'),
    -- A password is chosen by people: four characters of it are a part of it.
    credential_fields = coalesce((
      select jsonb_agg(
        case when field.value ->> 'name' = 'password' then field.value || '{"kind": "password"}' else field.value end
        order by field.ordinality)
      from jsonb_array_elements(credential_fields) with ordinality as field), '[]');
alter table app_public.service_providers force row level security;
alter table app_public.service_providers
  -- A dozen rows that only migrations write: locks and scans concern nobody.
  -- squawk-ignore constraint-missing-not-valid
  add constraint service_providers_settings_say_where_keys_go check (
    not jsonb_path_exists(settings_fields, '$[*] ? (!(@.destination.type() == "boolean"))')),
  -- squawk-ignore constraint-missing-not-valid
  add constraint service_providers_credential_fields_are_declared check (
    jsonb_typeof(credential_fields) = 'array'
    and not jsonb_path_exists(credential_fields, '$[*] ? (!(
      @.name like_regex "^[a-z][A-Za-z0-9]*$" && (@.kind == "secret" || @.kind == "password" || @.kind == "text")
      && @.label.type() == "string" && @.labelRo.type() == "string" && @.required.type() == "boolean"))'));
comment on column app_public.service_providers.credential_fields is
  'What is sealed: kind secret, password or text. Never readable again. The last four characters are shown of what has '
  'twenty or more, and nothing of a password.';
comment on column app_public.service_providers.settings_fields is
  'What is no secret: kind text, url, email, phone, integer or boolean. destination: it says where the account is or in '
  'whose name it speaks, so that changing it asks for the keys again.';

-- What the keys of an integration were entered for.
alter table app_public.organization_integrations add column if not exists credentials_bound_to text;
alter table app_public.organization_integrations no force row level security;
alter table app_public.organization_integrations disable trigger user;
update app_public.organization_integrations
set credentials_bound_to = jsonb_build_object('provider', service_providers.key, 'settings', coalesce((
      select jsonb_object_agg(field ->> 'name', organization_integrations.settings -> (field ->> 'name'))
      from jsonb_array_elements(service_providers.settings_fields) as field
      where (field ->> 'destination')::boolean), '{}'))::text,
    last_four = organization_integrations.last_four - 'password'
from app_public.service_providers
where service_providers.key = organization_integrations.provider and credentials_bound_to is null;
alter table app_public.organization_integrations enable trigger user;
alter table app_public.organization_integrations force row level security;
-- squawk-ignore adding-not-nullable-field
alter table app_public.organization_integrations alter column credentials_bound_to set not null;
comment on column app_public.organization_integrations.credentials_bound_to is
  E'@behavior -*\nProvider and destination that the keys were entered for, sealed into the envelope with them.';

-- Format 2 of an envelope has a destination among what it is bound to.
alter domain app_private.ciphertext drop constraint if exists ciphertext_is_an_envelope;
-- squawk-ignore ban-alter-domain-with-add-constraint
alter domain app_private.ciphertext add constraint ciphertext_is_an_envelope check (
  octet_length(value) >= 36
  and substr(value, 1, 4) in ('\x52584501', '\x52584502')
  and substr(value, 5, 4) between '\x00000001' and '\x7fffffff'
);

drop function if exists app_hidden.integration_form(uuid, text, uuid);
drop function if exists app_hidden.integration_account(uuid);
drop function if exists app_hidden.resolve_provider(uuid, text);
drop function if exists app_private.ciphertext_places();
drop function if exists app_private.envelopes_to_reseal(text, text, text, int);

--! split: 320-visitor_limits.sql
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

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/appointments/require_no_link.sql
-- What a visitor without an account types goes into mails, to whatever address they typed beside it: it leads nowhere.
-- FND-35, APT-05.
-- Mail readers turn more into links than what begins with http, so anything that looks like a scheme, a path, an address
-- or a domain is refused. An abbreviation before a name is written with a space: "Dr. Ion".
-- requires: functions/core/refuse.sql

create or replace function app_private.require_no_link(field text, text text) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  -- Full-width and ideographic signs are read as the plain ones.
  v_text text := lower(translate(normalize(require_no_link.text, NFKC), '。․', '..'));
begin
  if v_text ~ '[:/\\@]'
    or v_text ~ '(^|[^[:alnum:]])www[.]'
    or v_text ~ '[[:alnum:]][.][[:alpha:]]{2}'
    or v_text ~ '[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+'
    or v_text ~ 'https?'
  then
    perform app_hidden.refuse(
      'VALIDATION', 'link_in_text', jsonb_build_object('field', require_no_link.field),
      'Write a name here: no link and no address. After a dot comes a space.');
  end if;
end;
$$;

comment on function app_private.require_no_link(text, text) is
  'Refuses, with VALIDATION link_in_text, what a mail reader could turn into a link.';
grant execute on function app_private.require_no_link(text, text) to app_engine;
-- end of source: functions/appointments/require_no_link.sql

-- source: functions/scheduling/require_request_allowance.sql
-- One visitor asks only so often in an hour and a day, and one network only so much more, at all clinics together and
-- whatever became of the requests: to ask and withdraw in a loop is bounded as well. FND-35, APT-09.
-- The locks make the count true for those who ask in parallel: visitor first, then address, as for holds.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql

set role app_engine;
create or replace function app_private.require_request_allowance(visitor_id text, address inet) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_limit app_private.visitor_limits;
  v_asked timestamptz[];
  v_free_at timestamptz;
begin
  for v_limit in
    select visitor_limits.*
    from app_private.visitor_limits
    where visitor_limits.name = 'visitor' and require_request_allowance.visitor_id is not null
      or visitor_limits.name = 'address' and require_request_allowance.address is not null
    order by visitor_limits.name desc
  loop
    -- Newest first. Two statements, because each has its index.
    if v_limit.name = 'visitor' then
      perform pg_advisory_xact_lock(hashtextextended('requests of visitor:' || require_request_allowance.visitor_id, 0));
      v_asked := array(
        select time_claims.created_at
        from app_private.time_claims
        join app_public.booking_requests
          on booking_requests.organization_id = time_claims.organization_id and booking_requests.claim_id = time_claims.id
        where time_claims.visitor_id = require_request_allowance.visitor_id
          and time_claims.kind in ('request', 'appointment')
          and time_claims.created_at > v_now - interval '1 day'
        order by time_claims.created_at desc
        limit v_limit.per_day);
    else
      perform pg_advisory_xact_lock(hashtextextended('requests of address:' || require_request_allowance.address, 0));
      v_asked := array(
        select time_claims.created_at
        from app_private.time_claims
        join app_public.booking_requests
          on booking_requests.organization_id = time_claims.organization_id and booking_requests.claim_id = time_claims.id
        where time_claims.address = require_request_allowance.address
          and time_claims.kind in ('request', 'appointment')
          and time_claims.created_at > v_now - interval '1 day'
        order by time_claims.created_at desc
        limit v_limit.per_day);
    end if;

    v_free_at := greatest(
      v_asked[v_limit.per_day] + interval '1 day',
      case when v_asked[v_limit.per_hour] > v_now - interval '1 hour' then v_asked[v_limit.per_hour] + interval '1 hour' end);
    if v_free_at is not null then
      perform app_hidden.refuse(
        'RATE_LIMITED',
        case v_limit.name when 'visitor' then 'too_many_requests' else 'too_many_requests_from_address' end,
        jsonb_build_object('retryAfterSeconds', greatest(ceil(extract(epoch from v_free_at - v_now)), 1)),
        'You have asked for as many appointments as one person can. Call the clinic, or try again later.');
    end if;
  end loop;
end;
$$;

comment on function app_private.require_request_allowance(text, inet) is
  'Refuses with RATE_LIMITED when a visitor, or an address, has made as many booking requests as an hour or a day allows.';
revoke all on function app_private.require_request_allowance(text, inet) from public;
reset role;
-- end of source: functions/scheduling/require_request_allowance.sql

-- source: functions/appointments/request_booking.sql
-- A visitor without an account asks for the time they hold. The request keeps the time until the clinic answers;
-- hold, request and appointment are the same claim, so the time is never let go in between. APT-05, APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/appointments/require_no_link.sql
-- requires: functions/scheduling/is_staff_of.sql
-- requires: functions/scheduling/require_request_allowance.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/require_calendar.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/appointments/respond_by.sql
-- requires: functions/appointments/booking_receipt_of.sql

set role app_engine;

create or replace function app_public.request_booking(
  hold_token text,
  given_name text,
  family_name text,
  email text,
  phone text,
  message text default null,
  locale text default null
) returns app_public.booking_receipt
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('request_booking', jsonb_build_array(
    hold_token, given_name, family_name, email, phone, message, locale));
  v_claim app_private.time_claims;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_request app_public.booking_requests;
  v_receipt app_public.booking_receipt;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_receipt, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token);
  -- Both are read by somebody who did not ask for it, if the address beside them is not the visitor's own (FND-35).
  perform app_private.require_no_link('givenName', given_name);
  perform app_private.require_no_link('familyName', family_name);
  if not app_private.is_staff_of(v_claim.organization_id) then
    perform app_private.require_request_allowance(v_claim.visitor_id, v_claim.address);
  end if;
  perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
  perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
  insert into app_public.booking_requests (
    organization_id, calendar_id, service_id, specialist_id, claim_id, given_name, family_name, email, phone, message,
    locale, starts_at, ends_at, price_amount, currency, respond_by, organizer_email, token_hash
  )
  select
    v_claim.organization_id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    request_booking.given_name, request_booking.family_name, request_booking.email, request_booking.phone,
    nullif(btrim(request_booking.message), ''),
    coalesce(request_booking.locale, organizations.locale), lower(v_claim.during), upper(v_claim.during),
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    app_private.respond_by(organizations, lower(v_claim.during)), organizations.contact_email,
    extensions.digest(v_token, 'sha256')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_request;

  perform app_private.convert_claim(v_claim.id, 'request');

  v_receipt := app_private.booking_receipt_of(v_request);
  v_receipt.token := v_token;
  perform app_private.remember('request_booking', to_jsonb(v_receipt));
  return v_receipt;
end;
$$;

comment on function app_public.request_booking(text, text, text, text, text, text, text) is
  'Turns a hold into a booking request. The receipt''s token is shown once. NOT_FOUND or GONE for the hold, '
  'VALIDATION with the field for the contact, also for a name with a link in it (link_in_text); RATE_LIMITED when the '
  'caller has asked too often, whatever became of it.';
grant execute on function app_public.request_booking(text, text, text, text, text, text, text) to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/request_booking.sql

-- source: functions/notify/mailbox_of.sql
-- Whose address it is, whatever they or others add to it: victim+1@ and, at Google, v.i.c.t.i.m@ are the victim's. FND-35.
-- The column messages.mailbox says the same; a test holds them together.
-- requires: functions/core/ascii_lower.sql

set role app_engine;
create or replace function app_private.mailbox_of(address text) returns text
language sql immutable strict parallel safe
set search_path = ''
return case
  when strpos(address, '@') = 0 then address
  when app_hidden.ascii_lower(split_part(address, '@', 2)) in ('gmail.com', 'googlemail.com')
    then replace(split_part(split_part(app_hidden.ascii_lower(address), '@', 1), '+', 1), '.', '') || '@gmail.com'
  else split_part(split_part(app_hidden.ascii_lower(address), '@', 1), '+', 1) || '@' || app_hidden.ascii_lower(split_part(address, '@', 2))
end;

comment on function app_private.mailbox_of(text) is 'The mailbox or telephone that limits count by.';

revoke all on function app_private.mailbox_of(text) from public;
reset role;
-- end of source: functions/notify/mailbox_of.sql

-- source: functions/notify/recipient_is_full.sql
-- Whether somebody was told as much as visitors may cause: whoever asks and withdraws in a loop, with a stranger's address,
-- would have a clinic write to that stranger as often as they like. FND-35, APT-09.
-- Counted is what left or will leave; the caller holds the lock of the mailbox.
-- requires: functions/core/now.sql
-- requires: functions/notify/mailbox_of.sql

set role app_engine;
create or replace function app_private.recipient_is_full(
  organization_id uuid,
  visitor_limit text,
  channel text,
  address text
) returns boolean
language sql stable security definer
set search_path = ''
as $$
  with clock as materialized (
    select app_hidden.now() as now
  ),
  own_accounts as (
    select choice.organization_id
    from app_public.organization_service_providers as choice
    where choice.capability = recipient_is_full.channel and choice.integration_id is not null
  ),
  told as (
    select messages.created_at, messages.organization_id = recipient_is_full.organization_id as is_ours,
      not exists (select from own_accounts where own_accounts.organization_id = messages.organization_id) as by_platform
    from app_public.messages
    join app_private.message_types on message_types.key = messages.template_key
    where messages.mailbox = app_private.mailbox_of(recipient_is_full.address)
      and messages.channel = recipient_is_full.channel
      and messages.created_at > (select clock.now from clock) - interval '1 day'
      and messages.status not in ('skipped', 'suppressed')
      and message_types.visitor_limit = recipient_is_full.visitor_limit
  ),
  counted as (
    select
      count(*) filter (where told.is_ours) as per_day,
      count(*) filter (where told.is_ours and told.created_at > (select clock.now from clock) - interval '1 hour') as per_hour,
      count(*) filter (where told.by_platform) as platform_per_day,
      count(*) filter (where told.by_platform and told.created_at > (select clock.now from clock) - interval '1 hour') as platform_per_hour
    from told
  )
  select exists (
    select from counted
    join app_private.visitor_limits
      on visitor_limits.name = recipient_is_full.visitor_limit
        and (counted.per_hour >= visitor_limits.per_hour or counted.per_day >= visitor_limits.per_day)
      or visitor_limits.name = recipient_is_full.visitor_limit || '_of_platform'
        and (counted.platform_per_hour >= visitor_limits.per_hour or counted.platform_per_day >= visitor_limits.per_day)
        and not exists (
          select from own_accounts where own_accounts.organization_id = recipient_is_full.organization_id))
$$;

comment on function app_private.recipient_is_full(uuid, text, text, text) is
  'Whether a mailbox or telephone got as many messages as visitors may cause: from this clinic, or, where it sends '
  'through the platform''s account, from all that do.';

revoke all on function app_private.recipient_is_full(uuid, text, text, text) from public;
reset role;
-- end of source: functions/notify/recipient_is_full.sql

-- source: functions/notify/ways_to_reach.sql
-- Over which channels somebody may be told something now, and what stands in the way. FND-15.
-- The one place for every rule but the cap: asked when a message is queued, when another channel has to stand in, and
-- again when it leaves. Consent comes before suppression, and both before quiet hours.
-- What the platform's vendors reported counts for a channel on which the clinic sends through the platform's account;
-- what the clinic's own vendor reported counts for the clinic always (FND-35).
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/now.sql
-- requires: functions/notify/may_contact.sql
-- requires: functions/notify/quiet_until.sql

set role app_engine;
create or replace function app_private.ways_to_reach(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[]
) returns table (
  place bigint,
  patient_profile_id uuid,
  human_id uuid,
  account_id uuid,
  name text,
  email text,
  phone text,
  locale text,
  data jsonb,
  channel text,
  route text,
  rank int,
  address text,
  is_reachable boolean,
  is_wanted boolean,
  obstacle text,
  not_before timestamptz
)
language sql stable security definer
set search_path = ''
as $$
  with clock as materialized (
    select app_hidden.now() as now
  ),
  people as (
    select recipient.place, recipient.patient_profile_id, recipient.human_id, recipient.data,
      coalesce(patient_profiles.human_id, humans.principal_id) as own_account_id,
      coalesce(recipient.name, patient_profiles.given_name || ' ' || patient_profiles.family_name, humans.display_name) as name,
      coalesce(recipient.email, patient_profiles.email, humans.email) as email,
      coalesce(recipient.phone, patient_profiles.phone) as phone,
      coalesce(recipient.locale, patient_profiles.locale, humans.locale, organizations.locale) as locale,
      organizations.timezone
    from unnest(ways_to_reach.recipients) with ordinality
      as recipient (patient_profile_id, human_id, name, email, phone, locale, data, place)
    join app_public.organizations on organizations.id = ways_to_reach.organization_id
    left join app_public.patient_profiles on patient_profiles.id = recipient.patient_profile_id
    left join app_public.humans on humans.principal_id = recipient.human_id
  ),
  -- A patient without an account is told in the accounts of those who care for them.
  accounts as (
    select holder.place, holder.account_id
    from (
      select people.place, people.own_account_id as account_id from people where people.own_account_id is not null
      union all
      select people.place, caregivers.human_id
      from people
      join app_public.caregivers on caregivers.patient_profile_id = people.patient_profile_id
      where people.own_account_id is null
        and caregivers.revoked_at is null
        and (caregivers.ends_on is null or caregivers.ends_on > ((select clock.now from clock) at time zone 'Europe/Bucharest')::date)
    ) as holder
    join app_public.principals on principals.id = holder.account_id and principals.disabled_at is null
  ),
  ways as (
    select people.*, accounts.account_id, message_types.topic, message_channels.channel, message_channels.route,
      message_channels.rank, message_channels.is_default, channels.quiet_from, channels.quiet_until,
      case channels.reaches when 'email' then people.email when 'phone' then people.phone end as address,
      coalesce(accounts.account_id, people.own_account_id) as reader_id,
      exists (
        select from app_public.organization_service_providers as choice
        where choice.organization_id = ways_to_reach.organization_id
          and choice.capability = message_channels.channel
          and choice.integration_id is not null) as by_own_account
    from people
    join app_private.message_types on message_types.key = ways_to_reach.template_key
    join app_private.message_channels on message_channels.template_key = message_types.key
    join app_private.channels on channels.name = message_channels.channel
    left join accounts on accounts.place = people.place and channels.reaches = 'account'
  )
  select ways.place, ways.patient_profile_id, ways.human_id, ways.account_id, ways.name, ways.email, ways.phone,
    ways.locale, ways.data, ways.channel, ways.route, ways.rank, ways.address,
    ways.address is not null
      or ways.account_id is not null
         and (ways.channel <> 'push'
              or exists (select from app_public.push_subscriptions where push_subscriptions.human_id = ways.account_id)),
    coalesce(of_patient.is_enabled, of_human.is_enabled, ways.is_default),
    case
      when not app_private.may_contact(
        ways_to_reach.organization_id, ways.patient_profile_id, ways.reader_id, ways.channel, message_topics.kind)
        then 'consent_missing'
      when clinic_suppressed_addresses.address is not null then clinic_suppressed_addresses.reason
      when suppressed_addresses.address is not null then suppressed_addresses.reason
      when opt_outs.address is not null then 'opted_out'
      when ways.channel = 'whatsapp' and whatsapp_templates.content_sid is null then 'whatsapp_template_missing'
    end,
    -- Quiet hours are a matter of channels that have some, whoever set their own.
    case when ways.quiet_from is not null then
      app_private.quiet_until(
        (select clock.now from clock),
        coalesce(quiet_of_patient.quiet_from, quiet_of_human.quiet_from, ways.quiet_from),
        coalesce(quiet_of_patient.quiet_until, quiet_of_human.quiet_until, ways.quiet_until),
        coalesce(quiet_of_patient.timezone, quiet_of_human.timezone, ways.timezone))
    end
  from ways
  join app_public.message_topics on message_topics.key = ways.topic
  left join app_public.notification_preferences as of_patient
    on of_patient.patient_profile_id = ways.patient_profile_id
    and of_patient.topic = ways.topic and of_patient.channel = ways.channel
  left join app_public.notification_preferences as of_human
    on of_human.human_id = ways.reader_id and of_human.topic = ways.topic and of_human.channel = ways.channel
  left join app_public.quiet_hours as quiet_of_patient on quiet_of_patient.patient_profile_id = ways.patient_profile_id
  left join app_public.quiet_hours as quiet_of_human on quiet_of_human.human_id = ways.reader_id
  left join app_private.suppressed_addresses
    on not ways.by_own_account
    and suppressed_addresses.channel = ways.channel and suppressed_addresses.address = app_hidden.ascii_lower(ways.address)
  left join app_private.clinic_suppressed_addresses
    on clinic_suppressed_addresses.organization_id = ways_to_reach.organization_id
    and clinic_suppressed_addresses.channel = ways.channel and clinic_suppressed_addresses.address = app_hidden.ascii_lower(ways.address)
  left join app_private.opt_outs
    on opt_outs.organization_id = ways_to_reach.organization_id
    and opt_outs.channel = ways.channel and opt_outs.address = app_hidden.ascii_lower(ways.address)
  left join app_public.whatsapp_templates
    on whatsapp_templates.organization_id = ways_to_reach.organization_id
    and whatsapp_templates.template_key = ways_to_reach.template_key and whatsapp_templates.locale = ways.locale
$$;

comment on function app_private.ways_to_reach(uuid, text, app_private.message_recipient[]) is
  'Every channel of a message for each of these people: whether they can be reached over it and want to be, what '
  'forbids it, and until when it is quiet for them. place is the position in the array.';

revoke all on function app_private.ways_to_reach(uuid, text, app_private.message_recipient[]) from public;
reset role;
-- end of source: functions/notify/ways_to_reach.sql

-- source: functions/notify/queue_messages.sql
-- Chooses the channels and queues the messages: one insert and one add_jobs, for one person or two thousand. FND-15.
-- Within a route the first channel that may be used is; what stood in the way of an earlier one is kept as a row of its
-- own, and so is a person whom no channel reaches. What a visitor causes is bounded for each mailbox (FND-35); what follows
-- a message that was told about the same request is told, too, or a calendar would keep what is over.
-- requires: functions/core/now.sql
-- requires: functions/notify/mailbox_of.sql
-- requires: functions/notify/recipient_is_full.sql
-- requires: functions/notify/ways_to_reach.sql
-- requires: functions/notify/delivery_of.sql
-- requires: policies/events/graphile_worker.sql

set role app_engine;
create or replace function app_private.queue_messages(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[],
  event_id uuid,
  calendar_uid uuid,
  expires_at timestamptz default null,
  route text default null,
  after_rank int default 0
) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now(); -- read once: it is asked for per row below
  v_ids uuid[];
  v_jobs graphile_worker.job_spec[];
  v_visitor_limit text := (
    select message_types.visitor_limit from app_private.message_types where message_types.key = queue_messages.template_key);
begin
  if v_visitor_limit is not null then
    -- Two requests at once count one after the other.
    perform pg_advisory_xact_lock(hashtextextended('told by visitors: ' || told.mailbox, 0))
    from (
      select distinct app_private.mailbox_of(given.address) as mailbox
      from unnest(queue_messages.recipients) as recipient
      cross join lateral (values (recipient.email), (recipient.phone)) as given (address)
      where given.address is not null
      order by 1
    ) as told;
  end if;

  with times as materialized (
    select recipient.place,
      coalesce(queue_messages.expires_at,
        least(v_now + message_types.lasts, (recipient.data ->> message_types.expires_with)::timestamptz)) as expires_at,
      coalesce(
        (recipient.data ->> 'startsAt')::timestamptz >= v_now
        and (recipient.data ->> 'startsAt')::timestamptz < v_now + message_types.urgent_within, false) as is_urgent
    from unnest(queue_messages.recipients) with ordinality
      as recipient (patient_profile_id, human_id, name, email, phone, locale, data, place)
    join app_private.message_types on message_types.key = queue_messages.template_key
  ),
  timed as materialized (
    select ways.*, times.expires_at, times.is_urgent,
      case
        when ways.obstacle is not null then ways.obstacle
        when not times.is_urgent and ways.not_before >= times.expires_at then 'expires_in_quiet_hours'
        when v_visitor_limit is not null and ways.address is not null
          and not exists (
            select from app_public.messages as earlier
            where earlier.organization_id = queue_messages.organization_id
              and earlier.calendar_uid = queue_messages.calendar_uid
              and earlier.recipient_email = ways.address
              and earlier.status not in ('skipped', 'suppressed'))
          and app_private.recipient_is_full(queue_messages.organization_id, v_visitor_limit, ways.channel, ways.address)
          then 'recipient_limit'
      end as problem
    from app_private.ways_to_reach(
      queue_messages.organization_id, queue_messages.template_key, queue_messages.recipients) as ways
    join times on times.place = ways.place
    where (queue_messages.route is null or ways.route = queue_messages.route) and ways.rank > queue_messages.after_rank
  ),
  -- Windows rather than joins: the planner expects a handful of people, and would loop over two thousand twice.
  ranked as (
    select timed.*, timed.is_reachable and timed.is_wanted as is_candidate,
      min(timed.rank) filter (where timed.is_reachable and timed.is_wanted and timed.problem is null)
        over (partition by timed.place, timed.route) as first_open
    from timed
  ),
  judged as (
    select ranked.*,
      ranked.is_candidate
        and case when ranked.problem is null then ranked.rank = ranked.first_open
              else ranked.first_open is null or ranked.rank <= ranked.first_open end as is_chosen
    from ranked
  ),
  told as materialized (
    select weighed.*,
      case
        when weighed.is_chosen then weighed.problem
        when weighed.is_anyhow_reachable then 'switched_off'
        else 'unreachable'
      end as why
    from (
      select judged.*,
        bool_or(judged.is_chosen) over person as is_told,
        bool_or(judged.is_reachable) over person as is_anyhow_reachable,
        row_number() over (partition by judged.place order by judged.route = 'letter' desc, judged.rank) as nth
      from judged
      window person as (partition by judged.place)
    ) as weighed
    where weighed.is_chosen or (queue_messages.route is null and not weighed.is_told and weighed.nth = 1)
  ),
  words as materialized (
    select said.channel, said.locale, found.version, found.clinic_template_id
    from (select distinct told.channel, told.locale from told) as said
    cross join lateral app_private.words_of(
      queue_messages.organization_id, queue_messages.template_key, said.channel, said.locale) as found
  ),
  inserted as (
    insert into app_public.messages
      (organization_id, template_key, channel, route, rank, locale, template_version, clinic_template_id,
       patient_profile_id, recipient_human_id, account_id, recipient_name, recipient_email, recipient_phone, address, data,
       event_id, calendar_uid, calendar_sequence, is_urgent, not_before, expires_at, status, reason, created_at)
    select queue_messages.organization_id, queue_messages.template_key, told.channel, told.route, told.rank, told.locale,
      words.version, words.clinic_template_id, told.patient_profile_id, told.human_id, told.account_id, told.name,
      told.email, told.phone, told.address, told.data, queue_messages.event_id,
      case when told.channel = 'email' then queue_messages.calendar_uid end,
      case when told.channel = 'email' and queue_messages.calendar_uid is not null then (
        select count(*)
        from app_public.messages as earlier
        where earlier.organization_id = queue_messages.organization_id
          and earlier.calendar_uid = queue_messages.calendar_uid
          and earlier.recipient_email = told.email)
      end,
      told.is_urgent,
      case when not told.is_urgent then told.not_before end,
      told.expires_at,
      case
        when told.why is null then 'queued'
        when told.why in ('bounce', 'complaint', 'request', 'opted_out') then 'suppressed'
        else 'skipped'
      end,
      told.why,
      v_now
    from told
    join words on words.channel = told.channel and words.locale = told.locale
    on conflict do nothing
    returning id, status, messages.not_before
  )
  select coalesce(array_agg(inserted.id order by inserted.id), '{}'),
    array_agg(app_private.delivery_of(inserted.id, inserted.not_before) order by inserted.id)
      filter (where inserted.status = 'queued')
  into v_ids, v_jobs
  from inserted;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return v_ids;
end;
$$;

comment on function app_private.queue_messages(uuid, text, app_private.message_recipient[], uuid, uuid, timestamptz, text, int) is
  'Queues what the rules allow and records what they do not; with a route and a rank only what comes after that rank. '
  'Answers the ids of the new messages.';

revoke all on function app_private.queue_messages(uuid, text, app_private.message_recipient[], uuid, uuid, timestamptz, text, int) from public;
reset role;
-- end of source: functions/notify/queue_messages.sql

-- source: functions/notify/suppress_address.sql
-- Nobody writes to this address over this channel any more. FND-15, FND-35.
-- Where that counts is said by whose vendor reported it: a clinic's own counts at that clinic, or it could silence
-- anybody everywhere; the platform's counts at all that send through it. A STOP is always said to one clinic.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.suppress_address(
  organization_id uuid,
  integration_id uuid,
  channel text,
  address text,
  reason text
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if suppress_address.reason = 'request' then
    insert into app_private.opt_outs (organization_id, channel, address, since, to_own_account)
    values (suppress_address.organization_id, suppress_address.channel, app_hidden.ascii_lower(suppress_address.address),
            app_hidden.now(), suppress_address.integration_id is not null)
    on conflict on constraint opt_outs_pkey do update
      set to_own_account = true
      where excluded.to_own_account and not opt_outs.to_own_account;
  elsif suppress_address.integration_id is not null then
    insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason, since)
    values (suppress_address.organization_id, suppress_address.channel, app_hidden.ascii_lower(suppress_address.address),
            suppress_address.reason, app_hidden.now())
    on conflict do nothing;
  else
    insert into app_private.suppressed_addresses (channel, address, reason, since)
    values (suppress_address.channel, app_hidden.ascii_lower(suppress_address.address), suppress_address.reason, app_hidden.now())
    on conflict do nothing;
  end if;
end;
$$;

comment on function app_private.suppress_address(uuid, uuid, text, text, text) is
  'reason: bounce or complaint, at the clinic whose own integration reported it, or without one at all that use the '
  'platform''s account; request, at this clinic alone.';

revoke all on function app_private.suppress_address(uuid, uuid, text, text, text) from public;
grant execute on function app_private.suppress_address(uuid, uuid, text, text, text) to app_worker;
reset role;
-- end of source: functions/notify/suppress_address.sql

-- source: functions/notify/apply_message_reports.sql
-- Moves a message along what its vendor reported. FND-15, FND-35.
-- Reports come late, twice and in any order. message_moves says which report moves a message from where to where, so an
-- older one finds no move and changes nothing; failed is the end, and what was read was not lost.
-- requires: functions/core/now.sql
-- requires: functions/notify/suppress_address.sql
-- requires: functions/notify/end_message.sql

set role app_engine;
create or replace function app_private.apply_message_reports(integration_id uuid, vendor_id text) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_message app_public.messages;
  v_report app_private.message_reports;
  v_to_state text;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.vendor_id = apply_message_reports.vendor_id
    and messages.integration_id is not distinct from apply_message_reports.integration_id
  for update;
  if not found then
    return;
  end if;

  for v_report in
    select message_reports.*
    from app_private.message_reports
    where message_reports.vendor_id = v_message.vendor_id
      and message_reports.integration_id is not distinct from v_message.integration_id
      and message_reports.vendor = coalesce(v_message.vendor, message_reports.vendor)
    order by message_reports.occurred_at, message_reports.received_at
  loop
    -- Once: a report that is applied again with a later one does not undo what was lifted meanwhile.
    if v_report.counted_at is null and v_message.address is not null
      and (v_report.address_is_dead or v_report.status = 'complained') then
      update app_private.message_reports set counted_at = app_hidden.now() where message_reports.id = v_report.id;
      perform app_private.suppress_address(
        v_message.organization_id, v_message.integration_id, v_message.channel, v_message.address,
        case
          when v_report.status = 'complained' then 'complaint'
          when v_report.reason = 'opted_out' then 'request'
          else 'bounce'
        end);
    end if;
    select messages.* into strict v_message from app_public.messages where messages.id = v_message.id;
    select message_moves.to_state into v_to_state
    from app_private.message_moves
    where message_moves.report = v_report.status
      and message_moves.from_state = v_message.status
      and not exists (
        select from app_private.message_reports as other
        where other.vendor_id = v_message.vendor_id
          and other.integration_id is not distinct from v_message.integration_id
          and other.vendor = v_report.vendor
          and other.status = message_moves.unless_reported);
    continue when not found;
    if v_to_state in ('failed', 'bounced') then
      perform app_private.end_message(v_message.id, v_to_state, coalesce(v_report.reason, v_to_state));
    else
      update app_public.messages
      set status = v_to_state, reason = null, delivered_at = coalesce(messages.delivered_at, v_report.occurred_at)
      where messages.id = v_message.id;
    end if;
  end loop;
end;
$$;

comment on function app_private.apply_message_reports(uuid, text) is
  'Applies everything a vendor reported about its message, in the order in which it happened; again changes nothing.';

revoke all on function app_private.apply_message_reports(uuid, text) from public;
reset role;
-- end of source: functions/notify/apply_message_reports.sql

-- source: functions/notify/claim_message.sql
-- What a message needs to leave, read when it leaves; decides whether it may. FND-15.
-- The rules are asked again: since it was queued the person may have switched the channel off, the address may have
-- bounced, or night may have come. A message in quiet hours waits for their end, it is not lost.
-- requires: functions/core/now.sql
-- requires: functions/notify/ways_to_reach.sql
-- requires: functions/notify/end_message.sql
-- requires: functions/notify/delivery_of.sql

set role app_engine;
create or replace function app_private.claim_message(message_id uuid)
returns table (
  wait_until timestamptz,
  organization_id uuid,
  channel text,
  locale text,
  address text,
  account_id uuid,
  recipient_name text,
  title text,
  body text,
  content_sid text,
  content_variables text[],
  data jsonb,
  calendar_status text,
  calendar_uid uuid,
  calendar_sequence int,
  created_at timestamptz,
  expires_at timestamptz,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_message app_public.messages;
  v_way record;
  v_cap int;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.id = claim_message.message_id and messages.status = 'queued'
  for update;
  if not found then
    return;
  end if;
  if v_message.expires_at <= app_hidden.now() then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;

  select ways.* into v_way
  from app_private.ways_to_reach(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)]) as ways
  where ways.channel = v_message.channel and ways.account_id is not distinct from v_message.account_id;
  if v_way.is_reachable is not true or not v_way.is_wanted or v_way.obstacle is not null then
    perform app_private.end_message(
      v_message.id,
      case when v_way.obstacle in ('bounce', 'complaint', 'request', 'opted_out') then 'suppressed' else 'skipped' end,
      case
        when v_way.obstacle is not null then v_way.obstacle
        when v_way.is_reachable then 'switched_off'
        else 'unreachable'
      end);
    return;
  end if;

  if not v_message.is_urgent and v_way.not_before > app_hidden.now() then
    if v_way.not_before >= v_message.expires_at then
      perform app_private.end_message(v_message.id, 'skipped', 'expires_in_quiet_hours');
      return;
    end if;
    update app_public.messages set not_before = v_way.not_before where messages.id = v_message.id;
    perform graphile_worker.add_jobs(array[app_private.delivery_of(v_message.id, v_way.not_before)]);
    wait_until := v_way.not_before;
    return next;
    return;
  end if;

  select channels.per_person_and_day into v_cap
  from app_private.channels
  where channels.name = v_message.channel;
  if v_cap is not null then
    -- Two workers count one after the other, or both would take the last place. Each clinic counts its own: one that
    -- writes a lot does not silence another (FND-35).
    perform pg_advisory_xact_lock(hashtextextended(
      'cap:' || v_message.organization_id || ':' || v_message.channel || ':' || v_message.address, 0));
    if v_cap <= (
      select count(*)
      from app_public.messages as other
      where other.organization_id = v_message.organization_id
        and other.address = v_message.address
        and other.channel = v_message.channel
        and other.attempted_at > app_hidden.now() - interval '24 hours'
        and other.id <> v_message.id
    ) then
      perform app_private.end_message(v_message.id, 'skipped', 'daily_cap');
      return;
    end if;
  end if;

  update app_public.messages
  set attempts = messages.attempts + 1, attempted_at = app_hidden.now()
  where messages.id = v_message.id;

  return query
  select
    null::timestamptz, v_message.organization_id, v_message.channel, v_message.locale, v_message.address,
    v_message.account_id, v_message.recipient_name,
    case when clinic_message_templates.id is null then message_templates.title else clinic_message_templates.title end,
    coalesce(clinic_message_templates.body, message_templates.body),
    whatsapp_templates.content_sid, whatsapp_templates.variables,
    v_message.data, message_types.calendar_status, v_message.calendar_uid, v_message.calendar_sequence,
    v_message.created_at, v_message.expires_at,
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), '')
  from app_public.organizations
  join app_private.message_types on message_types.key = v_message.template_key
  join app_private.message_templates
    on message_templates.template_key = v_message.template_key
    and message_templates.channel = v_message.channel
    and message_templates.locale = v_message.locale
    and message_templates.version = v_message.template_version
  left join app_public.clinic_message_templates
    on clinic_message_templates.organization_id = v_message.organization_id
    and clinic_message_templates.id = v_message.clinic_template_id
  left join app_public.whatsapp_templates
    on v_message.channel = 'whatsapp'
    and whatsapp_templates.organization_id = v_message.organization_id
    and whatsapp_templates.template_key = v_message.template_key
    and whatsapp_templates.locale = v_message.locale
  where organizations.id = v_message.organization_id;
end;
$$;

comment on function app_private.claim_message(uuid) is
  'The queued message with its words and sender. Only wait_until: it waits for the end of quiet hours and is queued '
  'again. No row: it was sent, or it may not be sent and says why.';

revoke all on function app_private.claim_message(uuid) from public;
grant execute on function app_private.claim_message(uuid) to app_worker;
reset role;
-- end of source: functions/notify/claim_message.sql

-- source: functions/notify/end_stuck_messages.sql
-- Ends queued messages that nobody will send any more, and finds those that the queue lost. FND-15, FND-14.
-- A worker that dies on a message's last attempt tells nobody: the job is dead and the message would wait for ever. What
-- has expired helps nobody and is ended as a set; what was given up lets the next channel of its route stand in. A
-- message whose job is running is left alone: its worker knows more.
-- requires: functions/core/now.sql
-- requires: functions/notify/delivery_of.sql
-- requires: functions/notify/end_message.sql
-- requires: policies/events/graphile_worker.sql

set role app_engine;
create or replace function app_private.end_stuck_messages() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_expired int;
  v_dead uuid[];
  v_jobs graphile_worker.job_spec[];
begin
  update app_public.messages
  set status = 'skipped', reason = 'expired'
  where messages.status = 'queued'
    and messages.expires_at <= v_now
    and not exists (
      select from graphile_worker._private_jobs as jobs
      where jobs.key = 'message:' || messages.id and jobs.locked_at is not null);
  get diagnostics v_expired = row_count;

  -- The workers lock a message before they send it; whoever has one now is not stuck.
  select array_agg(stuck.id order by stuck.id) into v_dead
  from (
    select messages.id
    from app_public.messages
    join graphile_worker._private_jobs as jobs
      on jobs.key = 'message:' || messages.id
      and jobs.attempts >= jobs.max_attempts
      and jobs.locked_at is null
    where messages.status = 'queued' and messages.expires_at > v_now
    order by messages.id
    limit 500
    for update of messages skip locked
  ) as stuck;
  perform app_private.end_message(dead.id, 'failed', 'gave up: the worker ended during the last attempt')
  from unnest(v_dead) as dead (id);
  -- Its work is over: nobody need decide about the job.
  perform graphile_worker.complete_jobs(array_agg(jobs.id))
  from graphile_worker._private_jobs as jobs
  where jobs.key in (select 'message:' || dead.id from unnest(v_dead) as dead (id))
    and jobs.locked_at is null
  having count(*) > 0;

  select array_agg(app_private.delivery_of(lost.id, lost.not_before) order by lost.id) into v_jobs
  from (
    select messages.id, messages.not_before
    from app_public.messages
    where messages.status = 'queued'
      and messages.expires_at > v_now
      and messages.updated_at < v_now - interval '1 minute'
      and not exists (
        select from graphile_worker._private_jobs as jobs where jobs.key = 'message:' || messages.id)
    order by messages.id
    limit 1000
  ) as lost;
  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return v_expired + coalesce(cardinality(v_dead), 0) + coalesce(cardinality(v_jobs), 0);
end;
$$;

comment on function app_private.end_stuck_messages() is
  'Ends messages that expired while they were queued, and those whose last attempt ended with its worker; queues again '
  'those without a job. Answers how many it found.';

revoke all on function app_private.end_stuck_messages() from public;
grant execute on function app_private.end_stuck_messages() to app_worker;
reset role;
-- end of source: functions/notify/end_stuck_messages.sql

-- source: functions/notify/lift_suppressions.sql
-- Takes back that an address is not written to, and keeps on record that it was. FND-35.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.lift_suppressions(
  organization_id uuid,
  channel text,
  address text,
  reasons text[],
  lifted_by text,
  because text
) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_lifted int;
begin
  with lifted as (
    delete from app_private.clinic_suppressed_addresses as known
    where known.organization_id = lift_suppressions.organization_id
      and known.channel = lift_suppressions.channel
      and known.address = app_hidden.ascii_lower(lift_suppressions.address)
      and known.reason = any (lift_suppressions.reasons)
    returning known.channel, known.address, known.reason, known.since
  ),
  lifted_of_platform as (
    delete from app_private.suppressed_addresses as known
    where lift_suppressions.organization_id is null
      and known.channel = lift_suppressions.channel
      and known.address = app_hidden.ascii_lower(lift_suppressions.address)
      and known.reason = any (lift_suppressions.reasons)
    returning known.channel, known.address, known.reason, known.since
  ),
  kept as (
    insert into app_private.lifted_suppressions
      (organization_id, channel, address, reason, since, lifted_by, because, lifted_at)
    select lift_suppressions.organization_id, gone.channel, gone.address, gone.reason, gone.since,
      lift_suppressions.lifted_by, lift_suppressions.because, app_hidden.now()
    from (select * from lifted union all select * from lifted_of_platform) as gone
    returning id
  )
  select count(*) into v_lifted from kept;
  return v_lifted;
end;
$$;

comment on function app_private.lift_suppressions(uuid, text, text, text[], text, text) is
  'Lifts what a clinic''s own vendor reported of an address, or without a clinic what the platform''s did, for these '
  'reasons; answers how many. lifted_by: start, verified_address or permission, which needs a because.';
reset role;
-- end of source: functions/notify/lift_suppressions.sql

-- source: functions/notify/lift_suppression.sql
-- Somebody with the permission says that an address is good again, and why. FND-35, FND-15.
-- A clinic lifts what its own vendor reported. Where it sends through the platform's account, it may also have a dead
-- address tried again: that harms nobody, and one more bounce ends it. A complaint about the platform's mails is
-- lifted by the platform alone, whose name as a sender is at stake, and a STOP by nobody but who said it.
-- Only addresses that this clinic was kept from writing to: others are not there, so nobody finds out about them.
-- requires: functions/identity/address_key.sql
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/notify/lift_suppressions.sql

set role app_engine;
create or replace function app_public.lift_suppression(
  channel text,
  address text,
  reason text,
  organization_id uuid default null
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_address constant text := app_hidden.address_key(coalesce(lift_suppression.address, ''));
  v_reason constant text := btrim(coalesce(lift_suppression.reason, ''));
  v_by_own_account boolean;
  v_lifted int;
begin
  if organization_id is not null then
    perform app_private.require_permission(organization_id, 'suppressions.lift');
  elsif not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Name your clinic: only the platform lifts for everybody.');
  end if;
  if v_reason !~ '[[:alnum:]]' or length(v_reason) > 500 or v_reason ~ '[[:cntrl:]]' then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}', 'Say in one line of up to 500 characters why.');
  end if;

  if organization_id is null then
    v_lifted := app_private.lift_suppressions(null, lift_suppression.channel, v_address, array['bounce', 'complaint'], 'permission', v_reason);
  else
    if not exists (
      select from app_public.messages
      where messages.organization_id = lift_suppression.organization_id
        and messages.address in (v_address, btrim(lift_suppression.address))
        and messages.channel = lift_suppression.channel
    ) then
      perform app_hidden.refuse('NOT_FOUND', 'not_suppressed', '{"field": "address"}', 'This address is written to as any other.');
    end if;

    v_by_own_account := exists (
      select from app_public.organization_service_providers as choice
      where choice.organization_id = lift_suppression.organization_id
        and choice.capability = lift_suppression.channel
        and choice.integration_id is not null);
    v_lifted := app_private.lift_suppressions(
      organization_id, lift_suppression.channel, v_address, array['bounce', 'complaint'], 'permission', v_reason);
    if not v_by_own_account then
      v_lifted := v_lifted + app_private.lift_suppressions(
        null, lift_suppression.channel, v_address, array['bounce'], 'permission', v_reason);
      if v_lifted = 0 and exists (
        select from app_private.suppressed_addresses as known
        where known.channel = lift_suppression.channel and known.address = v_address
      ) then
        perform app_hidden.refuse('STATE', 'complaint_to_the_platform', '{"field": "address"}',
          'Its owner complained about mails of the platform: ask the platform to lift it.');
      end if;
    end if;
    if v_lifted = 0 and exists (
      select from app_private.opt_outs
      where opt_outs.organization_id = lift_suppression.organization_id
        and opt_outs.channel = lift_suppression.channel and opt_outs.address = v_address
    ) then
      perform app_hidden.refuse('STATE', 'opted_out', '{"field": "address"}',
        'Its owner asked not to be written to: a START from that number takes it back.');
    end if;
  end if;
  if v_lifted = 0 then
    perform app_hidden.refuse('NOT_FOUND', 'not_suppressed', '{"field": "address"}', 'This address is written to as any other.');
  end if;
  return true;
end;
$$;

comment on function app_public.lift_suppression(text, text, text, uuid) is
  'Lets the clinic write again over a channel to an address that was reported as dead or whose owner complained; the '
  'reason is kept on record. Needs suppressions.lift. Without organizationId: what the platform''s own vendors reported, '
  'superadmin only. NOT_FOUND when nothing keeps the clinic from writing there; STATE for a STOP, which only its owner '
  'takes back, and for a complaint to the platform.';
grant execute on function app_public.lift_suppression(text, text, text, uuid) to app_member;
reset role;
-- end of source: functions/notify/lift_suppression.sql

-- source: functions/notify/record_message_accepted.sql
-- The vendor took the message. FND-15, FND-35.
-- What it reported meanwhile, before its answer reached us, is applied now.
-- requires: functions/core/now.sql
-- requires: functions/notify/apply_message_reports.sql

set role app_engine;
create or replace function app_private.record_message_accepted(
  message_id uuid,
  integration_id uuid,
  vendor text,
  vendor_id text
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  -- One after the other with a report about it, or each would miss what the other writes.
  perform pg_advisory_xact_lock(hashtextextended('vendor id:' || record_message_accepted.vendor_id, 0));
  -- The inbox is ours: what was put there has arrived.
  update app_public.messages
  set status = case when messages.channel = 'in_app' then 'delivered' else 'sent' end,
      sent_at = app_hidden.now(),
      delivered_at = case when messages.channel = 'in_app' then app_hidden.now() end,
      integration_id = record_message_accepted.integration_id,
      vendor = record_message_accepted.vendor,
      vendor_id = record_message_accepted.vendor_id
  where messages.id = record_message_accepted.message_id and messages.status = 'queued';

  perform app_private.apply_message_reports(record_message_accepted.integration_id, record_message_accepted.vendor_id);
end;
$$;

comment on function app_private.record_message_accepted(uuid, uuid, text, text) is
  'Marks a message as sent by the clinic''s own account or (null) the platform''s, with the vendor''s id for it; one in '
  'the app as delivered.';

revoke all on function app_private.record_message_accepted(uuid, uuid, text, text) from public;
grant execute on function app_private.record_message_accepted(uuid, uuid, text, text) to app_worker;
reset role;
-- end of source: functions/notify/record_message_accepted.sql

-- source: functions/notify/record_message_refused.sql
-- The vendor will never take the message. FND-15, FND-35.
-- requires: functions/core/now.sql
-- requires: functions/notify/suppress_address.sql
-- requires: functions/notify/end_message.sql

set role app_engine;
create or replace function app_private.record_message_refused(
  message_id uuid,
  integration_id uuid,
  reason text,
  address_is_dead boolean
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_message app_public.messages;
begin
  update app_public.messages
  set integration_id = record_message_refused.integration_id
  where messages.id = record_message_refused.message_id and messages.status = 'queued'
  returning messages.* into v_message;
  if not found then
    return;
  end if;
  if record_message_refused.address_is_dead and v_message.address is not null then
    perform app_private.suppress_address(
      v_message.organization_id, record_message_refused.integration_id, v_message.channel, v_message.address,
      case when record_message_refused.reason = 'opted_out' then 'request' else 'bounce' end);
  end if;
  perform app_private.end_message(v_message.id, 'failed', record_message_refused.reason);
end;
$$;

comment on function app_private.record_message_refused(uuid, uuid, text, boolean) is
  'Marks a message as failed for good, by the clinic''s own account or (null) the platform''s; an address that does not '
  'exist is not written to again by whoever uses that account (with the reason opted_out: not by this clinic). Another '
  'channel of its route stands in.';

revoke all on function app_private.record_message_refused(uuid, uuid, text, boolean) from public;
grant execute on function app_private.record_message_refused(uuid, uuid, text, boolean) to app_worker;
reset role;
-- end of source: functions/notify/record_message_refused.sql

-- source: functions/notify/record_message_status.sql
-- A vendor reports what became of a message. FND-15, FND-25, FND-35.
-- A report speaks of what went by the very account it came from: a clinic that signs one with its own keys and names
-- another's message finds none.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/notify/apply_message_reports.sql

set role app_engine;
create or replace function app_private.record_message_status(
  integration_id uuid,
  vendor text,
  vendor_id text,
  status text,
  occurred_at timestamptz,
  reason text default null,
  address_is_dead boolean default false
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if record_message_status.status is null
    or record_message_status.status not in ('sent', 'delivered', 'read', 'failed', 'bounced', 'bounced_for_now', 'complained') then
    perform app_hidden.refuse('VALIDATION', 'message_status_unknown', jsonb_build_object('status', record_message_status.status));
  end if;

  perform pg_advisory_xact_lock(hashtextextended('vendor id:' || record_message_status.vendor_id, 0));
  insert into app_private.message_reports (integration_id, vendor, vendor_id, status, occurred_at, reason, address_is_dead, received_at)
  values (record_message_status.integration_id, record_message_status.vendor, record_message_status.vendor_id,
          record_message_status.status, record_message_status.occurred_at, left(record_message_status.reason, 500),
          coalesce(record_message_status.address_is_dead, false), app_hidden.now())
  on conflict do nothing;

  perform app_private.apply_message_reports(record_message_status.integration_id, record_message_status.vendor_id);
end;
$$;

comment on function app_private.record_message_status(uuid, text, text, text, timestamptz, text, boolean) is
  'Takes what a vendor says of a message that went by this integration, or (null) by the platform''s account: sent, '
  'delivered, read, failed, bounced, bounced_for_now or complained. Reports may come twice, in any order, and before our '
  'own record of the sending. A dead address and a complaint end writing to it.';

revoke all on function app_private.record_message_status(uuid, text, text, text, timestamptz, text, boolean) from public;
grant execute on function app_private.record_message_status(uuid, text, text, text, timestamptz, text, boolean) to app_worker;
reset role;
-- end of source: functions/notify/record_message_status.sql

-- source: functions/notify/record_text_opt_out.sql
-- Somebody texted STOP or START. FND-15, FND-25, FND-35.
-- Said to a clinic's own account, it is said to that clinic, which has both ends of it: its START takes back every STOP
-- that keeps this clinic from writing, and nobody else's. The platform's number is shared: there a STOP is said to every
-- clinic that wrote by it, since nobody can tell which of them was meant, and a START takes back what was said there.
-- A START also shows that the number is alive, so what the same account's vendor had reported is lifted.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/notify/suppress_address.sql
-- requires: functions/notify/lift_suppressions.sql

set role app_engine;
create or replace function app_private.record_text_opt_out(
  integration_id uuid,
  channel text,
  address text,
  wants_texts boolean
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_is_own constant boolean := record_text_opt_out.integration_id is not null;
  v_clinics uuid[];
begin
  if v_is_own then
    select array_agg(organization_integrations.organization_id) into v_clinics
    from app_public.organization_integrations
    where organization_integrations.id = record_text_opt_out.integration_id;
  else
    select array_agg(distinct messages.organization_id) into v_clinics
    from app_public.messages
    where messages.address = record_text_opt_out.address
      and messages.channel = record_text_opt_out.channel
      and messages.integration_id is null
      and messages.attempted_at is not null;
  end if;

  if not record_text_opt_out.wants_texts then
    perform app_private.suppress_address(
      clinic, record_text_opt_out.integration_id, record_text_opt_out.channel, record_text_opt_out.address, 'request')
    from unnest(v_clinics) as clinic;
    return;
  end if;

  with taken_back as (
    delete from app_private.opt_outs
    where opt_outs.channel = record_text_opt_out.channel
      and opt_outs.address = app_hidden.ascii_lower(record_text_opt_out.address)
      and case when v_is_own then opt_outs.organization_id = any (v_clinics) else not opt_outs.to_own_account end
    returning opt_outs.*
  )
  insert into app_private.lifted_suppressions (organization_id, channel, address, reason, since, lifted_by, lifted_at)
  select taken_back.organization_id, taken_back.channel, taken_back.address, 'request', taken_back.since, 'start', app_hidden.now()
  from taken_back;

  if v_is_own then
    perform app_private.lift_suppressions(
      clinic, record_text_opt_out.channel, record_text_opt_out.address, array['bounce', 'complaint'], 'start', null)
    from unnest(v_clinics) as clinic;
  else
    perform app_private.lift_suppressions(
      null, record_text_opt_out.channel, record_text_opt_out.address, array['bounce', 'complaint'], 'start', null);
  end if;
end;
$$;

comment on function app_private.record_text_opt_out(uuid, text, text, boolean) is
  'Ends or begins again the texts of a clinic to a number. Without an integration: of every clinic that wrote there by '
  'the platform''s account.';

revoke all on function app_private.record_text_opt_out(uuid, text, text, boolean) from public;
grant execute on function app_private.record_text_opt_out(uuid, text, text, boolean) to app_worker;
reset role;
-- end of source: functions/notify/record_text_opt_out.sql

-- source: functions/notify/tg_humans__lift_suppressions.sql
-- A mailbox whose owner has just proved it is not dead, whatever was reported before. FND-35.
-- The proof says that mail arrives, and nothing of wanting any: complaints stay.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/notify/lift_suppressions.sql

set role app_engine;
create or replace function app_private.tg_humans__lift_suppressions() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if new.email_verified_at is null
    or tg_op = 'UPDATE' and old.email = new.email and old.email_verified_at is not null then
    return new;
  end if;
  perform app_private.lift_suppressions(null, 'email', new.email, array['bounce'], 'verified_address', null);
  perform app_private.lift_suppressions(known.organization_id, 'email', new.email, array['bounce'], 'verified_address', null)
  from app_private.clinic_suppressed_addresses as known
  where known.channel = 'email' and known.address = app_hidden.ascii_lower(new.email);
  return new;
end;
$$;

comment on function app_private.tg_humans__lift_suppressions() is
  'Lifts that mails to an address bounced when a human proves that it is theirs. Trigger _500_lift_suppressions.';
reset role;

create or replace trigger _500_lift_suppressions after insert or update of email, email_verified_at on app_public.humans
  for each row execute function app_private.tg_humans__lift_suppressions();
-- end of source: functions/notify/tg_humans__lift_suppressions.sql

-- source: functions/providers/destination_of.sql
-- Where the keys of an account go, as one text that is the same for the same destination. FND-35.
-- Settings that are not there stand in it as null, so that one that is added later is another destination.

set role app_engine;

create or replace function app_private.destination_of(provider text, settings jsonb) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select jsonb_build_object('provider', service_providers.key, 'settings', coalesce((
    select jsonb_object_agg(field ->> 'name', destination_of.settings -> (field ->> 'name'))
    from jsonb_array_elements(service_providers.settings_fields) as field
    where (field ->> 'destination')::boolean), '{}'))::text
  from app_public.service_providers
  where service_providers.key = destination_of.provider;
end;

comment on function app_private.destination_of(text, jsonb) is
  'The provider with those of its settings that say where an account is, as text: what its keys are bound to.';

revoke all on function app_private.destination_of(text, jsonb) from public;
reset role;
-- end of source: functions/providers/destination_of.sql

-- source: functions/providers/integration_account.sql
-- What a vendor is called with, for the processes that open envelopes; people never read it. FND-23.

set role app_engine;

create or replace function app_hidden.integration_account(integration_id uuid)
returns table (
  organization_id uuid, provider text, settings jsonb, credentials bytea, credentials_version int, bound_to text
)
language sql stable strict security definer
set search_path = ''
begin atomic
  select organization_integrations.organization_id, organization_integrations.provider,
         organization_integrations.settings, organization_integrations.credentials::bytea,
         organization_integrations.credentials_version, organization_integrations.credentials_bound_to
  from app_public.organization_integrations
  where organization_integrations.id = integration_account.integration_id;
end;

comment on function app_hidden.integration_account(uuid) is 'The account behind an integration, its keys sealed; no row when there is none.';
grant execute on function app_hidden.integration_account(uuid) to app_authenticator, app_worker;

reset role;
-- end of source: functions/providers/integration_account.sql

-- source: functions/providers/integration_form.sql
-- Asked before anything is encrypted: may the caller save this integration, which keys belong into it, and what are they
-- sealed for? FND-23, FND-35.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/providers/destination_of.sql
-- requires: functions/providers/require_provider.sql

set role app_engine;

create or replace function app_hidden.integration_form(
  organization_id uuid, provider text, integration_id uuid, settings jsonb, out fields jsonb, out bound_to text
)
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  if integration_id is not null and not exists (
    select from app_public.organization_integrations
    where organization_integrations.organization_id = integration_form.organization_id
      and organization_integrations.id = integration_form.integration_id
      and organization_integrations.provider = integration_form.provider
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  fields := (app_private.require_provider(provider)).credential_fields;
  bound_to := app_private.destination_of(provider, settings);
end;
$$;

comment on function app_hidden.integration_form(uuid, text, uuid, jsonb) is
  'The credential fields of the provider and the destination that these settings make, for a caller who may save this '
  'integration; refusals otherwise.';
grant execute on function app_hidden.integration_form(uuid, text, uuid, jsonb) to app_member;

reset role;
-- end of source: functions/providers/integration_form.sql

-- source: functions/providers/resolve_provider.sql
-- Who serves a capability for a clinic, and with which account: the one place that knows. FND-22.
-- A clinic's own account that is switched off is not replaced by the platform's behind its back.
-- requires: functions/core/refuse.sql
-- requires: functions/providers/require_capability.sql

set role app_engine;

create or replace function app_hidden.resolve_provider(organization_id uuid, capability text)
returns table (provider text, settings jsonb, credentials bytea, integration_id uuid, bound_to text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_provider text;
  v_integration_id uuid;
  v_status text;
  v_settings jsonb;
  v_credentials bytea;
  v_bound_to text;
begin
  perform app_private.require_capability(capability);

  select choice.provider, choice.integration_id, integration.status, integration.settings, integration.credentials::bytea,
    integration.credentials_bound_to
  into v_provider, v_integration_id, v_status, v_settings, v_credentials, v_bound_to
  from app_public.organization_service_providers as choice
  left join app_public.organization_integrations as integration
    on integration.organization_id = choice.organization_id and integration.id = choice.integration_id
  where choice.organization_id = resolve_provider.organization_id and choice.capability = resolve_provider.capability;

  if v_status = 'disabled' then
    perform app_hidden.refuse(
      'STATE', 'integration_disabled',
      jsonb_build_object('capability', capability, 'provider', v_provider, 'integrationId', v_integration_id),
      'The clinic''s own account is switched off: test and enable it, or choose another provider.');
  end if;
  if v_provider is null then
    select offer.provider into v_provider
    from app_public.platform_service_providers as offer
    where offer.capability = resolve_provider.capability and offer.is_default;
  end if;
  if v_provider is null then
    perform app_hidden.refuse('STATE', 'provider_missing', jsonb_build_object('capability', capability),
      'The platform has no default for this capability.');
  end if;
  return query select v_provider, coalesce(v_settings, '{}'), v_credentials, v_integration_id, v_bound_to;
end;
$$;

comment on function app_hidden.resolve_provider(uuid, text) is
  'The provider of a capability for a clinic, with the settings and sealed keys of its own account, and what they are '
  'sealed for; without keys, the platform''s account. Refuses what is not built and what is switched off.';
grant execute on function app_hidden.resolve_provider(uuid, text) to app_authenticator, app_worker;

reset role;
-- end of source: functions/providers/resolve_provider.sql

-- source: functions/providers/save_integration.sql
-- Adds or changes a clinic's account at a vendor. The keys arrive sealed; without any, the present ones stay,
-- unless the settings lead elsewhere (tg_organization_integrations__bind_keys). FND-23, FND-35.
-- Behind the mutation saveIntegration, which seals them before this is called: that is why it is not exposed itself.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/events/publish.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/providers/locked_integration.sql
-- requires: functions/providers/require_provider.sql
-- requires: functions/providers/settings_problem.sql

set role app_engine;

create or replace function app_hidden.save_integration(
  id uuid,
  organization_id uuid,
  provider text,
  label text,
  settings jsonb,
  credentials bytea default null,
  last_four jsonb default null,
  is_new boolean default true
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_provider app_public.service_providers;
  v_problem text;
begin
  if is_new then
    perform app_private.require_permission(organization_id, 'integrations.manage');
  elsif (app_private.locked_integration(id)).organization_id is distinct from organization_id then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  v_provider := app_private.require_provider(provider);
  v_problem := app_private.settings_problem(v_provider.settings_fields, settings);
  if v_problem is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'setting_invalid', jsonb_build_object('field', 'settings.' || left(v_problem, 50)),
      'See the settingsFields of this provider for what belongs there.');
  end if;

  if is_new then
    insert into app_public.organization_integrations
      (id, organization_id, provider, label, settings, credentials, last_four, created_by)
    values
      (save_integration.id, save_integration.organization_id, v_provider.key, btrim(save_integration.label),
       save_integration.settings, save_integration.credentials, save_integration.last_four, app_private.current_actor_id());
    perform app_private.publish('integration.added', organization_id, id);
  else
    update app_public.organization_integrations as integration
    set label = btrim(save_integration.label),
        settings = save_integration.settings,
        credentials = coalesce(save_integration.credentials, integration.credentials),
        last_four = case when save_integration.credentials is null then integration.last_four else save_integration.last_four end,
        credentials_version = integration.credentials_version + (save_integration.credentials is not null)::int,
        -- What was found out about other keys or settings says nothing about these.
        consecutive_auth_failures = 0,
        last_tested_at = null, last_test_passed = null, last_test_reason = null
    where integration.id = save_integration.id and integration.provider = v_provider.key;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
    end if;
    perform app_private.publish('integration.changed', organization_id, id,
      jsonb_build_object('credentialsChanged', credentials is not null));
  end if;
  return id;
end;
$$;

comment on function app_hidden.save_integration(uuid, uuid, text, text, jsonb, bytea, jsonb, boolean) is
  'Stores an integration whose keys were sealed for this id. Needs integrations.manage.';
grant execute on function app_hidden.save_integration(uuid, uuid, text, text, jsonb, bytea, jsonb, boolean) to app_member;

reset role;
-- end of source: functions/providers/save_integration.sql

-- source: functions/providers/tg_organization_integrations__bind_keys.sql
-- Keys that were entered for one destination go to no other, whoever changes the row. FND-35.
-- An integration that is pointed elsewhere takes new keys in the same write; without them it would hand the present ones
-- to whoever it is pointed at.
-- requires: functions/core/refuse.sql
-- requires: functions/providers/destination_of.sql

set role app_engine;

create or replace function app_private.tg_organization_integrations__bind_keys() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.settings = old.settings and new.provider = old.provider and new.credentials = old.credentials then
    new.credentials_bound_to := old.credentials_bound_to;
    return new;
  end if;
  new.credentials_bound_to := app_private.destination_of(new.provider, new.settings);
  if tg_op = 'UPDATE' and new.credentials = old.credentials and new.credentials_bound_to <> old.credentials_bound_to then
    perform app_hidden.refuse(
      'VALIDATION', 'credentials_required', '{"field": "credentials"}',
      'The stored keys were entered for another destination: enter them again together with the new settings.');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_organization_integrations__bind_keys() is
  'Says what the keys are bound to, and refuses another destination without new keys. Trigger _250_bind_keys.';

reset role;
-- end of source: functions/providers/tg_organization_integrations__bind_keys.sql

-- source: functions/secrets/ciphertext_places.sql
-- Where there are envelopes: asked of the classification, so that a rotation finds a column the day it is classified.
-- A column beside it with the same name and _bound_to holds what its envelopes are bound to besides. FND-11, FND-12, FND-35.

set role app_engine;

create or replace function app_private.ciphertext_places()
returns table (table_name text, column_name text, key_column text, key_type text, has_organization boolean, bound_column text)
language sql stable security definer
set search_path = ''
begin atomic
  select classified_columns.table_name, classified_columns.column_name, key.attname::text,
         pg_catalog.format_type(key.atttypid, key.atttypmod),
         exists (
           select from pg_catalog.pg_attribute
           where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = 'organization_id'
             and not pg_attribute.attisdropped),
         (select pg_attribute.attname::text from pg_catalog.pg_attribute
          where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = encrypted.attname || '_bound_to'
            and not pg_attribute.attisdropped)
  from app_private.classified_columns
  join app_private.data_classes on data_classes.name = classified_columns.class and data_classes.is_encrypted
  join pg_catalog.pg_attribute as encrypted
    on encrypted.attrelid = classified_columns.table_name::regclass
   and encrypted.attname = classified_columns.column_name
   and encrypted.atttypid = 'app_private.ciphertext'::regtype
  join pg_catalog.pg_index on pg_index.indrelid = encrypted.attrelid and pg_index.indisprimary and pg_index.indnkeyatts = 1
  join pg_catalog.pg_attribute as key on key.attrelid = encrypted.attrelid and key.attnum = pg_index.indkey[0]
  order by 1, 2;
end;

comment on function app_private.ciphertext_places() is
  'Every encrypted column with the primary key that its envelopes are bound to.';
grant execute on function app_private.ciphertext_places() to app_worker;

reset role;
-- end of source: functions/secrets/ciphertext_places.sql

-- source: functions/secrets/envelopes_to_reseal.sql
-- The next envelopes of a column that an older key sealed, or that are not bound to their destination yet. FND-11, FND-35.
-- requires: functions/secrets/ciphertext_places.sql
-- requires: functions/secrets/key_version.sql

set role app_engine;

create or replace function app_private.envelopes_to_reseal(table_name text, column_name text, after text, batch int)
returns table (row_id text, organization_id uuid, envelope bytea, bound_to text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_place record;
begin
  -- The names are taken from the classification, never from the caller.
  select place.* into strict v_place
  from app_private.ciphertext_places() as place
  where place.table_name = envelopes_to_reseal.table_name and place.column_name = envelopes_to_reseal.column_name;

  return query execute format(
    $q$select sealed.%1$I::text, sealed_for.organization_id, sealed.%2$I::bytea, %6$s
       from %3$s as sealed
       cross join lateral (select %4$s as organization_id) as sealed_for
       join app_private.data_keys
         on data_keys.status = 'active'
        and coalesce(data_keys.organization_id, '00000000-0000-0000-0000-000000000000')
          = coalesce(sealed_for.organization_id, '00000000-0000-0000-0000-000000000000')
        and (app_private.key_version(sealed.%2$I) < data_keys.version or %7$s)
       where sealed.%2$I is not null and ($1 is null or sealed.%1$I > $1::%5$s)
       order by sealed.%1$I
       limit $2$q$,
    v_place.key_column, v_place.column_name, v_place.table_name,
    case when v_place.has_organization then 'sealed.organization_id' else 'null::uuid' end, v_place.key_type,
    case when v_place.bound_column is null then 'null::text' else format('sealed.%I', v_place.bound_column) end,
    -- Format 1 knows no destination.
    case when v_place.bound_column is null then 'false' else format('get_byte(sealed.%I, 3) = 1', v_place.column_name) end)
  using envelopes_to_reseal.after, envelopes_to_reseal.batch;
end;
$$;

comment on function app_private.envelopes_to_reseal(text, text, text, int) is
  'Rows after this key whose envelope is not sealed with the present data key of their clinic or not bound to its '
  'destination, in the order of their keys.';
grant execute on function app_private.envelopes_to_reseal(text, text, text, int) to app_worker;

reset role;
-- end of source: functions/secrets/envelopes_to_reseal.sql

-- source: policies/notify/clinic_suppressed_addresses.sql
-- Read when something is told, added to by what a clinic's own vendor reports, taken from when it is lifted. FND-35.
-- requires: functions/core/classify.sql

alter table app_private.clinic_suppressed_addresses enable row level security;
alter table app_private.clinic_suppressed_addresses force row level security;

grant select, insert, delete on app_private.clinic_suppressed_addresses to app_engine;
drop policy if exists clinic_suppressed_addresses_all_engine on app_private.clinic_suppressed_addresses;
create policy clinic_suppressed_addresses_all_engine on app_private.clinic_suppressed_addresses
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.clinic_suppressed_addresses', 'clinic',
  '{"pii_basic": ["address"], "operational": ["organization_id", "channel", "reason", "since"]}',
  unaudited => 'Each row is the record of one report; when it is lifted, lifted_suppressions says so, on record.');
-- end of source: policies/notify/clinic_suppressed_addresses.sql

-- source: policies/notify/lifted_suppressions.sql
-- Written when an address is written to again, and never changed: audited, with who did it and why. FND-35, FND-08.
-- requires: functions/core/classify.sql

alter table app_private.lifted_suppressions enable row level security;
alter table app_private.lifted_suppressions force row level security;

grant select, insert on app_private.lifted_suppressions to app_engine;
drop policy if exists lifted_suppressions_all_engine on app_private.lifted_suppressions;
create policy lifted_suppressions_all_engine on app_private.lifted_suppressions
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.lifted_suppressions', 'clinic',
  '{"pii_basic": ["address", "because"],
    "operational": ["id", "organization_id", "channel", "reason", "since", "lifted_by", "lifted_at"]}');
-- end of source: policies/notify/lifted_suppressions.sql

-- source: policies/notify/message_moves.sql
-- Read when a vendor reports; changed by migrations only. FND-15, FND-35.
-- requires: functions/core/classify.sql

alter table app_private.message_moves enable row level security;
alter table app_private.message_moves force row level security;

grant select on app_private.message_moves to app_engine;
drop policy if exists message_moves_select_engine on app_private.message_moves;
create policy message_moves_select_engine on app_private.message_moves
  for select to app_engine
  using (true);

drop policy if exists message_moves_all_migrator on app_private.message_moves;
create policy message_moves_all_migrator on app_private.message_moves
  to app_owner using (true) with check (true);

select app_private.classify('app_private.message_moves', 'reference',
  '{"public": ["report", "from_state", "to_state", "unless_reported"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/notify/message_moves.sql

-- source: policies/notify/message_reports.sql
-- Kept as it came, applied by functions. FND-15, FND-25.
-- requires: functions/core/classify.sql

alter table app_private.message_reports enable row level security;
alter table app_private.message_reports force row level security;

grant select, insert, update (counted_at) on app_private.message_reports to app_engine;
drop policy if exists message_reports_all_engine on app_private.message_reports;
create policy message_reports_all_engine on app_private.message_reports
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.message_reports', 'operations',
  '{"pii_basic": ["reason"],
    "operational": ["id", "integration_id", "vendor", "vendor_id", "status", "occurred_at", "address_is_dead", "received_at", "counted_at"]}',
  unaudited => 'Each row is the record of one report.');
-- end of source: policies/notify/message_reports.sql

-- source: policies/notify/message_types.sql
-- Read when something is told; changed by migrations only. FND-15.
-- requires: functions/core/classify.sql

alter table app_private.message_types enable row level security;
alter table app_private.message_types force row level security;

grant select on app_private.message_types to app_engine;
drop policy if exists message_types_select_engine on app_private.message_types;
create policy message_types_select_engine on app_private.message_types
  for select to app_engine
  using (true);

drop policy if exists message_types_all_migrator on app_private.message_types;
create policy message_types_all_migrator on app_private.message_types
  to app_owner using (true) with check (true);

select app_private.classify('app_private.message_types', 'reference',
  '{"public": ["key", "topic", "variables", "sample", "calendar_status", "urgent_within", "expires_with", "lasts", "visitor_limit"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/notify/message_types.sql

-- source: policies/notify/messages.sql
-- Queued by notify(), worked off through functions. What was sent to whom is seen by staff with messages.view and by the
-- patient; what it said and how it was carried by neither. FND-15.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql

alter table app_public.messages enable row level security;
alter table app_public.messages force row level security;

grant select (id, organization_id, template_key, channel, locale, patient_profile_id, recipient_name, address, status, reason,
              not_before, expires_at, sent_at, delivered_at, created_at, updated_at)
  on app_public.messages to app_member;

drop policy if exists messages_select_staff on app_public.messages;
create policy messages_select_staff on app_public.messages
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('messages.view'))::uuid[]));

drop policy if exists messages_select_person on app_public.messages;
create policy messages_select_person on app_public.messages
  for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]));

grant select, insert, update on app_public.messages to app_engine;
drop policy if exists messages_all_engine on app_public.messages;
create policy messages_all_engine on app_public.messages
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.messages
  for each row execute function app_private.tg_stamp();

create or replace trigger _200_guard_state before insert or update of status on app_public.messages
  for each row execute function app_private.tg_guard_state();

select app_private.classify('app_public.messages', 'operations',
  '{"operational": ["id", "organization_id", "template_key", "channel", "route", "rank", "locale", "template_version",
                    "clinic_template_id", "event_id", "calendar_uid", "calendar_sequence", "is_urgent", "not_before",
                    "expires_at", "status", "attempts", "attempted_at", "integration_id", "vendor", "vendor_id", "sent_at", "delivered_at",
                    "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "recipient_human_id", "account_id", "recipient_name", "recipient_email",
                  "recipient_phone", "recipient", "address", "mailbox", "reason"],
    "phi": ["data"]}',
  person_column => 'patient_profile_id',
  unaudited => 'What leaves, and what became of it: each row is the record of one message.');
-- end of source: policies/notify/messages.sql

-- source: policies/notify/opt_outs.sql
-- Read when something is told, added to by a STOP, taken from by a START. FND-15.
-- requires: functions/core/classify.sql

alter table app_private.opt_outs enable row level security;
alter table app_private.opt_outs force row level security;

grant select, insert, update (to_own_account), delete on app_private.opt_outs to app_engine;
drop policy if exists opt_outs_all_engine on app_private.opt_outs;
create policy opt_outs_all_engine on app_private.opt_outs
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.opt_outs', 'clinic',
  '{"pii_basic": ["address"], "operational": ["organization_id", "channel", "since", "to_own_account"]}',
  unaudited => 'Each row is the record of one wish.');
-- end of source: policies/notify/opt_outs.sql

-- source: policies/notify/suppressed_addresses.sql
-- Read when something is told, added to by bounces and complaints, taken from when it is lifted. FND-15, FND-35.
-- requires: functions/core/classify.sql

alter table app_private.suppressed_addresses enable row level security;
alter table app_private.suppressed_addresses force row level security;

grant select, insert, delete on app_private.suppressed_addresses to app_engine;
drop policy if exists suppressed_addresses_all_engine on app_private.suppressed_addresses;
create policy suppressed_addresses_all_engine on app_private.suppressed_addresses
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.suppressed_addresses', 'clinic',
  '{"pii_basic": ["address"], "operational": ["channel", "reason", "since"]}',
  unaudited => 'Each row is the record of one report; when it is lifted, lifted_suppressions says so, on record.');
-- end of source: policies/notify/suppressed_addresses.sql

-- source: policies/notify/visitor_limits.sql
-- Read when a visitor causes something; changed by migrations, or by an operator under attack. FND-35.
-- requires: functions/core/classify.sql

alter table app_private.visitor_limits enable row level security;
alter table app_private.visitor_limits force row level security;

grant select on app_private.visitor_limits to app_engine;
drop policy if exists visitor_limits_select_engine on app_private.visitor_limits;
create policy visitor_limits_select_engine on app_private.visitor_limits
  for select to app_engine
  using (true);

drop policy if exists visitor_limits_all_migrator on app_private.visitor_limits;
create policy visitor_limits_all_migrator on app_private.visitor_limits
  to app_owner using (true) with check (true);

select app_private.classify('app_private.visitor_limits', 'reference',
  '{"public": ["name", "per_hour", "per_day"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/notify/visitor_limits.sql

-- source: policies/providers/organization_integrations.sql
-- Seen by whoever may manage them, without the keys; written through verbs. FND-23.
-- requires: functions/core/classify.sql
-- requires: functions/identity/tg_read_facts.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/providers/tg_organization_integrations__bind_keys.sql
-- requires: functions/secrets/tg_ciphertext__key_in_use.sql
-- requires: functions/identity/organization_ids_where.sql

alter table app_public.organization_integrations enable row level security;
alter table app_public.organization_integrations force row level security;

grant select (id, organization_id, provider, label, settings, credentials_version, last_four, status, disabled_reason,
              disabled_at, consecutive_auth_failures, last_tested_at, last_test_passed, last_test_reason, last_used_at,
              created_by, created_at, updated_at)
   on app_public.organization_integrations to app_member;

drop policy if exists organization_integrations_select_manager on app_public.organization_integrations;
create policy organization_integrations_select_manager on app_public.organization_integrations
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('integrations.manage'))::uuid[]));

grant select, insert, update, delete on app_public.organization_integrations to app_engine;
drop policy if exists organization_integrations_all_engine on app_public.organization_integrations;
create policy organization_integrations_all_engine on app_public.organization_integrations
  for all to app_engine
  using (true) with check (true);

create or replace trigger _050_read_facts before insert or update of label on app_public.organization_integrations
  for each row execute function app_private.tg_read_facts('name label');

create or replace trigger _100_stamp before insert or update on app_public.organization_integrations
  for each row execute function app_private.tg_stamp();
create or replace trigger _200_guard_state before insert or update of status on app_public.organization_integrations
  for each row execute function app_private.tg_guard_state();
create or replace trigger _250_bind_keys before insert or update of provider, settings, credentials_bound_to on app_public.organization_integrations
  for each row execute function app_private.tg_organization_integrations__bind_keys();
create or replace trigger _300_key_in_use before insert or update of credentials on app_public.organization_integrations
  for each row execute function app_private.tg_ciphertext__key_in_use('credentials');

select app_private.classify('app_public.organization_integrations', 'clinic',
  '{"operational": ["id", "organization_id", "provider", "label", "settings", "credentials_bound_to", "credentials_version", "last_four", "status",
                    "disabled_reason", "disabled_at", "consecutive_auth_failures", "last_tested_at", "last_test_passed",
                    "last_test_reason", "last_used_at", "created_by", "created_at", "updated_at"],
    "auth_secret": ["credentials"]}',
  protected => '{"ciphertext": ["credentials"]}');
-- end of source: policies/providers/organization_integrations.sql
