--! Previous: sha1:a032389a0eba077bc14f23a7c2a2be2bfa5bfde8
--! Hash: sha1:1b85d903deb8c4b7d799b4db5d67f058cb2a7f6a
--! Message: predefined forms, signing up at a clinic and claiming a profile

--! split: 250-codes.sql
-- Codes that prove who reads what goes to an address or a number, and claims of profiles by them. FND-32.
-- squawk-ignore ban-drop-table
drop table if exists app_private.profile_claims;
-- squawk-ignore ban-drop-table
drop table if exists app_private.codes;
drop type if exists app_public.profile_claim cascade;

create table app_private.codes (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  digest bytea,
  salt text not null,
  attempts_left int not null default 5,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint codes_identity unique (organization_id, id),
  constraint codes_digest_is_a_digest check (octet_length(digest) = 32),
  constraint codes_attempts_left_are_few check (attempts_left between 0 and 5)
);
create index codes_created_idx on app_private.codes (created_at);
comment on table app_private.codes is
  'A code of six digits that is sent to somebody. It is made when its message leaves, so that nothing here, in the queue or in the '
  'log can read it; what is kept is a slow digest, for as long as it may be tried.';
comment on column app_private.codes.digest is 'What the code is compared with; null before it was sent, and when it is over.';

create table app_private.profile_claims (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  human_id uuid not null references app_public.humans on delete restrict,
  code_id uuid not null,
  patient_profile_id uuid,
  claimed_at timestamptz,
  created_at timestamptz not null default now(),
  constraint profile_claims_identity unique (organization_id, id),
  constraint profile_claims_organization_id_code_id_fkey foreign key (organization_id, code_id)
    references app_private.codes (organization_id, id) on delete cascade,
  constraint profile_claims_organization_id_patient_profile_id_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint profile_claims_claimed_of_a_patient check (claimed_at is null or patient_profile_id is not null)
);
create index profile_claims_code_idx on app_private.profile_claims (organization_id, code_id);
create index profile_claims_patient_idx on app_private.profile_claims (organization_id, patient_profile_id, created_at);
create index profile_claims_human_idx on app_private.profile_claims (human_id, created_at);
create index profile_claims_created_idx on app_private.profile_claims (created_at);
comment on table app_private.profile_claims is
  'Who asked to take over a profile that a clinic has. Without a patient nobody was found, which whoever asked is not told.';

create type app_public.profile_claim as (
  id uuid,
  organization_id uuid,
  is_claimed boolean,
  attempts_left int,
  expires_at timestamptz
);
comment on type app_public.profile_claim is 'Somebody''s wish to take over the profile that a clinic has of them, by a code that is sent there.';
comment on column app_public.profile_claim.id is 'What confirmProfileClaim names.';
comment on column app_public.profile_claim.organization_id is 'The clinic that has the profile.';
comment on column app_public.profile_claim.is_claimed is 'Whether the code was right and the profile is the caller''s.';
comment on column app_public.profile_claim.attempts_left is 'How often a code may still be tried.';
comment on column app_public.profile_claim.expires_at is 'Until when.';

-- Whoever accepts an invitation reads the clinic's terms first.
drop function if exists app_public.accept_invitation(uuid, text, text, date);
alter type app_public.received_invitation drop attribute if exists organization_id;
alter type app_public.received_invitation add attribute organization_id uuid;
comment on column app_public.received_invitation.organization_id is 'The clinic that asks.';

alter table app_private.message_types add column if not exists carries_code boolean not null default false;
comment on column app_private.message_types.carries_code is
  'Whether its variable code names a row of codes: it is replaced by a fresh code as the message leaves, at any hour.';

--! split: 255-profile_completed.sql
-- Which facts a clinic needs of its patients, and since when it has them. FND-32.

alter table app_public.organizations
  add column if not exists required_profile_fields text[] not null default '{birth_date,phone}';
alter table app_public.organizations drop constraint if exists organizations_required_profile_fields_are_known;
alter table app_public.organizations
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_required_profile_fields_are_known
  check (required_profile_fields <@ '{birth_date,email,phone}' and array_position(required_profile_fields, null) is null);
comment on column app_public.organizations.required_profile_fields is
  'What a patient''s profile needs to be complete: any of birth_date, email, phone. Fields of the clinic''s own say it themselves.';

alter table app_public.custom_fields add column if not exists is_required boolean not null default false;
comment on column app_public.custom_fields.is_required is 'Whether a patient''s profile is complete only with a value.';

alter table app_public.patients add column if not exists profile_completed_at timestamptz;
comment on column app_public.patients.profile_completed_at is
  'When the clinic had every fact that it asks for, for the first time; null before. The database''s word.';

--! split: 260-predefined_form_templates.sql
-- Templates that every clinic begins with. FRM-03.
-- squawk-ignore ban-drop-table
drop table if exists app_private.predefined_form_templates;

create table app_private.predefined_form_templates (
  key text primary key,
  kind text not null,
  signature_mode text not null,
  purposes text[] not null,
  clinic_purpose jsonb,
  content jsonb not null,
  citations text[] not null,
  confirmed_by text,
  constraint predefined_form_templates_key_is_a_key check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint predefined_form_templates_kind_is_known check (kind in ('consent', 'disclosure', 'feedback', 'intake', 'other', 'outcome')),
  constraint predefined_form_templates_signature_mode_is_known check (signature_mode in ('none', 'click_typed', 'drawn_kiosk', 'remote_link'))
);
comment on table app_private.predefined_form_templates is
  'Forms that the product brings. Each clinic gets a draft of each, and publishes it when it has read it.';
comment on column app_private.predefined_form_templates.purposes is 'What whoever signs consents to, by the codes of purposes.';
comment on column app_private.predefined_form_templates.clinic_purpose is
  'A treatment among its purposes: each clinic gets a purpose of its own for it, with these words.';
comment on column app_private.predefined_form_templates.citations is 'Which laws its text stands on, as its authors believe.';
comment on column app_private.predefined_form_templates.confirmed_by is 'Who confirmed text and citations as counsel; null until somebody did.';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/patients/patients_missing_fields.sql
-- What a clinic asks of its patients and does not have of this one: told to whoever sees the patient, who need not see the
-- clinic's list of fields. FND-32.

set role app_engine;

create or replace function app_public.patients_missing_fields(patient app_public.patients) returns text[]
language sql stable security definer
set search_path = ''
as $$
  select coalesce(array_agg(missing.field order by missing.place, missing.field), '{}')
  from (
    select 1 as place, asked.field
    from app_public.organizations
    cross join lateral unnest(organizations.required_profile_fields) as asked (field)
    join app_public.patient_profiles on patient_profiles.id = patient.patient_profile_id
    where organizations.id = patient.organization_id
      and case asked.field when 'email' then patient_profiles.email is null
                           when 'phone' then patient_profiles.phone is null
                           else patient_profiles.birth_date is null end
    union all
    select 2, custom_fields.system_key
    from app_public.custom_fields
    where custom_fields.organization_id = patient.organization_id
      and custom_fields.entity_type = 'patient'
      and custom_fields.published
      and custom_fields.is_required
      and not exists (
        select from app_public.custom_field_values
        where custom_field_values.organization_id = patient.organization_id
          and custom_field_values.custom_field_id = custom_fields.id
          and custom_field_values.patient_profile_id = patient.patient_profile_id)
  ) as missing
$$;

comment on function app_public.patients_missing_fields is
  'Facts that the clinic asks for and does not have: birth_date, email, phone, or the key of a field of its own. Empty when the profile is complete.';
grant execute on function app_public.patients_missing_fields to app_member;

reset role;
-- end of source: functions/patients/patients_missing_fields.sql

-- source: functions/patients/note_complete_profile.sql
-- The first time that a clinic has every fact that it asks for is told, and no other. Asking for more later takes nothing back. FND-32.

create or replace function app_private.note_complete_profile(organization_id uuid, patient_id uuid) returns timestamptz
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  update app_public.patients set profile_completed_at = app_hidden.now()
  where patients.organization_id = note_complete_profile.organization_id
    and patients.id = note_complete_profile.patient_id
    and patients.profile_completed_at is null
    and patients.deleted_at is null
    and app_public.patients_missing_fields(patients) = '{}'
  returning * into v_patient;
  if found then
    perform app_private.publish(
      'patient.profile_completed', v_patient.organization_id, v_patient.id,
      jsonb_build_object('patientId', v_patient.id, 'patientProfileId', v_patient.patient_profile_id));
  end if;
  return v_patient.profile_completed_at;
end;
$$;

comment on function app_private.note_complete_profile is
  'Publishes patient.profile_completed once: when nothing is missing and it was not said before. Answers when, null for not now.';
grant execute on function app_private.note_complete_profile to app_engine;
-- end of source: functions/patients/note_complete_profile.sql

-- source: functions/patients/admit_patient.sql
-- A profile becomes a patient of a clinic, or comes back as one. FND-07, FND-32.

