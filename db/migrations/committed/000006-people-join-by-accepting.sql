--! Previous: sha1:ef8d097df6d54f4ed74e44cc7fc4d6f2451adbae
--! Hash: sha1:d05bcb0af983a27ff3588faeba908cdd8f1a5d99
--! Message: people join by accepting

--! split: 150-closed-accounts-let-go-of-their-address.sql
-- An account whose sign-ins the provider deleted keeps its history and gives its address back. FND-03, FND-25.

alter table app_public.humans
  add column if not exists closed_at timestamptz,
  drop constraint if exists humans_email_is_unique_per_provider_org;
comment on column app_public.humans.closed_at is
  'Since when the provider has no sign-in for this account any more: the address is free for a new one.';
-- Accounts are thousands, not millions: what waits for these indexes waits for a moment.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.humans_email_is_unique_per_provider_org;
-- squawk-ignore require-concurrent-index-creation
create unique index humans_email_is_unique_per_provider_org on app_public.humans (email, provider_org_id)
  nulls not distinct where closed_at is null;
-- What people are looked up and sorted by: the unique index leaves the closed ones out.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.humans_email_idx;
-- squawk-ignore require-concurrent-index-creation
create index humans_email_idx on app_public.humans (email);

-- Accounts that were closed by their last sign-in's end; whoever was banned, or switched off by an operator, stays so.
set role app_engine;
update app_public.humans set closed_at = principals.disabled_at
from app_public.principals
where principals.id = humans.principal_id
  and humans.closed_at is null
  and principals.disabled_at = (
    select max(identities.ended_at) from app_private.identities where identities.principal_id = principals.id)
  and not exists (
    select from app_private.identities
    where identities.principal_id = principals.id and (identities.ended_at is null or identities.banned_at is not null));
reset role;

--! split: 151-invitations.sql
-- A clinic invites, the person accepts: nothing is told before. FND-04, FND-07, FND-02.

-- squawk-ignore ban-drop-table
drop table if exists app_public.invitation_roles cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.invitations cascade;

create table app_public.invitations (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  kind text not null,
  email text not null,
  name text not null,
  patient_profile_id uuid,
  status text not null default 'open',
  invited_by uuid not null references app_public.principals on delete restrict,
  sent_times timestamptz[] not null default '{}',
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint invitations_identity unique (organization_id, id),
  foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint invitations_kind_is_known check (kind in ('member', 'patient')),
  constraint invitations_status_is_known check (status in ('open', 'accepted', 'declined', 'revoked', 'expired')),
  constraint invitations_email_is_valid check (email ~ '^[a-z0-9.!#$%&''*+/=?^_`{|}~-]+@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$' and length(email) <= 254),
  constraint invitations_name_is_not_blank check (name ~ '[[:alnum:]]' and length(name) <= 200),
  constraint invitations_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint invitations_name_holds_no_link check (name !~ '://|www\.'),
  constraint invitations_patient_has_a_profile check ((kind = 'patient') = (patient_profile_id is not null))
);
create unique index invitations_open_once on app_public.invitations (organization_id, kind, email, patient_profile_id)
  nulls not distinct where status = 'open';
create index invitations_email_idx on app_public.invitations (email) where status = 'open';
create index invitations_recipient_idx on app_public.invitations (organization_id, email);
create index invitations_created_idx on app_public.invitations (organization_id, created_at);
create index invitations_patient_idx on app_public.invitations (organization_id, patient_profile_id);
create index invitations_invited_by_idx on app_public.invitations (invited_by);
comment on table app_public.invitations is
  'Whom the clinic asked to join as staff, or to take over their patient profile. Holds what the clinic typed and what '
  'became of it; whether the person has an account is told by nothing here.';
comment on column app_public.invitations.email is 'Where the mail went. Only an account that proved this address may accept.';
comment on column app_public.invitations.name is 'How the clinic calls the person. The name of an account is never taken from here.';
comment on column app_public.invitations.sent_times is 'When a mail was sent.';

create table app_public.invitation_roles (
  organization_id uuid not null,
  invitation_id uuid not null,
  role_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, invitation_id, role_id),
  foreign key (organization_id, invitation_id) references app_public.invitations (organization_id, id) on delete cascade,
  foreign key (organization_id, role_id) references app_public.roles (organization_id, id) on delete cascade
);
create index invitation_roles_role_idx on app_public.invitation_roles (organization_id, role_id);
comment on table app_public.invitation_roles is 'The roles that a colleague gets by accepting.';

drop type if exists app_public.received_invitation cascade;
create type app_public.received_invitation as (
  id uuid,
  kind text,
  clinic_name text,
  clinic_city text,
  role_names text[],
  status text,
  expires_at timestamptz
);
comment on type app_public.received_invitation is 'An invitation as the invited person sees it.';

delete from app_private.state_transitions where entity = 'invitations';
insert into app_private.state_transitions (entity, from_state, to_state, actor) values
  -- Who may is a matter of the kind, and of the address, so the verbs decide it.
  ('invitations', '', 'open', 'system'),
  ('invitations', 'open', 'accepted', 'system'),
  ('invitations', 'open', 'declined', 'system'),
  ('invitations', 'open', 'revoked', 'system'),
  ('invitations', 'open', 'expired', 'system');

insert into app_private.message_types (key, topic, variables, sample, lasts) values
  ('member_invited', 'clinic', '{invitedAddress}', '{"invitedAddress": "ana.ionescu@example.com"}', '14 days'),
  ('patient_invited', 'appointments', '{invitedAddress}', '{"invitedAddress": "maria.ionescu@example.com"}', '14 days')
on conflict (key) do update
  set topic = excluded.topic, variables = excluded.variables, sample = excluded.sample, lasts = excluded.lasts;
insert into app_private.message_channels (template_key, channel, route, rank, is_default) values
  ('member_invited', 'email', 'letter', 1, true),
  ('patient_invited', 'email', 'letter', 1, true)
on conflict (template_key, channel) do nothing;
insert into app_private.message_templates (template_key, channel, locale, version, title, body) values
  ('member_invited', 'email', 'ro', 1, '{{clinicName}} vă invită în echipă', $text$Bună ziua, {{recipientName}},

{{clinicName}} vă invită să lucrați împreună pe RestartiX.

Intrați în cont, sau faceți-vă unul, cu adresa {{invitedAddress}} și acceptați invitația. Ea este valabilă 14 zile și numai pentru această adresă.

Până când o acceptați, clinica nu află nimic despre dumneavoastră. Dacă nu cunoașteți clinica, puteți refuza invitația sau o puteți lăsa să expire.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}
$text$),
  ('member_invited', 'email', 'en', 1, '{{clinicName}} invites you to its team', $text$Hello {{recipientName}},

{{clinicName}} invites you to work together on RestartiX.

Sign in, or make an account, with the address {{invitedAddress}} and accept the invitation. It is good for 14 days, and for this address only.

Until you accept it, the clinic learns nothing about you. If you do not know the clinic, you may decline the invitation or let it expire.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}
$text$),
  ('patient_invited', 'email', 'ro', 1, '{{clinicName}}: contul dumneavoastră de pacient', $text$Bună ziua, {{recipientName}},

{{clinicName}} vă invită să vă vedeți programările în propriul cont.

Intrați în cont, sau faceți-vă unul, cu adresa {{invitedAddress}} și acceptați invitația. Ea este valabilă 14 zile și numai pentru această adresă.

Până când o acceptați, clinica nu află nimic nou despre dumneavoastră. Dacă nu cunoașteți clinica, puteți refuza invitația sau o puteți lăsa să expire.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}
$text$),
  ('patient_invited', 'email', 'en', 1, '{{clinicName}}: your patient account', $text$Hello {{recipientName}},

{{clinicName}} invites you to see your appointments in an account of your own.

Sign in, or make an account, with the address {{invitedAddress}} and accept the invitation. It is good for 14 days, and for this address only.

Until you accept it, the clinic learns nothing new about you. If you do not know the clinic, you may decline the invitation or let it expire.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}
$text$)
on conflict (template_key, channel, locale, version) do update set title = excluded.title, body = excluded.body;

--! split: 152-former-members.sql
-- Who left is no longer looked at: the clinic keeps the name under which they worked, and nothing that changes. FND-04.

alter table app_public.memberships
  add column if not exists member_name text,
  drop constraint if exists memberships_member_name_is_of_the_past,
  add constraint memberships_member_name_is_of_the_past check ((ended_at is null) = (member_name is null)) not valid;
comment on column app_public.memberships.member_name is
  'How a former member was called when they left, since what they did stays attributed to them; null while they work there.';

set role app_engine;
update app_public.memberships set member_name = humans.display_name
from app_public.humans
where humans.principal_id = memberships.human_id
  and memberships.ended_at is not null and memberships.member_name is null;
reset role;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.memberships validate constraint memberships_member_name_is_of_the_past;

--! split: 153-caregiver-evidence.sql
-- What a clinic saw before it linked a caregiver is read at that clinic, and by the person. FND-07.
-- The link is the person's and known to all their clinics; 916 brings over what was noted before.

create table if not exists app_private.caregiver_evidence (
  organization_id uuid not null references app_public.organizations on delete restrict,
  caregiver_id uuid not null references app_public.caregivers on delete cascade,
  patient_profile_id uuid not null references app_public.patient_profiles on delete restrict,
  evidence text not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, caregiver_id),
  constraint caregivers_evidence_is_not_blank check (length(btrim(evidence)) between 3 and 500)
);
create index if not exists caregiver_evidence_caregiver_idx on app_private.caregiver_evidence (caregiver_id);
create index if not exists caregiver_evidence_profile_idx on app_private.caregiver_evidence (patient_profile_id);
comment on table app_private.caregiver_evidence is 'What was shown for a caregiver link, and the clinic that saw it.';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/core/ascii_lower.sql
-- Folds what is an identity: addresses, slugs, keys, codes, hosts. Only A to Z change. FND-03.
-- `lower()` folds by Unicode: U+0130 becomes i and U+212A becomes k, so that somebody else's address turns into ours
-- before anything looks at it. Whatever is no ASCII stays as it is here, and the constraints refuse it.
-- Without settings of its own, so that the planner puts its body in place and indexes on it are found.

