--! Previous: sha1:b7f0006f1e8d50efb7355b9817d4b64d2955a737
--! Hash: sha1:8b992e18e3785de7db0129bbc60c3099bb1bcea6
--! Message: closed accounts and past visits count no more

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/audit/prepare_anchor.sql
-- Writes down where every chain ends, as a document for the world outside the database. FND-09.
-- Each document names the hash of the one before, so they are a chain as well. The row is committed before the object
-- is stored: a run that is killed in between leaves it to the next one, with the same bytes.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function audit.prepare_anchor() returns table (number bigint, object_key text, bytes bytea)
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_before audit.anchors;
  v_number bigint;
  v_bytes bytea;
begin
  perform pg_advisory_xact_lock(hashtextextended('audit: anchor', 0));
  select anchors.* into v_before from audit.anchors order by anchors.number desc limit 1;
  v_number := coalesce(v_before.number, 0) + 1;

  select convert_to(jsonb_build_object(
        'number', v_number,
        'previous', encode(v_before.hash, 'hex'),
        'at', to_char(app_hidden.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'heads', jsonb_agg(jsonb_build_object(
          'organization', nullif(moved.scope_id, '00000000-0000-0000-0000-000000000000'), 'sequence', moved.sequence, 'hash', encode(moved.hash, 'hex'))
          order by moved.scope_id))::text, 'UTF8')
    into v_bytes
    from audit.heads as moved
    where not exists (
      select from audit.anchored_heads as anchored
      where anchored.scope_id = moved.scope_id and anchored.sequence = moved.sequence)
    having count(*) > 0;

  if v_bytes is not null then
    insert into audit.anchors (number, object_key, bytes, hash, previous_hash, created_at)
    values (v_number, 'audit/anchors/' || lpad(v_number::text, 12, '0') || '.json', v_bytes, sha256(v_bytes), v_before.hash,
            app_hidden.now());
    insert into audit.anchored_heads (anchor_number, scope_id, sequence, hash)
    select v_number, coalesce(head.organization, '00000000-0000-0000-0000-000000000000'), head.sequence,
           decode(head.hash, 'hex')
    from jsonb_to_recordset(convert_from(v_bytes, 'UTF8')::jsonb -> 'heads') as head (organization uuid, sequence bigint, hash text);
  end if;

  return query
  select anchors.number, anchors.object_key, anchors.bytes from audit.anchors where anchors.stored_at is null order by anchors.number;
end;
$$;

comment on function audit.prepare_anchor() is
  'Makes an anchor of all chains that moved since the last, if any did, and answers with those that are not in object storage yet.';

revoke all on function audit.prepare_anchor() from public;
grant execute on function audit.prepare_anchor() to app_worker;
reset role;
-- end of source: functions/audit/prepare_anchor.sql

-- source: functions/audit/record_readings.sql
-- Whoever opened one patient's record, by whatever query, verb or file link, is on record once a visit. FND-08.
-- Called by the API's login role in the reader's name, before the answer leaves (server/readings). A visit: the same
-- reader, patient and clinic within thirty minutes of the entry, a chart opened by open_patient_chart included. A link to
-- a file is recorded beside, once a visit too.
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/audit/record_read.sql

set role app_engine;

create or replace function app_hidden.record_readings(person_ids uuid[], organization_ids uuid[], what text, via text)
returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_reader_id constant uuid := app_hidden.current_principal_id();
  v_now constant timestamptz := app_hidden.now();
  v_visit constant interval := interval '30 minutes';
  v_next timestamptz;
  v_record record;
  v_read_at timestamptz;
begin
  for v_record in
    with asked as (
      select distinct given.person_id, given.organization_id
      from unnest(record_readings.person_ids, record_readings.organization_ids) as given (person_id, organization_id)
      where given.person_id <> all (app_hidden.current_human_patient_profile_ids())
    ), at_a_clinic as (
      select patients.id, patients.organization_id, patients.patient_profile_id,
             asked.organization_id is not null
               or patients.organization_id = any (app_hidden.current_staff_organization_ids()) as is_readers
      from asked
      join app_public.patients
        on patients.patient_profile_id = asked.person_id
       and (asked.organization_id is null or patients.organization_id = asked.organization_id)
    )
    select distinct at_a_clinic.id, at_a_clinic.organization_id, at_a_clinic.patient_profile_id
    from at_a_clinic
    -- A row that names no clinic was read by somebody of the reader's clinics; by nobody's, it counts at each.
    where at_a_clinic.is_readers or not exists (
      select from at_a_clinic as other
      where other.patient_profile_id = at_a_clinic.patient_profile_id and other.is_readers)
    order by at_a_clinic.patient_profile_id, at_a_clinic.organization_id
  loop
    -- Two answers at once are one visit.
    perform pg_advisory_xact_lock(hashtextextended(
      concat_ws(' ', 'reading', v_reader_id, v_record.patient_profile_id, v_record.organization_id), 0));
    select max(entries.occurred_at) into v_read_at
    from audit.entries
    where entries.person_id = v_record.patient_profile_id
      and entries.occurred_at > v_now - v_visit
      and entries.actor_id = v_reader_id
      and entries.organization_id = v_record.organization_id
      and entries.action = 'read'
      -- That a file was asked for is more than that the record was open.
      and (record_readings.what <> 'file' or entries.new ->> 'what' = 'file');
    if v_read_at is null then
      perform audit.record_read(
        v_record.organization_id, 'app_public.patients', v_record.id::text, record_readings.what,
        v_record.patient_profile_id, jsonb_build_object('via', record_readings.via));
      v_read_at := v_now;
    end if;
    v_next := least(v_next, v_read_at + v_visit);
  end loop;
  -- What one may read of oneself is asked again after a minute: links to others end.
  return floor(extract(epoch from coalesce(v_next, v_now + interval '1 minute') - v_now));
end;
$$;

comment on function app_hidden.record_readings(uuid[], uuid[], text, text) is
  'Records that the caller read these people''s records at these clinics (null: at the caller''s own), each once in thirty '
  'minutes; not of themselves and those they care for. what: "record" or "file"; via: the kind of rows. Returns for how many '
  'seconds the same need not be said again.';
revoke all on function app_hidden.record_readings(uuid[], uuid[], text, text) from public;
grant execute on function app_hidden.record_readings(uuid[], uuid[], text, text) to app_authenticator;

reset role;
-- end of source: functions/audit/record_readings.sql

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
      -- The address of a closed account may be somebody else's by now.
      coalesce(recipient.email, patient_profiles.email, case when humans.closed_at is null then humans.email end) as email,
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

-- source: functions/core/open_first_clinic.sql
-- The platform's first superadmin and first clinic, before anybody could sign in and make them. FND-36, FND-01, FND-02.
-- The operator runs it as the engine (npm run first-clinic); no role of the API may. Everything after it is done by the
-- superadmin through the API, so a platform that has one already refuses, unless told that another is meant.
-- requires: functions/core/refuse.sql
-- requires: functions/core/create_organization.sql
-- requires: functions/identity/address_key.sql
-- requires: functions/identity/human_by_email.sql

set role app_engine;

create or replace function app_private.open_first_clinic(
  superadmin_email text,
  superadmin_name text,
  slug text,
  name text,
  owner_email text,
  owner_name text,
  locale text default 'ro',
  timezone text default 'Europe/Bucharest',
  currency text default 'RON',
  another boolean default false
) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_superadmin_id uuid;
  v_superadmin app_public.principals;
  v_is_open boolean;
  v_owner_id uuid;
  v_organization_id uuid;
  v_is_owner boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('open_first_clinic', 0));
  select exists (select from app_public.principals where platform_role = 'superadmin' and disabled_at is null)
  into v_is_open;

  v_superadmin_id := app_private.human_by_email(
    open_first_clinic.superadmin_email, open_first_clinic.superadmin_name, open_first_clinic.locale);
  select * into strict v_superadmin from app_public.principals where id = v_superadmin_id for update;
  select organizations.id into v_organization_id
  from app_public.organizations
  where organizations.slug = open_first_clinic.slug and organizations.deleted_at is null;
  if found then
    v_owner_id := app_private.human_by_email(open_first_clinic.owner_email, open_first_clinic.owner_name, open_first_clinic.locale);
    select exists (
      select from app_public.memberships
      join app_public.membership_roles on membership_roles.membership_id = memberships.id
      join app_public.roles on roles.id = membership_roles.role_id
      where memberships.organization_id = v_organization_id
        and memberships.human_id = v_owner_id
        and memberships.ended_at is null
        and roles.system_role_key = 'owner'
    ) or exists (
      select from app_public.invitations
      join app_public.invitation_roles on invitation_roles.invitation_id = invitations.id
      join app_public.roles on roles.id = invitation_roles.role_id
      where invitations.organization_id = v_organization_id
        and invitations.email = app_hidden.address_key(open_first_clinic.owner_email)
        and invitations.status = 'open'
        and roles.system_role_key = 'owner'
    ) into v_is_owner;
    if not v_is_owner then
      perform app_hidden.refuse('CONFLICT', 'slug_taken', '{"field": "slug"}', 'There is a clinic with this slug, and somebody else owns it.');
    end if;
  end if;
  if v_superadmin.platform_role = 'superadmin' and v_superadmin.disabled_at is null and v_organization_id is not null then
    return false;
  end if;

  if v_is_open and not open_first_clinic.another then
    perform app_hidden.refuse(
      'CONFLICT', 'platform_has_a_superadmin', '{}',
      'A superadmin is there already: sign in and use createOrganization, or add --another if a further superadmin is meant.');
  end if;
  if v_superadmin.disabled_at is not null then
    perform app_hidden.refuse(
      'CONFLICT', 'account_disabled', '{"field": "superadminEmail"}', 'The account with this address is closed: name another one.');
  end if;

  update app_public.principals set platform_role = 'superadmin' where id = v_superadmin_id;
  if v_organization_id is null then
    -- The clinic is opened by the superadmin, as every later one is, and its entries in the audit name them.
    perform set_config('app.principal_id', v_superadmin_id::text, true);
    perform app_public.create_organization(
      slug => open_first_clinic.slug,
      name => open_first_clinic.name,
      owner_email => open_first_clinic.owner_email,
      owner_name => open_first_clinic.owner_name,
      locale => open_first_clinic.locale,
      timezone => open_first_clinic.timezone,
      currency => open_first_clinic.currency);
  end if;
  return true;