create or replace function app_private.admit_patient(organization_id uuid, patient_profile_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_is_news boolean;
begin
  insert into app_public.patients (organization_id, patient_profile_id)
  values (admit_patient.organization_id, admit_patient.patient_profile_id)
  on conflict on constraint patients_profile_is_patient_once do nothing
  returning * into v_patient;
  v_is_news := found;
  if not v_is_news then
    select patients.* into strict v_patient
    from app_public.patients
    where patients.organization_id = admit_patient.organization_id
      and patients.patient_profile_id = admit_patient.patient_profile_id;
    -- Whoever comes back finds the appointments that went along.
    v_is_news := app_private.mark_restored('app_public.patients', v_patient.id);
    v_patient.deleted_at := null;
  end if;
  if v_is_news then
    perform app_private.publish(
      'patient.onboarded', v_patient.organization_id, v_patient.id,
      jsonb_build_object('patientId', v_patient.id, 'patientProfileId', v_patient.patient_profile_id));
    v_patient.profile_completed_at := coalesce(
      app_private.note_complete_profile(v_patient.organization_id, v_patient.id), v_patient.profile_completed_at);
  end if;
  return v_patient;
end;
$$;

comment on function app_private.admit_patient is
  'The patient row of this profile at this clinic, made if there is none; publishes patient.onboarded when it is, and '
  'patient.profile_completed when nothing is missing.';
grant execute on function app_private.admit_patient to app_engine;
-- end of source: functions/patients/admit_patient.sql

-- source: functions/notify/queue_messages.sql
-- Chooses the channels and queues the messages: one insert and one add_jobs, for one person or two thousand. FND-15.
-- Within a route the first channel that may be used is; what stood in the way of an earlier one is kept as a row of its
-- own, and so is a person whom no channel reaches. What a visitor causes is bounded for each mailbox (FND-35); what follows
-- a message that was told about the same request is told, too, or a calendar would keep what is over.

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
      message_types.carries_code or coalesce(
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
      ranked.is_candidate and (ranked.first_open is null or ranked.rank <= ranked.first_open) as is_chosen
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
        -- The last one and not how many: the first are deleted some day, and calendars know the number.
        select coalesce(max(earlier.calendar_sequence) + 1, 0)
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

comment on function app_private.queue_messages is
  'Queues what the rules allow and records what they do not; with a route and a rank only what comes after that rank. '
  'Answers the ids of the new messages.';

reset role;
-- end of source: functions/notify/queue_messages.sql

-- source: functions/forms/give_predefined_forms.sql
-- A draft of each template that the product brings, for one clinic: to read, to change, and to publish. FRM-03.
-- What the clinic has by that key stays as it is, so it does no harm to be told twice, nor to bring a new template to all.

create or replace function app_private.give_predefined_forms(organization_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_clinic app_public.organizations;
begin
  -- Two at once would both find nothing.
  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = give_predefined_forms.organization_id
  for no key update;

  insert into app_public.consent_purposes
    (organization_id, code, scope, legal_basis, is_withdrawable, is_medical, name, name_ro, needed_for, needed_for_ro)
  select v_clinic.id, words.code, 'organization', 'consent', true, true, words.name, words.name_ro, words.needed_for, words.needed_for_ro
  from app_private.predefined_form_templates as predefined
  cross join lateral jsonb_to_record(predefined.clinic_purpose)
    as words (code text, name text, name_ro text, needed_for text, needed_for_ro text)
  where predefined.clinic_purpose is not null
  on conflict do nothing;
  insert into app_public.consent_purpose_versions
    (organization_id, purpose_code, number, is_required, asks_again, in_force_from, title_ro, title_en, body_ro, body_en)
  select v_clinic.id, words.code, 1, false, true, app_hidden.now(), words.title_ro, words.title_en, words.body_ro, words.body_en
  from app_private.predefined_form_templates as predefined
  cross join lateral jsonb_to_record(predefined.clinic_purpose)
    as words (code text, title_ro text, title_en text, body_ro text, body_en text)
  where predefined.clinic_purpose is not null
  on conflict do nothing;

  with given as (
    insert into app_public.form_templates (organization_id, key, name, kind, content, signature_mode)
    select v_clinic.id, predefined.key, coalesce(predefined.content -> 'title' ->> v_clinic.locale, predefined.content -> 'title' ->> 'ro'),
      predefined.kind, predefined.content, predefined.signature_mode
    from app_private.predefined_form_templates as predefined
    on conflict on constraint form_templates_key_is_unique do nothing
    returning form_templates.id, form_templates.key
  )
  insert into app_public.form_template_purposes (organization_id, template_id, purpose_version_id)
  select v_clinic.id, given.id, version.id
  from given
  join app_private.predefined_form_templates as predefined on predefined.key = given.key
  cross join lateral unnest(predefined.purposes) as declared (code)
  -- Of its privacy notice a new clinic has no version yet.
  cross join lateral app_private.current_consent_version(v_clinic.id, declared.code) as version
  where version.id is not null;
end;
$$;

comment on function app_private.give_predefined_forms is
  'Adds the drafts of the product''s templates that the clinic does not have, with the purposes that they declare.';
grant execute on function app_private.give_predefined_forms to app_engine;
-- end of source: functions/forms/give_predefined_forms.sql

-- source: functions/forms/consume_predefined_forms.sql
-- The consumer "predefined_forms": a clinic was registered, and finds the product's templates among its own. FRM-03, FND-14.

set role app_engine;

create or replace function app_private.consume_predefined_forms(event_id uuid) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  select app_private.give_predefined_forms(events.organization_id)
  from app_private.events
  where events.id = consume_predefined_forms.event_id
$$;

comment on function app_private.consume_predefined_forms is 'Gives the clinic of the event the templates that the product brings.';
grant execute on function app_private.consume_predefined_forms to app_worker;
reset role;
-- end of source: functions/forms/consume_predefined_forms.sql

-- source: functions/patients/accept_required_consents.sql
-- What everybody accepts who becomes a patient of a clinic: its terms, that its notice was read, and the terms of the platform.
-- Accepted in the transaction that makes them a patient, or nobody becomes one. FND-32, FND-16.

create or replace function app_private.accept_required_consents(
  organization_id uuid,
  patient_id uuid,
  accepted_version_ids uuid[]
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_me uuid := app_hidden.current_account_id();
  v_patient app_public.patients := app_private.lock_consents(organization_id, patient_id);
  v_caregiver_id uuid := (
    select caregivers.id from app_public.caregivers
    where caregivers.patient_profile_id = v_patient.patient_profile_id
      and caregivers.human_id = v_me
      and caregivers.revoked_at is null);
  v_missing jsonb;
  v_asked record;
  v_consent app_public.consents;
begin
  for v_asked in
    select states.version_id, states.is_of_account, versions.number, states.purpose_code, states.state
    from (
      select of_patient.*, false as is_of_account
      from app_private.consent_states(organization_id, v_patient.patient_profile_id, null) as of_patient
      union all
      select of_account.*, true from app_private.consent_states(null, null, v_me) as of_account
    ) as states
    join app_public.consent_purpose_versions as versions on versions.id = states.version_id
    where versions.is_required and states.state <> 'granted'
    order by states.purpose_code
  loop
    if v_asked.version_id = any (accepted_version_ids) then
      v_consent := null;
      v_consent.purpose_version_id := v_asked.version_id;
      v_consent.decision := 'granted';
      v_consent.source := 'self';
      v_consent.decided_by := v_me;
      if v_asked.is_of_account then
        v_consent.human_id := v_me;
      else
        v_consent.organization_id := v_patient.organization_id;
        v_consent.patient_profile_id := v_patient.patient_profile_id;
        v_consent.caregiver_id := v_caregiver_id;
      end if;
      perform app_private.add_consent(v_consent);
    else
      v_missing := coalesce(v_missing, '[]') || jsonb_build_object(
        'purpose', v_asked.purpose_code, 'version', v_asked.number, 'versionId', v_asked.version_id, 'why', v_asked.state);
    end if;
  end loop;
  if v_missing is not null then
    perform app_hidden.refuse('CONSENT_REQUIRED', 'terms_not_accepted', jsonb_build_object('missing', v_missing));
  end if;
end;
$$;

comment on function app_private.accept_required_consents is
  'Writes the caller''s acceptance of each required version that is not accepted yet; CONSENT_REQUIRED terms_not_accepted lists what '
  'is missing of them.';
grant execute on function app_private.accept_required_consents to app_engine;
-- end of source: functions/patients/accept_required_consents.sql

-- source: functions/identity/received_invitation_of.sql
-- An invitation as the invited person may see it: who asks, as what, until when. FND-04, FND-07.

create or replace function app_private.received_invitation_of(invitation app_public.invitations) returns app_public.received_invitation
language sql stable
set search_path = ''
as $$
  select row(
    (invitation).id, (invitation).kind, organizations.name, organizations.city,
    (select coalesce(array_agg(roles.name order by roles.name), '{}')
     from app_public.invitation_roles
     join app_public.roles on roles.organization_id = invitation_roles.organization_id and roles.id = invitation_roles.role_id
     where invitation_roles.organization_id = (invitation).organization_id
       and invitation_roles.invitation_id = (invitation).id),
    (invitation).status, (invitation).expires_at, (invitation).organization_id)::app_public.received_invitation
  from app_public.organizations
  where organizations.id = (invitation).organization_id
$$;

comment on function app_private.received_invitation_of is 'What the invited person is shown.';
grant execute on function app_private.received_invitation_of to app_engine;
-- end of source: functions/identity/received_invitation_of.sql

-- source: functions/identity/accept_invitation.sql
-- The invited person says yes, and only now do person and clinic know each other. FND-04, FND-07.
-- The proof is the address: the account has proved the one that the clinic wrote to. Nothing secret stands in the mail, so
-- whoever it is forwarded to gets nothing. The name of the account stays what the person calls themselves. An address may
-- be a family's, so that a profile is handed on only to whoever has its name as well, as if it was claimed. A patient accepts
-- what everybody accepts there in the same transaction (FND-32).

set role app_engine;

create or replace function app_public.accept_invitation(
  invitation_id uuid,
  given_name text default null,
  family_name text default null,
  birth_date date default null,
  accepted_version_ids uuid[] default '{}'
) returns app_public.received_invitation
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_me uuid := app_hidden.current_account_id();
  v_invitation app_public.invitations := app_private.invitation_to_me(invitation_id);
  v_membership app_public.memberships;
  v_profile app_public.patient_profiles;
  v_said record;
  v_differs text;
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
      perform app_hidden.refuse('GONE', 'role_is_gone');
    end if;
  else
    -- Caregivers of a person share addresses with them, and are not the person.
    if exists (
      select from app_public.caregivers
      where caregivers.patient_profile_id = v_invitation.patient_profile_id and caregivers.human_id = v_me
    ) then
      perform app_hidden.refuse('CONFLICT', 'caregiver_is_not_the_patient');
    end if;
    select patient_profiles.* into v_profile
    from app_public.patient_profiles
    join app_public.patients on patients.patient_profile_id = patient_profiles.id
    where patient_profiles.id = v_invitation.patient_profile_id
      and patient_profiles.human_id is null
      and patients.organization_id = v_invitation.organization_id
      and patients.deleted_at is null
    for update of patient_profiles;
    if not found then
      perform app_hidden.refuse('GONE', 'profile_is_gone');
    end if;
    v_said := app_private.asserted_identity(
      accept_invitation.given_name, accept_invitation.family_name, accept_invitation.birth_date);
    v_differs := app_private.fact_that_differs(v_profile, v_said.name_key, v_said.birth_date);
    if v_differs is not null then
      perform app_private.refuse_person_unclear(v_differs);
    end if;
    update app_public.patient_profiles set human_id = v_me where patient_profiles.id = v_profile.id;
    perform app_private.accept_required_consents(v_invitation.organization_id, patients.id, accepted_version_ids)
    from app_public.patients
    where patients.organization_id = v_invitation.organization_id and patients.patient_profile_id = v_profile.id;
  end if;

  update app_public.invitations set status = 'accepted'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return app_private.received_invitation_of(v_invitation);
end;
$$;

comment on function app_public.accept_invitation is
  'Joins the clinic with the roles offered, or takes over the patient profile. The caller''s verified address must be the '
  'invited one: NOT_FOUND invitation_not_found otherwise, GONE invitation_is_over or inviter_may_no_longer. Of a profile '
  'the name must agree too, givenName and familyName or else the name of the account, and birthDate must not differ: '
  'CONFLICT person_unclear names the fact that is missing. A patient accepts the clinic''s terms, too: CONSENT_REQUIRED '
  'terms_not_accepted lists what is missing of them.';
grant execute on function app_public.accept_invitation to app_member;

reset role;
-- end of source: functions/identity/accept_invitation.sql

-- source: functions/identity/code_digest.sql
-- Six digits are guessed in no time from a quick digest. This one takes some hundredths of a second a guess, so that a copy of the
-- table gives a code away only long after it is over. FND-32.

create or replace function app_private.code_digest(code text, salt text) returns bytea
language sql immutable strict
set search_path = ''
begin atomic
  select pg_catalog.sha256(convert_to(
    extensions.crypt(regexp_replace(code_digest.code, '[^0-9]', '', 'g'), code_digest.salt), 'UTF8'));
end;

comment on function app_private.code_digest is 'What is kept of a code; spaces and hyphens in it do not count.';
grant execute on function app_private.code_digest to app_engine;
-- end of source: functions/identity/code_digest.sql

-- source: functions/identity/issue_code.sql
-- Makes the code as its message leaves: it exists in that message and in the head of whoever reads it. A message that is sent
-- once more has another code, and the earlier one is none any more. FND-32.

create or replace function app_private.issue_code(organization_id uuid, code_id uuid) returns text
language plpgsql volatile strict
set search_path = ''
as $$
declare
  v_code text := lpad((('x' || encode(extensions.gen_random_bytes(6), 'hex'))::bit(48)::bigint % 1000000)::text, 6, '0');
begin
  update app_private.codes set digest = app_private.code_digest(v_code, codes.salt)
  where codes.organization_id = issue_code.organization_id
    and codes.id = issue_code.code_id
    and codes.attempts_left > 0
    and codes.expires_at > app_hidden.now();
  return case when found then v_code end;
end;
$$;

comment on function app_private.issue_code is 'Six digits to be sent now; null when the code is over.';
grant execute on function app_private.issue_code to app_engine;
-- end of source: functions/identity/issue_code.sql

-- source: functions/identity/my_invitations.sql
-- What clinics ask of the caller: open invitations to the address that the caller proved. FND-04, FND-07.

set role app_engine;

create or replace function app_public.my_invitations() returns setof app_public.received_invitation
language sql stable security definer
set search_path = ''
as $$
  select (app_private.received_invitation_of(invitations)).*
  from app_public.humans
  join app_public.invitations on invitations.email = humans.email
  join app_public.organizations on organizations.id = invitations.organization_id and organizations.deleted_at is null
  where humans.principal_id = app_hidden.current_account_id()
    and humans.email_verified_at is not null
    and invitations.status = 'open'
    and invitations.expires_at > app_hidden.now()
  order by invitations.id
$$;

comment on function app_public.my_invitations is
  'Invitations to the caller''s verified address that can be accepted; none for a visitor.';
grant execute on function app_public.my_invitations to app_member;

reset role;
-- end of source: functions/identity/my_invitations.sql

-- source: functions/identity/new_code.sql
-- A code that somebody will be sent. The message that carries it names it in its variable code. FND-32.

create or replace function app_private.new_code(organization_id uuid, lasts interval) returns app_private.codes
language sql volatile
set search_path = ''
as $$
  insert into app_private.codes (organization_id, salt, expires_at, created_at)
  values (new_code.organization_id, extensions.gen_salt('bf', 9), app_hidden.now() + new_code.lasts, app_hidden.now())
  returning *
$$;

comment on function app_private.new_code is 'A code that is not made yet: issue_code() makes it when its message leaves.';
grant execute on function app_private.new_code to app_engine;
-- end of source: functions/identity/new_code.sql

-- source: functions/identity/try_code.sql
-- Compares what somebody typed with the code that was sent: five times, once if it is right. FND-32.
-- A wrong one is an answer and no refusal: a refusal would take the counting back.

create or replace function app_private.try_code(organization_id uuid, code_id uuid, code text) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_code app_private.codes;
  v_is_right boolean;
begin
  select codes.* into strict v_code
  from app_private.codes
  where codes.organization_id = try_code.organization_id and codes.id = try_code.code_id
  for update;
  if v_code.attempts_left = 0 or v_code.expires_at <= app_hidden.now() then
    return 'over';
  end if;
  -- Computed where no code was sent as well: the time that it takes tells nothing.
  v_is_right := coalesce(app_private.code_digest(left(try_code.code, 20), v_code.salt) = v_code.digest, false);
  update app_private.codes
  set attempts_left = case when v_is_right then 0 else codes.attempts_left - 1 end,
      digest = case when not v_is_right and codes.attempts_left > 1 then codes.digest end
  where codes.id = v_code.id;
  return case when v_is_right then 'right' else 'wrong' end;
end;
$$;

comment on function app_private.try_code is 'right, wrong, or over: it expired, was used, or five were wrong.';
grant execute on function app_private.try_code to app_engine;
-- end of source: functions/identity/try_code.sql

-- source: functions/notify/claim_message.sql
-- What a message needs to leave, read when it leaves; decides whether it may. FND-15.
-- The rules are asked again: since it was queued the person may have switched the channel off, the address may have
-- bounced, or night may have come. A message in quiet hours waits for their end, it is not lost.

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
  v_code text;
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
  -- A link that was used or taken back meanwhile is told to nobody.
  if v_message.data ? 'signatureLinkId'
    and app_private.sealed_signature_link((v_message.data ->> 'signatureLinkId')::uuid) is null then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;

  select ways.* into v_way
  from app_private.ways_to_reach(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)]) as ways
  where ways.channel = v_message.channel and ways.account_id is not distinct from v_message.account_id;
  -- What marketing rests on is locked: a withdrawal that comes now comes after the message.
  if v_way.obstacle is null and exists (
       select from app_private.message_types
       join app_public.message_topics on message_topics.key = message_types.topic
       where message_types.key = v_message.template_key and message_topics.kind = 'marketing')
     and not app_private.hold_consent(
       v_message.organization_id, v_message.patient_profile_id, 'marketing_' || v_message.channel) then
    v_way.obstacle := 'consent_missing';
  end if;
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

  -- Made now and kept nowhere: what was queued only names it (FND-32).
  if exists (
    select from app_private.message_types where message_types.key = v_message.template_key and message_types.carries_code
  ) then
    v_code := app_private.issue_code(v_message.organization_id, (v_message.data ->> 'code')::uuid);
    if v_code is null then
      perform app_private.end_message(v_message.id, 'skipped', 'expired');
      return;
    end if;
    v_message.data := v_message.data || jsonb_build_object('code', v_code);
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

comment on function app_private.claim_message is
  'The queued message with its words and sender. Only wait_until: it waits for the end of quiet hours and is queued '
  'again. No row: it was sent, or it may not be sent and says why.';

grant execute on function app_private.claim_message to app_worker;
reset role;
-- end of source: functions/notify/claim_message.sql

-- source: functions/organizations/require_open_clinic.sql
-- A clinic that is open to the public: a draft is not there for anybody outside. FND-01, FND-32.

create or replace function app_private.require_open_clinic(organization_id uuid) returns app_public.organizations
language plpgsql stable
set search_path = ''
as $$
declare
  v_clinic app_public.organizations;
begin
  select organizations.* into v_clinic
  from app_public.organizations
  where organizations.id = require_open_clinic.organization_id
    and organizations.activated_at is not null
    and organizations.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found');
  end if;
  return v_clinic;
end;
$$;

comment on function app_private.require_open_clinic is 'The clinic, active and not removed; NOT_FOUND organization_not_found.';
grant execute on function app_private.require_open_clinic to app_engine;
-- end of source: functions/organizations/require_open_clinic.sql

-- source: functions/patients/may_be_claimed.sql
-- Whether a profile is one that its person may take over, whatever proves that they are the person. FND-07, FND-32, FND-34.

create or replace function app_private.may_be_claimed(profile app_public.patient_profiles) returns boolean
language sql stable
set search_path = ''
begin atomic
  select
    -- A child's profile carries the parent's address; the child is not the parent.
    not exists (select from app_public.caregivers where caregivers.patient_profile_id = (profile).id)
    -- Nor is someone who is too young for an account of their own.
    and ((profile).birth_date is null
         or (profile).birth_date
            + make_interval(years => (select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'own_account'))
            <= (app_hidden.now() at time zone 'Europe/Bucharest')::date)
    -- Who was merged into another patient is that one now.
    and not exists (
      select from app_public.patient_merges
      where patient_merges.merged_profile_id = (profile).id and patient_merges.undone_at is null);
end;

comment on function app_private.may_be_claimed is
  'False for whoever has caregivers, is too young for an account, or was merged into somebody.';
grant execute on function app_private.may_be_claimed to app_engine;
-- end of source: functions/patients/may_be_claimed.sql

-- source: functions/patients/require_proved_address.sql
-- Whoever takes a profile over, or signs up at a clinic, has an account whose address is proved: the identity provider saw
-- that they read what goes there. FND-07, FND-32.

create or replace function app_private.require_proved_address() returns app_public.humans
language plpgsql stable
set search_path = ''
as $$
declare
  v_human app_public.humans;
begin
  select humans.* into v_human
  from app_public.humans
  where humans.principal_id = app_hidden.current_account_id() and humans.email_verified_at is not null;
  if not found then
    perform app_hidden.refuse('FORBIDDEN', 'email_not_verified');
  end if;
  return v_human;
end;
$$;

comment on function app_private.require_proved_address is 'The caller''s account; FORBIDDEN email_not_verified.';
grant execute on function app_private.require_proved_address to app_engine;
-- end of source: functions/patients/require_proved_address.sql

-- source: functions/patients/claim_patient_profiles.sql
-- Someone who was registered by a clinic, or booked as a guest, takes over their own profile by this one explicit act.
-- The identity provider's verification of the address proves the mailbox, and a mailbox may be a family's: the name
-- must agree as well, and a birthday must not differ. Profiles of two clinics stay two. FND-07, FND-34.

set role app_engine;

create or replace function app_public.claim_patient_profiles(
  given_name text default null,
  family_name text default null,
  birth_date date default null
) returns setof app_public.patient_profiles
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans;
  v_me record;
  v_with_address uuid[];
  v_of_name uuid[];
  v_own uuid[];
  v_birth_dates int;
begin
  v_human := app_private.require_proved_address();
  v_me := app_private.asserted_identity(
    claim_patient_profiles.given_name, claim_patient_profiles.family_name, claim_patient_profiles.birth_date);

  -- Locked in one order, as whoever merges two of them does.
  with claimable as materialized (
    select patient_profiles as profile
    from app_public.patient_profiles
    where app_hidden.ascii_lower(patient_profiles.email) = v_human.email
      -- Nobody's, or the same address' account of before that the provider deleted.
      and (patient_profiles.human_id is null
           or exists (
             select from app_public.humans as former
             where former.principal_id = patient_profiles.human_id
               and former.closed_at is not null
               and former.email = v_human.email
               and former.email_verified_at is not null))
      and app_private.may_be_claimed(patient_profiles)
    order by patient_profiles.id
    for update of patient_profiles
  ),
  compared as (
    select (claimable.profile).id, (claimable.profile).birth_date,
           app_private.fact_that_differs(claimable.profile, v_me.name_key, v_me.birth_date) as differs
    from claimable
  )
  select array_agg(compared.id), array_agg(compared.id) filter (where compared.differs is distinct from 'name'),
         array_agg(compared.id) filter (where compared.differs is null),
         count(distinct compared.birth_date) filter (where compared.differs is null)
  into v_with_address, v_of_name, v_own, v_birth_dates
  from compared;

  -- Two of one name and address, born on two days, are two people.
  if v_birth_dates > 1 or (v_own is null and v_of_name is not null) then
    perform app_private.refuse_person_unclear('birthday');
  elsif v_own is null and v_with_address is not null and not exists (
    select from app_public.patient_profiles
    where patient_profiles.human_id = v_human.principal_id and app_hidden.ascii_lower(patient_profiles.email) = v_human.email
  ) then
    perform app_private.refuse_person_unclear('name');
  end if;

  return query
    update app_public.patient_profiles set human_id = v_human.principal_id
    where patient_profiles.id = any (v_own)
    returning patient_profiles.*;
end;
$$;

comment on function app_public.claim_patient_profiles is
  'Links the profiles that carry the caller''s verified address and name with the caller; without givenName and '
  'familyName the name of the account counts. FORBIDDEN email_not_verified; CONFLICT person_unclear names the fact that is missing.';
grant execute on function app_public.claim_patient_profiles to app_member;

reset role;
-- end of source: functions/patients/claim_patient_profiles.sql

-- source: functions/patients/clinic_terms.sql
-- What everybody accepts who becomes a patient of a clinic, as they read it before they sign up. FND-32, FND-16.

set role app_engine;

create or replace function app_public.clinic_terms(organization_id uuid) returns setof app_public.consent_purpose_versions
language sql stable security definer
set search_path = ''
as $$
  select version.*
  from app_public.organizations
  join app_public.consent_purposes
    on consent_purposes.scope_id in (organizations.id, '00000000-0000-0000-0000-000000000000')
  cross join lateral app_private.current_consent_version(
    case consent_purposes.scope when 'organization' then organizations.id end, consent_purposes.code) as version
  where organizations.id = clinic_terms.organization_id
    and organizations.activated_at is not null
    and organizations.deleted_at is null
    and version.is_required
  order by consent_purposes.scope desc, consent_purposes.code
$$;

comment on function app_public.clinic_terms is
  'The versions that joinClinic, enrollChild, acceptInvitation and confirmProfileClaim ask to accept, of the platform and of the clinic. '
  'None for a clinic that is not open.';
grant execute on function app_public.clinic_terms to app_anonymous, app_member;

reset role;
-- end of source: functions/patients/clinic_terms.sql

-- source: functions/patients/profile_claim_of.sql
-- A claim as whoever made it may see it: nothing of whether somebody was found. FND-32.

create or replace function app_private.profile_claim_of(claim app_private.profile_claims) returns app_public.profile_claim
language sql stable
set search_path = ''
as $$
  select row(
    claim.id, claim.organization_id, claim.claimed_at is not null, codes.attempts_left, codes.expires_at)::app_public.profile_claim
  from app_private.codes
  where codes.organization_id = claim.organization_id and codes.id = claim.code_id
$$;

comment on function app_private.profile_claim_of is 'What the claimant is shown.';
grant execute on function app_private.profile_claim_of to app_engine;
-- end of source: functions/patients/profile_claim_of.sql

-- source: functions/patients/confirm_profile_claim.sql
-- The code that went to the contact of a profile: whoever types it is the person, and accepts what everybody accepts there. FND-32.
-- A wrong code is an answer with the tries that are left, because a refusal would not be counted.

set role app_engine;

create or replace function app_public.confirm_profile_claim(
  claim_id uuid,
  code text,
  accepted_version_ids uuid[] default '{}'
) returns app_public.profile_claim
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim app_private.profile_claims;
  v_patient app_public.patients;
begin
  select profile_claims.* into v_claim
  from app_private.profile_claims
  where profile_claims.id = confirm_profile_claim.claim_id
    and profile_claims.human_id = app_hidden.current_account_id()
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'claim_not_found');
  end if;
  if v_claim.claimed_at is not null then
    return app_private.profile_claim_of(v_claim);
  end if;

  case app_private.try_code(v_claim.organization_id, v_claim.code_id, code)
    when 'over' then
      perform app_hidden.refuse('GONE', 'claim_is_over');
    when 'right' then
      select patients.* into v_patient
      from app_public.patients
      join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
      where patients.organization_id = v_claim.organization_id
        and patients.patient_profile_id = v_claim.patient_profile_id
        and patients.deleted_at is null
        and patient_profiles.human_id is null
        and app_private.may_be_claimed(patient_profiles)
      for update of patient_profiles;
      if not found then
        perform app_hidden.refuse('GONE', 'claim_is_over');
      end if;
      update app_public.patient_profiles set human_id = v_claim.human_id where patient_profiles.id = v_patient.patient_profile_id;
      perform app_private.accept_required_consents(v_patient.organization_id, v_patient.id, accepted_version_ids);
      update app_private.profile_claims set claimed_at = app_hidden.now()
      where profile_claims.id = v_claim.id
      returning * into v_claim;
    else null;
  end case;
  return app_private.profile_claim_of(v_claim);
end;
$$;

comment on function app_public.confirm_profile_claim is
  E'@arg code The six digits.\n'
  'Takes over the profile if the code is the one that was sent. isClaimed says whether; attemptsLeft how many tries are left. '
  'NOT_FOUND claim_not_found; GONE claim_is_over when it expired, was used, or five codes were wrong; CONSENT_REQUIRED as in joinClinic.';
grant execute on function app_public.confirm_profile_claim to app_member;

reset role;
-- end of source: functions/patients/confirm_profile_claim.sql

-- source: functions/patients/new_profile.sql
-- A person who signed up by themselves, or whom a parent enrols. The address is the one that the account has proved. FND-32.

create or replace function app_private.new_profile(
  clinic app_public.organizations,
  given_name text,
  family_name text,
  birth_date date,
  phone text,
  human_id uuid default null
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_missing text := case when nullif(btrim(given_name), '') is null then 'givenName'
                         when nullif(btrim(family_name), '') is null then 'familyName'
                         when new_profile.birth_date is null then 'birthDate' end;
  v_profile_id uuid;
begin
  if v_missing is not null then
    perform app_hidden.refuse('VALIDATION', 'required', jsonb_build_object('field', v_missing));
  end if;
  if new_profile.birth_date > (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    perform app_hidden.refuse('VALIDATION', 'not_born_yet', '{"field": "birthDate"}');
  end if;
  insert into app_public.patient_profiles (human_id, given_name, family_name, email, phone, birth_date, locale)
  values (new_profile.human_id, new_profile.given_name, new_profile.family_name, v_human.email,
          app_hidden.e164(new_profile.phone, clinic.country), new_profile.birth_date, v_human.locale)
  returning patient_profiles.id into v_profile_id;
  return v_profile_id;
end;
$$;

comment on function app_private.new_profile is 'Makes a profile with the caller''s proved address; VALIDATION required, not_born_yet.';
grant execute on function app_private.new_profile to app_engine;
-- end of source: functions/patients/new_profile.sql

-- source: functions/patients/enroll_child.sql
-- A parent or guardian signs a child up at a clinic. FND-32.
-- The profile is new, so that nobody reaches what a clinic knows of a child by saying that they are its parent: that takes
-- add_caregiver, on evidence. What the caregiver says here is written down as said, and the clinic ends the link if it is not so.

set role app_engine;

create or replace function app_public.enroll_child(
  organization_id uuid,
  accepted_version_ids uuid[],
  given_name text,
  family_name text,
  birth_date date,
  relationship text,
  phone text default null
) returns app_public.patients
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_clinic app_public.organizations := app_private.require_open_clinic(organization_id);
  v_today date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_profile_id uuid;
  v_caregiver app_public.caregivers;
  v_patient app_public.patients;
begin
  if app_private.caregiver_ends_on(enroll_child.birth_date) <= v_today then
    perform app_hidden.refuse('VALIDATION', 'of_age', jsonb_build_object('field', 'birthDate', 'years', (
      select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'caregiver_ends')));
  end if;
  if enroll_child.relationship is null or enroll_child.relationship not in ('parent', 'guardian') then
    perform app_hidden.refuse('VALIDATION', 'not_a_representative', '{"field": "relationship"}');
  end if;
  if exists (
    select from app_public.patient_profiles
    where patient_profiles.human_id = v_human.principal_id
      and app_private.caregiver_ends_on(patient_profiles.birth_date) > v_today
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'caregiver_is_a_minor');
  end if;
  perform app_private.lock_people(v_clinic.id);

  -- Whom the caller enrolled before is this child, not another one.
  select patient_profiles.id into v_profile_id
  from app_public.patient_profiles
  join app_public.patients
    on patients.organization_id = v_clinic.id and patients.patient_profile_id = patient_profiles.id and patients.deleted_at is null
  where patient_profiles.id = any (app_hidden.current_human_patient_profile_ids())
    and patient_profiles.human_id is null
    and app_private.name_key(patient_profiles.given_name || ' ' || patient_profiles.family_name)
        = app_private.name_key(enroll_child.given_name || ' ' || enroll_child.family_name)
    and patient_profiles.birth_date = enroll_child.birth_date
  limit 1;
  if not found then
    if (select count(*) from app_public.caregivers
        where caregivers.human_id = v_human.principal_id and caregivers.added_by = v_human.principal_id
          and caregivers.created_at > app_hidden.now() - interval '24 hours') >= 10 then
      perform app_hidden.refuse('RATE_LIMITED', 'many_children', '{"retryAfterSeconds": 86400}');
    end if;
    v_profile_id := app_private.new_profile(
      v_clinic, given_name, family_name, enroll_child.birth_date, enroll_child.phone);
    insert into app_public.caregivers (patient_profile_id, human_id, relationship, added_by, ends_on, created_at)
    values (v_profile_id, v_human.principal_id, enroll_child.relationship, v_human.principal_id,
            app_private.caregiver_ends_on(enroll_child.birth_date), app_hidden.now())
    returning * into v_caregiver;
  end if;
  v_patient := app_private.admit_patient(v_clinic.id, v_profile_id);
  if v_caregiver.id is not null then
    insert into app_private.caregiver_evidence (organization_id, caregiver_id, patient_profile_id, evidence)
    values (v_clinic.id, v_caregiver.id, v_profile_id, case v_clinic.locale
      when 'en' then 'Said by the caregiver when signing up; nothing was shown yet.'
      else 'Declarat de aparținător la înscriere; încă nu a arătat un document.' end);
  end if;
  perform app_private.accept_required_consents(v_clinic.id, v_patient.id, accepted_version_ids);
  return v_patient;
end;
$$;

comment on function app_public.enroll_child is
  E'@arg relationship parent or guardian.\n'
  'Makes a child a patient of a clinic that is open, with the caller as parent or guardian, until the child is of age. Once is enough. '
  'CONSENT_REQUIRED as in joinClinic; VALIDATION of_age, not_a_representative; FORBIDDEN caregiver_is_a_minor; RATE_LIMITED '
  'many_children.';
grant execute on function app_public.enroll_child to app_member;

reset role;
-- end of source: functions/patients/enroll_child.sql

-- source: functions/patients/own_profile_at.sql
-- The caller's own profile at a clinic, also where they were a patient before and left. FND-32.

create or replace function app_private.own_profile_at(organization_id uuid) returns uuid
language sql stable
set search_path = ''
begin atomic
  select patients.patient_profile_id
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  where patients.organization_id = own_profile_at.organization_id
    and patient_profiles.human_id = app_hidden.current_account_id()
    and not exists (
      select from app_public.patient_merges
      where patient_merges.merged_profile_id = patient_profiles.id and patient_merges.undone_at is null)
  order by patients.deleted_at nulls first, patients.id
  limit 1;
end;

comment on function app_private.own_profile_at is 'The profile of the caller that the clinic knows; null for none.';
grant execute on function app_private.own_profile_at to app_engine;
-- end of source: functions/patients/own_profile_at.sql

-- source: functions/patients/profile_to_claim.sql
-- The one patient of a clinic who has this contact, name and no other birthday, and nobody took over yet. Of two alike none is
-- meant: front desk knows them apart. FND-32, FND-34.

create or replace function app_private.profile_to_claim(
  organization_id uuid,
  email text,
  phone text,
  name_key text,
  birth_date date
) returns app_public.patients
language sql stable
set search_path = ''
as $$
  with found as (
    select patients as patient, count(*) over () as alike
    from app_public.patient_profiles
    join app_public.patients
      on patients.organization_id = profile_to_claim.organization_id
     and patients.patient_profile_id = patient_profiles.id
     and patients.deleted_at is null
    where (app_hidden.ascii_lower(patient_profiles.email) = profile_to_claim.email
           or patient_profiles.phone = profile_to_claim.phone)
      and patient_profiles.human_id is null
      and app_private.may_be_claimed(patient_profiles)
      and app_private.fact_that_differs(
            patient_profiles, profile_to_claim.name_key, profile_to_claim.birth_date) is null
    limit 2
  )
  select (found.patient).* from found where found.alike = 1
$$;

comment on function app_private.profile_to_claim is
  'A patient of the clinic without an account, by address or number, and name; null for none, and for more than one.';
grant execute on function app_private.profile_to_claim to app_engine;
-- end of source: functions/patients/profile_to_claim.sql

-- source: functions/patients/take_over_by_address.sql
-- The profile that a clinic has with the caller's proved address and name: signing up is claiming it. Where two are alike, or the
-- birthday differs, it is left to front desk. FND-32, FND-34.

create or replace function app_private.take_over_by_address(
  organization_id uuid,
  given_name text,
  family_name text,
  birth_date date
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_said record := app_private.asserted_identity(given_name, family_name, take_over_by_address.birth_date);
  v_patient app_public.patients := app_private.profile_to_claim(
    organization_id, v_human.email, null, v_said.name_key, v_said.birth_date);
  v_profile_id uuid;
begin
  update app_public.patient_profiles set human_id = v_human.principal_id
  where patient_profiles.id = v_patient.patient_profile_id and patient_profiles.human_id is null
  returning patient_profiles.id into v_profile_id;
  return v_profile_id;
end;
$$;

comment on function app_private.take_over_by_address is
  'Takes over the one profile of the clinic that has the caller''s proved address, name and no other birthday; null when there is none.';
grant execute on function app_private.take_over_by_address to app_engine;
-- end of source: functions/patients/take_over_by_address.sql

-- source: functions/patients/join_clinic.sql
-- Somebody signs up at a clinic by themselves, and accepts what everybody accepts there, in one transaction. FND-32.
-- Nobody is looked for by what they say, for the answer would tell who is treated there: a profile is taken over only by the
-- address that the account has proved, and by a code otherwise (request_profile_claim). Who was registered before, with
-- neither, is a duplicate that front desk sees in likely_duplicates and merges.

set role app_engine;

create or replace function app_public.join_clinic(
  organization_id uuid,
  accepted_version_ids uuid[],
  given_name text default null,
  family_name text default null,
  birth_date date default null,
  phone text default null,
  patient_profile_id uuid default null
) returns app_public.patients
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_clinic app_public.organizations := app_private.require_open_clinic(organization_id);
  v_profile_id uuid;
  v_patient app_public.patients;
begin
  perform app_private.lock_people(v_clinic.id);
  if patient_profile_id is not null then
    if patient_profile_id <> all (app_hidden.current_human_patient_profile_ids()) then
      perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
    end if;
    v_profile_id := patient_profile_id;
  else
    v_profile_id := app_private.own_profile_at(v_clinic.id);
    if v_profile_id is null then
      v_profile_id := app_private.take_over_by_address(v_clinic.id, given_name, family_name, join_clinic.birth_date);
    end if;
    if v_profile_id is null then
      v_profile_id := app_private.new_profile(
        v_clinic, given_name, family_name, join_clinic.birth_date, join_clinic.phone, v_human.principal_id);
    end if;
  end if;
  v_patient := app_private.admit_patient(v_clinic.id, v_profile_id);
  perform app_private.accept_required_consents(v_clinic.id, v_patient.id, accepted_version_ids);
  return v_patient;
end;
$$;

comment on function app_public.join_clinic is
  E'@arg patientProfileId A profile of the caller''s own, or of somebody they care for.\n'
  'Makes the caller a patient of a clinic that is open: with the profile that is named, or the one that the clinic has with the '
  'caller''s proved address and name, or a new one, which needs names and birthDate. Once is enough. acceptedVersionIds are what the '
  'caller read and accepts, all that clinicTerms lists: CONSENT_REQUIRED names what is missing. FORBIDDEN email_not_verified; '
  'VALIDATION too_young_for_own_account.';
grant execute on function app_public.join_clinic to app_member;

reset role;
-- end of source: functions/patients/join_clinic.sql

-- source: functions/patients/request_profile_claim.sql
-- Somebody whom a clinic registered takes over their profile there, although they sign in with another address: they name the
-- address or the number that the clinic has, and a code goes there. FND-32.
-- The answer is the same whoever was found, or nobody: who is treated where is told to nobody who only asks. A patient is sent three
-- codes a day and each is tried five times, so that guessing is hopeless.

set role app_engine;

create or replace function app_public.request_profile_claim(
  organization_id uuid,
  contact text,
  given_name text,
  family_name text,
  birth_date date default null
) returns app_public.profile_claim
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_clinic app_public.organizations;
  v_remembered jsonb := app_private.remembered(
    'request_profile_claim', jsonb_build_array(organization_id, contact, given_name, family_name, birth_date));
  v_answer app_public.profile_claim;
  v_email text;
  v_phone text;
  v_patient app_public.patients;
  v_profile app_public.patient_profiles;
  v_code app_private.codes;
  v_claim app_private.profile_claims;
begin
  if v_remembered is not null then
    perform app_private.require_open_clinic(organization_id);
    return jsonb_populate_record(v_answer, v_remembered);
  end if;
  v_clinic := app_private.require_open_clinic(organization_id);
  if strpos(contact, '@') > 0 then
    v_email := app_hidden.address_key(contact);
  else
    v_phone := app_hidden.e164(contact, v_clinic.country, 'contact');
  end if;
  if v_email is null and v_phone is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "contact"}');
  end if;

  -- One after the other, or both would be the last that is allowed.
  perform pg_advisory_xact_lock(hashtextextended('claim:' || v_clinic.id || ':' || coalesce(v_email, v_phone), 0));
  if (select count(*) from app_private.profile_claims
      where profile_claims.human_id = v_human.principal_id
        and profile_claims.created_at > app_hidden.now() - interval '24 hours') >= 5 then
    perform app_hidden.refuse('RATE_LIMITED', 'many_claims', '{"retryAfterSeconds": 86400}');
  end if;

  v_patient := app_private.profile_to_claim(
    v_clinic.id, v_email, v_phone, app_private.name_key(given_name || ' ' || family_name), request_profile_claim.birth_date);
  if (select count(*) from app_private.profile_claims
      where profile_claims.organization_id = v_clinic.id
        and profile_claims.patient_profile_id = v_patient.patient_profile_id
        and profile_claims.created_at > app_hidden.now() - interval '24 hours') >= 3 then
    v_patient := null;
  end if;

  v_code := app_private.new_code(v_clinic.id, interval '15 minutes');
  insert into app_private.profile_claims (organization_id, human_id, code_id, patient_profile_id, created_at)
  values (v_clinic.id, v_human.principal_id, v_code.id, v_patient.patient_profile_id, app_hidden.now())
  returning * into v_claim;
  if v_patient.id is not null then
    select patient_profiles.* into strict v_profile
    from app_public.patient_profiles
    where patient_profiles.id = v_patient.patient_profile_id;
    -- To what the clinic has, and only where the caller named it.
    perform app_private.notify(
      v_clinic.id, 'profile_claim_code', jsonb_build_object('code', v_code.id),
      name => v_profile.given_name || ' ' || v_profile.family_name,
      email => case when v_email is not null then v_profile.email end,
      phone => case when v_phone is not null then v_profile.phone end,
      locale => v_profile.locale);
  end if;
  v_answer := app_private.profile_claim_of(v_claim);
  perform app_private.remember('request_profile_claim', to_jsonb(v_answer));
  return v_answer;
end;
$$;

comment on function app_public.request_profile_claim is
  E'@arg contact The address or the telephone number that the clinic has.\n'
  'Asks a clinic to hand over the profile that it has of the caller. If it has a patient of this name with this address or number, a '
  'code goes there; the answer is the same if not. confirmProfileClaim takes the code. FORBIDDEN email_not_verified; RATE_LIMITED '
  'many_claims.';
grant execute on function app_public.request_profile_claim to app_member;

reset role;
-- end of source: functions/patients/request_profile_claim.sql

-- source: functions/patients/tg_custom_field_values__completed.sql
-- A value of a field of the clinic may be the last that it waited for. FND-32.

set role app_engine;

create or replace function app_private.tg_custom_field_values__completed() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.note_complete_profile(patients.organization_id, patients.id)
  from app_public.patients
  where patients.organization_id = new.organization_id and patients.patient_profile_id = new.patient_profile_id;
  return new;
end;
$$;

comment on function app_private.tg_custom_field_values__completed is
  'Tells that the profile of the patient is complete. Trigger _600_completed.';

reset role;

create or replace trigger _600_completed after insert on app_public.custom_field_values
  for each row when (new.patient_profile_id is not null)
  execute function app_private.tg_custom_field_values__completed();
-- end of source: functions/patients/tg_custom_field_values__completed.sql

-- source: functions/patients/tg_patient_profiles__completed.sql
-- A fact that becomes known may be the last that a clinic waited for. FND-32.

set role app_engine;

create or replace function app_private.tg_patient_profiles__completed() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.note_complete_profile(patients.organization_id, patients.id)
  from app_public.patients
  where patients.patient_profile_id = new.id and patients.profile_completed_at is null and patients.deleted_at is null;
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__completed is
  'Tells that the profile is complete, at each clinic of the person where it was not. Trigger _600_completed.';

reset role;

create or replace trigger _600_completed after update of email, phone, birth_date on app_public.patient_profiles
  for each row when (
    old.email is null and new.email is not null
    or old.phone is null and new.phone is not null
    or old.birth_date is null and new.birth_date is not null)
  execute function app_private.tg_patient_profiles__completed();
-- end of source: functions/patients/tg_patient_profiles__completed.sql

-- source: policies/forms/custom_fields.sql
-- Staff read them, whoever edits templates defines them. The key and what it belongs to never change. FRM-01.

select app_private.classify('app_public.custom_fields', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "entity_type", "system_key", "definition"],
    "operational": ["version", "published", "is_required", "created_at", "updated_at"]}');
select app_private.protect('app_public.custom_fields', engine => 'select, insert, update');

grant select on app_public.custom_fields to app_member;
grant insert (organization_id, entity_type, system_key, definition, is_required), update (definition, published, is_required) on app_public.custom_fields to app_member;

create policy custom_fields_select_staff on app_public.custom_fields for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy custom_fields_insert_manager on app_public.custom_fields for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create policy custom_fields_update_manager on app_public.custom_fields for update to app_member
  using (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create or replace trigger _300_check before insert or update of system_key, entity_type, definition on app_public.custom_fields
  for each row execute function app_private.tg_custom_fields__check();
-- end of source: policies/forms/custom_fields.sql

-- source: policies/forms/predefined_form_templates.sql
-- Given to clinics by a function; each works on its own copy. FRM-03.

select app_private.classify('app_private.predefined_form_templates', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "kind", "signature_mode", "purposes", "clinic_purpose", "content", "citations", "confirmed_by"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.predefined_form_templates', engine => 'select');
-- end of source: policies/forms/predefined_form_templates.sql

-- source: policies/identity/codes.sql
-- Made, sent and tried by functions; nobody reads them. FND-32.

select app_private.classify('app_private.codes', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["id", "organization_id", "salt", "attempts_left", "expires_at", "created_at"],
    "auth_secret": ["digest"]}',
  protected => '{"digest": ["digest"]}',
  unaudited => 'Work of minutes; what a code opened is audited where it was opened.');
select app_private.protect('app_private.codes', engine => 'select, insert, update, delete');
select app_private.retain('app_private.codes', 'operations', 'delete', kept_from => 'created_at');
-- end of source: policies/identity/codes.sql

-- source: policies/notify/message_types.sql
-- Read when something is told; changed by migrations only. FND-15.

select app_private.classify('app_private.message_types', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "topic", "variables", "sample", "calendar_status", "urgent_within", "expires_with", "lasts", "visitor_limit", "carries_code"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.message_types', engine => 'select');
-- end of source: policies/notify/message_types.sql

-- source: policies/organizations/organizations.sql
-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.

-- How to reach a clinic stands on its booking page.
select app_private.classify('app_public.organizations', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "slug", "name", "locale", "timezone", "currency", "country", "calling_code",
               "contact_email", "contact_phone", "street", "city"],
    "operational": ["tenancy_mode", "activated_at", "booking_response_hours", "response_lead_hours",
                    "start_lead_minutes", "hold_minutes",
                    "holds_per_visitor", "holds_per_address", "library_access_is_free", "telerehab_access_is_free", "required_profile_fields",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.organizations', null, 'r.name');
select app_private.protect('app_public.organizations',
  engine => 'select, insert, update',
  facts => '{name name, name street, name city, email contact_email, phone contact_phone}');

grant select on app_public.organizations to app_member;
grant update (name, locale, timezone, contact_email, contact_phone, street, city, booking_response_hours,
              response_lead_hours, start_lead_minutes, hold_minutes, holds_per_visitor, holds_per_address,
              library_access_is_free, telerehab_access_is_free, required_profile_fields)
   on app_public.organizations to app_member;

create policy organizations_select_staff on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy organizations_select_patient on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('patient'))::uuid[]) and activated_at is not null and deleted_at is null);

create policy organizations_select_superadmin on app_public.organizations for select to app_member
  using ((select app_hidden.is_superadmin()) and deleted_at is null);

create policy organizations_update_manager on app_public.organizations for update to app_member
  using (id = any ((select app_hidden.rights('organization.manage'))::uuid[]) and deleted_at is null)
  with check (id = any ((select app_hidden.rights('organization.manage'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.organizations
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/organizations/organizations.sql

-- source: policies/patients/patients.sql
-- A clinic's patients: staff with patients.view, and the person. FND-07.

select app_private.classify('app_public.patients', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "profile_completed_at", "created_at", "updated_at", "deleted_at"],
    "phi": ["patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patients', 'patient_profile_id', 'stays', 'The record of the duplicate itself: the merge ends it.');
select app_private.allow_soft_delete('app_public.patients', 'patients.manage',
  '(select concat_ws('' '', given_name, family_name) from app_public.patient_profiles where id = r.patient_profile_id)');
select app_private.protect('app_public.patients', engine => 'select, insert, update');

grant select on app_public.patients to app_member;

create policy patients_select_staff on app_public.patients for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]) and deleted_at is null);

create policy patients_select_person on app_public.patients for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]) and organization_id = any ((select app_hidden.rights('patient'))::uuid[]) and deleted_at is null);

create or replace trigger _900_forget_rights after insert or update or delete on app_public.patients
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/patients/patients.sql

-- source: policies/patients/profile_claims.sql
-- Whoever claims a profile hears of it by verbs; whether there is one, before the code was right, by nothing. FND-32.

select app_private.classify('app_private.profile_claims', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["id", "organization_id", "code_id", "claimed_at", "created_at"],
    "pii_basic": ["human_id", "patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_private.profile_claims', 'patient_profile_id', 'moves');
select app_private.protect('app_private.profile_claims', engine => 'select, insert, update, delete');
select app_private.retain('app_private.profile_claims', 'operations', 'delete', kept_from => 'created_at');
-- end of source: policies/patients/profile_claims.sql

-- source: reference/consents/privacy_notice_sections.sql
-- The sections of each template, in Romanian and English. FND-19. Written as a draft: grounds, ages and periods are for counsel to
-- confirm, which privacy_notice_templates says of the whole.

select app_private.own_rows('app_public.privacy_notice_sections', rows => '
template_version: 1
key: controller
position: 1
is_optional: false
title_ro: Cine răspunde de datele dumneavoastră
title_en: Who is responsible for your data
body_ro: {{clinicName}}, {{clinicAddress}}, este operatorul datelor dumneavoastră. Pentru orice întrebare despre date ne puteți scrie la {{clinicEmail}} sau suna la {{clinicPhone}}. Dacă am numit un responsabil cu protecția datelor, îi puteți scrie la aceeași adresă.
body_en: {{clinicName}}, {{clinicAddress}}, is the controller of your data. With any question about your data write to {{clinicEmail}} or call {{clinicPhone}}. If we have appointed a data protection officer, the same address reaches them.
==========
template_version: 1
key: categories
position: 2
is_optional: false
title_ro: Ce date prelucrăm
title_en: Which data we process
body_ro: Date de identificare și de contact (nume, data nașterii, telefon, email); programări; date despre sănătate (motivul prezentării, istoric, evaluări, plan de tratament, rezultate, documente pe care ni le dați); formulare și acorduri semnate, cu dovada semnăturii; plăți și facturi; cine a deschis fișa dumneavoastră și când. Pentru un minor sau o persoană reprezentată, și datele reprezentantului.
body_en: Identification and contact details (name, birth date, telephone, email); appointments; health data (why you come, history, assessments, treatment plan, results, documents that you give us); forms and consents that were signed, with the proof of signature; payments and invoices; who opened your record, and when. For a minor or a represented person also the details of the representative.
==========
template_version: 1
key: purposes
position: 3
is_optional: false
title_ro: De ce și pe ce temei
title_en: Why, and on which ground
body_ro: Îngrijirea medicală și organizarea ei: furnizarea serviciului cerut de dumneavoastră și scopuri medicale (GDPR art. 6 alin. (1) lit. b), art. 9 alin. (2) lit. h)). Fișa medicală, facturile și raportările obligatorii: obligația legală (art. 6 alin. (1) lit. c)). Apărarea drepturilor clinicii sau ale dumneavoastră: interesul legitim (art. 6 alin. (1) lit. f), art. 9 alin. (2) lit. f)). Tot ce este facultativ: acordul dumneavoastră, cerut separat (art. 6 alin. (1) lit. a), art. 9 alin. (2) lit. a)). Temeiurile sunt în curs de confirmare de către consilierul juridic.
body_en: Medical care and its organisation: the service that you asked for, and medical purposes (GDPR art. 6(1)(b), art. 9(2)(h)). Medical record, invoices and mandatory reports: legal obligation (art. 6(1)(c)). Defending rights of the clinic or yours: legitimate interest (art. 6(1)(f), art. 9(2)(f)). Whatever is optional: your consent, asked for separately (art. 6(1)(a), art. 9(2)(a)). These grounds await confirmation by counsel.
==========
template_version: 1
key: source
position: 4
is_optional: false
title_ro: De unde avem datele
title_en: Where the data come from
body_ro: De la dumneavoastră sau de la cine vă reprezintă, de la specialiștii care vă îngrijesc aici și, dacă ne dați documente de la alți medici, de la aceștia. Datele marcate ca obligatorii sunt necesare pentru un tratament sigur; fără ele este posibil să nu vă putem trata.
body_en: From you or whoever represents you, from the specialists who care for you here, and, where you give us documents of other doctors, from them. Data marked as required are needed for safe treatment; without them we may not be able to treat you.
==========
template_version: 1
key: recipients
position: 5
is_optional: false
title_ro: Cine le primește
title_en: Who receives them
body_ro: Specialiștii și personalul clinicii, fiecare numai cât îi cere munca. Furnizorii care ne găzduiesc sistemele și ne trimit mesajele, pe bază de contract și numai după instrucțiunile noastre. Autorități, instanțe sau asigurători, numai când legea o cere sau dumneavoastră ne-o cereți. Nu vindem date.
body_en: Specialists and staff of the clinic, each only as far as their work needs it. Suppliers who host our systems and send our messages, under contract and only on our instructions. Authorities, courts or insurers, only where the law requires it or you ask us to. We sell no data.
==========
template_version: 1
key: cross_border_transfer
position: 6
is_optional: true
title_ro: Transferul datelor în alte țări
title_en: Transfer to other countries
body_ro: Unii dintre furnizorii noștri pot prelucra date și în afara Spațiului Economic European. Facem acest lucru numai pe baza unei decizii de adecvare a Comisiei Europene sau a clauzelor contractuale standard, cu măsuri suplimentare unde este nevoie. Lista furnizorilor și o copie a garanțiilor se obțin la cerere.
body_en: Some of our suppliers may process data outside the European Economic Area as well. We do this only under an adequacy decision of the European Commission or standard contractual clauses, with further measures where needed. The list of suppliers and a copy of the safeguards are available on request.
==========
template_version: 1
key: video
position: 7
is_optional: true
title_ro: Consultații video
title_en: Video consultations
body_ro: Pentru o consultație video se prelucrează imaginea și sunetul cât durează convorbirea, precum și ora și durata ei. Legătura este criptată, iar convorbirea nu se păstrează. Temeiul este acordul dumneavoastră pentru îngrijirea la distanță.
body_en: For a video consultation picture and sound are processed while it lasts, as are its time and length. The connection is encrypted and the conversation is not kept. The ground is your consent to care at a distance.
==========
template_version: 1
key: video_recording
position: 8
is_optional: true
title_ro: Înregistrări
title_en: Recordings
body_ro: Ședințele video se înregistrează numai dacă v-ați dat acordul pentru aceasta. Înregistrările se păstrează criptat, le văd numai specialiștii care vă tratează și se șterg la termenul pe care clinica îl afișează la recepție sau când cereți, dacă legea nu ne obligă să le păstrăm.
body_en: Video sessions are recorded only if you consented to it. Recordings are kept encrypted, are seen only by the specialists who treat you, and are erased at the time that the clinic states at the front desk, or when you ask, unless the law makes us keep them.
==========
template_version: 1
key: telerehab
position: 9
is_optional: true
title_ro: Recuperare acasă
title_en: Rehabilitation at home
body_ro: Dacă faceți exerciții în aplicație, păstrăm planul, exercițiile făcute, durerea și efortul pe care le notați și comentariile. Specialistul le vede ca să adapteze planul. Datele nu sunt urmărite în timp real și nu înlocuiesc un apel la 112.
body_en: If you do exercises in the app, we keep the plan, the exercises done, the pain and effort that you note, and your comments. The specialist sees them to adapt the plan. Nobody watches these data as they arrive, and they do not replace a call to 112.
==========
template_version: 1
key: biometric_capture
position: 10
is_optional: true
title_ro: Măsurarea mișcării
title_en: Measuring movement
body_ro: Cu acordul dumneavoastră, camera sau un senzor măsoară poziția articulațiilor la exerciții. Din imagine se păstrează numai puncte și unghiuri, ca date despre sănătate; ele nu servesc la identificarea persoanei.
body_en: With your consent the camera or a sensor measures the position of joints during exercise. Of the picture only points and angles are kept, as health data; they do not serve to identify a person.
==========
template_version: 1
key: marketing
position: 11
is_optional: true
title_ro: Noutăți și oferte
title_en: News and offers
body_ro: Vă trimitem noutăți numai pe canalele pentru care v-ați dat acordul (email, SMS, WhatsApp, notificări). Îl retrageți din cont, din mesaj sau la recepție. Datele despre sănătate nu sunt folosite pentru a alege ce vă trimitem.
body_en: We send news only over the channels you consented to (email, SMS, WhatsApp, notices). You withdraw it in your account, in the message or at the front desk. Health data are not used to choose what we send.
==========
template_version: 1
key: analytics
position: 12
is_optional: true
title_ro: Statistici de folosire
title_en: Usage statistics
body_ro: Dacă v-ați dat acordul, platforma numără cum sunt folosite paginile și exercițiile, ca să le îmbunătățească. Rezultatele nu numesc persoane.
body_en: If you consented, the platform counts how pages and exercises are used, to improve them. The results name nobody.
==========
template_version: 1
key: minors
position: 13
is_optional: false
title_ro: Minori și persoane reprezentate
title_en: Minors and represented persons
body_ro: Pentru o persoană sub 18 ani decide despre tratament părintele sau reprezentantul legal. Un cont propriu se poate face de la 16 ani; până atunci folosește contul reprezentantul. Vârstele sunt în curs de confirmare de către consilierul juridic.
body_en: For a person under 18 a parent or legal representative decides about treatment. An account of one''s own can be made from 16; until then the representative uses theirs. These ages await confirmation by counsel.
==========
template_version: 1
key: storage
position: 14
is_optional: false
title_ro: Cât timp le păstrăm
title_en: How long we keep them
body_ro: Fișa medicală și documentele contabile se păstrează cât cere legea; celelalte date, cât este nevoie pentru scopul lor, apoi se șterg sau se anonimizează. Termenele exacte sunt afișate la recepție și sunt în curs de confirmare de către consilierul juridic.
body_en: The medical record and accounting documents are kept for as long as the law requires; other data for as long as their purpose needs, and are then erased or made anonymous. The exact periods are displayed at the front desk and await confirmation by counsel.
==========
template_version: 1
key: automated_decisions
position: 15
is_optional: false
title_ro: Decizii automate
title_en: Automated decisions
body_ro: Nicio decizie despre tratamentul dumneavoastră nu este luată numai de un program. Scorurile și măsurătorile sunt informații pentru specialist.
body_en: No decision about your treatment is taken by a program alone. Scores and measurements are information for the specialist.
==========
template_version: 1
key: rights
position: 16
is_optional: false
title_ro: Drepturile dumneavoastră
title_en: Your rights
body_ro: Puteți cere accesul la date și o copie, corectarea, ștergerea unde legea o permite, restricționarea și portabilitatea lor și vă puteți opune prelucrării întemeiate pe interesul legitim. Un acord se retrage oricând, la fel de ușor cum a fost dat; ce s-a făcut până atunci rămâne legal. Răspundem în cel mult o lună. Cererile se fac din cont, la recepție sau la adresa de mai sus.
body_en: You may ask for access and a copy, for correction, for erasure where the law allows it, for restriction and portability, and may object to processing that rests on legitimate interest. A consent is withdrawn at any time, as easily as it was given; what was done until then stays lawful. We answer within one month. Ask in your account, at the front desk or at the address above.
==========
template_version: 1
key: complaint
position: 17
is_optional: false
title_ro: Plângeri
title_en: Complaints
body_ro: Dacă socotiți că am greșit, vă rugăm să ne spuneți întâi nouă. Puteți oricând să vă adresați Autorității Naționale de Supraveghere a Prelucrării Datelor cu Caracter Personal (ANSPDCP), www.dataprotection.ro, sau instanței.
body_en: If you think that we were wrong, please tell us first. You may at any time turn to the Romanian supervisory authority (ANSPDCP), www.dataprotection.ro, or to a court.
==========
template_version: 1
key: changes
position: 18
is_optional: false
title_ro: Schimbări
title_en: Changes
body_ro: Când se schimbă ceva important, publicăm o versiune nouă și vă anunțăm. Versiunile de dinainte rămân la dispoziția dumneavoastră.
body_en: When something important changes, we publish a new version and tell you. Earlier versions stay available to you.
');
-- end of source: reference/consents/privacy_notice_sections.sql