create or replace function app_hidden.ascii_lower(value text) returns text
language sql immutable strict parallel safe
return pg_catalog.lower(ascii_lower.value collate "C");

comment on function app_hidden.ascii_lower(text) is
  'The text with A to Z in lower case and everything else untouched: the one way in which identities are folded.';

grant execute on function app_hidden.ascii_lower(text)
  to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine;
-- end of source: functions/core/ascii_lower.sql

-- source: functions/appointments/patients_matching.sql
-- Who at this clinic a booking request may be from: same email; of several, those of the same name come first.
-- Other clinics' patients are never looked at. APT-05, APT-09.
-- requires: functions/core/ascii_lower.sql

set role app_engine;

create or replace function app_private.patients_matching(request app_public.booking_requests)
returns table (patient_profile_id uuid, same_name boolean)
language sql stable
set search_path = ''
begin atomic
  select profile.id, profile.name = asked.name
  from (
    select patient_profiles.id,
           lower(extensions.unaccent(patient_profiles.given_name || ' ' || patient_profiles.family_name)) as name
    from app_public.patient_profiles
    join app_public.patients on patients.patient_profile_id = patient_profiles.id
    where app_hidden.ascii_lower(patient_profiles.email) = app_hidden.ascii_lower(request.email)
      and patients.organization_id = request.organization_id
      and patients.deleted_at is null
  ) as profile,
  (select lower(extensions.unaccent(request.given_name || ' ' || request.family_name))) as asked (name)
  order by 2 desc, 1;
end;

comment on function app_private.patients_matching(app_public.booking_requests) is
  'Patients of the clinic with the email of the request, those of the same name first.';

reset role;
-- end of source: functions/appointments/patients_matching.sql

-- source: functions/audit/tg_audit.sql
-- The one mechanism: every row of an audited table leaves an entry of what was done to it. FND-08.
-- classify() attaches it and passes what the registry knows, so that a write looks nothing up:
--   0 the column that names the clinic, '' for what is the platform's   1 the key columns that name nobody
--   2 the column that names the person, '' for none                     3 columns whose values are never shown
--   4 key columns that name somebody: always among the values, so that it is known which row it was
-- Times as UTC, whatever the session shows.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/audit/append.sql

set role app_engine;

create or replace function audit.tg_audit() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_table constant text := tg_table_schema || '.' || tg_table_name;
  v_key constant text[] := tg_argv[1];
  v_masked constant text[] := tg_argv[3];
  v_naming constant text[] := tg_argv[4];
  v_old jsonb;
  v_new jsonb;
  v_row jsonb;
  v_row_key text;
  v_changed text[];
  v_before jsonb;
  v_after jsonb;
  v_id uuid;
begin
  if tg_op = 'TRUNCATE' then
    v_id := audit.append(null, 'truncate', v_table, null, null, null, null, null);
    return null;
  end if;
  if tg_op <> 'INSERT' then
    v_old := to_jsonb(old);
  end if;
  if tg_op <> 'DELETE' then
    v_new := to_jsonb(new);
  end if;
  v_row := coalesce(v_new, v_old);

  if tg_op = 'UPDATE' then
    select array_agg(now.key),
           coalesce(jsonb_object_agg(now.key, v_old -> now.key) filter (where now.key <> all (v_masked)), '{}'),
           coalesce(jsonb_object_agg(now.key, now.value) filter (where now.key <> all (v_masked)), '{}')
    into v_changed, v_before, v_after
    from jsonb_each(v_new) as now
    where now.value <> v_old -> now.key and now.key <> 'updated_at';
    if v_changed is null then
      return null;
    end if;
  else
    select array_agg(held.key) into v_changed from jsonb_each(v_row) as held where held.value <> 'null';
    v_before := v_old - v_masked;
    v_after := v_new - v_masked;
  end if;

  v_row_key := v_row ->> v_key[1];
  for v_place in 2 .. cardinality(v_key) loop
    v_row_key := v_row_key || '/' || (v_row ->> v_key[v_place]);
  end loop;
  for v_place in 1 .. cardinality(v_naming) loop
    v_before := v_before || jsonb_build_object(v_naming[v_place], v_old -> v_naming[v_place]);
    v_after := v_after || jsonb_build_object(v_naming[v_place], v_new -> v_naming[v_place]);
  end loop;

  v_id := audit.append((v_row ->> tg_argv[0])::uuid, app_hidden.ascii_lower(tg_op), v_table, v_row_key, (v_row ->> tg_argv[2])::uuid,
                       v_changed, v_before, v_after);
  return null;
end;
$$;

comment on function audit.tg_audit() is
  'Writes an entry per row: changed columns with old and new values, masked ones by name only. An update that '
  'changes nothing but updated_at leaves none. Trigger _500_audit.';

revoke all on function audit.tg_audit() from public;
grant execute on function audit.tg_audit() to app_owner;
reset role;
-- end of source: functions/audit/tg_audit.sql

-- source: functions/appointments/patient_for_request.sql
-- The patient a booking request is for: the one that staff named, the one that matches, or a new one. APT-09, FND-07.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/identity/admit_patient.sql
-- requires: functions/identity/require_patient.sql
-- requires: functions/appointments/patients_matching.sql

set role app_engine;

create or replace function app_private.patient_for_request(
  request app_public.booking_requests,
  patient_profile_id uuid,
  as_new_patient boolean
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_candidates uuid[];
  v_namesakes uuid[];
  v_profile_id uuid;
begin
  if patient_profile_id is not null then
    perform app_private.require_patient(request.organization_id, patient_profile_id);
    return patient_profile_id;
  end if;

  if not as_new_patient then
    -- Two requests of one new person confirmed at once make one patient.
    perform pg_advisory_xact_lock(hashtextextended('patient:' || request.organization_id || ':' || app_hidden.ascii_lower(request.email), 0));
    select array_agg(matching.patient_profile_id), array_agg(matching.patient_profile_id) filter (where matching.same_name)
    into v_candidates, v_namesakes
    from app_private.patients_matching(request) as matching;

    v_profile_id := case when cardinality(v_candidates) = 1 then v_candidates[1]
                         when cardinality(v_namesakes) = 1 then v_namesakes[1] end;
    if v_profile_id is not null then
      perform app_private.require_patient(request.organization_id, v_profile_id);
      return v_profile_id;
    elsif cardinality(v_candidates) > 1 then
      perform app_hidden.refuse(
        'CONFLICT', 'several_patients_match', jsonb_build_object('patientProfileIds', to_jsonb(v_candidates)),
        'Several patients share this email. Name one with patientProfileId, or pass asNewPatient.');
    end if;
  end if;

  insert into app_public.patient_profiles (given_name, family_name, email, phone, locale)
  values (request.given_name, request.family_name, request.email, request.phone, request.locale)
  returning id into v_profile_id;
  perform app_private.admit_patient(request.organization_id, v_profile_id);
  return v_profile_id;
end;
$$;

comment on function app_private.patient_for_request(app_public.booking_requests, uuid, boolean) is
  'The patient profile for a request, made if need be; CONFLICT several_patients_match when only a person can tell.';

reset role;
-- end of source: functions/appointments/patient_for_request.sql

-- source: functions/appointments/request_booking.sql
-- A visitor without an account asks for the time they hold. The request keeps the time until the clinic answers;
-- hold, request and appointment are the same claim, so the time is never let go in between. APT-05, APT-09.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/identity/e164.sql
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
  perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
  perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
  insert into app_public.booking_requests (
    organization_id, calendar_id, service_id, specialist_id, claim_id, given_name, family_name, email, phone, message,
    locale, starts_at, ends_at, price_amount, currency, respond_by, organizer_email, token_hash
  )
  select
    v_claim.organization_id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    btrim(request_booking.given_name), btrim(request_booking.family_name), app_hidden.ascii_lower(btrim(request_booking.email)),
    app_hidden.e164(request_booking.phone, organizations.calling_code), nullif(btrim(request_booking.message), ''),
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
  'VALIDATION with the field for the contact.';
grant execute on function app_public.request_booking(text, text, text, text, text, text, text) to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/request_booking.sql

-- source: functions/identity/current_colleague_ids.sql
-- Humans whom the caller sees: who works at the caller's clinics. Of who left, the membership keeps the name. FND-04.
-- requires: functions/identity/current_staff_organization_ids.sql

set role app_engine;

create or replace function app_hidden.current_colleague_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct memberships.human_id), '{}')
  from app_public.memberships
  where memberships.organization_id = any (app_hidden.current_staff_organization_ids())
    and memberships.ended_at is null;
end;

comment on function app_hidden.current_colleague_ids() is 'Members of the caller''s clinics.';
grant execute on function app_hidden.current_colleague_ids() to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_colleague_ids.sql

-- source: policies/identity/humans.sql
-- One sees oneself and one's colleagues; a patient's account is the patient's own. FND-02.
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/current_colleague_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

alter table app_public.humans enable row level security;
alter table app_public.humans force row level security;

grant select (principal_id, email, email_verified_at, display_name, locale, created_at, updated_at) on app_public.humans to app_member;

grant update (display_name, locale) on app_public.humans to app_member;

drop policy if exists humans_select_self on app_public.humans;
create policy humans_select_self on app_public.humans
  for select to app_member
  using (principal_id = (select app_hidden.current_account_id()));

drop policy if exists humans_select_colleague on app_public.humans;
create policy humans_select_colleague on app_public.humans
  for select to app_member
  using (principal_id = any ((select app_hidden.current_colleague_ids())::uuid[]));

drop policy if exists humans_update_self on app_public.humans;
create policy humans_update_self on app_public.humans
  for update to app_member
  using (principal_id = (select app_hidden.current_account_id()))
  with check (principal_id = (select app_hidden.current_account_id()));

grant select, insert, update on app_public.humans to app_engine;
drop policy if exists humans_all_engine on app_public.humans;
create policy humans_all_engine on app_public.humans
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.humans
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.humans', 'account',
  '{"operational": ["provider_org_id", "email_verified_at", "closed_at", "locale", "created_at", "updated_at"],
    "pii_basic": ["principal_id", "email", "display_name"]}',
  person_column => 'principal_id');
-- end of source: policies/identity/humans.sql

