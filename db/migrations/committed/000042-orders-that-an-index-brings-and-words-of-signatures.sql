--! Previous: sha1:1b85d903deb8c4b7d799b4db5d67f058cb2a7f6a
--! Hash: sha1:f0a3fcb22b81ee73079a65e1a636c8d8122d0e1c
--! Message: orders that an index brings, and words of signatures

--! split: 400-words_of_signatures.sql
-- What signatures, their links and events say of themselves. CNS-04..07, FND-29.

comment on column app_public.form_signatures.mode is 'Where and how it was signed.';
comment on column app_public.form_signatures.signature is 'Whether a name was typed or a signature drawn.';
comment on column app_public.form_signatures.level is 'How strong the signature is before the law.';
comment on column app_public.form_signatures.identified_by is 'How it was known who signed.';
comment on column app_public.form_signatures.signed_at is 'When it was signed.';
comment on column app_public.signature_links.signature is 'Whether a name is typed or a signature drawn.';
comment on column app_public.signature_events.event is 'What happened.';

-- By which link it was signed stands in the events, which staff read: the column is granted to nobody.
comment on constraint form_signatures_organization_id_link_id_fkey on app_public.form_signatures is
  E'@behavior -*\nThe link or kiosk by which it was signed.';

--! split: 410-orders.sql
-- Indexes that bring lists in the orders that the API offers (docs/decisions/0084).

-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.custom_fields_system_key_idx;
-- squawk-ignore require-concurrent-index-creation
create index custom_fields_system_key_idx on app_public.custom_fields (organization_id, system_key, id);

-- The newest links and kiosks of a clinic.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.signature_links_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index signature_links_created_idx on app_public.signature_links (organization_id, created_at, id);

-- The key of the topic is carried by this index as well.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.notification_preferences_topic_idx;
-- squawk-ignore require-concurrent-index-creation
create index notification_preferences_topic_idx on app_public.notification_preferences (topic, id);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/signatures/set_specialist_signature.sql
-- A specialist's signature is set: a picture that was confirmed, with its strokes where they are known. The one before stays, with
-- its bytes, for the documents that carry it. SPC-04.

set role app_engine;

create or replace function app_public.set_specialist_signature(
  specialist_id uuid,
  file_id uuid default null,
  path text default null
) returns app_public.specialist_signatures
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
  v_signature app_public.specialist_signatures;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = set_specialist_signature.specialist_id and specialists.deleted_at is null
    and specialists.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  if v_specialist.id <> all (app_hidden.current_specialist_ids()) then
    perform app_private.require_permission(v_specialist.organization_id, 'specialists.manage');
  end if;
  if set_specialist_signature.file_id is not null and not exists (
    select from app_public.files
    where files.organization_id = v_specialist.organization_id and files.id = set_specialist_signature.file_id
      and files.surface = 'specialist_signatures' and files.owner_id = v_specialist.id and files.status = 'confirmed'
  ) then
    perform app_hidden.refuse('VALIDATION', 'no_signature_of_the_specialist', '{"field": "fileId"}');
  elsif app_private.is_path_data(set_specialist_signature.path) is false then
    perform app_hidden.refuse('VALIDATION', 'path_invalid', '{"field": "path", "most": 65536}');
  elsif set_specialist_signature.file_id is null and set_specialist_signature.path is not null then
    perform app_hidden.refuse('VALIDATION', 'no_signature_of_the_specialist', '{"field": "fileId"}');
  end if;

  insert into app_public.specialist_signatures (organization_id, specialist_id, file_id, path, created_by, created_at)
  values (v_specialist.organization_id, v_specialist.id, set_specialist_signature.file_id, set_specialist_signature.path,
          app_private.current_actor_id(), app_hidden.now())
  returning * into v_signature;
  return v_signature;
end;
$$;

comment on function app_public.set_specialist_signature is
  E'@arg path The strokes of the picture, as the path data of SVG.\n'
  '@arg fileId The picture, by the id of its file; none takes the signature away.\n'
  'Sets the signature that goes onto a specialist''s documents from now on: a confirmed file of the surface specialist_signatures, '
  'with its strokes as a path, or none. For the specialist, and with specialists.manage; VALIDATION no_signature_of_the_specialist, path_invalid.';
grant execute on function app_public.set_specialist_signature to app_member;

reset role;
-- end of source: functions/signatures/set_specialist_signature.sql

-- source: functions/signatures/sign_form.sql
-- Somebody signs in the portal, with their name: the patient, or who cares for them. CNS-04, CNS-02.

set role app_engine;

create or replace function app_public.sign_form(
  form_id uuid,
  text_hash text,
  locale text,
  typed_name text,
  agreed boolean,
  answers jsonb default null
) returns app_public.form_signatures
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  return app_private.sign(
    sign_form.form_id, app_private.signer_in_portal(sign_form.form_id), sign_form.answers, sign_form.text_hash, sign_form.locale,
    sign_form.agreed, sign_form.typed_name);
end;
$$;

comment on function app_public.sign_form is
  E'@arg textHash The hash of the text that was shown, as formText answered it.\n'
  '@arg typedName The name of who signs, as they typed it.\n'
  '@arg agreed That they agree to sign by it.\n'
  '@arg answers The last answers, by the key of each field; null where all were saved before.\n'
  'Signs a form of one''s own, or of somebody one cares for, with the typed name. textHash is that of formText, in the language '
  'that was shown. VALIDATION for answers that are missing, a name that is none, or without agreed; CONFLICT text_is_another; '
  'STATE already_signed or signed_in_another_way; NOT_FOUND for a form of anybody else.';
grant execute on function app_public.sign_form to app_member;

reset role;
-- end of source: functions/signatures/sign_form.sql

-- source: policies/consents/consents.sql
-- The person sees what they answered, also at a clinic that they left; staff with patients.view see their patients'. Written
-- by verbs only, withdrawn by verbs only, deleted by nobody. FND-16, CNS-03, CNS-09.

select app_private.classify('app_public.consents', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["id", "organization_id", "version_scope_id", "source_form_id", "decided_by", "caregiver_id",
                    "evidence_hash", "holds_until", "decided_at", "created_at", "withdrawn_at", "withdrawn_by"],
    "phi": ["patient_profile_id", "human_id", "purpose_code", "purpose_version_id", "legal_basis", "decision", "source",
            "evidence", "emergency_reason"],
    "pii_basic": ["relationship"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.consents', 'patient_profile_id', 'moves');
select app_private.protect('app_public.consents',
  engine => 'select, insert, update (withdrawn_at, withdrawn_by, patient_profile_id)');

grant select on app_public.consents to app_member;

create policy consents_select_staff on app_public.consents for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));

create policy consents_select_person on app_public.consents for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));

create policy consents_select_self on app_public.consents for select to app_member
  using (human_id = (select app_hidden.current_account_id()));
-- end of source: policies/consents/consents.sql