-- source: reference/events/event_consumers.sql
-- Who hears of events: each is a file of tasks/consumers. FND-14.

select app_private.own_rows('app_private.event_consumers', rows => '
  name             | description
  -----------------+---------------------------------------------------------------------------
  notifications    | Writes to guests, patients and the clinic about requests and appointments.
  predefined_forms | Gives a new clinic the templates of forms that the product brings.
');
-- end of source: reference/events/event_consumers.sql

-- source: reference/forms/predefined_biometric_capture.sql
-- Consent to measuring movement with the camera or sensors. FRM-03, CNS-01.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "biometric_capture"}', rows => '
kind: consent
signature_mode: click_typed
purposes: {biometric_capture}
citations: {"GDPR art. 9","Legea 190/2018"}
content:
{"format": 1,
 "title": {"ro": "Acord pentru măsurarea mișcării cu camera sau cu senzori", "en": "Consent to measuring movement with the camera or sensors"},
 "intro": {
   "ro": "La exercițiile la distanță, camera poate urmări poziția articulațiilor, ca specialistul să vadă cât și cum v-ați mișcat. Exercițiile se pot face și fără această măsurare.",
   "en": "During exercises at a distance the camera can follow the position of your joints, so that the specialist sees how far and how well you moved. The exercises can also be done without it."},
 "intent": {
   "ro": "Am citit și sunt de acord cu măsurarea mișcării mele în scopurile de mai sus.",
   "en": "I have read this and consent to the measurement of my movement for the purposes above."},
 "items": [
  {"key": "what", "type": "statement",
   "text": {
     "ro": "Ce se măsoară. Din imaginea camerei se calculează poziția unor puncte ale corpului (umeri, coate, șolduri, genunchi și altele), unghiurile articulațiilor, numărul repetărilor și ritmul. Dacă folosiți un senzor sau un goniometru, și valorile acestuia.",
     "en": "What is measured. From the camera picture the position of points of the body (shoulders, elbows, hips, knees and others), the angles of joints, the number of repetitions and the rhythm are computed. If you use a sensor or a goniometer, its values too."}},
  {"key": "not", "type": "statement",
   "text": {
     "ro": "Ce nu se face. Măsurătorile nu servesc la recunoașterea persoanei. Imaginea camerei nu părăsește dispozitivul dumneavoastră și nu se păstrează; pentru înregistrare este nevoie de un acord separat. Nicio decizie despre tratament nu este luată de un program: specialistul hotărăște.",
     "en": "What is not done. The measurements do not serve to recognise a person. The camera picture does not leave your device and is not kept; recording needs a separate consent. No decision about treatment is taken by a program: the specialist decides."}},
  {"key": "why", "type": "statement",
   "text": {
     "ro": "La ce folosesc. Pentru a vedea evoluția, pentru a corecta exercițiile și pentru a adapta planul de tratament. Valorile se trec în fișa dumneavoastră ca informație despre sănătate. Măsurarea cu camera poate greși, mai ales la lumină slabă sau cu haine largi.",
     "en": "What they are used for. To see progress, to correct exercises and to adapt the treatment plan. The values go into your record as health information. Measuring with a camera can be wrong, above all in poor light or with loose clothes."}},
  {"key": "who", "type": "statement",
   "text": {
     "ro": "Cine le vede. Dumneavoastră și specialiștii clinicii care vă tratează. Se păstrează cât este scris în nota de informare.",
     "en": "Who sees them. You, and the specialists of the clinic who treat you. They are kept for as long as the privacy notice says."}},
  {"key": "choice", "type": "statement",
   "text": {
     "ro": "Libera alegere. Puteți refuza și puteți retrage acordul oricând, din cont sau la recepție; din acea clipă nu se mai măsoară nimic. Tratamentul continuă și fără măsurători.",
     "en": "Your choice. You may refuse, and may withdraw this consent at any time, in your account or at the front desk; from that moment nothing is measured. Treatment goes on without measurements."}},
  {"key": "minor", "type": "statement",
   "text": {
     "ro": "Minori. Pentru o persoană sub 18 ani semnează părintele sau reprezentantul legal.",
     "en": "Minors. For a person under 18 a parent or legal representative signs."}},
  {"key": "devices", "type": "choices", "required": true, "min_chosen": 1,
   "label": {"ro": "Cu ce sunteți de acord să măsurăm?", "en": "With what may we measure?"},
   "options": [
    {"value": "camera", "label": {"ro": "Cu camera telefonului sau a calculatorului", "en": "With the camera of your phone or computer"}},
    {"value": "sensor", "label": {"ro": "Cu senzori purtați", "en": "With sensors that you wear"}},
    {"value": "goniometer", "label": {"ro": "Cu goniometrul, la clinică", "en": "With the goniometer, at the clinic"}}]}]}