-- source: functions/identity/human_by_email.sql
-- Finds or makes a human. Caregivers and a clinic's first owner may be named before they ever sign in. FND-02.
-- An account that was closed has let go of its address: whoever owns the address now is somebody new.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.human_by_email(email text, display_name text, locale text) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.ascii_lower(btrim(human_by_email.email));
  v_id uuid;
begin
  -- Two who name the same person at the same moment: the second finds what the first made.
  perform pg_advisory_xact_lock(hashtextextended('human:' || v_email, 0));
  select humans.principal_id into v_id
  from app_public.humans
  where humans.email = v_email and humans.provider_org_id is null and humans.closed_at is null
  -- An account that is being closed at this moment is waited for, and then it is none of these any more.
  for no key update;
  if found then
    return v_id;
  end if;

  insert into app_public.principals (kind) values ('human') returning id into v_id;
  insert into app_public.humans (principal_id, email, display_name, locale)
  values (v_id, v_email,
          coalesce(nullif(btrim(human_by_email.display_name), ''), split_part(v_email, '@', 1)),
          case when human_by_email.locale in ('ro', 'en') then human_by_email.locale else 'ro' end);
  return v_id;
end;
$$;

comment on function app_private.human_by_email(text, text, text) is 'The human with this email, made if there is none.';

reset role;
-- end of source: functions/identity/human_by_email.sql

-- source: functions/core/create_organization.sql
-- The platform opens a clinic: with its roles, its owner and its events, in one transaction. FND-01, FND-04, TEN-01.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/identity/human_by_email.sql
-- requires: functions/identity/tg_organizations__roles.sql
-- requires: functions/events/publish.sql

set role app_engine;

create or replace function app_public.create_organization(
  slug text,
  name text,
  owner_email text,
  owner_name text,
  locale text default 'ro',
  timezone text default 'Europe/Bucharest',
  currency text default 'RON',
  contact_email text default null,
  tenancy_mode text default 'shared',
  draft boolean default false
) returns app_public.organizations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
  v_membership_id uuid;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform opens clinics.');
  end if;
  if tenancy_mode is distinct from 'shared' then
    perform app_hidden.refuse(
      'VALIDATION', 'tenancy_mode_not_built', '{"field": "tenancyMode"}', 'Only shared tenancy is available.');
  end if;

  insert into app_public.organizations (slug, name, locale, timezone, currency, contact_email, activated_at)
  values (create_organization.slug, create_organization.name, create_organization.locale, create_organization.timezone,
          create_organization.currency, app_hidden.ascii_lower(btrim(create_organization.contact_email)),
          case when draft then null else app_hidden.now() end)
  returning * into v_organization;

  insert into app_public.memberships (organization_id, human_id)
  values (v_organization.id, app_private.human_by_email(owner_email, owner_name, v_organization.locale))
  returning id into v_membership_id;
  insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
  select v_organization.id, v_membership_id, roles.id, app_private.current_actor_id()
  from app_public.roles
  where roles.organization_id = v_organization.id and roles.system_role_key = 'owner';

  perform app_private.publish(
    'organization.created', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  if v_organization.activated_at is not null then
    perform app_private.publish(
      'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  end if;
  return v_organization;
end;
$$;

comment on function app_public.create_organization(text, text, text, text, text, text, text, text, text, boolean) is
  'Opens a clinic with its owner. A draft is invisible to the public until activateOrganization. Superadmin only.';
grant execute on function app_public.create_organization(text, text, text, text, text, text, text, text, text, boolean) to app_member;

reset role;
-- end of source: functions/core/create_organization.sql

-- source: functions/files/require_file_facts.sql
-- What can be said no to before a byte was sent. The ending of the name must fit the type: the name is what a computer
-- opens the download by, whatever is inside. FND-13.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.require_file_facts(
  surface app_private.file_surfaces, filename text, content_type text, size_bytes bigint, sha256 text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_extensions text[];
begin
  select file_types.extensions into v_extensions
  from app_private.file_surface_types
  join app_private.file_types on file_types.content_type = file_surface_types.content_type
  where file_surface_types.surface = (require_file_facts.surface).key
    and file_surface_types.content_type = require_file_facts.content_type;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'content_type_not_taken',
      jsonb_build_object('field', 'contentType', 'taken', (
        select jsonb_agg(file_surface_types.content_type order by file_surface_types.content_type)
        from app_private.file_surface_types
        where file_surface_types.surface = (require_file_facts.surface).key)),
      'A file of this type is not taken here.');
  end if;

  -- The second range is what turns text around or hides in it: invoice‮fdp.exe reads invoiceexe.pdf.
  if not coalesce(filename ~ '[[:alnum:]]' and length(filename) <= 200
                  and filename !~ '[[:cntrl:]/\\]' and filename !~ '[\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]', false) then
    perform app_hidden.refuse(
      'VALIDATION', 'filename_not_usable', '{"field": "filename"}',
      'A file''s name is one line of up to 200 characters without slashes.');
  end if;
  if app_hidden.ascii_lower(substring(filename from '\.([A-Za-z0-9]+)$')) = any (v_extensions) is not true then
    perform app_hidden.refuse(
      'VALIDATION', 'filename_of_another_type', jsonb_build_object('field', 'filename', 'endings', v_extensions),
      'The ending of the name does not fit the type of the file.');
  end if;

  if not coalesce(size_bytes between 1 and surface.max_bytes, false) then
    perform app_hidden.refuse(
      'VALIDATION', 'file_too_large', jsonb_build_object('field', 'sizeBytes', 'least', 1, 'most', surface.max_bytes),
      'The file is empty or too large.');
  end if;
  if not coalesce(sha256 ~ '^[0-9a-f]{64}$', false) then
    perform app_hidden.refuse(
      'VALIDATION', 'digest_not_readable', '{"field": "sha256"}', 'Give the SHA-256 of the bytes as 64 lower-case hex digits.');
  end if;
end;
$$;

comment on function app_private.require_file_facts(app_private.file_surfaces, text, text, bigint, text) is
  'Passes when the surface takes such a file; else VALIDATION content_type_not_taken, filename_not_usable, '
  'filename_of_another_type, file_too_large or digest_not_readable.';

reset role;
-- end of source: functions/files/require_file_facts.sql

-- source: functions/identity/invitation_to_me.sql
-- The invitation that the caller answers, locked. Somebody else's is not there. FND-04, FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/current_account_id.sql

set role app_engine;

create or replace function app_private.invitation_to_me(invitation_id uuid) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invitation app_public.invitations;
begin
  select invitations.* into v_invitation
  from app_public.invitations
  join app_public.humans
    on humans.principal_id = app_hidden.current_account_id()
   and humans.email = invitations.email
   and humans.email_verified_at is not null
  join app_public.organizations on organizations.id = invitations.organization_id and organizations.deleted_at is null
  where invitations.id = invitation_id
  for update of invitations;
  if not found then
    perform app_hidden.refuse(
      'NOT_FOUND', 'invitation_not_found', '{}', 'There is no such invitation. Sign in with the address that it was sent to.');
  end if;
  if v_invitation.status <> 'open' or v_invitation.expires_at <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'invitation_is_over',
      jsonb_build_object('status', case v_invitation.status when 'open' then 'expired' else v_invitation.status end),
      'This invitation is over. Ask the clinic for another one.');
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.invitation_to_me(uuid) is
  'An open invitation to the caller''s verified address, locked; NOT_FOUND invitation_not_found, GONE invitation_is_over.';

reset role;
-- end of source: functions/identity/invitation_to_me.sql

-- source: functions/identity/received_invitation_of.sql
-- An invitation as the invited person may see it: who asks, as what, until when. FND-04, FND-07.

set role app_engine;

create or replace function app_private.received_invitation_of(invitation app_public.invitations) returns app_public.received_invitation
language sql stable
set search_path = ''
begin atomic
  select row(
    (invitation).id, (invitation).kind, organizations.name, organizations.city,
    (select coalesce(array_agg(roles.name order by roles.name), '{}')
     from app_public.invitation_roles
     join app_public.roles on roles.organization_id = invitation_roles.organization_id and roles.id = invitation_roles.role_id
     where invitation_roles.organization_id = (invitation).organization_id
       and invitation_roles.invitation_id = (invitation).id),
    (invitation).status, (invitation).expires_at)::app_public.received_invitation
  from app_public.organizations
  where organizations.id = (invitation).organization_id;
end;

comment on function app_private.received_invitation_of(app_public.invitations) is 'What the invited person is shown.';

reset role;
-- end of source: functions/identity/received_invitation_of.sql

-- source: functions/identity/require_inviter.sql
-- Nobody comes in by the word of somebody who may no longer give it. FND-04.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.require_inviter(invitation app_public.invitations) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select needed.permission
    from (
      select case (invitation).kind when 'member' then 'members.manage' else 'patients.manage' end as permission
      union
      select role_permissions.permission
      from app_public.invitation_roles
      join app_public.role_permissions
        on role_permissions.organization_id = invitation_roles.organization_id
       and role_permissions.role_id = invitation_roles.role_id
      where invitation_roles.organization_id = (invitation).organization_id
        and invitation_roles.invitation_id = (invitation).id
    ) as needed
    except
    select role_permissions.permission
    from app_public.memberships
    join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id
     and membership_roles.membership_id = memberships.id
    join app_public.role_permissions
      on role_permissions.organization_id = membership_roles.organization_id
     and role_permissions.role_id = membership_roles.role_id
    where memberships.organization_id = (invitation).organization_id
      and memberships.human_id = (invitation).invited_by
      and memberships.ended_at is null
  ) then
    perform app_hidden.refuse('GONE', 'inviter_may_no_longer', '{}', 'Ask the clinic to invite you again.');
  end if;
end;
$$;

comment on function app_private.require_inviter(app_public.invitations) is
  'GONE inviter_may_no_longer when whoever invited could not do so today.';

reset role;
-- end of source: functions/identity/require_inviter.sql

-- source: functions/identity/accept_invitation.sql
-- The invited person says yes, and only now do person and clinic know each other. FND-04, FND-07.
-- The proof is the address: the account has proved the one that the clinic wrote to. Nothing secret stands in the mail, so
-- whoever it is forwarded to gets nothing. The name of the account stays what the person calls themselves.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/invitation_to_me.sql
-- requires: functions/identity/require_inviter.sql
-- requires: functions/identity/received_invitation_of.sql