end;
$$;

comment on function app_private.open_first_clinic(text, text, text, text, text, text, text, text, text, boolean) is
  'Makes the first superadmin and the first clinic with its owner; false when exactly these are there already. '
  'CONFLICT platform_has_a_superadmin when somebody else is superadmin and another one is not meant.';

reset role;
-- end of source: functions/core/open_first_clinic.sql

-- source: functions/identity/add_caregiver.sql
-- A parent, guardian or relative acts for a patient: on evidence, and for a minor until the age the law sets. Whoever
-- has an account decides for themselves. Of an address that somebody signs in with, the name must agree: a slip of the
-- pen would show a stranger the record. The caregiver is named, not asked: what is written down is a relation that the
-- clinic has seen evidence of, a child's parent must be there before they have an account, and the link asks nothing of
-- them. They end it themselves with revoke_caregiver. FND-07, FND-34.
-- requires: functions/identity/address_key.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/human_by_email.sql
-- requires: functions/identity/name_key.sql
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

  if exists (
    select from app_public.humans
    where humans.email = app_hidden.address_key(add_caregiver.email)
      and humans.provider_org_id is null
      and humans.email_verified_at is not null
      and humans.closed_at is null
      and app_private.name_key(humans.display_name) is distinct from app_private.name_key(add_caregiver.display_name)
  ) then
    perform app_hidden.refuse(
      'CONFLICT', 'person_unclear', '{"field": "displayName", "facts": ["name"]}',
      'Ask the caregiver for the address and the name of their account: both must agree.');
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

-- source: functions/secrets/ciphertext_places.sql
-- Where there are envelopes: asked of the classification, so that a rotation finds a column the day it is classified.
-- Its type decides, not its class: what holds an envelope is sealed again, whatever is said of it. A dropped column has no
-- name any more.
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
           where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = 'organization_id'),
         (select pg_attribute.attname::text from pg_catalog.pg_attribute
          where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = encrypted.attname || '_bound_to')
  from app_private.classified_columns
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