');
-- end of source: reference/forms/predefined_biometric_capture.sql

-- source: reference/forms/predefined_forms.sql
-- A new clinic gets the templates of forms that the product brings. FRM-03, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "predefined_forms"}', rows => '
  event_name           | messages_function
  ---------------------+------------------
  organization.created |
');
-- end of source: reference/forms/predefined_forms.sql

-- source: reference/forms/predefined_intake.sql
-- The intake form that every clinic begins with: medical history, medicines, pain from 0 to 10. FRM-03.
-- A clinic has a draft of its own of it and changes that; what it changed is never written over.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "intake"}', rows => '
kind: intake
signature_mode: click_typed
purposes: {}
citations: {}
content:
{"format": 1,
 "title": {"ro": "Fișă de primire și istoric medical", "en": "Intake form and medical history"},
 "intro": {
   "ro": "Vă rugăm să răspundeți cât mai complet. Răspunsurile rămân în fișa dumneavoastră și îl ajută pe specialist să aleagă un tratament sigur. Dacă nu sunteți sigur de un răspuns, spuneți-ne la vizită.",
   "en": "Please answer as completely as you can. Your answers stay in your record and help the specialist choose a treatment that is safe for you. If you are unsure about an answer, tell us at the visit."},
 "intent": {
   "ro": "Declar că răspunsurile de mai sus sunt complete și corecte, după cunoștința mea.",
   "en": "I declare that the answers above are complete and correct to the best of my knowledge."},
 "items": [
  {"key": "about_you", "type": "group",
   "label": {"ro": "Despre dumneavoastră", "en": "About you"},
   "items": [
    {"key": "birth_date", "type": "date", "required": true, "profile_field": "birth_date", "min": "1900-01-01",
     "label": {"ro": "Data nașterii", "en": "Date of birth"}},
    {"key": "phone", "type": "phone", "required": true, "profile_field": "phone",
     "label": {"ro": "Telefon", "en": "Telephone"}},
    {"key": "occupation", "type": "text", "max_length": 200,
     "label": {"ro": "Ocupația", "en": "Occupation"},
     "help": {"ro": "De exemplu: muncă de birou, șofer, muncă fizică, pensionar.", "en": "For example: desk work, driver, manual work, retired."}},
    {"key": "emergency_name", "type": "text", "max_length": 200,
     "label": {"ro": "Pe cine sunăm în caz de urgență", "en": "Whom we call in an emergency"}},
    {"key": "emergency_phone", "type": "phone", "required": true,
     "visible_if": {"field": "emergency_name", "op": "answered"},
     "label": {"ro": "Telefonul acestei persoane", "en": "Telephone of this person"}}]},

  {"key": "complaint", "type": "group",
   "label": {"ro": "Motivul prezentării", "en": "Why you are coming"},
   "items": [
    {"key": "reason", "type": "long_text", "required": true, "max_length": 2000,
     "label": {"ro": "Ce vă supără și ce v-ați dori să puteți face din nou?", "en": "What troubles you, and what would you like to be able to do again?"}},
    {"key": "body_areas", "type": "choices", "required": true,
     "label": {"ro": "Zona afectată", "en": "Affected area"},
     "options": [
      {"value": "head_neck", "label": {"ro": "Cap și gât", "en": "Head and neck"}},
      {"value": "shoulder", "label": {"ro": "Umăr", "en": "Shoulder"}},
      {"value": "elbow_hand", "label": {"ro": "Cot, încheietură sau mână", "en": "Elbow, wrist or hand"}},
      {"value": "upper_back", "label": {"ro": "Spate, partea de sus", "en": "Upper back"}},
      {"value": "lower_back", "label": {"ro": "Spate, partea de jos", "en": "Lower back"}},
      {"value": "hip", "label": {"ro": "Șold", "en": "Hip"}},
      {"value": "knee", "label": {"ro": "Genunchi", "en": "Knee"}},
      {"value": "ankle_foot", "label": {"ro": "Gleznă sau picior", "en": "Ankle or foot"}},
      {"value": "other", "label": {"ro": "Altă zonă", "en": "Another area"}}]},
    {"key": "body_area_other", "type": "text", "required": true, "max_length": 200,
     "visible_if": {"field": "body_areas", "op": "contains", "value": "other"},
     "label": {"ro": "Care zonă?", "en": "Which area?"}},
    {"key": "since", "type": "choice", "required": true,
     "label": {"ro": "De când?", "en": "Since when?"},
     "options": [
      {"value": "weeks_6", "label": {"ro": "De mai puțin de 6 săptămâni", "en": "Less than 6 weeks"}},
      {"value": "months_3", "label": {"ro": "De 6 săptămâni până la 3 luni", "en": "6 weeks to 3 months"}},
      {"value": "longer", "label": {"ro": "De peste 3 luni", "en": "More than 3 months"}}]},
    {"key": "cause", "type": "choice", "required": true,
     "label": {"ro": "Cum a început?", "en": "How did it begin?"},
     "options": [
      {"value": "gradual", "label": {"ro": "Treptat, fără o cauză anume", "en": "Gradually, without a clear cause"}},
      {"value": "accident", "label": {"ro": "După un accident sau o căzătură", "en": "After an accident or a fall"}},
      {"value": "sport", "label": {"ro": "La sport", "en": "During sport"}},
      {"value": "surgery", "label": {"ro": "După o operație", "en": "After surgery"}},
      {"value": "unknown", "label": {"ro": "Nu știu", "en": "I do not know"}}]},
    {"key": "surgery_date", "type": "date", "required": true, "min": "1950-01-01",
     "visible_if": {"field": "cause", "op": "equals", "value": "surgery"},
     "label": {"ro": "Data operației", "en": "Date of the surgery"}},
    {"key": "investigations", "type": "file", "max_files": 5,
     "label": {"ro": "Investigații (RMN, radiografii, bilet de externare)", "en": "Results (MRI, X-rays, discharge letter)"}}]},

  {"key": "pain", "type": "group",
   "label": {"ro": "Durerea", "en": "Pain"},
   "items": [
    {"key": "has_pain", "type": "boolean", "required": true,
     "label": {"ro": "Aveți dureri?", "en": "Are you in pain?"}},
    {"key": "pain_now", "type": "scale", "required": true, "min": 0, "max": 10,
     "visible_if": {"field": "has_pain", "op": "equals", "value": true},
     "label": {"ro": "Cât de mare este durerea acum?", "en": "How strong is the pain now?"},
     "min_label": {"ro": "Nicio durere", "en": "No pain"},
     "max_label": {"ro": "Cea mai mare durere pe care v-o puteți închipui", "en": "The worst pain you can imagine"}},
    {"key": "pain_worst", "type": "scale", "required": true, "min": 0, "max": 10,
     "visible_if": {"field": "has_pain", "op": "equals", "value": true},
     "label": {"ro": "Cât de mare a fost cea mai puternică durere din ultimele 24 de ore?", "en": "How strong was the worst pain in the last 24 hours?"},
     "min_label": {"ro": "Nicio durere", "en": "No pain"},
     "max_label": {"ro": "Cea mai mare durere pe care v-o puteți închipui", "en": "The worst pain you can imagine"}},
    {"key": "pain_least", "type": "scale", "required": true, "min": 0, "max": 10,
     "visible_if": {"field": "has_pain", "op": "equals", "value": true},
     "label": {"ro": "Cât de mare a fost cea mai slabă durere din ultimele 24 de ore?", "en": "How strong was the least pain in the last 24 hours?"},
     "min_label": {"ro": "Nicio durere", "en": "No pain"},
     "max_label": {"ro": "Cea mai mare durere pe care v-o puteți închipui", "en": "The worst pain you can imagine"}},
    {"key": "night_pain", "type": "boolean", "required": true,
     "visible_if": {"field": "has_pain", "op": "equals", "value": true},
     "label": {"ro": "Vă trezește durerea noaptea?", "en": "Does the pain wake you at night?"}},
    {"key": "warning_signs", "type": "choices", "required": true,
     "label": {"ro": "Ați avut de curând ceva din lista de mai jos?", "en": "Have you recently had any of the following?"},
     "help": {"ro": "Dacă ați pierdut brusc controlul vezicii sau al scaunului, ori simțiți amorțeală între picioare, sunați la 112.", "en": "If you suddenly lost control of bladder or bowel, or feel numb between the legs, call 112."},
     "options": [
      {"value": "none", "label": {"ro": "Nimic din listă", "en": "None of these"}},
      {"value": "weight_loss", "label": {"ro": "Slăbire fără motiv", "en": "Weight loss without a reason"}},
      {"value": "fever", "label": {"ro": "Febră sau frisoane", "en": "Fever or chills"}},
      {"value": "numbness", "label": {"ro": "Amorțeală sau pierderea forței într-un braț ori picior", "en": "Numbness or loss of strength in an arm or leg"}},
      {"value": "bladder_bowel", "label": {"ro": "Probleme noi cu urina sau scaunul", "en": "New trouble with bladder or bowel"}},
      {"value": "fall", "label": {"ro": "Căzături repetate", "en": "Repeated falls"}}]}]},

  {"key": "history", "type": "group",
   "label": {"ro": "Istoricul medical", "en": "Medical history"},
   "items": [
    {"key": "conditions", "type": "choices", "required": true,
     "label": {"ro": "Aveți sau ați avut una dintre aceste boli?", "en": "Do you have, or did you have, any of these conditions?"},
     "options": [
      {"value": "none", "label": {"ro": "Niciuna", "en": "None"}},
      {"value": "hypertension", "label": {"ro": "Tensiune mare", "en": "High blood pressure"}},
      {"value": "heart", "label": {"ro": "Boală de inimă", "en": "Heart disease"}},
      {"value": "stroke", "label": {"ro": "Accident vascular cerebral", "en": "Stroke"}},
      {"value": "diabetes", "label": {"ro": "Diabet", "en": "Diabetes"}},
      {"value": "lung", "label": {"ro": "Astm sau altă boală de plămâni", "en": "Asthma or another lung disease"}},
      {"value": "epilepsy", "label": {"ro": "Epilepsie", "en": "Epilepsy"}},
      {"value": "osteoporosis", "label": {"ro": "Osteoporoză", "en": "Osteoporosis"}},
      {"value": "rheumatic", "label": {"ro": "Boală reumatică inflamatorie", "en": "Inflammatory rheumatic disease"}},
      {"value": "thrombosis", "label": {"ro": "Tromboză sau tulburări de coagulare", "en": "Thrombosis or a clotting disorder"}},
      {"value": "cancer", "label": {"ro": "Cancer sau o tumoră", "en": "Cancer or a tumour"}},
      {"value": "mental", "label": {"ro": "Depresie sau anxietate", "en": "Depression or anxiety"}},
      {"value": "other", "label": {"ro": "Altă boală", "en": "Another condition"}}]},
    {"key": "condition_other", "type": "long_text", "required": true, "max_length": 1000,
     "visible_if": {"field": "conditions", "op": "contains", "value": "other"},
     "label": {"ro": "Care?", "en": "Which?"}},
    {"key": "cancer_details", "type": "long_text", "required": true, "max_length": 1000,
     "visible_if": {"field": "conditions", "op": "contains", "value": "cancer"},
     "label": {"ro": "Ce fel, când, și mai sunteți în tratament?", "en": "Of what kind, when, and are you still under treatment?"}},
    {"key": "devices", "type": "choices", "required": true,
     "label": {"ro": "Aveți în corp un dispozitiv sau metal?", "en": "Is there a device or metal in your body?"},
     "help": {"ro": "Unele proceduri de fizioterapie nu se fac în prezența lor.", "en": "Some physiotherapy procedures are not done with them."},
     "options": [
      {"value": "none", "label": {"ro": "Nu", "en": "No"}},
      {"value": "pacemaker", "label": {"ro": "Stimulator cardiac sau defibrilator", "en": "Pacemaker or defibrillator"}},
      {"value": "prosthesis", "label": {"ro": "Proteză, tijă, plăcuță sau șuruburi", "en": "Prosthesis, rod, plate or screws"}},
      {"value": "pump", "label": {"ro": "Pompă sau neurostimulator", "en": "Pump or neurostimulator"}}]},
    {"key": "device_where", "type": "text", "required": true, "max_length": 300,
     "visible_if": {"any": [
       {"field": "devices", "op": "contains", "value": "prosthesis"},
       {"field": "devices", "op": "contains", "value": "pump"}]},
     "label": {"ro": "Unde și de când?", "en": "Where, and since when?"}},
    {"key": "pregnancy", "type": "choice", "required": true,
     "label": {"ro": "Sunteți însărcinată?", "en": "Are you pregnant?"},
     "options": [
      {"value": "no", "label": {"ro": "Nu sau nu este cazul", "en": "No, or not applicable"}},
      {"value": "yes", "label": {"ro": "Da", "en": "Yes"}},
      {"value": "maybe", "label": {"ro": "Este posibil", "en": "Possibly"}}]},
    {"key": "pregnancy_week", "type": "integer", "min": 1, "max": 42,
     "visible_if": {"field": "pregnancy", "op": "equals", "value": "yes"},
     "label": {"ro": "În ce săptămână?", "en": "Which week?"}},
    {"key": "had_surgery", "type": "boolean", "required": true,
     "label": {"ro": "Ați fost operat vreodată?", "en": "Have you ever had surgery?"}},
    {"key": "has_allergies", "type": "boolean", "required": true,
     "label": {"ro": "Aveți alergii (medicamente, latex, alimente, creme)?", "en": "Do you have allergies (medicines, latex, food, creams)?"}},
    {"key": "allergies", "type": "long_text", "required": true, "max_length": 1000,
     "visible_if": {"field": "has_allergies", "op": "equals", "value": true},
     "label": {"ro": "La ce, și cum se manifestă?", "en": "To what, and what happens?"}},
    {"key": "smoking", "type": "choice",
     "label": {"ro": "Fumați?", "en": "Do you smoke?"},
     "options": [
      {"value": "no", "label": {"ro": "Nu", "en": "No"}},
      {"value": "former", "label": {"ro": "M-am lăsat", "en": "I stopped"}},
      {"value": "yes", "label": {"ro": "Da", "en": "Yes"}}]},
    {"key": "takes_medication", "type": "boolean", "required": true,
     "label": {"ro": "Luați medicamente sau suplimente?", "en": "Do you take medicines or supplements?"}}]},

  {"key": "surgeries", "type": "group", "repeat": {"min": 1, "max": 20},
   "visible_if": {"field": "had_surgery", "op": "equals", "value": true},
   "label": {"ro": "Operații", "en": "Surgeries"},
   "items": [
    {"key": "surgery_what", "type": "text", "required": true, "max_length": 300,
     "label": {"ro": "Ce operație?", "en": "Which surgery?"}},
    {"key": "surgery_year", "type": "integer", "min": 1920, "max": 2200,
     "label": {"ro": "În ce an?", "en": "In which year?"}}]},

  {"key": "medications", "type": "group", "repeat": {"min": 1, "max": 30},
   "visible_if": {"field": "takes_medication", "op": "equals", "value": true},
   "label": {"ro": "Medicamente și suplimente", "en": "Medicines and supplements"},
   "help": {"ro": "Scrieți-le și pe cele fără rețetă. Cele care subțiază sângele sunt importante pentru noi.", "en": "Include those without a prescription. Blood thinners matter to us in particular."},
   "items": [
    {"key": "medication_name", "type": "text", "required": true, "max_length": 200,
     "label": {"ro": "Denumirea", "en": "Name"}},
    {"key": "medication_dose", "type": "text", "max_length": 100,
     "label": {"ro": "Doza", "en": "Dose"},
     "help": {"ro": "De exemplu 5 mg.", "en": "For example 5 mg."}},
    {"key": "medication_often", "type": "choice",
     "label": {"ro": "Cât de des?", "en": "How often?"},
     "options": [
      {"value": "daily", "label": {"ro": "Zilnic", "en": "Daily"}},
      {"value": "sometimes", "label": {"ro": "La nevoie", "en": "When needed"}},
      {"value": "course", "label": {"ro": "O cură care se încheie", "en": "A course that ends"}}]}]},

  {"key": "anything_else", "type": "long_text", "max_length": 2000,
   "label": {"ro": "Mai este ceva ce ar trebui să știm?", "en": "Is there anything else we should know?"}}],
 "scores": [
  {"key": "nrs", "version": 1, "method": "mean", "fields": ["pain_now", "pain_worst", "pain_least"], "min_answered": 2,
   "direction": "lower_is_better", "range": [0, 10],
   "label": {"ro": "Intensitatea durerii (NRS, 24 de ore)", "en": "Pain intensity (NRS, 24 hours)"}}]}