set role app_engine;

create or replace function app_public.accept_invitation(invitation_id uuid) returns app_public.received_invitation
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_me uuid := app_hidden.current_account_id();
  v_invitation app_public.invitations := app_private.invitation_to_me(invitation_id);
  v_membership app_public.memberships;
begin
  perform app_private.require_inviter(v_invitation);
  if v_invitation.kind = 'member' then
    insert into app_public.memberships (organization_id, human_id)
    values (v_invitation.organization_id, v_me)
    on conflict on constraint memberships_human_is_member_once do nothing;
    select memberships.* into strict v_membership
    from app_public.memberships
    where memberships.organization_id = v_invitation.organization_id and memberships.human_id = v_me
    for update;
    -- Whoever comes back holds what they are given now, and nothing of before.
    if v_membership.ended_at is not null then
      delete from app_public.membership_roles
      where membership_roles.organization_id = v_membership.organization_id
        and membership_roles.membership_id = v_membership.id;
      update app_public.memberships set ended_at = null where memberships.id = v_membership.id;
    end if;
    insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
    select invitation_roles.organization_id, v_membership.id, invitation_roles.role_id, v_invitation.invited_by
    from app_public.invitation_roles
    where invitation_roles.organization_id = v_invitation.organization_id
      and invitation_roles.invitation_id = v_invitation.id
    on conflict do nothing;
    if not exists (
      select from app_public.membership_roles
      where membership_roles.organization_id = v_membership.organization_id
        and membership_roles.membership_id = v_membership.id
    ) then
      perform app_hidden.refuse('GONE', 'role_is_gone', '{}', 'Ask the clinic to invite you again.');
    end if;
  else
    -- Caregivers of a person share addresses with them, and are not the person.
    if exists (
      select from app_public.caregivers
      where caregivers.patient_profile_id = v_invitation.patient_profile_id and caregivers.human_id = v_me
    ) then
      perform app_hidden.refuse(
        'CONFLICT', 'caregiver_is_not_the_patient', '{}', 'You act for this person. The clinic needs the person''s own address.');
    end if;
    update app_public.patient_profiles set human_id = v_me
    from app_public.patients
    where patient_profiles.id = v_invitation.patient_profile_id
      and patient_profiles.human_id is null
      and patients.patient_profile_id = patient_profiles.id
      and patients.organization_id = v_invitation.organization_id
      and patients.deleted_at is null;
    if not found then
      perform app_hidden.refuse('GONE', 'profile_is_gone', '{}', 'Ask the clinic to invite you again.');
    end if;
  end if;

  update app_public.invitations set status = 'accepted'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return app_private.received_invitation_of(v_invitation);
end;
$$;

comment on function app_public.accept_invitation(uuid) is
  'Joins the clinic with the roles offered, or takes over the patient profile. The caller''s verified address must be the '
  'invited one: NOT_FOUND invitation_not_found otherwise, GONE invitation_is_over or inviter_may_no_longer.';
grant execute on function app_public.accept_invitation(uuid) to app_member;

reset role;
-- end of source: functions/identity/accept_invitation.sql

-- source: functions/identity/add_caregiver.sql
-- A parent, guardian or relative acts for a patient: on evidence, and for a minor until the age the law sets. Whoever
-- has an account decides for themselves. FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/human_by_email.sql
-- requires: functions/identity/caregiver_ends_on.sql

set role app_engine;

create or replace function app_public.add_caregiver(
  organization_id uuid,
  patient_profile_id uuid,
  email text,
  display_name text,
  relationship text,
  evidence text
) returns app_public.caregivers
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_profile app_public.patient_profiles;
  v_human_id uuid;
  v_today date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_ends_on date;
  v_caregiver app_public.caregivers;
begin
  select patient_profiles.* into v_profile
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  where patients.organization_id = add_caregiver.organization_id
    and patients.patient_profile_id = add_caregiver.patient_profile_id
    and patients.deleted_at is null
  for share of patient_profiles;
  if (v_profile.human_id = app_hidden.current_account_id()) is not true then
    perform app_private.require_permission(add_caregiver.organization_id, 'patients.manage');
    if v_profile.id is null then
      perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at your clinic.');
    end if;
    -- A caregiver sees the person at every clinic; of somebody with an account no clinic can decide that.
    if v_profile.human_id is not null then
      perform app_hidden.refuse(
        'FORBIDDEN', 'person_decides', '{}', 'This patient has an account: only they can name a caregiver.');
    end if;
  end if;

  v_human_id := app_private.human_by_email(add_caregiver.email, add_caregiver.display_name, v_profile.locale);
  -- An adult may have a caregiver too; that link has no date.
  v_ends_on := app_private.caregiver_ends_on(v_profile.birth_date);
  if v_ends_on <= v_today then
    v_ends_on := null;
  end if;

  -- Who cared for the minor may go on caring for the adult, on new evidence.
  update app_public.caregivers set revoked_at = app_hidden.now()
  where caregivers.patient_profile_id = v_profile.id
    and caregivers.human_id = v_human_id
    and caregivers.revoked_at is null
    and caregivers.ends_on <= v_today;

  insert into app_public.caregivers (patient_profile_id, human_id, relationship, added_by, ends_on)
  values (v_profile.id, v_human_id, add_caregiver.relationship, app_private.current_actor_id(), v_ends_on)
  on conflict (patient_profile_id, human_id) where revoked_at is null do nothing
  returning * into v_caregiver;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'already_a_caregiver', '{"field": "email"}', 'This person is a caregiver already.');
  end if;
  insert into app_private.caregiver_evidence (organization_id, caregiver_id, patient_profile_id, evidence)
  values (add_caregiver.organization_id, v_caregiver.id, v_profile.id, add_caregiver.evidence);
  return v_caregiver;
end;
$$;

comment on function app_public.add_caregiver(uuid, uuid, text, text, text, text) is
  'Lets a human act for a patient, on evidence: named by the patient, or by staff with patients.manage while the patient '
  'has no account. For a minor the link ends on the birthday that the law sets.';
grant execute on function app_public.add_caregiver(uuid, uuid, text, text, text, text) to app_member;

reset role;
-- end of source: functions/identity/add_caregiver.sql

-- source: functions/identity/open_invitation.sql
-- The row of a new invitation, and what stands in its way: one that is open, one that was declined, too many. FND-04, FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/ascii_lower.sql

set role app_engine;

create or replace function app_private.open_invitation(
  organization_id uuid,
  kind text,
  email text,
  name text,
  patient_profile_id uuid default null
) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.ascii_lower(btrim(open_invitation.email));
  v_invitation app_public.invitations;
begin
  -- An open one whose time is over stands in nobody's way.
  update app_public.invitations set status = 'expired'
  where invitations.organization_id = open_invitation.organization_id
    and invitations.email = v_email
    and invitations.status = 'open'
    and invitations.expires_at <= app_hidden.now();

  if exists (
    select from app_public.invitations
    where invitations.organization_id = open_invitation.organization_id
      and invitations.kind = open_invitation.kind
      and invitations.email = v_email
      and invitations.status = 'declined'
      and invitations.updated_at > app_hidden.now() - interval '30 days'
  ) then
    perform app_hidden.refuse(
      'STATE', 'invitation_declined', '{"field": "email"}', 'This person declined within the last 30 days. Ask them another way.');
  end if;

  if (select count(*) from app_public.invitations
      where invitations.organization_id = open_invitation.organization_id
        and invitations.created_at > app_hidden.now() - interval '24 hours') >= 200 then
    perform app_hidden.refuse(
      'RATE_LIMITED', 'many_invitations', '{"retryAfterSeconds": 86400}', 'A clinic invites up to 200 people a day. Go on tomorrow.');
  end if;

  insert into app_public.invitations (organization_id, kind, email, name, patient_profile_id, invited_by, expires_at, created_at)
  values (open_invitation.organization_id, open_invitation.kind, v_email,
          coalesce(nullif(btrim(open_invitation.name), ''), split_part(v_email, '@', 1)), open_invitation.patient_profile_id,
          app_private.current_actor_id(), app_hidden.now() + interval '14 days', app_hidden.now())
  on conflict do nothing
  returning * into v_invitation;
  if not found then
    perform app_hidden.refuse(
      'CONFLICT', 'already_invited', '{"field": "email"}', 'An invitation to this address is open: send it again, or revoke it.');
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.open_invitation(uuid, text, text, text, uuid) is
  'Makes an open invitation. CONFLICT already_invited, STATE invitation_declined, RATE_LIMITED many_invitations.';

reset role;
-- end of source: functions/identity/open_invitation.sql

-- source: functions/notify/ways_to_reach.sql
-- Over which channels somebody may be told something now, and what stands in the way. FND-15.
-- The one place for every rule but the cap: asked when a message is queued, when another channel has to stand in, and
-- again when it leaves. Consent comes before suppression, and both before quiet hours.
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
      coalesce(accounts.account_id, people.own_account_id) as reader_id
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
    on suppressed_addresses.channel = ways.channel and suppressed_addresses.address = app_hidden.ascii_lower(ways.address)
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

-- source: functions/notify/notify_many.sql
-- Tells many people the same thing in the transaction of its cause. FND-15.
-- Telling the same person about the same event twice tells once, so a consumer may be retried.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/notify/queue_messages.sql

set role app_engine;
create or replace function app_private.notify_many(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[],
  data jsonb default '{}',
  event_id uuid default null,
  calendar_uid uuid default null
) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.message_types;
  v_recipients app_private.message_recipient[];
  v_problem text;