');
-- end of source: reference/forms/predefined_intake.sql

-- source: reference/forms/predefined_post_session.sql
-- Asked after a session: pain, how hard it was, how it was at the clinic. FRM-03.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "post_session"}', rows => '
kind: feedback
signature_mode: none
purposes: {}
citations: {}
content:
{"format": 1,
 "title": {"ro": "Chestionar după ședință", "en": "Questionnaire after the session"},
 "intro": {
   "ro": "Două minute, cât mai aproape de ședință. Răspunsurile sunt citite de specialistul dumneavoastră la următoarea vizită, nu imediat. În caz de urgență sunați la 112.",
   "en": "Two minutes, as soon after the session as you can. Your specialist reads the answers at the next visit, not at once. In an emergency call 112."},
 "items": [
  {"key": "pain_before", "type": "scale", "required": true, "min": 0, "max": 10,
   "label": {"ro": "Cât de mare era durerea înainte de ședință?", "en": "How strong was the pain before the session?"},
   "min_label": {"ro": "Nicio durere", "en": "No pain"},
   "max_label": {"ro": "Cea mai mare durere pe care v-o puteți închipui", "en": "The worst pain you can imagine"}},
  {"key": "pain_now", "type": "scale", "required": true, "min": 0, "max": 10,
   "label": {"ro": "Cât de mare este durerea acum?", "en": "How strong is the pain now?"},
   "min_label": {"ro": "Nicio durere", "en": "No pain"},
   "max_label": {"ro": "Cea mai mare durere pe care v-o puteți închipui", "en": "The worst pain you can imagine"}},
  {"key": "effort", "type": "scale", "required": true, "min": 0, "max": 10,
   "label": {"ro": "Cât de greu v-a fost?", "en": "How hard was it for you?"},
   "min_label": {"ro": "Deloc greu", "en": "Not hard at all"},
   "max_label": {"ro": "Cât se poate de greu", "en": "As hard as it can be"}},
  {"key": "had_reaction", "type": "boolean", "required": true,
   "label": {"ro": "Ați avut amețeli, greață sau o durere nouă?", "en": "Did you have dizziness, nausea or a new pain?"}},
  {"key": "reaction", "type": "long_text", "required": true, "max_length": 2000,
   "visible_if": {"field": "had_reaction", "op": "equals", "value": true},
   "label": {"ro": "Ce anume, și cât a durat?", "en": "What exactly, and how long did it last?"},
   "help": {"ro": "Dacă starea continuă sau se agravează, sunați la clinică, iar în caz de urgență la 112.", "en": "If it goes on or gets worse, call the clinic, and 112 in an emergency."}},
  {"key": "home_exercises", "type": "choice", "required": true,
   "label": {"ro": "Ați înțeles ce exerciții aveți de făcut acasă?", "en": "Is it clear which exercises you are to do at home?"},
   "options": [
    {"value": "yes", "label": {"ro": "Da", "en": "Yes"}},
    {"value": "partly", "label": {"ro": "Nu pe toate", "en": "Not all of them"}},
    {"value": "none", "label": {"ro": "Nu am exerciții pentru acasă", "en": "I have no exercises for home"}}]},
  {"key": "unclear", "type": "long_text", "max_length": 1000,
   "visible_if": {"field": "home_exercises", "op": "equals", "value": "partly"},
   "label": {"ro": "Ce nu v-a fost clar?", "en": "What was not clear?"}},
  {"key": "satisfaction", "type": "scale", "min": 1, "max": 5,
   "label": {"ro": "Cât de mulțumit sunteți de ședință?", "en": "How satisfied are you with the session?"},
   "min_label": {"ro": "Deloc", "en": "Not at all"},
   "max_label": {"ro": "Foarte mulțumit", "en": "Very satisfied"}},
  {"key": "comments", "type": "long_text", "max_length": 2000,
   "label": {"ro": "Vreți să ne spuneți ceva?", "en": "Would you like to tell us anything?"}}],
 "scores": [
  {"key": "nrs", "version": 1, "method": "sum", "fields": ["pain_now"], "min_answered": 1,
   "direction": "lower_is_better", "range": [0, 10],
   "label": {"ro": "Intensitatea durerii (NRS)", "en": "Pain intensity (NRS)"}}]}
');
-- end of source: reference/forms/predefined_post_session.sql

-- source: reference/forms/predefined_telemedicine.sql
-- Consent to care at a distance. FRM-03, CNS-01.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "telemedicine"}', rows => '
kind: consent
signature_mode: click_typed
purposes: {telemedicine}
citations: {"Legea 95/2006","HG 1133/2022","GDPR art. 9"}
content:
{"format": 1,
 "title": {"ro": "Acord pentru consultații și ședințe la distanță", "en": "Consent to consultations and sessions at a distance"},
 "intro": {
   "ro": "La o consultație la distanță specialistul vă vede și vă aude prin video sau vă aude la telefon. Mai jos scrie ce se poate face astfel și ce nu.",
   "en": "In a consultation at a distance the specialist sees and hears you by video, or hears you by telephone. Below you read what can be done in this way and what cannot."},
 "intent": {
   "ro": "Am citit, am putut pune întrebări și sunt de acord cu îngrijirea la distanță.",
   "en": "I have read this, could ask questions, and consent to care at a distance."},
 "items": [
  {"key": "what", "type": "statement",
   "text": {
     "ro": "Ce este. Convorbirea are loc între dumneavoastră și specialistul numit în programare, prin legătura din aplicație sau la telefon. Specialistul scrie în fișa medicală, ca la o vizită la clinică. Convorbirea nu se înregistrează; pentru înregistrare este nevoie de un acord separat.",
     "en": "What it is. The conversation takes place between you and the specialist named in the appointment, over the link in the app or by telephone. The specialist writes in your medical record as at a visit to the clinic. The conversation is not recorded; recording needs a separate consent."}},
  {"key": "limits", "type": "statement",
   "text": {
     "ro": "Limite. Specialistul nu vă poate examina cu mâna și nu poate face proceduri. Imaginea, sunetul sau legătura pot fi slabe, și unele semne pot scăpa. Dacă specialistul consideră că nu ajunge, vă cheamă la clinică sau vă îndrumă la alt medic.",
     "en": "Limits. The specialist cannot examine you by hand and cannot carry out procedures. Picture, sound or connection may be poor, and some signs may be missed. If the specialist finds that this is not enough, you are asked to come to the clinic or referred to another doctor."}},
  {"key": "emergency", "type": "statement",
   "text": {
     "ro": "Urgențe. Consultația la distanță nu este pentru urgențe. Pentru dureri în piept, greutate la respirație, pierderea cunoștinței, slăbiciune bruscă a unei părți a corpului sau alte semne grave sunați la 112.",
     "en": "Emergencies. A consultation at a distance is not for emergencies. For chest pain, trouble breathing, loss of consciousness, sudden weakness of a part of the body or other serious signs, call 112."}},
  {"key": "your_part", "type": "statement",
   "text": {
     "ro": "Ce vă rugăm. Alegeți un loc liniștit, unde nu vă aud alții. Spuneți de la început unde vă aflați și cine mai este cu dumneavoastră. La exerciții aveți loc liber în jur și, dacă v-am recomandat, pe cineva aproape. Opriți-vă dacă apar dureri sau amețeli.",
     "en": "What we ask of you. Choose a quiet place where others do not hear you. Say at the beginning where you are and who is with you. For exercises have free space around you and, if we advised it, somebody close by. Stop if you feel pain or dizziness."}},
  {"key": "privacy", "type": "statement",
   "text": {
     "ro": "Datele. Legătura este criptată. Se păstrează ce scrie specialistul în fișă, ora și durata convorbirii. Furnizorul serviciului video lucrează după instrucțiunile clinicii și este numit în nota de informare.",
     "en": "Data. The connection is encrypted. What the specialist writes in the record, the time and the length of the conversation are kept. The supplier of the video service acts on the instructions of the clinic and is named in the privacy notice."}},
  {"key": "choice", "type": "statement",
   "text": {
     "ro": "Libera alegere. Puteți refuza și puteți cere o vizită la clinică în loc. Puteți opri convorbirea și puteți retrage acordul oricând, din cont sau la recepție; ce s-a făcut până atunci rămâne valabil. Programările viitoare la distanță vor cere din nou acordul.",
     "en": "Your choice. You may refuse, and may ask for a visit to the clinic instead. You may end the conversation and withdraw this consent at any time, in your account or at the front desk; what was done before stays valid. Future appointments at a distance will ask for consent again."}},
  {"key": "minor", "type": "statement",
   "text": {
     "ro": "Minori. Pentru o persoană sub 18 ani semnează părintele sau reprezentantul legal, care este prezent la convorbire dacă specialistul nu convine altfel.",
     "en": "Minors. For a person under 18 a parent or legal representative signs, and is present in the conversation unless the specialist agrees otherwise."}},
  {"key": "place", "type": "text", "max_length": 300,
   "label": {"ro": "De unde vă veți conecta de obicei? (adresa, pentru cazul în care trebuie chemată ambulanța)", "en": "From where will you usually connect? (the address, in case an ambulance has to be called)"}},
  {"key": "nearby_contact", "type": "phone",
   "label": {"ro": "Telefonul cuiva din apropiere", "en": "Telephone of somebody near you"}}]}