begin
  select message_types.* into v_type
  from app_private.message_types
  where message_types.key = notify_many.template_key;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object('template', notify_many.template_key));
  end if;

  if (v_type.calendar_status is null) <> (notify_many.calendar_uid is null) then
    perform app_hidden.refuse('VALIDATION', 'message_calendar_mismatch', jsonb_build_object('template', v_type.key));
  end if;

  select recipient.locale into v_problem
  from unnest(notify_many.recipients) as recipient
  where recipient.locale <> all (array['ro', 'en'])
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', v_type.key, 'locale', v_problem));
  end if;

  select difference.name into v_problem
  from unnest(notify_many.recipients) as recipient
  cross join lateral (
    select given.name
    from jsonb_object_keys(coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}')) as given (name)
    where given.name <> all (v_type.variables)
    union all
    select needed.name
    from unnest(v_type.variables) as needed (name)
    where not coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}') ? needed.name
  ) as difference
  order by difference.name
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', v_type.key, 'variable', v_problem));
  end if;

  if exists (
    select from unnest(notify_many.recipients) as recipient
    where case
      when recipient.patient_profile_id is not null then not exists (
        select from app_public.patients
        where patients.organization_id = notify_many.organization_id
          and patients.patient_profile_id = recipient.patient_profile_id)
      when recipient.human_id is not null then not exists (
        select from app_public.humans where humans.principal_id = recipient.human_id)
      else recipient.name is null
    end
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'message_recipient_unknown', jsonb_build_object('template', v_type.key));
  end if;

  select array_agg(
    row(recipient.patient_profile_id, recipient.human_id, recipient.name, recipient.email, recipient.phone,
        recipient.locale, coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}'))::app_private.message_recipient)
  into v_recipients
  from unnest(notify_many.recipients) as recipient
  where notify_many.event_id is null or not exists (
    select from app_public.messages
    where messages.organization_id = notify_many.organization_id
      and messages.event_id = notify_many.event_id
      and messages.template_key = notify_many.template_key
      and messages.recipient = coalesce(
        recipient.patient_profile_id::text, recipient.human_id::text, app_hidden.ascii_lower(recipient.email), recipient.phone, ''));

  return app_private.queue_messages(
    notify_many.organization_id, v_type.key, v_recipients, notify_many.event_id, notify_many.calendar_uid);
end;
$$;

comment on function app_private.notify_many(uuid, text, app_private.message_recipient[], jsonb, uuid, uuid) is
  'Queues a message to each of these people over the channels that suit them; answers the ids of the new messages. '
  'An unknown message, person or language, a missing or an unknown variable is refused, and then nobody is told.';

revoke all on function app_private.notify_many(uuid, text, app_private.message_recipient[], jsonb, uuid, uuid) from public;
reset role;
-- end of source: functions/notify/notify_many.sql

-- source: functions/identity/send_invitation.sql
-- The mail of an invitation, the first one or another. FND-04, FND-07, FND-15.
-- It goes to the bare address with the clinic's words and language: whether the address has an account changes nothing.
-- Three mails a day to one address from one clinic, and five for one invitation, are enough for whoever wants to come.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/notify/notify.sql

set role app_engine;

create or replace function app_private.send_invitation(invitation app_public.invitations, locale text default null)
returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_day_ago timestamptz := app_hidden.now() - interval '24 hours';
  v_sent timestamptz[];
  v_invitation app_public.invitations;
begin
  -- Two that write to one address at once are counted one after the other.
  perform pg_advisory_xact_lock(hashtextextended('invitation:' || invitation.organization_id || ':' || invitation.email, 0));
  select array_agg(sent.at order by sent.at) into v_sent
  from app_public.invitations
  cross join lateral unnest(invitations.sent_times) as sent (at)
  where invitations.organization_id = invitation.organization_id
    and invitations.email = invitation.email
    and sent.at > v_day_ago;
  if cardinality(v_sent) >= 3 then
    perform app_hidden.refuse(
      'RATE_LIMITED', 'invited_often',
      jsonb_build_object('field', 'email', 'retryAfterSeconds',
        ceil(extract(epoch from v_sent[cardinality(v_sent) - 2] - v_day_ago))::int),
      'This address was written to three times within a day. Try again later.');
  elsif cardinality(invitation.sent_times) >= 5 then
    perform app_hidden.refuse(
      'STATE', 'sent_often', '{}', 'This invitation was sent five times. Revoke it, and ask the person another way.');
  end if;

  update app_public.invitations
  set sent_times = invitations.sent_times || app_hidden.now(), expires_at = app_hidden.now() + interval '14 days'
  where invitations.id = invitation.id
  returning * into v_invitation;
  perform app_private.notify(
    v_invitation.organization_id, v_invitation.kind || '_invited', jsonb_build_object('invitedAddress', v_invitation.email),
    name => v_invitation.name, email => v_invitation.email, locale => send_invitation.locale);
  return v_invitation;
end;
$$;

comment on function app_private.send_invitation(app_public.invitations, text) is
  'Queues the mail and lets the invitation last 14 days from now; RATE_LIMITED invited_often, STATE sent_often.';

reset role;
-- end of source: functions/identity/send_invitation.sql

-- source: functions/identity/invite_member.sql
-- A clinic asks somebody to join its staff. The person accepts with an account that proved the address; until then the
-- clinic is told nothing, not even whether there is such an account. FND-04, FND-02.
-- requires: functions/core/refuse.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/core/ascii_lower.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/require_grantable.sql
-- requires: functions/identity/permissions_of.sql
-- requires: functions/identity/open_invitation.sql
-- requires: functions/identity/send_invitation.sql

set role app_engine;

create or replace function app_public.invite_member(
  organization_id uuid,
  email text,
  name text,
  role_ids uuid[],
  locale text default null
) returns app_public.invitations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_role_id uuid;
  v_invitation app_public.invitations;
begin
  perform app_private.require_permission(organization_id, 'members.manage');
  v_remembered := app_private.remembered('invite_member', jsonb_build_array(organization_id, email, name, role_ids, locale));
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;

  if coalesce(cardinality(role_ids), 0) = 0 then
    perform app_hidden.refuse('VALIDATION', 'role_missing', '{"field": "roleIds"}', 'Choose at least one role.');
  end if;
  foreach v_role_id in array role_ids loop
    if not exists (
      select from app_public.roles
      where roles.organization_id = invite_member.organization_id and roles.id = v_role_id
    ) then
      perform app_hidden.refuse('VALIDATION', 'role_not_found', '{"field": "roleIds"}', 'Choose a role of this clinic.');
    end if;
    perform app_private.require_grantable(organization_id, app_private.permissions_of(organization_id, v_role_id));
  end loop;

  -- Colleagues are known to the clinic; nobody else is looked at.
  if exists (
    select
    from app_public.memberships
    join app_public.humans on humans.principal_id = memberships.human_id
    where memberships.organization_id = invite_member.organization_id
      and memberships.ended_at is null
      and humans.closed_at is null
      and humans.email = app_hidden.ascii_lower(btrim(invite_member.email))
  ) then
    perform app_hidden.refuse('CONFLICT', 'already_a_member', '{"field": "email"}', 'This person is a member already.');
  end if;

  v_invitation := app_private.open_invitation(organization_id, 'member', email, name);
  insert into app_public.invitation_roles (organization_id, invitation_id, role_id)
  select invite_member.organization_id, v_invitation.id, role.id
  from (select distinct unnest(role_ids)) as role (id);
  v_invitation := app_private.send_invitation(v_invitation, locale);
  perform app_private.remember('invite_member', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.invite_member(uuid, text, text, uuid[], text) is
  'Invites a colleague with these roles, by mail. Needs members.manage; FORBIDDEN above_yourself for a role that allows '
  'more than you may, CONFLICT already_a_member or already_invited, STATE invitation_declined, RATE_LIMITED invited_often.';
grant execute on function app_public.invite_member(uuid, text, text, uuid[], text) to app_member;

reset role;
-- end of source: functions/identity/invite_member.sql

-- source: functions/identity/add_member.sql
-- The older name of invite_member, kept for frontends that call it. Nobody is added without being asked. FND-04.
-- requires: functions/identity/invite_member.sql

set role app_engine;

create or replace function app_public.add_member(
  organization_id uuid,
  email text,
  display_name text,
  role_ids uuid[]
) returns app_public.memberships
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_public.invite_member(
    add_member.organization_id, add_member.email, add_member.display_name, add_member.role_ids);
  return null;
end;
$$;

comment on function app_public.add_member(uuid, text, text, uuid[]) is
  E'@deprecated Use inviteMember.\nInvites a colleague, as inviteMember does; result is null, because nobody is a member before they accept.';
grant execute on function app_public.add_member(uuid, text, text, uuid[]) to app_member;

reset role;
-- end of source: functions/identity/add_member.sql

-- source: functions/identity/caregivers_evidence.sql
-- The evidence of a caregiver link, for those whom it concerns: the person, the caregiver, the clinic that saw it. FND-07.
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/organization_ids_where.sql

set role app_engine;

create or replace function app_public.caregivers_evidence(caregiver app_public.caregivers) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select caregiver_evidence.evidence
  from app_private.caregiver_evidence
  join app_public.caregivers on caregivers.id = caregiver_evidence.caregiver_id
  where caregiver_evidence.caregiver_id = (caregiver).id
    and (caregivers.human_id = app_hidden.current_account_id()
         or caregivers.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
         or caregiver_evidence.organization_id = any (app_hidden.organization_ids_where('patients.view')));
end;

comment on function app_public.caregivers_evidence(app_public.caregivers) is
  'What was shown for the link; null at a clinic that did not see it.';
grant execute on function app_public.caregivers_evidence(app_public.caregivers) to app_member;

reset role;
-- end of source: functions/identity/caregivers_evidence.sql

-- source: functions/identity/claim_patient_profiles.sql
-- Someone who was registered by a clinic, or booked as a guest, takes over their own profile. The identity
-- provider's verification of the same email is the proof; every profile is claimed by this one explicit act,
-- and profiles of two clinics stay two. FND-07.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/current_account_id.sql

set role app_engine;

create or replace function app_public.claim_patient_profiles() returns setof app_public.patient_profiles
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.humans
    where humans.principal_id = app_hidden.current_account_id() and humans.email_verified_at is not null
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'email_not_verified', '{}', 'Verify your email address, then try again.');
  end if;
  return query
    update app_public.patient_profiles set human_id = humans.principal_id
    from app_public.humans
    where humans.principal_id = app_hidden.current_account_id()
      and app_hidden.ascii_lower(patient_profiles.email) = humans.email
      -- Nobody's, or the same address' account of before that the provider deleted.
      and (patient_profiles.human_id is null
           or exists (
             select from app_public.humans as former
             where former.principal_id = patient_profiles.human_id
               and former.closed_at is not null
               and former.email = humans.email
               and former.email_verified_at is not null))
      -- A child's profile carries the parent's address; the child is not the parent.
      and not exists (select from app_public.caregivers where caregivers.patient_profile_id = patient_profiles.id)
      -- Nor is someone who is too young for an account of their own.
      and (patient_profiles.birth_date is null
           or patient_profiles.birth_date
              + make_interval(years => (select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'own_account'))
              <= (app_hidden.now() at time zone 'Europe/Bucharest')::date)
    returning patient_profiles.*;
end;
$$;

comment on function app_public.claim_patient_profiles() is
  'Links the profiles that carry the caller''s verified email with the caller. FORBIDDEN email_not_verified.';
grant execute on function app_public.claim_patient_profiles() to app_member;

reset role;
-- end of source: functions/identity/claim_patient_profiles.sql

-- source: functions/identity/create_patient.sql
-- Front desk registers a person. The profile is new: one who is known elsewhere is never matched silently. FND-07.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/admit_patient.sql
-- requires: functions/identity/e164.sql

set role app_engine;

create or replace function app_public.create_patient(
  organization_id uuid,
  given_name text,
  family_name text,
  email text default null,
  phone text default null,
  birth_date date default null,
  locale text default 'ro'
) returns app_public.patients
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_profile_id uuid;
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  insert into app_public.patient_profiles (given_name, family_name, email, phone, birth_date, locale)
  select btrim(create_patient.given_name), btrim(create_patient.family_name), app_hidden.ascii_lower(btrim(create_patient.email)),
         app_hidden.e164(create_patient.phone, organizations.calling_code), create_patient.birth_date, create_patient.locale
  from app_public.organizations
  where organizations.id = create_patient.organization_id
  returning id into v_profile_id;
  return app_private.admit_patient(create_patient.organization_id, v_profile_id);
end;
$$;

comment on function app_public.create_patient(uuid, text, text, text, text, date, text) is
  'Registers a person as a patient of the clinic. Needs patients.manage; VALIDATION names the field.';
grant execute on function app_public.create_patient(uuid, text, text, text, text, date, text) to app_member;

reset role;
-- end of source: functions/identity/create_patient.sql

-- source: functions/identity/decline_invitation.sql
-- The invited person says no; the clinic reads that and no more. FND-04, FND-07.
-- requires: functions/identity/invitation_to_me.sql
-- requires: functions/identity/received_invitation_of.sql

set role app_engine;

create or replace function app_public.decline_invitation(invitation_id uuid) returns app_public.received_invitation
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_invitation app_public.invitations := app_private.invitation_to_me(invitation_id);
begin
  update app_public.invitations set status = 'declined'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return app_private.received_invitation_of(v_invitation);
end;
$$;

comment on function app_public.decline_invitation(uuid) is
  'Says no to an invitation; the clinic cannot repeat it for 30 days. NOT_FOUND invitation_not_found, GONE invitation_is_over.';
grant execute on function app_public.decline_invitation(uuid) to app_member;

reset role;
-- end of source: functions/identity/decline_invitation.sql

-- source: functions/identity/end_identity.sql
-- The provider deleted a sign-in. Its sessions are over; the account is closed when no other sign-in leads to it.
-- FND-03, FND-25.
-- Told before the first sign-in, it leaves a mark, so that a token of the last minute makes no human.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_hidden.end_identity(issuer text, subject text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_identity app_private.identities;
begin
  select identities.* into v_identity
  from app_private.identities
  where identities.issuer = end_identity.issuer and identities.subject = end_identity.subject;
  -- Two sign-ins of one account that end at once queue here, so that the second closes it; so does a first sign-in that
  -- finds the account by its address (human_by_email), so that nobody is linked with one that closes.
  perform from app_public.humans where humans.principal_id = v_identity.principal_id for no key update;

  insert into app_private.identities (issuer, subject, ended_at)
  values (end_identity.issuer, end_identity.subject, app_hidden.now())
  on conflict on constraint identities_pkey do update set ended_at = excluded.ended_at
    where identities.ended_at is null
  returning * into v_identity;
  if not found then
    return 'unchanged';
  end if;

  update app_public.principals set disabled_at = app_hidden.now()
  where principals.id = v_identity.principal_id
    and principals.disabled_at is null
    and not exists (
      select from app_private.identities
      where identities.principal_id = v_identity.principal_id and identities.ended_at is null);
  -- Whoever was banned, or switched off before, does not come back under the same address.
  if found then
    update app_public.humans set closed_at = app_hidden.now()
    where humans.principal_id = v_identity.principal_id
      and not exists (
        select from app_private.identities
        where identities.principal_id = v_identity.principal_id and identities.banned_at is not null);
  end if;
  return 'applied';
end;
$$;

comment on function app_hidden.end_identity(text, text) is
  'Ends a sign-in for good, and closes the account that has no other. Whoever signs up anew with the same address gets a '
  'new account; of an account that was banned or switched off before, the address stays closed.';
revoke all on function app_hidden.end_identity(text, text) from public;
grant execute on function app_hidden.end_identity(text, text) to app_authenticator, app_worker;

reset role;
-- end of source: functions/identity/end_identity.sql

-- source: functions/identity/first_sign_in.sql
-- Links a sign-in with a human, once, whoever comes twice at the same moment. FND-03.
-- Only a verified email proves who somebody is. An unverified one makes no human either: whoever came first with
-- somebody else's address would share the account with its owner, or be given what a clinic means for that owner.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/human_by_email.sql

set role app_engine;

create or replace function app_private.first_sign_in(
  issuer text,
  subject text,
  email text,
  email_verified boolean,
  display_name text,
  locale text
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.ascii_lower(btrim(first_sign_in.email));
  -- The provider lets people call themselves anything; ours is one line of text, and no reason to turn them away.
  v_name text := btrim(regexp_replace(first_sign_in.display_name, '[[:cntrl:]]+', ' ', 'g'));
  v_principal_id uuid;
begin
  if coalesce(v_email, '') = '' then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_missing', '{"claim": "email"}',
      'The sign-in must carry an email address: the session token lacks the claim email (docs/guides/sign_in.md).');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('sign_in:' || v_email, 0));

  select identities.principal_id into v_principal_id
  from app_private.identities
  where identities.issuer = first_sign_in.issuer and identities.subject = first_sign_in.subject
    and identities.principal_id is not null;
  if found then
    return v_principal_id;
  end if;

  if email_verified is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_verified_missing', '{"claim": "email_verified"}',
      'The sign-in must say whether the address is verified: the session token lacks the claim email_verified (docs/guides/sign_in.md).');
  elsif not email_verified then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_not_verified', '{}', 'Verify your email address, then sign in again.');
  end if;

  v_principal_id := app_private.human_by_email(
    v_email, case when v_name ~ '[[:alnum:]]' then left(v_name, 200) else v_email end, locale);
  -- Whoever was named before they came is called from now on as they call themselves.
  update app_public.humans
  set email_verified_at = app_hidden.now(),
      display_name = case when v_name ~ '[[:alnum:]]' then left(v_name, 200) else humans.display_name end,
      locale = case when first_sign_in.locale in ('ro', 'en') then first_sign_in.locale else humans.locale end
  where humans.principal_id = v_principal_id and humans.email_verified_at is null;
  insert into app_private.identities (issuer, subject, principal_id, provider_name, provider_locale)
  values (first_sign_in.issuer, first_sign_in.subject, v_principal_id, left(v_name, 200), left(app_hidden.ascii_lower(first_sign_in.locale), 2))
  on conflict on constraint identities_pkey do nothing;
  if not found then
    -- The provider deleted the sign-in while it came in for the first time.
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled', '{}', 'This account is closed. Ask the clinic.');
  end if;
  return v_principal_id;