');
-- end of source: reference/forms/predefined_telemedicine.sql

-- source: reference/forms/predefined_terms_gdpr.sql
-- The clinic's terms, and that its privacy notice was read. FRM-03.
-- Reading a notice is no consent to processing: care rests on other grounds, so both are accepted apart, and neither
-- asks for marketing, which has purposes of its own.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "terms_gdpr"}', rows => '
kind: consent
signature_mode: click_typed
purposes: {org_terms,privacy_notice}
citations: {"GDPR art. 12-14","Legea 46/2003","Legea 95/2006"}
content:
{"format": 1,
 "title": {"ro": "Termenii clinicii și protecția datelor", "en": "Clinic terms and data protection"},
 "intro": {
   "ro": "Aici aflați cum lucrăm împreună și ce facem cu datele dumneavoastră. Citiți în ritmul dumneavoastră și întrebați-ne ce nu este clar înainte de a semna.",
   "en": "This tells you how we work together and what we do with your data. Take your time, and ask us about anything that is unclear before you sign."},
 "intent": {
   "ro": "Am citit și accept termenii clinicii și confirm că am primit nota de informare privind datele personale.",
   "en": "I have read and accept the clinic terms, and I confirm that I received the privacy notice."},
 "items": [
  {"key": "terms", "type": "group",
   "label": {"ro": "Termenii clinicii", "en": "Clinic terms"},
   "items": [
    {"key": "terms_visits", "type": "statement",
     "text": {
       "ro": "Programări. Vă rugăm să veniți la timp. Dacă nu puteți ajunge, anunțați-ne din vreme, ca să oferim locul altui pacient. Condițiile și eventualele costuri ale anulării le găsiți la recepție și pe pagina clinicii.",
       "en": "Appointments. Please come on time. If you cannot come, tell us early so that another patient can have your place. The conditions and possible costs of cancelling are available at the front desk and on the clinic page."}},
    {"key": "terms_care", "type": "statement",
     "text": {
       "ro": "Îngrijirea. Specialistul vă explică ce tratament propune, ce se poate aștepta de la el, ce riscuri are și ce alte posibilități există. Puteți pune întrebări, puteți cere altă opinie și puteți opri tratamentul oricând. Niciun rezultat nu poate fi garantat.",
       "en": "Care. The specialist explains the treatment proposed, what can be expected of it, its risks and the alternatives. You may ask questions, seek another opinion, and stop treatment at any time. No result can be guaranteed."}},
    {"key": "terms_truth", "type": "statement",
     "text": {
       "ro": "Informațiile dumneavoastră. Spuneți-ne corect și complet ce boli aveți și ce medicamente luați și anunțați-ne când se schimbă ceva. De aceste răspunsuri depinde siguranța tratamentului.",
       "en": "Your information. Tell us correctly and completely about your conditions and medicines, and let us know when something changes. The safety of the treatment depends on it."}},
    {"key": "terms_payment", "type": "statement",
     "text": {
       "ro": "Plata. Prețurile sunt afișate la recepție și în aplicație înainte de programare. Pentru serviciile plătite primiți factură sau bon.",
       "en": "Payment. Prices are shown at the front desk and in the app before you book. For paid services you receive an invoice or a receipt."}},
    {"key": "terms_account", "type": "statement",
     "text": {
       "ro": "Contul. Contul este personal. Nu dați nimănui parola sau codurile primite. Pentru urgențe nu scrieți în aplicație: sunați la 112.",
       "en": "Your account. The account is personal. Give nobody your password or the codes you receive. Do not use the app for emergencies: call 112."}}]},

  {"key": "data", "type": "group",
   "label": {"ro": "Datele dumneavoastră, pe scurt", "en": "Your data, in short"},
   "items": [
    {"key": "data_what", "type": "statement",
     "text": {
       "ro": "Ce date. Datele de contact, programările, istoricul medical, evaluările, planul de tratament și documentele pe care ni le dați sau care se nasc aici. Operatorul lor este clinica.",
       "en": "Which data. Contact details, appointments, medical history, assessments, treatment plan, and the documents you give us or that are made here. The clinic is their controller."}},
    {"key": "data_why", "type": "statement",
     "text": {
       "ro": "De ce. Pentru a vă trata, pentru a ține fișa medicală cerută de lege și pentru plată. Pentru acestea nu vă cerem acordul: temeiul este îngrijirea medicală și obligația legală. Pentru ședințe video, înregistrări, analiza mișcării și mesaje publicitare vă întrebăm de fiecare dată separat, și puteți spune nu.",
       "en": "Why. To treat you, to keep the medical record that the law requires, and for payment. We do not ask your consent for these: they rest on medical care and legal obligation. For video sessions, recordings, movement analysis and advertising we ask you separately each time, and you may say no."}},
    {"key": "data_who", "type": "statement",
     "text": {
       "ro": "Cine le vede. Specialiștii și personalul clinicii care au nevoie de ele pentru munca lor, toți cu obligația de a păstra secretul. Cine v-a deschis fișa puteți vedea în contul dumneavoastră. Furnizorii care ne țin sistemele lucrează numai după instrucțiunile noastre.",
       "en": "Who sees them. The specialists and staff of the clinic who need them for their work, all bound to secrecy. You can see in your account who opened your record. The suppliers who run our systems act only on our instructions."}},
    {"key": "data_rights", "type": "statement",
     "text": {
       "ro": "Drepturile dumneavoastră. Puteți cere să vedeți datele, să le primiți în copie, să le corectăm, să le ștergem unde legea permite, să le restricționăm sau să le mutăm, și vă puteți opune prelucrării. Un acord dat se retrage la fel de ușor cum a fost dat, din cont sau la recepție. Vă puteți plânge la Autoritatea Națională de Supraveghere a Prelucrării Datelor cu Caracter Personal (www.dataprotection.ro).",
       "en": "Your rights. You may ask to see your data, to receive a copy, to have them corrected, erased where the law allows, restricted or moved, and you may object to processing. A consent is withdrawn as easily as it was given, in your account or at the front desk. You may complain to the Romanian supervisory authority, ANSPDCP (www.dataprotection.ro)."}},
    {"key": "data_notice", "type": "statement",
     "text": {
       "ro": "Nota de informare completă, cu termenele de păstrare și datele de contact, se găsește la recepție și în contul dumneavoastră.",
       "en": "The complete privacy notice, with storage periods and contact details, is at the front desk and in your account."}}]},

  {"key": "terms_read", "type": "choice", "required": true,
   "label": {"ro": "Ați citit termenii și îi acceptați?", "en": "Have you read the terms, and do you accept them?"},
   "options": [{"value": "yes", "label": {"ro": "Da, îi accept", "en": "Yes, I accept them"}}]},
  {"key": "notice_received", "type": "choice", "required": true,
   "label": {"ro": "Ați primit nota de informare privind datele personale?", "en": "Have you received the privacy notice?"},
   "options": [{"value": "yes", "label": {"ro": "Da, am primit-o", "en": "Yes, I have received it"}}]}]}
');
-- end of source: reference/forms/predefined_terms_gdpr.sql

-- source: reference/forms/predefined_treatment_disclosure.sql
-- What a patient is told before rehabilitation treatment, and agrees to. FRM-03, CNS-01.
-- Written for physiotherapy and kinesiotherapy in general. A clinic copies it for other treatments, each of which has its
-- own purpose.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "treatment_disclosure"}', rows => '
kind: disclosure
signature_mode: click_typed
purposes: {treatment_specific_rehabilitation}
citations: {"Legea 95/2006","Legea 46/2003"}
clinic_purpose: {"code": "treatment_specific_rehabilitation",
 "name": "Rehabilitation treatment", "name_ro": "Tratamentul de recuperare",
 "needed_for": "Appointments for rehabilitation treatment whose services ask for it.",
 "needed_for_ro": "Programările pentru tratamentul de recuperare ale căror servicii îl cer.",
 "title_ro": "Tratamentul de recuperare", "title_en": "Rehabilitation treatment",
 "body_ro": "Sunt de acord cu tratamentul de recuperare care mi-a fost explicat. Cunosc scopul, riscurile și celelalte posibilități și am putut pune întrebări. Pot opri tratamentul și pot retrage acest acord oricând.",
 "body_en": "I consent to the rehabilitation treatment that was explained to me. I know its aim, its risks and the alternatives, and could ask questions. I can stop the treatment and withdraw this at any time."}
content:
{"format": 1,
 "title": {"ro": "Informare și acord pentru tratamentul de recuperare", "en": "Information and consent for rehabilitation treatment"},
 "intro": {
   "ro": "Citiți acest text împreună cu specialistul dumneavoastră. El vă spune ce se potrivește cazului dumneavoastră și vă răspunde la întrebări înainte de a semna.",
   "en": "Read this together with your specialist, who tells you what applies to you and answers your questions before you sign."},
 "intent": {
   "ro": "Am fost informat, am primit răspuns la întrebări și sunt de acord cu tratamentul descris.",
   "en": "I was informed, my questions were answered, and I consent to the treatment described."},
 "items": [
  {"key": "methods", "type": "choices", "required": true, "min_chosen": 1,
   "label": {"ro": "Tratamentul propus", "en": "Proposed treatment"},
   "options": [
    {"value": "exercise", "label": {"ro": "Kinetoterapie (exerciții)", "en": "Therapeutic exercise"}},
    {"value": "manual", "label": {"ro": "Terapie manuală și mobilizări", "en": "Manual therapy and mobilisation"}},
    {"value": "electro", "label": {"ro": "Electroterapie, ultrasunete, laser", "en": "Electrotherapy, ultrasound, laser"}},
    {"value": "massage", "label": {"ro": "Masaj terapeutic", "en": "Therapeutic massage"}},
    {"value": "thermo", "label": {"ro": "Căldură sau frig", "en": "Heat or cold"}},
    {"value": "other", "label": {"ro": "Altă metodă", "en": "Another method"}}]},
  {"key": "method_other", "type": "text", "required": true, "max_length": 500,
   "visible_if": {"field": "methods", "op": "contains", "value": "other"},
   "label": {"ro": "Care metodă?", "en": "Which method?"}},
  {"key": "aim", "type": "statement",
   "text": {
     "ro": "Scop. Tratamentul urmărește reducerea durerii, redarea mișcării și a forței și întoarcerea la activitățile obișnuite. Cât de mult și cât de repede diferă de la om la om; un rezultat nu poate fi garantat.",
     "en": "Aim. The treatment is meant to reduce pain, restore movement and strength, and bring you back to your usual activities. How far and how fast differs from person to person; no result can be guaranteed."}},
  {"key": "risks", "type": "statement",
   "text": {
     "ro": "Riscuri obișnuite. Febră musculară, oboseală sau durere mai mare în primele zile, vânătăi mici după terapia manuală sau masaj, roșeață sau iritarea pielii după electroterapie, căldură ori frig, amețeală la efort. De regulă trec de la sine.",
     "en": "Common risks. Muscle soreness, tiredness or more pain in the first days, small bruises after manual therapy or massage, redness or irritation of the skin after electrotherapy, heat or cold, dizziness with effort. As a rule they pass by themselves."}},
  {"key": "rare_risks", "type": "statement",
   "text": {
     "ro": "Riscuri rare. Căzături în timpul exercițiilor, arsuri ale pielii, agravarea unei leziuni existente. Ele scad dacă specialistul știe tot ce aveți: stimulator cardiac, metal în corp, sarcină, tromboză, cancer, osteoporoză, tulburări de sensibilitate.",
     "en": "Rare risks. Falls during exercise, burns of the skin, worsening of an existing injury. They are smaller when the specialist knows everything about you: a pacemaker, metal in the body, pregnancy, thrombosis, cancer, osteoporosis, loss of feeling."}},
  {"key": "personal_risks", "type": "long_text", "max_length": 2000,
   "label": {"ro": "Riscuri care țin de cazul dumneavoastră (completate cu specialistul)", "en": "Risks particular to you (filled in with the specialist)"}},
  {"key": "alternatives", "type": "statement",
   "text": {
     "ro": "Alte posibilități. Așteptarea, medicația recomandată de medic, alte metode de recuperare, uneori operația. Specialistul vă spune ce înseamnă fiecare pentru dumneavoastră și ce se poate întâmpla fără tratament.",
     "en": "Alternatives. Waiting, medication advised by a doctor, other methods of rehabilitation, sometimes surgery. The specialist tells you what each means for you and what may happen without treatment."}},
  {"key": "your_part", "type": "statement",
   "text": {
     "ro": "Ce vă rugăm. Spuneți imediat dacă o mișcare doare mai mult decât vi s-a explicat sau dacă vă simțiți rău. Faceți exercițiile de acasă așa cum v-au fost arătate.",
     "en": "What we ask of you. Say at once if a movement hurts more than was explained to you or if you feel unwell. Do the exercises at home as they were shown to you."}},
  {"key": "choice", "type": "statement",
   "text": {
     "ro": "Libera alegere. Puteți refuza tratamentul întreg sau o parte din el, îl puteți opri oricând și puteți retrage acest acord din cont sau la recepție, fără să dați un motiv. Specialistul vă spune ce urmări poate avea oprirea.",
     "en": "Your choice. You may refuse the treatment or a part of it, may stop it at any time, and may withdraw this consent in your account or at the front desk without giving a reason. The specialist tells you what stopping may lead to."}},
  {"key": "minor", "type": "statement",
   "text": {
     "ro": "Minori. Pentru o persoană sub 18 ani semnează părintele sau reprezentantul legal; părerea copilului se ascultă după vârsta și înțelegerea lui.",
     "en": "Minors. For a person under 18 a parent or legal representative signs; the child is heard as age and understanding allow."}},
  {"key": "asked", "type": "choice", "required": true,
   "label": {"ro": "Ați putut pune întrebări?", "en": "Could you ask questions?"},
   "options": [
    {"value": "answered", "label": {"ro": "Da, și am primit răspuns", "en": "Yes, and they were answered"}},
    {"value": "none", "label": {"ro": "Nu am avut întrebări", "en": "I had no questions"}}]},
  {"key": "not_wanted", "type": "long_text", "max_length": 1000,
   "label": {"ro": "Există o metodă sau o atingere pe care nu o doriți?", "en": "Is there a method or a touch that you do not want?"}}]}
');
-- end of source: reference/forms/predefined_treatment_disclosure.sql

-- source: reference/forms/predefined_video_recording.sql
-- Consent to recording a video session. FRM-03, CNS-01.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "video_recording"}', rows => '
kind: consent
signature_mode: click_typed
purposes: {video_recording}
citations: {"GDPR art. 9","Legea 46/2003"}
content:
{"format": 1,
 "title": {"ro": "Acord pentru înregistrarea ședințelor video", "en": "Consent to the recording of video sessions"},
 "intro": {
   "ro": "Ședința are loc și fără înregistrare. Acest acord este separat și nu schimbă îngrijirea pe care o primiți.",
   "en": "The session takes place without recording as well. This consent stands apart and does not change the care you receive."},
 "intent": {
   "ro": "Am citit și sunt de acord ca ședințele mele video să fie înregistrate în scopurile de mai sus.",
   "en": "I have read this and consent to the recording of my video sessions for the purposes above."},
 "items": [
  {"key": "what", "type": "statement",
   "text": {
     "ro": "Ce se înregistrează. Imaginea și sunetul dumneavoastră și ale specialistului, de la pornirea înregistrării până la oprirea ei. Specialistul vă spune când o pornește, iar pe ecran apare un semn cât timp merge.",
     "en": "What is recorded. Picture and sound of you and of the specialist, from the start of the recording to its end. The specialist tells you when it starts, and a sign is on the screen while it runs."}},
  {"key": "why", "type": "statement",
   "text": {
     "ro": "La ce folosește. Pentru evaluarea mișcării și a evoluției dumneavoastră și pentru verificarea tratamentului de către specialiștii clinicii. Nu se folosește la reclamă, la cursuri sau la cercetare; pentru așa ceva vi s-ar cere un alt acord.",
     "en": "What it is used for. For assessing your movement and progress, and for review of the treatment by specialists of the clinic. It is not used for advertising, teaching or research; another consent would be asked for those."}},
  {"key": "who", "type": "statement",
   "text": {
     "ro": "Cine o vede. Specialiștii clinicii care vă tratează. Fiecare deschidere se consemnează. Înregistrarea se păstrează criptată, atât timp cât este scris în nota de informare, apoi se șterge.",
     "en": "Who sees it. The specialists of the clinic who treat you. Each time it is opened is put on record. The recording is kept encrypted for as long as the privacy notice says, and is then erased."}},
  {"key": "others", "type": "statement",
   "text": {
     "ro": "Alte persoane. Vă rugăm ca în cadru să nu apară alte persoane, mai ales copii, fără știrea și acordul lor.",
     "en": "Other people. Please make sure that nobody else, children above all, is in the picture without knowing and agreeing."}},
  {"key": "choice", "type": "statement",
   "text": {
     "ro": "Libera alegere. Puteți refuza, puteți cere în orice clipă oprirea înregistrării și puteți retrage acordul oricând, din cont sau la recepție. După retragere nu se mai înregistrează nimic. Puteți cere ștergerea înregistrărilor de până atunci; dacă legea ne obligă să păstrăm ceva, vă spunem ce și de ce.",
     "en": "Your choice. You may refuse, may ask at any moment for the recording to stop, and may withdraw this consent at any time, in your account or at the front desk. After that nothing more is recorded. You may ask for earlier recordings to be erased; if the law makes us keep something, we tell you what and why."}},
  {"key": "minor", "type": "statement",
   "text": {
     "ro": "Minori. Pentru o persoană sub 18 ani semnează părintele sau reprezentantul legal.",
     "en": "Minors. For a person under 18 a parent or legal representative signs."}},
  {"key": "picture_limits", "type": "long_text", "max_length": 1000,
   "label": {"ro": "Este ceva ce nu doriți să apară în imagine?", "en": "Is there anything you do not want to be in the picture?"}}]}
');
-- end of source: reference/forms/predefined_video_recording.sql

-- source: reference/notify/message_profile_claim_code.sql
-- The message profile_claim_code: what it needs, by which ways it goes, and its words on each. FND-15, FND-32.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "profile_claim_code"}', rows => '
topic: appointments
lasts: 15 minutes
carries_code: true
variables: {code}
sample: {"code": "483 920"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "profile_claim_code"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  sms     | alert  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "profile_claim_code"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: codul dumneavoastră
body:
Bună ziua, {{recipientName}},

Cineva a cerut, dintr-un cont nou, accesul la fișa dumneavoastră de la {{clinicName}}.

Dacă sunteți dumneavoastră, scrieți acolo codul:

{{code}}

Codul este valabil 15 minute. Nu îl dați nimănui, nici personalului clinicii.

Dacă nu ați cerut nimic, nu trebuie să faceți nimic: fără cod nu are acces nimeni.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: your code
body:
Hello {{recipientName}},

Somebody asked, from a new account, for access to your record at {{clinicName}}.

If it was you, enter this code there:

{{code}}

The code is good for 15 minutes. Give it to nobody, not even to staff of the clinic.

If you did not ask for it, there is nothing to do: without the code nobody gets in.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: codul este {{code}}, valabil 15 minute. Nu îl dați nimănui. Dacă nu l-ați cerut dumneavoastră, nu trebuie să faceți nimic.
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your code is {{code}}, good for 15 minutes. Give it to nobody. If you did not ask for it, there is nothing to do.
');
-- end of source: reference/notify/message_profile_claim_code.sql

-- source: reference/notify/notifications.sql
-- Which events people are written to about, and by which function of app_private each area says who is told. FND-14, FND-15.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "notifications"}', rows => '
  event_name                  | messages_function
  ----------------------------+-------------------------------
  appointment.booked          | messages_about_appointment
  appointment.cancelled       | messages_about_appointment
  appointment.patient_changed | messages_about_changed_patient
  booking_request.confirmed   | messages_about_booking_request
  booking_request.expired     | messages_about_booking_request
  booking_request.received    | messages_about_booking_request
  booking_request.rejected    | messages_about_booking_request
  booking_request.withdrawn   | messages_about_booking_request
  organization.activated      | messages_about_organization
  privacy_notice.published    | messages_about_privacy_notice
');
-- end of source: reference/notify/notifications.sql

-- source: reference/patients/patient_events.sql
-- What is published about patients. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "patient"}', rows => '
name: patient.merge_undone
version: 1
description: Two patients who were merged are two again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "mergedPatientId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "mergedPatientId": {"type": "string", "format": "uuid"}}}
==========
name: patient.merged
version: 1
description: Two patients of a clinic were one person, and are one patient now.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "mergedPatientId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "mergedPatientId": {"type": "string", "format": "uuid"}}}
==========
name: patient.onboarded
version: 1
description: A person became a patient of a clinic.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "patientProfileId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient.profile_completed
version: 1
description: A clinic has every fact of a patient that it asks for, for the first time.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "patientProfileId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/patients/patient_events.sql

select app_private.write_owned_rows();

--! split: 950-predefined_forms_for_all.sql
-- Clinics that are there already get the templates as well, and whose profile is complete today has nothing to be told of. FRM-03, FND-32.
set local role app_engine;
select app_private.give_predefined_forms(organizations.id)
from app_public.organizations
where organizations.deleted_at is null;
update app_public.patients set profile_completed_at = app_hidden.now()
where patients.deleted_at is null
  and patients.profile_completed_at is null
  and app_public.patients_missing_fields(patients) = '{}';
reset role;