end;
$$;

comment on function app_private.first_sign_in(text, text, text, boolean, text, text) is
  'Links or creates the human of a sign-in that was never seen before.';

reset role;
-- end of source: functions/identity/first_sign_in.sql

-- source: functions/identity/invite_patient.sql
-- A clinic asks a patient to take over their own profile. The person accepts with an account that proved the address.
-- FND-07.
-- A profile that has or had an account is the person's at every clinic: they sign in, or claim it, and no single clinic
-- hands it on.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/require_patient.sql
-- requires: functions/identity/open_invitation.sql
-- requires: functions/identity/send_invitation.sql

set role app_engine;

create or replace function app_public.invite_patient(
  organization_id uuid,
  patient_profile_id uuid,
  email text default null
) returns app_public.invitations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_profile app_public.patient_profiles;
  v_years int := (select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'own_account');
  v_email text;
  v_invitation app_public.invitations;
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  v_remembered := app_private.remembered('invite_patient', jsonb_build_array(organization_id, patient_profile_id, email));
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;

  perform app_private.require_patient(organization_id, patient_profile_id);
  select patient_profiles.* into strict v_profile
  from app_public.patient_profiles
  where patient_profiles.id = invite_patient.patient_profile_id;
  if v_profile.human_id is not null then
    perform app_hidden.refuse('CONFLICT', 'profile_has_an_account', '{}', 'This patient has an account already.');
  end if;
  if v_profile.birth_date + make_interval(years => v_years) > (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    perform app_hidden.refuse(
      'VALIDATION', 'too_young_for_own_account', jsonb_build_object('field', 'patientProfileId', 'years', v_years),
      format('Under %s a caregiver acts for the patient: add one.', v_years));
  end if;
  v_email := coalesce(nullif(btrim(invite_patient.email), ''), v_profile.email);
  if v_email is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "email"}', 'The profile has no address: give one.');
  end if;

  v_invitation := app_private.send_invitation(
    app_private.open_invitation(
      organization_id, 'patient', v_email, v_profile.given_name || ' ' || v_profile.family_name, patient_profile_id),
    v_profile.locale);
  perform app_private.remember('invite_patient', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.invite_patient(uuid, uuid, text) is
  'Invites a patient without an account to take over their profile, by mail to this address or to the one of the profile. '
  'Needs patients.manage; CONFLICT profile_has_an_account or already_invited, VALIDATION too_young_for_own_account.';
grant execute on function app_public.invite_patient(uuid, uuid, text) to app_member;

reset role;
-- end of source: functions/identity/invite_patient.sql

-- source: functions/identity/locked_invitation.sql
-- An open invitation that a verb of the clinic is about, locked. FND-04, FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/current_staff_organization_ids.sql

set role app_engine;

create or replace function app_private.locked_invitation(invitation_id uuid) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invitation app_public.invitations;
begin
  select invitations.* into v_invitation
  from app_public.invitations
  where invitations.id = invitation_id
    and invitations.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invitation_not_found', '{}', 'There is no such invitation.');
  end if;
  perform app_private.require_permission(
    v_invitation.organization_id, case v_invitation.kind when 'member' then 'members.manage' else 'patients.manage' end);
  if v_invitation.status <> 'open' then
    perform app_hidden.refuse(
      'STATE', 'invitation_is_over', jsonb_build_object('status', v_invitation.status), 'This invitation is over.');
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.locked_invitation(uuid) is
  'An open invitation of the caller''s clinic, locked, for whoever may invite such people; NOT_FOUND, FORBIDDEN or STATE otherwise.';

reset role;
-- end of source: functions/identity/locked_invitation.sql

-- source: functions/identity/my_invitations.sql
-- What clinics ask of the caller: open invitations to the address that the caller proved. FND-04, FND-07.
-- requires: functions/core/now.sql
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/received_invitation_of.sql

set role app_engine;

create or replace function app_public.my_invitations() returns setof app_public.received_invitation
language sql stable security definer
set search_path = ''
begin atomic
  select (app_private.received_invitation_of(invitations)).*
  from app_public.humans
  join app_public.invitations on invitations.email = humans.email
  join app_public.organizations on organizations.id = invitations.organization_id and organizations.deleted_at is null
  where humans.principal_id = app_hidden.current_account_id()
    and humans.email_verified_at is not null
    and invitations.status = 'open'
    and invitations.expires_at > app_hidden.now()
  order by invitations.id;
end;

comment on function app_public.my_invitations() is
  'Invitations to the caller''s verified address that can be accepted; none for a visitor.';
grant execute on function app_public.my_invitations() to app_member;

reset role;
-- end of source: functions/identity/my_invitations.sql

-- source: policies/identity/memberships.sql
-- Who works where: seen by colleagues and by oneself, written by `accept_invitation` and `end_membership`. FND-04.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

alter table app_public.memberships enable row level security;
alter table app_public.memberships force row level security;

grant select on app_public.memberships to app_member;

drop policy if exists memberships_select_staff on app_public.memberships;
create policy memberships_select_staff on app_public.memberships
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

grant select, insert, update on app_public.memberships to app_engine;
drop policy if exists memberships_all_engine on app_public.memberships;
create policy memberships_all_engine on app_public.memberships
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.memberships
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.memberships', 'clinic',
  '{"operational": ["id", "organization_id", "created_at", "updated_at", "ended_at"],
    "pii_basic": ["human_id", "member_name"]}',
  person_column => 'human_id');
-- end of source: policies/identity/memberships.sql

-- source: functions/identity/resend_invitation.sql
-- The mail of an open invitation once more, and another 14 days. FND-04, FND-07.
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/identity/locked_invitation.sql
-- requires: functions/identity/send_invitation.sql

set role app_engine;

create or replace function app_public.resend_invitation(invitation_id uuid) returns app_public.invitations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_invitation app_public.invitations := app_private.locked_invitation(invitation_id);
  v_remembered jsonb := app_private.remembered('resend_invitation', to_jsonb(invitation_id));
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;
  v_invitation := app_private.send_invitation(
    v_invitation,
    (select patient_profiles.locale from app_public.patient_profiles where patient_profiles.id = v_invitation.patient_profile_id));
  perform app_private.remember('resend_invitation', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.resend_invitation(uuid) is
  'Sends an open invitation again. Needs the permission to invite; RATE_LIMITED invited_often, STATE sent_often or invitation_is_over.';
grant execute on function app_public.resend_invitation(uuid) to app_member;

reset role;
-- end of source: functions/identity/resend_invitation.sql

-- source: functions/identity/revoke_invitation.sql
-- The clinic takes an invitation back. Whoever accepts at the same moment comes before or after, never both. FND-04, FND-07.
-- requires: functions/identity/locked_invitation.sql

set role app_engine;

create or replace function app_public.revoke_invitation(invitation_id uuid) returns app_public.invitations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_invitation app_public.invitations := app_private.locked_invitation(invitation_id);
begin
  update app_public.invitations set status = 'revoked'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return v_invitation;
end;
$$;

comment on function app_public.revoke_invitation(uuid) is
  'Takes back an open invitation. Needs members.manage, or patients.manage for a patient; STATE invitation_is_over.';
grant execute on function app_public.revoke_invitation(uuid) to app_member;

reset role;
-- end of source: functions/identity/revoke_invitation.sql

-- source: functions/identity/sign_in.sql
-- The session check of every request: whom the verified token means, whether the session still stands, and
-- whether the person belongs to the clinic the request names. FND-03, FND-02, FND-04.
-- A first sign-in links the human with that verified email, or creates one.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/human_by_email.sql

set role app_engine;

create or replace function app_hidden.sign_in(
  issuer text,
  subject text,
  session_id text,
  email text,
  email_verified boolean,
  display_name text,
  locale text,
  organization_id uuid
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_principal_id uuid;
  v_is_over boolean;
begin
  if exists (select from app_private.revoked_sessions where revoked_sessions.session_id = sign_in.session_id) then
    perform app_hidden.refuse('UNAUTHENTICATED', 'session_revoked', '{}', 'Sign in again.');
  end if;

  select identities.principal_id, coalesce(identities.ended_at, identities.banned_at) is not null
  into v_principal_id, v_is_over
  from app_private.identities
  where identities.issuer = sign_in.issuer and identities.subject = sign_in.subject;

  if not found then
    v_principal_id := app_private.first_sign_in(issuer, subject, email, email_verified, display_name, locale);
  end if;

  if v_is_over or exists (select from app_public.principals where id = v_principal_id and disabled_at is not null) then
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled', '{}', 'This account is closed. Ask the clinic.');
  end if;

  if sign_in.organization_id is not null and not app_private.belongs_to(v_principal_id, sign_in.organization_id) then
    perform app_hidden.refuse(
      'FORBIDDEN', 'not_of_this_clinic', '{}', 'You are neither staff nor patient of the clinic in X-Organization.');
  end if;

  return v_principal_id;
end;
$$;

comment on function app_hidden.sign_in(text, text, text, text, boolean, text, text, uuid) is
  'The principal behind a verified token. Refuses with UNAUTHENTICATED (session_revoked, account_disabled, '
  'email_missing, email_verified_missing, email_not_verified) or FORBIDDEN (not_of_this_clinic).';
grant execute on function app_hidden.sign_in(text, text, text, text, boolean, text, text, uuid) to app_authenticator;

reset role;
-- end of source: functions/identity/sign_in.sql

-- source: functions/identity/tg_memberships__name.sql
-- Whoever leaves a clinic is seen there no more; what they did stays, and so does the name they did it under. FND-04.

set role app_engine;

create or replace function app_private.tg_memberships__name() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  new.member_name := case when new.ended_at is not null then coalesce(
    old.member_name,
    (select humans.display_name from app_public.humans where humans.principal_id = new.human_id)) end;
  return new;
end;
$$;

comment on function app_private.tg_memberships__name() is
  'Keeps the name of a member who leaves, and drops it when they come back. Trigger _300_name.';

reset role;

create or replace trigger _300_name before insert or update of ended_at on app_public.memberships
  for each row execute function app_private.tg_memberships__name();
-- end of source: functions/identity/tg_memberships__name.sql

-- source: functions/identity/update_identity.sql
-- The provider tells how a person is called and reached now. FND-25, FND-03.
-- Nobody is made: a human begins with a first sign-in, and only on a verified address (first_sign_in). Changes come in
-- any order, so the provider's own time decides. An address that another human has is not taken from them.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_hidden.update_identity(
  issuer text,
  subject text,
  changed_at timestamptz,
  email text,
  email_verified boolean,
  display_name text,
  locale text,
  is_banned boolean
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_identity app_private.identities;
  v_email text := app_hidden.ascii_lower(btrim(update_identity.email));
  v_name text := left(btrim(regexp_replace(update_identity.display_name, '[[:cntrl:]]+', ' ', 'g')), 200);
  v_locale text := left(app_hidden.ascii_lower(update_identity.locale), 2);
  v_is_taken boolean := false;
begin
  select identities.* into v_identity
  from app_private.identities
  where identities.issuer = update_identity.issuer and identities.subject = update_identity.subject
  for update;
  if not found or v_identity.ended_at is not null then
    return 'ignored';
  end if;
  if update_identity.changed_at <= v_identity.provider_changed_at then
    return 'stale';
  end if;

  update app_private.identities
  set provider_changed_at = update_identity.changed_at,
      provider_name = coalesce(nullif(v_name, ''), provider_name),
      provider_locale = coalesce(v_locale, provider_locale),
      banned_at = case when is_banned then coalesce(banned_at, app_hidden.now()) end
  where identities.issuer = update_identity.issuer and identities.subject = update_identity.subject;

  -- What the provider did not change stays as the person set it here.
  update app_public.humans
  set display_name = case when v_name <> v_identity.provider_name and v_name ~ '[[:alnum:]]' then v_name else humans.display_name end,
      locale = case when v_locale <> v_identity.provider_locale and v_locale in ('ro', 'en') then v_locale else humans.locale end
  where humans.principal_id = v_identity.principal_id
    and (v_name <> v_identity.provider_name or v_locale <> v_identity.provider_locale);

  if email_verified and v_email <> '' then
    -- Whoever names or signs in the same address at this moment is waited for.
    perform pg_advisory_xact_lock(hashtextextended('human:' || v_email, 0));
    v_is_taken := exists (
      select
      from app_public.humans as other
      join app_public.humans as own on own.principal_id = v_identity.principal_id
      where other.email = v_email
        and other.provider_org_id is not distinct from own.provider_org_id
        and other.closed_at is null
        and other.principal_id <> own.principal_id);
    begin
      update app_public.humans set email = v_email, email_verified_at = app_hidden.now()
      where humans.principal_id = v_identity.principal_id
        and not v_is_taken
        and (humans.email <> v_email or humans.email_verified_at is null);
    exception when check_violation then
      -- Whoever is banned under an address that we do not take is banned all the same.
      return 'email_not_usable';
    end;
  end if;
  return case when v_is_taken then 'email_conflict' else 'applied' end;
end;
$$;

comment on function app_hidden.update_identity(text, text, timestamptz, text, boolean, text, text, boolean) is
  'Brings a human in line with the provider: a verified address unless another human has it (email_conflict) or it is none '
  'of ours (email_not_usable), name and language where the provider changed them, banned or not. ignored when the sign-in '
  'is unknown here, stale when a newer change was applied.';
revoke all on function app_hidden.update_identity(text, text, timestamptz, text, boolean, text, text, boolean) from public;
grant execute on function app_hidden.update_identity(text, text, timestamptz, text, boolean, text, text, boolean)
  to app_authenticator, app_worker;

reset role;
-- end of source: functions/identity/update_identity.sql

-- source: functions/notify/suppress_address.sql
-- Nobody writes to this address over this channel any more. FND-15.
-- An address that is dead, or whose owner complained, is so for every clinic; a STOP is said to one of them.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.suppress_address(
  organization_id uuid,
  channel text,
  address text,
  reason text
) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  if suppress_address.reason = 'request' then
    insert into app_private.opt_outs (organization_id, channel, address, since)
    values (suppress_address.organization_id, suppress_address.channel, app_hidden.ascii_lower(suppress_address.address), app_hidden.now())
    on conflict do nothing;
  else
    insert into app_private.suppressed_addresses (channel, address, reason, since)
    values (suppress_address.channel, app_hidden.ascii_lower(suppress_address.address), suppress_address.reason, app_hidden.now())
    on conflict do nothing;
  end if;
end;
$$;

comment on function app_private.suppress_address(uuid, text, text, text) is
  'reason: bounce or complaint, for every clinic; request, for this clinic alone.';

revoke all on function app_private.suppress_address(uuid, text, text, text) from public;
grant execute on function app_private.suppress_address(uuid, text, text, text) to app_worker;
reset role;
-- end of source: functions/notify/suppress_address.sql

-- source: functions/notify/record_text_opt_out.sql
-- Somebody texted STOP or START. FND-15, FND-25.
-- Said to a clinic's own account, it is said to that clinic. The platform's number is shared: there it is said to every
-- clinic that wrote to this number over the channel, since nobody can tell which of them was meant.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/notify/suppress_address.sql

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
  v_clinics uuid[];
begin
  if record_text_opt_out.integration_id is not null then
    select array_agg(organization_integrations.organization_id) into v_clinics
    from app_public.organization_integrations
    where organization_integrations.id = record_text_opt_out.integration_id;
  else
    select array_agg(distinct messages.organization_id) into v_clinics
    from app_public.messages
    where messages.address = record_text_opt_out.address
      and messages.channel = record_text_opt_out.channel
      and messages.attempted_at is not null;
  end if;

  if record_text_opt_out.wants_texts then
    delete from app_private.opt_outs
    where opt_outs.organization_id = any (v_clinics)
      and opt_outs.channel = record_text_opt_out.channel
      and opt_outs.address = app_hidden.ascii_lower(record_text_opt_out.address);
  else
    perform app_private.suppress_address(clinic, record_text_opt_out.channel, record_text_opt_out.address, 'request')
    from unnest(v_clinics) as clinic;
  end if;
end;
$$;

comment on function app_private.record_text_opt_out(uuid, text, text, boolean) is
  'Ends or begins again the texts of a clinic to a number. Without an integration: of every clinic that wrote there.';

revoke all on function app_private.record_text_opt_out(uuid, text, text, boolean) from public;
grant execute on function app_private.record_text_opt_out(uuid, text, text, boolean) to app_worker;
reset role;
-- end of source: functions/notify/record_text_opt_out.sql

-- source: policies/identity/caregiver_evidence.sql
-- Written by `add_caregiver`, read through `caregivers_evidence`. FND-07.
-- requires: functions/core/classify.sql

alter table app_private.caregiver_evidence enable row level security;
alter table app_private.caregiver_evidence force row level security;

grant select, insert on app_private.caregiver_evidence to app_engine;
drop policy if exists caregiver_evidence_all_engine on app_private.caregiver_evidence;
create policy caregiver_evidence_all_engine on app_private.caregiver_evidence
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.caregiver_evidence', 'medical_record',
  '{"operational": ["organization_id", "created_at"], "pii_basic": ["caregiver_id", "patient_profile_id", "evidence"]}',
  person_column => 'patient_profile_id');
-- end of source: policies/identity/caregiver_evidence.sql

-- source: policies/identity/caregivers.sql
-- Who acts for whom: the caregiver, the person, and staff of a clinic of the person. FND-07.
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

alter table app_public.caregivers enable row level security;
alter table app_public.caregivers force row level security;

grant select on app_public.caregivers to app_member;

drop policy if exists caregivers_select_self on app_public.caregivers;
create policy caregivers_select_self on app_public.caregivers
  for select to app_member
  using (human_id = (select app_hidden.current_account_id()));

drop policy if exists caregivers_select_person on app_public.caregivers;
create policy caregivers_select_person on app_public.caregivers
  for select to app_member
  using (patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

drop policy if exists caregivers_select_staff on app_public.caregivers;
create policy caregivers_select_staff on app_public.caregivers
  for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = caregivers.patient_profile_id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );

grant select, insert, update on app_public.caregivers to app_engine;
drop policy if exists caregivers_all_engine on app_public.caregivers;
create policy caregivers_all_engine on app_public.caregivers
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.caregivers
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.caregivers', 'medical_record',
  '{"operational": ["id", "added_by", "ends_on", "revoked_at", "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "human_id", "relationship"]}',
  person_column => 'patient_profile_id');
-- end of source: policies/identity/caregivers.sql

-- source: policies/identity/invitation_roles.sql
-- Seen by whoever may invite, written by `invite_member`. FND-04.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/classify.sql

alter table app_public.invitation_roles enable row level security;
alter table app_public.invitation_roles force row level security;

grant select on app_public.invitation_roles to app_member;

drop policy if exists invitation_roles_select_staff on app_public.invitation_roles;
create policy invitation_roles_select_staff on app_public.invitation_roles
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('members.manage'))::uuid[]));

grant select, insert on app_public.invitation_roles to app_engine;
drop policy if exists invitation_roles_all_engine on app_public.invitation_roles;
create policy invitation_roles_all_engine on app_public.invitation_roles
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.invitation_roles', 'clinic',
  '{"operational": ["organization_id", "invitation_id", "role_id", "created_at"]}');
-- end of source: policies/identity/invitation_roles.sql

-- source: policies/identity/invitations.sql
-- What the clinic typed, for whoever may invite. The invited person reads `my_invitations`. FND-04, FND-07.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql

alter table app_public.invitations enable row level security;
alter table app_public.invitations force row level security;

grant select on app_public.invitations to app_member;

drop policy if exists invitations_select_staff on app_public.invitations;
create policy invitations_select_staff on app_public.invitations
  for select to app_member
  using (
    case kind
      when 'member' then organization_id = any ((select app_hidden.organization_ids_where('members.manage'))::uuid[])
      else organization_id = any ((select app_hidden.organization_ids_where('patients.manage'))::uuid[])
    end
  );

grant select, insert, update on app_public.invitations to app_engine;
drop policy if exists invitations_all_engine on app_public.invitations;
create policy invitations_all_engine on app_public.invitations
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _200_guard_state before insert or update of status on app_public.invitations
  for each row execute function app_private.tg_guard_state();

create or replace trigger _100_stamp before insert or update on app_public.invitations
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.invitations', 'clinic',
  '{"operational": ["id", "organization_id", "kind", "status", "invited_by", "sent_times", "expires_at", "created_at", "updated_at"],
    "pii_basic": ["email", "name", "patient_profile_id"]}',
  person_column => 'patient_profile_id');
-- end of source: policies/identity/invitations.sql

--! split: 915-identities-are-folded-by-ascii.sql
-- Addresses are compared as ASCII alone: a letter that merely looks like one of ours is another letter. FND-03.
-- Behind the sources, because the constraints and the index call app_hidden.ascii_lower().

alter table app_public.humans
  drop constraint if exists humans_email_is_lower_case,
  -- squawk-ignore constraint-missing-not-valid
  add constraint humans_email_is_lower_case check (email = app_hidden.ascii_lower(email));

alter table app_private.suppressed_addresses
  drop constraint if exists suppressed_addresses_address_is_lower_case,
  -- squawk-ignore constraint-missing-not-valid
  add constraint suppressed_addresses_address_is_lower_case check (address = app_hidden.ascii_lower(address));

alter table app_private.opt_outs
  drop constraint if exists opt_outs_address_is_lower_case,
  -- squawk-ignore constraint-missing-not-valid
  add constraint opt_outs_address_is_lower_case check (address = app_hidden.ascii_lower(address));

-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.patient_profiles_email_idx;
-- squawk-ignore require-concurrent-index-creation
create index patient_profiles_email_idx on app_public.patient_profiles (app_hidden.ascii_lower(email));

--! split: 916-caregiver-evidence-so-far.sql
-- Evidence that was noted so far goes to the clinic of whoever noted it, or else to the person's first clinic. FND-07.

set role app_engine;
do $$
begin
  if exists (
    select from pg_catalog.pg_attribute
    where attrelid = 'app_public.caregivers'::regclass and attname = 'evidence' and not attisdropped
  ) then
    insert into app_private.caregiver_evidence (organization_id, caregiver_id, patient_profile_id, evidence, created_at)
    select clinic.organization_id, caregivers.id, caregivers.patient_profile_id, caregivers.evidence, caregivers.created_at
    from app_public.caregivers
    cross join lateral (
      select patients.organization_id
      from app_public.patients
      left join app_public.memberships
        on memberships.organization_id = patients.organization_id and memberships.human_id = caregivers.added_by
      where patients.patient_profile_id = caregivers.patient_profile_id
      order by memberships.id is null, patients.created_at, patients.id
      limit 1
    ) as clinic
    on conflict do nothing;
  end if;
end;
$$;
reset role;
-- squawk-ignore ban-drop-column
alter table app_public.caregivers drop column if exists evidence;
