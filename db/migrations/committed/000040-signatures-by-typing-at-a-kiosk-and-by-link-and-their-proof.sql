--! Previous: sha1:c1f29a3981e32662c68139b394c063f7d55638c3
--! Hash: sha1:a032389a0eba077bc14f23a7c2a2be2bfa5bfde8
--! Message: signatures by typing, at a kiosk and by link, and their proof

--! split: 200-signatures.sql
-- How a form is signed and how that is proven: links and kiosks, the chain of events, the signature, its documents.
-- CNS-02, CNS-04..07, SPC-04, FND-31.
-- squawk-ignore ban-drop-table
drop table if exists app_public.signature_documents cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.signature_documents cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.form_signatures cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.signature_events cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.signature_links cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.link_keys cascade;

create table app_private.link_keys (
  id uuid primary key default uuidv7(),
  is_the_one boolean not null default true,
  secret app_private.ciphertext not null,
  created_at timestamptz not null default now(),
  constraint link_keys_there_is_one unique (is_the_one),
  constraint link_keys_is_the_one check (is_the_one),
  constraint link_keys_secret_is_an_envelope check (octet_length(secret) >= 36)
);
comment on table app_private.link_keys is
  'The key that signs the tokens of links and kiosks on this server, and makes digests of patients and codes: one row.';

create table app_public.signature_links (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  form_id uuid not null,
  kind text not null,
  status text not null default 'open',
  ended_because text,
  signature text not null,
  identify_by text,
  caregiver_id uuid references app_public.caregivers on delete restrict,
  token_hash bytea not null,
  sealed_token app_private.ciphertext,
  code_hash bytea,
  session_hash bytea,
  session_ends_at timestamptz,
  failures int not null default 0,
  device text,
  created_by uuid not null references app_public.principals on delete restrict,
  expires_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint signature_links_identity unique (organization_id, id),
  constraint signature_links_organization_id_form_id_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint signature_links_kind_is_known check (kind in ('link', 'kiosk')),
  constraint signature_links_status_is_known check (status in ('open', 'used', 'expired', 'revoked', 'locked')),
  constraint signature_links_ended_because_is_known check (
    ended_because in ('staff', 'sent_again', 'contact_changed', 'form_moved', 'signed_elsewhere', 'refused', 'failures')),
  constraint signature_links_signature_is_known check (signature in ('typed', 'drawn')),
  constraint signature_links_identify_by_is_known check (identify_by in ('birth_date', 'code')),
  constraint signature_links_person_is_identified check ((kind = 'kiosk') = (identify_by is null)),
  constraint signature_links_code_is_for_codes check ((identify_by is not distinct from 'code') = (code_hash is not null)),
  constraint signature_links_token_hash_is_a_digest check (octet_length(token_hash) = 32),
  constraint signature_links_sealed_token_is_an_envelope check (octet_length(sealed_token) >= 36),
  constraint signature_links_code_hash_is_a_digest check (octet_length(code_hash) = 32),
  constraint signature_links_session_hash_is_a_digest check (octet_length(session_hash) = 32),
  constraint signature_links_session_has_an_end check ((session_hash is null) = (session_ends_at is null)),
  constraint signature_links_failures_are_few check (failures between 0 and 5),
  constraint signature_links_device_is_one_line check (device !~ '[[:cntrl:]]'),
  constraint signature_links_device_is_at_most_100_characters_long check (length(device) <= 100),
  constraint signature_links_sealed_while_open check (sealed_token is null or status = 'open'),
  constraint signature_links_end_has_a_time check ((status = 'open') = (ended_at is null))
);
create unique index signature_links_token_is_unique on app_public.signature_links (token_hash);
create unique index signature_links_open_once on app_public.signature_links (organization_id, form_id, kind) where status = 'open';
create index signature_links_form_idx on app_public.signature_links (organization_id, form_id, created_at, id);
create index signature_links_caregiver_idx on app_public.signature_links (caregiver_id) where caregiver_id is not null;
create index signature_links_created_by_idx on app_public.signature_links (created_by);
create index signature_links_due_idx on app_public.signature_links (expires_at) where status = 'open';
comment on table app_public.signature_links is
  'A way to one form for somebody who is not signed in: a link that was sent, or a kiosk that staff opened on a tablet.';
comment on constraint signature_links_kind_is_known on app_public.signature_links is
  E'link: Sent to the person; opened on their own telephone.\n'
  'kiosk: Opened by staff, on a tablet at the clinic.';
comment on constraint signature_links_status_is_known on app_public.signature_links is
  E'open: The form may be signed by it.\n'
  'used: The form was signed by it.\n'
  'expired: Its time is over.\n'
  'revoked: It was taken back; endedBecause says why.\n'
  'locked: Too many wrong answers to who it is.';
comment on constraint signature_links_ended_because_is_known on app_public.signature_links is
  E'staff: Somebody of the clinic took it back.\n'
  'sent_again: Another one was sent or opened in its place.\n'
  'contact_changed: The person has another address, telephone or birth date since.\n'
  'form_moved: The form went to another chart, or was taken out of the lists.\n'
  'signed_elsewhere: The form was signed in another way.\n'
  'refused: The person did not want to sign.\n'
  'failures: Who it is was answered wrongly five times.';
comment on constraint signature_links_signature_is_known on app_public.signature_links is
  E'typed: The name is typed.\n'
  'drawn: The signature is drawn.';
comment on constraint signature_links_identify_by_is_known on app_public.signature_links is
  E'birth_date: The patient''s date of birth.\n'
  'code: Six digits that the clinic tells the person in another way.';
comment on column app_public.signature_links.ended_because is 'Why it was taken back or locked.';
comment on column app_public.signature_links.identify_by is 'What is asked before the form is shown; null at a kiosk, where staff know who it is.';
comment on column app_public.signature_links.caregiver_id is 'The caregiver who signs on behalf of the patient, if it is not the patient.';
comment on column app_public.signature_links.failures is 'How often who it is was answered wrongly; at five the link is locked.';
comment on column app_public.signature_links.device is 'What the clinic calls the tablet.';
comment on column app_public.signature_links.created_by is 'Who sent or opened it.';
comment on column app_public.signature_links.expires_at is 'Until when it may be used.';
comment on column app_public.signature_links.ended_at is 'When it was used, taken back, locked, or found to be over.';

create table app_public.signature_events (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  form_id uuid not null,
  position int not null,
  event text not null,
  link_id uuid,
  occurred_at timestamptz not null,
  body text not null,
  hash bytea not null,
  constraint signature_events_identity unique (organization_id, id),
  constraint signature_events_have_a_place unique (organization_id, form_id, position),
  constraint signature_events_organization_id_form_id_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint signature_events_organization_id_link_id_fkey foreign key (organization_id, link_id)
    references app_public.signature_links (organization_id, id) on delete restrict,
  constraint signature_events_event_is_known check (event in (
    'link_created', 'link_sent', 'kiosk_opened', 'opened', 'identified', 'not_identified', 'viewed', 'refused', 'expired', 'revoked',
    'locked', 'signed')),
  constraint signature_events_position_counts_from_1 check (position >= 1),
  constraint signature_events_hash_is_of_the_body check (hash = sha256(convert_to(body, 'UTF8')))
);
create index signature_events_link_idx on app_public.signature_events (organization_id, link_id) where link_id is not null;
comment on table app_public.signature_events is
  'What happened on the way to a signature, in order: each event holds the hash of the one before it. Never changed.';
comment on constraint signature_events_event_is_known on app_public.signature_events is
  E'link_created: A link was made.\n'
  'link_sent: It went to the person, by mail or SMS.\n'
  'kiosk_opened: Staff opened the form on a tablet.\n'
  'opened: The page of the link or kiosk was opened for the first time.\n'
  'identified: The person answered who they are.\n'
  'not_identified: Somebody answered it wrongly.\n'
  'viewed: The form was shown.\n'
  'refused: The person did not want to sign.\n'
  'expired: The time of a link or kiosk was over.\n'
  'revoked: A link or kiosk was taken back.\n'
  'locked: A link was locked after five wrong answers.\n'
  'signed: The form was signed; the last of its events.';
comment on column app_public.signature_events.position is 'Its place among the events of the form, counted from 1.';
comment on column app_public.signature_events.link_id is 'The link or kiosk that it is about.';
comment on column app_public.signature_events.occurred_at is 'When it happened.';
comment on column app_public.signature_events.body is 'The exact text that was hashed: canonical JSON with the hash of the event before.';

create table app_public.form_signatures (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  form_id uuid not null,
  mode text not null,
  signature text not null,
  level text not null default 'simple',
  signer_name text not null,
  typed_name text,
  signer_human_id uuid references app_public.principals on delete restrict,
  caregiver_id uuid references app_public.caregivers on delete restrict,
  link_id uuid,
  identified_by text not null,
  locale text not null,
  proof_sha256 text not null,
  signed_at timestamptz not null,
  constraint form_signatures_identity unique (organization_id, id),
  constraint form_signatures_form_is_signed_once unique (organization_id, form_id),
  constraint form_signatures_organization_id_form_id_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint form_signatures_organization_id_link_id_fkey foreign key (organization_id, link_id)
    references app_public.signature_links (organization_id, id) on delete restrict,
  constraint form_signatures_mode_is_known check (mode in ('click_typed', 'drawn_kiosk', 'remote_link')),
  constraint form_signatures_signature_is_known check (signature in ('typed', 'drawn')),
  constraint form_signatures_level_is_known check (level in ('simple')),
  constraint form_signatures_identified_by_is_known check (identified_by in ('account', 'birth_date', 'code', 'staff')),
  constraint form_signatures_locale_is_supported check (locale in ('ro', 'en')),
  constraint form_signatures_name_is_typed check ((signature = 'typed') = (typed_name is not null)),
  constraint form_signatures_typed_name_is_not_blank check (typed_name ~ '[[:alpha:]]'),
  constraint form_signatures_typed_name_is_one_line check (typed_name !~ '[[:cntrl:]]'),
  constraint form_signatures_typed_name_is_at_most_200_characters_long check (length(typed_name) <= 200),
  constraint form_signatures_link_follows_the_mode check ((mode = 'click_typed') = (link_id is null)),
  constraint form_signatures_proof_hash_is_a_digest check (proof_sha256 ~ '^[0-9a-f]{64}$')
);
create index form_signatures_signer_idx on app_public.form_signatures (signer_human_id) where signer_human_id is not null;
create index form_signatures_caregiver_idx on app_public.form_signatures (caregiver_id) where caregiver_id is not null;
create index form_signatures_link_idx on app_public.form_signatures (organization_id, link_id) where link_id is not null;
comment on table app_public.form_signatures is 'Who signed a form, how and when. Never changed; signatureVerification says whether the proof still holds.';
comment on constraint form_signatures_mode_is_known on app_public.form_signatures is
  E'click_typed: In the portal, with a typed name.\n'
  'drawn_kiosk: On a tablet at the clinic.\n'
  'remote_link: On the own telephone, by a link.';
comment on constraint form_signatures_signature_is_known on app_public.form_signatures is
  E'typed: The name was typed.\n'
  'drawn: The signature was drawn; signatureImage has it.';
comment on constraint form_signatures_level_is_known on app_public.form_signatures is
  'simple: A simple electronic signature, which both sides accept; neither advanced nor qualified.';
comment on constraint form_signatures_identified_by_is_known on app_public.form_signatures is
  E'account: Signed in with an account.\n'
  'birth_date: By the patient''s date of birth.\n'
  'code: By a code that the clinic told.\n'
  'staff: By staff, at the clinic.';
comment on column app_public.form_signatures.signer_name is 'Who signed: the patient, or the caregiver who signed for them.';
comment on column app_public.form_signatures.typed_name is 'The name as it was typed, where it was.';
comment on column app_public.form_signatures.signer_human_id is 'The account that signed in the portal.';
comment on column app_public.form_signatures.caregiver_id is 'The caregiver who signed on behalf of the patient, if it was not the patient.';
comment on column app_public.form_signatures.link_id is 'The link or kiosk by which it was signed.';
comment on column app_public.form_signatures.proof_sha256 is 'The SHA-256 of the proof, in hex, as it is printed on the document.';

create table app_private.signature_documents (
  organization_id uuid not null,
  form_id uuid not null,
  proof text not null,
  content text not null,
  shown text not null,
  answers text not null,
  image bytea,
  path text,
  constraint signature_documents_pkey primary key (organization_id, form_id),
  constraint signature_documents_organization_id_form_id_fkey foreign key (organization_id, form_id)
    references app_public.form_signatures (organization_id, form_id) on delete restrict,
  constraint signature_documents_image_is_png check (substr(image, 1, 8) = '\x89504e470d0a1a0a' and octet_length(image) <= 262144),
  constraint signature_documents_path_is_short check (length(path) <= 65536)
);
comment on table app_private.signature_documents is
  'The exact bytes that the hash of a signature was made of: the proof, and every text and image that it names by hash. Never changed.';

drop type if exists app_private.signer cascade;
create type app_private.signer as (
  mode text, signature text, human_id uuid, caregiver_id uuid, link_id uuid, identified_by text);
comment on type app_private.signer is
  'Who signs and in which way: account, caregiver and link as far as there are some, and how it is known who it is.';

drop type if exists app_private.drawing cascade;
create type app_private.drawing as (image bytea, image_width int, image_height int, path text, width int, height int);
comment on type app_private.drawing is
  'A drawn signature: the picture with its size in pixels, and the strokes with the size of what they were drawn on.';

drop type if exists app_public.text_to_sign cascade;
create type app_public.text_to_sign as (form_id uuid, locale text, text text, text_hash text, intent text);
comment on type app_public.text_to_sign is 'The text that is signed with a form, in one language.';
comment on column app_public.text_to_sign.text is 'All of it, as plain text: questions, what is consented to, and the sentence of intent.';
comment on column app_public.text_to_sign.text_hash is 'Goes back with the signature: the SHA-256 of the text.';
comment on column app_public.text_to_sign.intent is E'@nullable\nThe sentence by which whoever signs says that they mean it.';

drop type if exists app_public.signature_check cascade;
create type app_public.signature_check as (form_id uuid, proof_sha256 text, is_whole boolean, parts text[], problems text[]);
comment on type app_public.signature_check is 'Whether the proof of a signed form holds.';
comment on column app_public.signature_check.proof_sha256 is 'The hash of the proof, as it is printed on the document.';
comment on column app_public.signature_check.is_whole is 'Whether all of it holds.';
comment on column app_public.signature_check.parts is 'Which parts do not: proof, content, text, answers, image, path, attachment, events.';
comment on column app_public.signature_check.problems is 'What is wrong with each, in the same order.';

--! split: 210-specialist_signatures.sql
-- The signature that goes onto a specialist's documents: each one stays, the newest is the one in use. SPC-04.
-- squawk-ignore ban-drop-table
drop table if exists app_public.specialist_signatures cascade;

create table app_public.specialist_signatures (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  specialist_id uuid not null,
  file_id uuid,
  path text,
  created_by uuid not null references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint specialist_signatures_identity unique (organization_id, id),
  constraint specialist_signatures_organization_id_specialist_id_fkey foreign key (organization_id, specialist_id)
    references app_public.specialists (organization_id, id) on delete restrict,
  constraint specialist_signatures_organization_id_file_id_fkey foreign key (organization_id, file_id)
    references app_public.files (organization_id, id) on delete restrict,
  constraint specialist_signatures_path_is_short check (length(path) <= 65536),
  constraint specialist_signatures_strokes_have_a_picture check (path is null or file_id is not null)
);
create index specialist_signatures_newest_idx on app_public.specialist_signatures (organization_id, specialist_id, created_at, id);
create index specialist_signatures_file_idx on app_public.specialist_signatures (organization_id, file_id) where file_id is not null;
create index specialist_signatures_created_by_idx on app_public.specialist_signatures (created_by);
comment on table app_public.specialist_signatures is
  'Every signature that a specialist had: the newest is in use, and a document keeps the one that it was made with.';
comment on column app_public.specialist_signatures.file_id is 'The picture; null where the specialist has no signature from then on.';
comment on column app_public.specialist_signatures.path is 'The strokes, where they are known: M, L, C, Q, Z with their numbers.';
comment on column app_public.specialist_signatures.created_by is 'Who set it.';

alter table app_private.file_surfaces add column if not exists written_anew boolean not null default false;
comment on column app_private.file_surfaces.written_anew is
  'Whether pictures are written anew from their pixels as they are confirmed, so that a file carries nothing beside them.';

drop function if exists app_hidden.attach_upload(uuid);
drop function if exists app_hidden.upload_to_check(uuid);

-- Who uploads a file of a form without an account: the holder of a link or kiosk.
set role app_engine;
insert into app_public.principals (id, kind) values ('035d4ebd-5269-8521-809c-be9fd5897b1d', 'service_account') on conflict (id) do nothing;
reset role;
-- not in db/reference: its principal must be there first, and principals are of people as well.
insert into app_public.service_accounts (principal_id, name) values ('035d4ebd-5269-8521-809c-be9fd5897b1d', 'links') on conflict (name) do nothing;

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/files/attach_upload.sql
-- The server has looked at every byte: the file counts. Only the login role of the API may say so, in the uploader's
-- name; whoever speaks GraphQL cannot reach this. Twice is once. FND-13.

set role app_engine;

create or replace function app_hidden.attach_upload(file_id uuid, size_bytes bigint default null, sha256 text default null)
returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  if v_file.status = 'confirmed' then
    return;
  end if;

  -- One at a time for the same owner, or two newest would stay.
  perform pg_advisory_xact_lock(hashtextextended('files of ' || v_file.surface || v_file.owner_id, 0));
  update app_public.files set status = 'deleted', deleted_at = app_hidden.now()
  from app_private.file_surfaces
  where file_surfaces.key = v_file.surface and file_surfaces.max_files = 1
    and files.organization_id = v_file.organization_id
    and files.surface = v_file.surface
    and files.status = 'confirmed'
    and files.owner_id = v_file.owner_id;

  update app_public.files set status = 'confirmed', confirmed_at = app_hidden.now(), expires_at = null,
    size_bytes = coalesce(attach_upload.size_bytes, files.size_bytes), sha256 = coalesce(attach_upload.sha256, files.sha256)
  where files.id = v_file.id;
end;
$$;

comment on function app_hidden.attach_upload is
  'Confirms the caller''s upload after its bytes were checked; where the newest replaces, the former file is deleted. '
  'Of a picture that was written anew, with its size and digest.';
grant execute on function app_hidden.attach_upload to app_authenticator;

reset role;
-- end of source: functions/files/attach_upload.sql

-- source: functions/signatures/current_link_form_id.sql
-- The one form that the holder of a link or kiosk sees: what the policies of app_link ask. CNS-06.

set role app_engine;

create or replace function app_hidden.current_link_form_id() returns uuid
language sql stable security definer
set search_path = ''
begin atomic
  select signature_links.form_id
  from app_public.signature_links
  where signature_links.token_hash = decode(nullif(current_setting('app.link_token_hash', true), ''), 'hex')
    and signature_links.id = nullif(current_setting('app.link_id', true), '')::uuid
    and signature_links.kind = current_setting('app.link_kind', true)
    and signature_links.status = 'open'
    and signature_links.expires_at > app_hidden.now()
    and (
      signature_links.kind = 'kiosk'
      or (signature_links.session_hash = decode(nullif(current_setting('app.link_session_hash', true), ''), 'hex')
          and signature_links.session_ends_at > app_hidden.now())
    );
end;

comment on function app_hidden.current_link_form_id is
  E'@nullable\nThe form of the open link or kiosk of this request, once the person is identified; null otherwise.';
grant execute on function app_hidden.current_link_form_id to app_link, app_member, app_anonymous;

reset role;
-- end of source: functions/signatures/current_link_form_id.sql

-- source: functions/files/require_upload_allowance.sql
-- How many uploads somebody may have open, and how many files a row may hold. The lock makes two at once count each
-- other. FND-13, FND-27.

create or replace function app_private.require_upload_allowance(
  surface app_private.file_surfaces, organization_id uuid, owner_id uuid
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_open_most constant int := 50;
  v_principal_id uuid := app_hidden.current_principal_id();
begin
  perform pg_advisory_xact_lock(hashtextextended('uploads of ' || v_principal_id, 0));
  if (select count(*) from app_public.files
      where files.uploaded_by = v_principal_id and files.status = 'pending'
        -- Everybody who holds a link uploads by one account: theirs are counted for the form.
        and (app_hidden.current_link_form_id() is null or files.owner_id = require_upload_allowance.owner_id)) >= v_open_most then
    perform app_hidden.refuse('CONFLICT', 'too_many_open_uploads', jsonb_build_object('most', v_open_most));
  end if;

  perform pg_advisory_xact_lock(hashtextextended('files of ' || surface.key || owner_id, 0));
  -- Where the newest replaces, there is always room for it.
  if surface.max_files > 1 and (
    select count(*) from app_public.files
    where files.organization_id = require_upload_allowance.organization_id
      and files.surface = (require_upload_allowance.surface).key
      and files.owner_id = require_upload_allowance.owner_id
      and files.status in ('pending', 'confirmed')
  ) >= surface.max_files then
    perform app_hidden.refuse('CONFLICT', 'too_many_files', jsonb_build_object('most', surface.max_files));
  end if;
end;
$$;

comment on function app_private.require_upload_allowance is
  'Passes while the caller has few uploads open and the owner row few files; else CONFLICT too_many_open_uploads or too_many_files.';
grant execute on function app_private.require_upload_allowance to app_engine;
-- end of source: functions/files/require_upload_allowance.sql

-- source: functions/files/request_upload.sql
-- The first step of an upload: what will come, and where it belongs. The bytes go from the browser to the object store
-- by the URL in File.upload, and count after confirmUpload. FND-13.

set role app_engine;

create or replace function app_public.request_upload(
  surface text,
  owner_id uuid,
  filename text,
  content_type text,
  size_bytes bigint,
  sha256 text
) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_surface app_private.file_surfaces;
  v_organization_id uuid;
  v_id uuid := uuidv7();
  v_file app_public.files;
  v_content_type constant text := app_private.known_content_type(content_type);
  -- What a name has around it is a slip of whoever copied it, no part of it.
  v_filename constant text := normalize(btrim(filename, E' \t\u00A0\uFEFF'));
begin
  select file_surfaces.* into v_surface
  from app_private.file_surfaces
  where file_surfaces.key = request_upload.surface;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'surface_unknown',
      jsonb_build_object('field', 'surface', 'legal', (select jsonb_agg(file_surfaces.key order by file_surfaces.key) from app_private.file_surfaces)));
  end if;
  v_organization_id := app_private.require_upload_right(v_surface, owner_id);
  perform app_private.require_file_facts(v_surface, v_filename, v_content_type, size_bytes, sha256);
  perform app_private.require_upload_allowance(v_surface, v_organization_id, owner_id);

  insert into app_public.files
    (id, organization_id, surface, audience, owner_kind, owner_id, filename, content_type, size_bytes, sha256, object_key,
     uploaded_by, expires_at)
  values
    (v_id, v_organization_id, v_surface.key, v_surface.audience, v_surface.owner_kind, owner_id,
     v_filename, v_content_type, size_bytes, sha256, concat_ws('/', v_organization_id, v_surface.prefix, v_id),
     app_hidden.current_principal_id(), app_hidden.now() + interval '1 day')
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.request_upload is
  'Announces a file: surface names the kind (organization_logo, service_attachments, specialist_signatures, '
  'appointment_files), ownerId the row it belongs to. Send the bytes with File.upload, then confirmUpload.';
grant execute on function app_public.request_upload to app_member, app_link;

reset role;
-- end of source: functions/files/request_upload.sql

-- source: functions/files/upload_to_check.sql
-- What the check of an upload has to know. FND-13.

set role app_engine;

create or replace function app_hidden.upload_to_check(file_id uuid)
returns table (status text, organization_id uuid, uploaded_key text, object_key text, content_type text, size_bytes int, sha256 text, written_anew boolean)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  return query select
    v_file.status, v_file.organization_id,
    v_file.uploaded_key, v_file.object_key,
    v_file.content_type, v_file.size_bytes::int, v_file.sha256,
    (select file_surfaces.written_anew from app_private.file_surfaces where file_surfaces.key = v_file.surface);
end;
$$;

comment on function app_hidden.upload_to_check is
  'Where the bytes of the caller''s upload are, where they go once checked, and what they must be; whether a picture is written anew.';
grant execute on function app_hidden.upload_to_check to app_member, app_link;

reset role;
-- end of source: functions/files/upload_to_check.sql

-- source: functions/forms/file_owner_form.sql
-- Files of a form: what its fields of the type file are answered with. FRM-06, FND-13.

create or replace function app_private.file_owner_form(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select forms.organization_id,
         (forms.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
           and forms.organization_id = any (app_hidden.current_patient_organization_ids()))
           or (forms.id = app_hidden.current_link_form_id()) is true,
         forms.deleted_at is not null
  from app_public.forms
  where forms.id = file_owner_form.id;
end;

comment on function app_private.file_owner_form is
  'A form as the owner of files; the own of its patient and of those who care for the patient.';
grant execute on function app_private.file_owner_form to app_engine;
-- end of source: functions/forms/file_owner_form.sql

-- source: functions/signatures/sealed_signature_link.sql
-- The sealed token of a link, for the message that carries it. One that is over has none any more. CNS-06, FND-15.

set role app_engine;

create or replace function app_private.sealed_signature_link(link_id uuid) returns bytea
language sql stable strict security definer
set search_path = ''
begin atomic
  select signature_links.sealed_token
  from app_public.signature_links
  where signature_links.id = sealed_signature_link.link_id and signature_links.status = 'open'
    and signature_links.expires_at > app_hidden.now();
end;

comment on function app_private.sealed_signature_link is E'@nullable\nThe sealed token of an open link; null once it is over.';
grant execute on function app_private.sealed_signature_link to app_worker;

reset role;
-- end of source: functions/signatures/sealed_signature_link.sql

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

-- source: functions/notify/printable_variables.sql
-- The names that a text may use. FND-15.
-- Times are given as instants and printed as people write them, so their raw forms are not for texts; and what stands on
-- a locked screen may name the clinic and the time, never what is treated or by whom.

create or replace function app_private.printable_variables(variables text[], channel text) returns text[]
language sql immutable strict parallel safe
set search_path = ''
return (
  select array_agg(names.name order by names.name)
  from (
    select given.name from unnest(printable_variables.variables) as given (name)
    where given.name <> all (array['startsAt', 'endsAt', 'timezone', 'modality', 'respondBy', 'signatureLinkId', 'expiresAt'])
    union
    select unnest(array['recipientName', 'clinicName', 'clinicPhone', 'clinicEmail', 'clinicAddress'])
    union
    select derived.name
    from (values ('when', 'startsAt'), ('respondByWhen', 'respondBy'), ('inPerson', 'modality'), ('video', 'modality'),
                 ('phone', 'modality'), ('signingUrl', 'signatureLinkId'), ('expiresWhen', 'expiresAt')) as derived (name, source)
    where derived.source = any (printable_variables.variables)
  ) as names
  where printable_variables.channel not in ('sms', 'whatsapp', 'push')
    or names.name <> all (array['serviceName', 'specialistName', 'reason'])
);

comment on function app_private.printable_variables is
  'What a text on this channel may name: the message''s own variables that are words, and what the renderer adds.';
grant execute on function app_private.printable_variables to app_engine;
-- end of source: functions/notify/printable_variables.sql

-- source: functions/signatures/canonical_json.sql
-- The one text of a JSON value, so that the same facts always have the same hash. CNS-07.
-- As RFC 8785 writes it: members in the order of their names, no white space, strings with the fewest escapes. Numbers are
-- written in full, without exponent and without zeros at the end, with every digit they have; that is what RFC 8785 writes,
-- too, of numbers from 0.000001 to 1e21 with up to 15 digits. Names are in the order of their characters' numbers, which is
-- RFC 8785's for everything below U+10000.

create or replace function app_private.canonical_json(value jsonb) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  case jsonb_typeof(canonical_json.value)
    when 'object' then
      return '{' || coalesce((
        select string_agg(
          to_json(member.key)::text || ':' || app_private.canonical_json(member.value), ',' order by member.key collate "C")
        from jsonb_each(canonical_json.value) as member), '') || '}';
    when 'array' then
      return '[' || coalesce((
        select string_agg(app_private.canonical_json(element.value), ',' order by element.place)
        from jsonb_array_elements(canonical_json.value) with ordinality as element (value, place)), '') || ']';
    when 'number' then
      return trim_scale((canonical_json.value #>> '{}')::numeric)::text;
    else
      return canonical_json.value::text;
  end case;
end;
$$;

comment on function app_private.canonical_json is
  'The canonical text of a JSON value, after RFC 8785; numbers in full, without exponent.';
grant execute on function app_private.canonical_json to app_engine;
-- end of source: functions/signatures/canonical_json.sql

-- source: functions/signatures/instant_text.sql
-- An instant as proofs write it: in UTC, to the microsecond, whatever the session shows. CNS-07.

create or replace function app_private.instant_text(instant timestamptz) returns text
language sql stable strict parallel safe
set search_path = ''
return to_char(instant_text.instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

comment on function app_private.instant_text is 'An instant in UTC, as in 2027-03-08T07:00:00.000000Z.';
grant execute on function app_private.instant_text to app_engine;
-- end of source: functions/signatures/instant_text.sql

-- source: functions/signatures/record_signature_event.sql
-- Adds an event to the chain of a form. What it says is one text, which is hashed and kept as it is; the text holds the hash
-- of the event before, so that one that is dropped, moved or changed is found. Address and device of whoever causes it are
-- those that the server saw. CNS-07.

create or replace function app_private.record_signature_event(
  organization_id uuid,
  form_id uuid,
  event text,
  link_id uuid default null,
  details jsonb default '{}'
) returns app_public.signature_events
language plpgsql volatile
set search_path = ''
as $$
declare
  v_previous app_public.signature_events;
  v_event app_public.signature_events;
  v_body text;
begin
  -- Two at once come one after the other.
  perform pg_advisory_xact_lock(hashtextextended('signature events of ' || record_signature_event.form_id, 0));
  select signature_events.* into v_previous
  from app_public.signature_events
  where signature_events.organization_id = record_signature_event.organization_id
    and signature_events.form_id = record_signature_event.form_id
  order by signature_events.position desc
  limit 1;
  if v_previous.event = 'signed' then
    perform app_hidden.refuse('IMMUTABLE', 'form_is_signed', jsonb_build_object('formId', record_signature_event.form_id));
  end if;

  v_body := app_private.canonical_json(jsonb_strip_nulls(jsonb_build_object(
    'form', record_signature_event.form_id,
    'position', coalesce(v_previous.position, 0) + 1,
    'event', record_signature_event.event,
    'at', app_private.instant_text(app_hidden.now()),
    'link', record_signature_event.link_id,
    'by', app_hidden.current_principal_id(),
    'address', nullif(current_setting('app.ip', true), ''),
    'userAgent', nullif(current_setting('app.user_agent', true), ''),
    'previous', encode(coalesce(v_previous.hash, decode(repeat('00', 32), 'hex')), 'hex')
  ) || record_signature_event.details));
  insert into app_public.signature_events (organization_id, form_id, position, event, link_id, occurred_at, body, hash)
  values (record_signature_event.organization_id, record_signature_event.form_id, coalesce(v_previous.position, 0) + 1,
          record_signature_event.event, record_signature_event.link_id, app_hidden.now(), v_body,
          sha256(convert_to(v_body, 'UTF8')))
  returning * into v_event;
  return v_event;
end;
$$;

comment on function app_private.record_signature_event is
  'Adds an event to the chain of a form and answers it; IMMUTABLE once the form is signed.';
grant execute on function app_private.record_signature_event to app_engine;
-- end of source: functions/signatures/record_signature_event.sql

-- source: functions/signatures/end_signature_link.sql
-- Ends a link or kiosk that is open, says so in the chain, and throws away what could still open it. CNS-05, CNS-06.

create or replace function app_private.end_signature_link(link_id uuid, status text, because text default null) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
begin
  update app_public.signature_links
  set status = end_signature_link.status, ended_because = because, ended_at = app_hidden.now(), sealed_token = null,
      session_hash = null, session_ends_at = null
  where signature_links.id = end_signature_link.link_id and signature_links.status = 'open'
  returning * into v_link;
  if not found then
    return false;
  end if;
  -- What it was used for is an event of its own.
  if v_link.status <> 'used' then
    perform app_private.record_signature_event(
      v_link.organization_id, v_link.form_id, v_link.status, v_link.id, jsonb_build_object('because', because));
  end if;
  return true;
end;
$$;

comment on function app_private.end_signature_link is 'Ends a link or kiosk, once: false where it was over already.';
grant execute on function app_private.end_signature_link to app_engine;
-- end of source: functions/signatures/end_signature_link.sql

-- source: functions/signatures/take_back_link.sql
-- The open link or kiosk of a form, taken back by staff. CNS-05, CNS-06.

create or replace function app_private.take_back_link(form_id uuid, kind text) returns app_public.signature_links
language plpgsql volatile
set search_path = ''
as $$
declare
  v_organization_id uuid;
  v_link app_public.signature_links;
begin
  select forms.organization_id into v_organization_id
  from app_public.forms
  where forms.id = take_back_link.form_id and forms.deleted_at is null
    and forms.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_permission(v_organization_id, 'forms.fill');
  select signature_links.* into v_link
  from app_public.signature_links
  where signature_links.organization_id = v_organization_id
    and signature_links.form_id = take_back_link.form_id
    and signature_links.kind = take_back_link.kind
    and signature_links.status = 'open'
  for update;
  if not found or v_link.expires_at <= app_hidden.now() then
    perform app_hidden.refuse('STATE', 'nothing_to_revoke');
  end if;
  perform app_private.end_signature_link(v_link.id, 'revoked', 'staff');
  select signature_links.* into strict v_link from app_public.signature_links where signature_links.id = v_link.id;
  return v_link;
end;
$$;

comment on function app_private.take_back_link is
  'Revokes the open link or kiosk of a form of the caller''s clinic; NOT_FOUND, FORBIDDEN or STATE nothing_to_revoke otherwise.';
grant execute on function app_private.take_back_link to app_engine;
-- end of source: functions/signatures/take_back_link.sql

-- source: functions/signatures/end_kiosk.sql
-- Staff take the tablet back, or lock it: the form is shown there no more. CNS-05.

set role app_engine;

create or replace function app_public.end_kiosk(form_id uuid) returns app_public.signature_links
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  return app_private.take_back_link(end_kiosk.form_id, 'kiosk');
end;
$$;

comment on function app_public.end_kiosk is
  'Ends the kiosk on which a form is open. Needs forms.fill; STATE nothing_to_revoke where none is open.';
grant execute on function app_public.end_kiosk to app_member;

reset role;
-- end of source: functions/signatures/end_kiosk.sql

-- source: functions/signatures/end_signature_links.sql
-- Ends every link and kiosk of a form: it was signed in another way, or another one takes their place. CNS-06.

create or replace function app_private.end_signature_links(
  organization_id uuid,
  form_id uuid,
  because text,
  kind text default null
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
begin
  for v_link in
    select signature_links.*
    from app_public.signature_links
    where signature_links.organization_id = end_signature_links.organization_id
      and signature_links.form_id = end_signature_links.form_id
      and signature_links.status = 'open'
      and (end_signature_links.kind is null or signature_links.kind = end_signature_links.kind)
    order by signature_links.id
  loop
    if v_link.expires_at <= app_hidden.now() then
      perform app_private.end_signature_link(v_link.id, 'expired');
    else
      perform app_private.end_signature_link(v_link.id, 'revoked', end_signature_links.because);
    end if;
  end loop;
end;
$$;

comment on function app_private.end_signature_links is 'Takes back the open links and kiosks of a form, of one kind or of both.';
grant execute on function app_private.end_signature_links to app_engine;
-- end of source: functions/signatures/end_signature_links.sql

-- source: functions/signatures/expire_signature_links.sql
-- Links and kiosks whose time is over end by the clock, and the chain says so; the door refused them before. CNS-05, CNS-06.

set role app_engine;

create or replace function app_private.expire_signature_links() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
  v_count int := 0;
begin
  for v_link in
    select signature_links.*
    from app_public.signature_links
    where signature_links.status = 'open' and signature_links.expires_at <= app_hidden.now()
    order by signature_links.expires_at
    limit 200
    for update skip locked
  loop
    v_count := v_count + app_private.end_signature_link(v_link.id, 'expired')::int;
  end loop;
  return v_count;
end;
$$;

comment on function app_private.expire_signature_links is 'Ends the next 200 links and kiosks that are over; answers how many.';
grant execute on function app_private.expire_signature_links to app_worker;

reset role;
-- end of source: functions/signatures/expire_signature_links.sql

-- source: functions/signatures/form_of_reader.sql
-- A form, for whoever may see it: staff with forms.view, its patient, and who cares for them. CNS-07, CNS-09.

create or replace function app_private.form_of_reader(form_id uuid) returns app_public.forms
language plpgsql stable
set search_path = ''
as $$
declare
  v_form app_public.forms;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = form_of_reader.form_id and forms.deleted_at is null
    and (
      app_hidden.has_permission(forms.organization_id, 'forms.view')
      or (forms.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
          and forms.organization_id = any (app_hidden.current_patient_organization_ids()))
    );
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  return v_form;
end;
$$;

comment on function app_private.form_of_reader is 'A form that the caller may see; NOT_FOUND otherwise.';
grant execute on function app_private.form_of_reader to app_engine;
-- end of source: functions/signatures/form_of_reader.sql

-- source: functions/signatures/hex_digest.sql
-- SHA-256 of a text in UTF-8, as people compare it: 64 characters. CNS-07.

create or replace function app_private.hex_digest(content text) returns text
language sql immutable strict parallel safe
set search_path = ''
return encode(sha256(convert_to(hex_digest.content, 'UTF8')), 'hex');

comment on function app_private.hex_digest is 'The SHA-256 of a text in UTF-8, in hex.';
grant execute on function app_private.hex_digest to app_engine;
-- end of source: functions/signatures/hex_digest.sql

-- source: functions/signatures/purposes_of_form.sql
-- What whoever signs a form consents to, in words of one language. CNS-02, CNS-07.

create or replace function app_private.purposes_of_form(form app_public.forms, locale text)
returns table (version_id uuid, code text, version int, title text, body text, content_hash bytea)
language sql stable rows 3
set search_path = ''
begin atomic
  select consent_purpose_versions.id, consent_purpose_versions.purpose_code, consent_purpose_versions.number,
         case when purposes_of_form.locale = 'en' and consent_purpose_versions.title_en is not null
           then consent_purpose_versions.title_en else consent_purpose_versions.title_ro end,
         case when purposes_of_form.locale = 'en' and consent_purpose_versions.body_en is not null
           then consent_purpose_versions.body_en else consent_purpose_versions.body_ro end,
         consent_purpose_versions.content_hash
  from app_public.form_template_version_purposes as declared
  join app_public.consent_purpose_versions on consent_purpose_versions.id = declared.purpose_version_id
  where declared.organization_id = form.organization_id and declared.version_id = form.version_id
  order by consent_purpose_versions.purpose_code;
end;

comment on function app_private.purposes_of_form is 'The versions of purposes that a form declares, with their words.';
grant execute on function app_private.purposes_of_form to app_engine;
-- end of source: functions/signatures/purposes_of_form.sql

-- source: functions/signatures/words_in.sql
-- What a text says in one language; in the other one where it was not written in this. CNS-07.

create or replace function app_private.words_in(texts jsonb, locale text) returns text
language sql immutable parallel safe
set search_path = ''
return coalesce(words_in.texts ->> words_in.locale, words_in.texts ->> 'ro', words_in.texts ->> 'en');

comment on function app_private.words_in is 'The words of a text by language: {"ro": "…", "en": "…"}; null for none.';
grant execute on function app_private.words_in to app_engine;
-- end of source: functions/signatures/words_in.sql

-- source: functions/signatures/shown_items.sql
-- What the fields of a form say to whoever fills it in, line by line, in one language. CNS-07.
-- Fields that are shown under a condition are among them: they are part of what is asked.

create or replace function app_private.shown_items(items jsonb, locale text) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return (
    select string_agg(line.words, E'\n' order by item.place, line.place)
    from jsonb_array_elements(shown_items.items) with ordinality as item (field, place)
    cross join lateral (
      values
        (1, app_private.words_in(item.field -> 'label', shown_items.locale)),
        (2, app_private.words_in(item.field -> 'help', shown_items.locale)),
        (3, app_private.words_in(item.field -> 'text', shown_items.locale)),
        (4, app_private.words_in(item.field -> 'min_label', shown_items.locale)),
        (5, app_private.words_in(item.field -> 'max_label', shown_items.locale)),
        (6, (select string_agg(app_private.words_in(option.value -> 'label', shown_items.locale), E'\n' order by option.place)
             from jsonb_array_elements(item.field -> 'options') with ordinality as option (value, place))),
        (7, case when item.field ? 'items' then app_private.shown_items(item.field -> 'items', shown_items.locale) end)
    ) as line (place, words)
    where line.words is not null
  );
end;
$$;

comment on function app_private.shown_items is 'Labels, helps, texts and options of fields, groups included, a line each.';
grant execute on function app_private.shown_items to app_engine;
-- end of source: functions/signatures/shown_items.sql

-- source: functions/signatures/shown_text.sql
-- The text that somebody signs, whole and in their language: title, introduction, what is asked, what is consented to, and
-- the sentence by which they say that they mean it. Its hash is what the page sends back, so that nobody signs a text that
-- they were not shown. CNS-07.

create or replace function app_private.shown_text(form app_public.forms, locale text) returns text
language sql stable
set search_path = ''
begin atomic
  select concat_ws(E'\n',
    app_private.words_in(form.snapshot -> 'title', shown_text.locale),
    app_private.words_in(form.snapshot -> 'intro', shown_text.locale),
    app_private.shown_items(form.snapshot -> 'items', shown_text.locale),
    (select string_agg(concat_ws(E'\n', purpose.title, purpose.body), E'\n' order by purpose.code)
     from app_private.purposes_of_form(form, shown_text.locale) as purpose),
    app_private.words_in(form.snapshot -> 'intent', shown_text.locale));
end;

comment on function app_private.shown_text is 'What a form says to whoever signs it in this language, as plain text.';
grant execute on function app_private.shown_text to app_engine;
-- end of source: functions/signatures/shown_text.sql

-- source: functions/signatures/form_text.sql
-- The text of a form as it is signed, with its hash, for whoever sees the form. CNS-04, CNS-07.

set role app_engine;

create or replace function app_public.form_text(form_id uuid, locale text default null) returns app_public.text_to_sign
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.form_of_reader(form_text.form_id);
  v_locale constant text := coalesce(form_text.locale, v_form.locale);
  v_text constant text := app_private.shown_text(v_form, v_locale);
begin
  return row(v_form.id, v_locale, v_text, app_private.hex_digest(v_text),
             app_private.words_in(v_form.snapshot -> 'intent', v_locale))::app_public.text_to_sign;
end;
$$;

comment on function app_public.form_text is
  'The text that whoever signs the form signs, in one language, and its hash for signForm. NOT_FOUND for a form that one does not see.';
grant execute on function app_public.form_text to app_member;

reset role;
-- end of source: functions/signatures/form_text.sql

-- source: functions/signatures/link_at_door.sql
-- The link or kiosk that a request came with, by the digest of its token, while it may be used. A genuine one that is over is
-- told so with its reason; every other answer is the same, whatever is wrong. CNS-05, CNS-06.
-- The server has checked the token's own signature before and says what stood in it; here the row decides.

set role app_engine;

create or replace function app_private.link_at_door() returns app_public.signature_links
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
begin
  select signature_links.* into v_link
  from app_public.signature_links
  join app_public.forms
    on forms.organization_id = signature_links.organization_id and forms.id = signature_links.form_id and forms.deleted_at is null
  where signature_links.token_hash = decode(current_setting('app.link_token_hash', true), 'hex')
    and signature_links.id = nullif(current_setting('app.link_id', true), '')::uuid
    and signature_links.form_id = nullif(current_setting('app.link_form_id', true), '')::uuid
    and signature_links.kind = current_setting('app.link_kind', true);
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'link_not_found');
  elsif v_link.status = 'used' then
    perform app_hidden.refuse('GONE', 'used');
  elsif v_link.status = 'revoked' then
    perform app_hidden.refuse('GONE', 'revoked');
  elsif v_link.status = 'locked' then
    perform app_hidden.refuse('GONE', 'locked');
  elsif v_link.status = 'expired' or v_link.expires_at <= app_hidden.now() then
    perform app_hidden.refuse('GONE', 'expired');
  end if;
  return v_link;
end;
$$;

comment on function app_private.link_at_door is
  'The open link or kiosk of this request; GONE used, expired, revoked or locked for one that is over, NOT_FOUND otherwise.';

reset role;
-- end of source: functions/signatures/link_at_door.sql

-- source: functions/signatures/identified_link.sql
-- The same for whoever said who they are: at a kiosk staff did, by a link the person did, and this request carries the session
-- that they got for it. CNS-05, CNS-06.

create or replace function app_private.identified_link() returns app_public.signature_links
language plpgsql stable
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.link_at_door();
begin
  if v_link.kind = 'link' and (
    v_link.session_hash = decode(nullif(current_setting('app.link_session_hash', true), ''), 'hex')
    and v_link.session_ends_at > app_hidden.now()
  ) is not true then
    perform app_hidden.refuse('UNAUTHENTICATED', 'not_identified', jsonb_build_object('by', v_link.identify_by));
  end if;
  return v_link;
end;
$$;

comment on function app_private.identified_link is
  'The open link or kiosk of this request once the person is known; UNAUTHENTICATED not_identified before.';
grant execute on function app_private.identified_link to app_engine;
-- end of source: functions/signatures/identified_link.sql

-- source: functions/signatures/require_identified.sql
-- Whether whoever is at a link or kiosk may sign, before anything costly is done for them. CNS-05, CNS-06.

set role app_engine;

create or replace function app_hidden.require_identified() returns void
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.identified_link();
end;
$$;

comment on function app_hidden.require_identified is 'Passes at an open link or kiosk whose person is known; GONE, NOT_FOUND or UNAUTHENTICATED otherwise.';
grant execute on function app_hidden.require_identified to app_link;

reset role;
-- end of source: functions/signatures/require_identified.sql

-- source: functions/signatures/words_to_sign.sql
-- What the page of a link or kiosk shows beside the fields: the purposes, the sentence of intent, and the hash of the whole text,
-- which it sends back with the signature. That the form was shown is an event, once for each time that somebody was
-- identified. CNS-06, CNS-07.

set role app_engine;

create or replace function app_hidden.words_to_sign(locale text) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.identified_link();
  v_form app_public.forms;
begin
  select forms.* into strict v_form
  from app_public.forms
  where forms.organization_id = v_link.organization_id and forms.id = v_link.form_id;
  if (
    select signature_events.event
    from app_public.signature_events
    where signature_events.organization_id = v_link.organization_id and signature_events.form_id = v_link.form_id
      and signature_events.link_id = v_link.id and signature_events.event in ('viewed', 'identified')
    order by signature_events.position desc
    limit 1
  ) is distinct from 'viewed' then
    perform app_private.record_signature_event(
      v_link.organization_id, v_link.form_id, 'viewed', v_link.id, jsonb_build_object('locale', words_to_sign.locale));
  end if;
  return jsonb_build_object(
    'locale', words_to_sign.locale,
    'title', app_private.words_in(v_form.snapshot -> 'title', words_to_sign.locale),
    'intent', app_private.words_in(v_form.snapshot -> 'intent', words_to_sign.locale),
    'signature', v_link.signature,
    'textHash', app_private.hex_digest(app_private.shown_text(v_form, words_to_sign.locale)),
    'purposes', coalesce(
      (select jsonb_agg(jsonb_build_object('code', purpose.code, 'version', purpose.version, 'title', purpose.title, 'body', purpose.body)
                        order by purpose.code)
       from app_private.purposes_of_form(v_form, words_to_sign.locale) as purpose), '[]'));
end;
$$;

comment on function app_hidden.words_to_sign is 'What is shown beside the fields of the form of this link or kiosk; records that it was shown.';
grant execute on function app_hidden.words_to_sign to app_link;

reset role;
-- end of source: functions/signatures/words_to_sign.sql

-- source: functions/signatures/form_to_sign.sql
-- The form behind a link or kiosk, as its page shows it. Who reads it is app_link, whose policy lets it see this one form and
-- no other; what the reading leaves behind is written by a step of the engine. CNS-05, CNS-06.

create or replace function app_hidden.form_to_sign(locale text default null) returns jsonb
language sql volatile
set search_path = ''
begin atomic
  select app_hidden.require_identified();
  select jsonb_build_object(
    'formId', forms.id,
    'snapshot', forms.snapshot,
    'answers', forms.answers,
    'prefill', forms.prefill)
    || app_hidden.words_to_sign(coalesce(form_to_sign.locale, forms.locale))
  from app_public.forms;
end;

comment on function app_hidden.form_to_sign is 'The form of this link or kiosk with its text in one language, to be shown and signed.';
grant execute on function app_hidden.form_to_sign to app_link;
-- end of source: functions/signatures/form_to_sign.sql

-- source: functions/signatures/identify_at_link.sql
-- The person says who they are: before that nothing of the form is shown. Five wrong answers lock the link for good. The
-- answer is a row rather than a refusal, since a refusal would take back that it was counted. CNS-06.

set role app_engine;

create or replace function app_hidden.identify_at_link(birth_date date, code_hash bytea, session_hash bytea)
returns table (is_identified boolean, attempts_left int)
language plpgsql volatile security definer rows 1
set search_path = ''
as $$
declare
  v_link app_public.signature_links := app_private.link_at_door();
  v_is_right boolean;
begin
  -- Guesses at once are counted one after the other.
  select signature_links.* into v_link from app_public.signature_links where signature_links.id = v_link.id for update;
  v_link := app_private.link_at_door();
  if v_link.kind <> 'link' then
    perform app_hidden.refuse('STATE', 'staff_identify_here');
  end if;
  select case v_link.identify_by
    when 'birth_date' then patient_profiles.birth_date = identify_at_link.birth_date
    else v_link.code_hash = identify_at_link.code_hash
  end into v_is_right
  from app_public.forms
  join app_public.patient_profiles on patient_profiles.id = forms.patient_profile_id
  where forms.organization_id = v_link.organization_id and forms.id = v_link.form_id;

  if v_is_right is true then
    update app_public.signature_links
    set session_hash = identify_at_link.session_hash,
        session_ends_at = least(app_hidden.now() + interval '1 hour', signature_links.expires_at)
    where signature_links.id = v_link.id;
    perform app_private.record_signature_event(
      v_link.organization_id, v_link.form_id, 'identified', v_link.id, jsonb_build_object('identifiedBy', v_link.identify_by));
    return query select true, 5 - v_link.failures;
    return;
  end if;

  update app_public.signature_links set failures = signature_links.failures + 1
  where signature_links.id = v_link.id
  returning * into v_link;
  perform app_private.record_signature_event(
    v_link.organization_id, v_link.form_id, 'not_identified', v_link.id, jsonb_build_object('failures', v_link.failures));
  if v_link.failures >= 5 then
    perform app_private.end_signature_link(v_link.id, 'locked', 'failures');
  end if;
  return query select false, 5 - v_link.failures;
end;
$$;

comment on function app_hidden.identify_at_link is
  'Opens a session of an hour for whoever gives the birth date or the code, by its digest; counts a wrong answer, and locks at five.';
grant execute on function app_hidden.identify_at_link to app_link;

reset role;
-- end of source: functions/signatures/identify_at_link.sql

-- source: functions/signatures/is_path_data.sql
-- The strokes of a drawn signature as a path: M, L, C, Q and Z with their numbers, and nothing else that a file of
-- graphics might hold. How fast it was drawn, and how hard the pen was pressed, has no place in it. CNS-05, SPC-04.

create or replace function app_private.is_path_data(path text) returns boolean
language sql immutable strict parallel safe
set search_path = ''
return length(is_path_data.path) <= 65536
  and is_path_data.path ~ '^M[0-9MLCQZ., -]*$'
  and is_path_data.path ~ (
    '^M *-?[0-9]{1,5}(\.[0-9]{1,3})?[ ,]+-?[0-9]{1,5}(\.[0-9]{1,3})?'
    '( *([ML] *-?[0-9]{1,5}(\.[0-9]{1,3})?[ ,]+-?[0-9]{1,5}(\.[0-9]{1,3})?'
    '|Q *-?[0-9]{1,5}(\.[0-9]{1,3})?([ ,]+-?[0-9]{1,5}(\.[0-9]{1,3})?){3}'
    '|C *-?[0-9]{1,5}(\.[0-9]{1,3})?([ ,]+-?[0-9]{1,5}(\.[0-9]{1,3})?){5}|Z))* *$');

comment on function app_private.is_path_data is
  'Whether a text is path data of at most 65,536 characters: M x y first, then M, L, Q, C with their numbers, or Z.';
grant execute on function app_private.is_path_data to app_engine;
-- end of source: functions/signatures/is_path_data.sql

-- source: functions/signatures/keep_link_key.sql
-- Keeps the key of links, sealed before SQL heard of it. CNS-06, FND-11.

set role app_engine;

create or replace function app_hidden.keep_link_key(id uuid, secret bytea) returns void
language sql volatile strict security definer
set search_path = ''
begin atomic
  insert into app_private.link_keys (id, secret) values (keep_link_key.id, keep_link_key.secret) on conflict do nothing;
end;

comment on function app_hidden.keep_link_key is 'Keeps a new key of links; of two at once the first one stays.';
grant execute on function app_hidden.keep_link_key to app_authenticator;

reset role;
-- end of source: functions/signatures/keep_link_key.sql

-- source: functions/signatures/link_key.sql
-- The key of links, as it is sealed; made by whoever needs it first. CNS-06, FND-11.

set role app_engine;

create or replace function app_hidden.link_key() returns table (id uuid, secret bytea)
language sql stable security definer rows 1
set search_path = ''
begin atomic
  select link_keys.id, link_keys.secret::bytea from app_private.link_keys;
end;

comment on function app_hidden.link_key is 'The sealed key that signs tokens of links; no row before the first was made.';
grant execute on function app_hidden.link_key to app_authenticator;

reset role;
-- end of source: functions/signatures/link_key.sql

-- source: functions/signatures/link_patient_id.sql
-- Whose form the link or kiosk of this request leads to: the server compares it with the digest in the token, so that a link
-- does not open a form that has become somebody else's meanwhile. CNS-06.

set role app_engine;

create or replace function app_hidden.link_patient_id() returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.link_at_door();
begin
  return (
    select forms.patient_id
    from app_public.forms
    where forms.organization_id = v_link.organization_id and forms.id = v_link.form_id);
end;
$$;

comment on function app_hidden.link_patient_id is 'The patient of the form behind an open link or kiosk; GONE or NOT_FOUND otherwise.';
grant execute on function app_hidden.link_patient_id to app_link;

reset role;
-- end of source: functions/signatures/link_patient_id.sql

-- source: functions/signatures/locked_form_to_send.sql
-- A form that staff want signed outside of the portal, locked: of their clinic, not signed yet, of this mode, and with a
-- caregiver of its patient where one is named. CNS-05, CNS-06.

create or replace function app_private.locked_form_to_send(form_id uuid, mode text, caregiver_id uuid)
returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_mode text;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = locked_form_to_send.form_id and forms.deleted_at is null
    and forms.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_permission(v_form.organization_id, 'forms.fill');
  if v_form.status = 'signed' then
    perform app_hidden.refuse('STATE', 'already_signed', jsonb_build_object('signedAt', v_form.signed_at));
  end if;
  select form_template_versions.signature_mode into strict v_mode
  from app_public.form_template_versions
  where form_template_versions.organization_id = v_form.organization_id and form_template_versions.id = v_form.version_id;
  if v_mode <> locked_form_to_send.mode then
    perform app_hidden.refuse('STATE', 'signed_in_another_way', jsonb_build_object('mode', v_mode));
  end if;
  if locked_form_to_send.caregiver_id is not null and not exists (
    select from app_public.caregivers
    where caregivers.id = locked_form_to_send.caregiver_id and caregivers.patient_profile_id = v_form.patient_profile_id
      and caregivers.revoked_at is null
      and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
  ) then
    perform app_hidden.refuse('VALIDATION', 'no_caregiver_of_the_patient', '{"field": "caregiverId"}');
  end if;
  return v_form;
end;
$$;

comment on function app_private.locked_form_to_send is
  'Locks a form for whoever may have it signed by a link or kiosk; NOT_FOUND, FORBIDDEN, STATE or VALIDATION otherwise.';
grant execute on function app_private.locked_form_to_send to app_engine;
-- end of source: functions/signatures/locked_form_to_send.sql

-- source: functions/signatures/link_to_send.sql
-- What the server has to know before it makes a token: whether this person may send one, which row it will be, and for whom.
-- Behind sendSignatureLink and startKiosk, which seal the token before SQL hears of it. CNS-05, CNS-06.

set role app_engine;

create or replace function app_hidden.link_to_send(form_id uuid, mode text, caregiver_id uuid default null, identify_by text default null)
returns table (link_id uuid, organization_id uuid, patient_id uuid, asks_for text)
language plpgsql volatile security definer rows 1
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.locked_form_to_send(link_to_send.form_id, mode, link_to_send.caregiver_id);
begin
  return query
  select uuidv7(), v_form.organization_id, v_form.patient_id,
         case when mode = 'remote_link' then
           coalesce(link_to_send.identify_by, case when patient_profiles.birth_date is null then 'code' else 'birth_date' end) end
  from app_public.patient_profiles
  where patient_profiles.id = v_form.patient_profile_id;
end;
$$;

comment on function app_hidden.link_to_send is 'Permission and facts for a link or kiosk that is about to be made.';
grant execute on function app_hidden.link_to_send to app_member;

reset role;
-- end of source: functions/signatures/link_to_send.sql

-- source: functions/signatures/require_own_hand.sql
-- Whoever acts as somebody else may look and help, and never sign for them. CNS-04, FND-02.

create or replace function app_private.require_own_hand() returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if nullif(current_setting('app.impersonator_id', true), '') is not null then
    perform app_hidden.refuse('FORBIDDEN', 'impersonators_do_not_sign');
  end if;
end;
$$;

comment on function app_private.require_own_hand is 'FORBIDDEN impersonators_do_not_sign in a session that somebody else entered as this person.';
grant execute on function app_private.require_own_hand to app_engine;
-- end of source: functions/signatures/require_own_hand.sql

-- source: functions/signatures/open_kiosk.sql
-- Staff open one form on a tablet, for a quarter of an hour, for the patient who stands before them. CNS-05.

set role app_engine;

create or replace function app_hidden.open_kiosk(
  id uuid,
  form_id uuid,
  token_hash bytea,
  device text default null,
  caregiver_id uuid default null
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.locked_form_to_send(
    open_kiosk.form_id, 'drawn_kiosk', open_kiosk.caregiver_id);
begin
  perform app_private.require_own_hand();
  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'sent_again', 'kiosk');
  insert into app_public.signature_links
    (id, organization_id, form_id, kind, signature, caregiver_id, token_hash, device, created_by, expires_at, created_at)
  values
    (open_kiosk.id, v_form.organization_id, v_form.id, 'kiosk', 'drawn', open_kiosk.caregiver_id, open_kiosk.token_hash,
     nullif(btrim(open_kiosk.device), ''), app_private.current_actor_id(), app_hidden.now() + interval '15 minutes', app_hidden.now());
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'kiosk_opened', open_kiosk.id,
    jsonb_build_object('device', nullif(btrim(open_kiosk.device), ''), 'caregiver', open_kiosk.caregiver_id));
end;
$$;

comment on function app_hidden.open_kiosk is
  'Makes a kiosk for one form. Needs forms.fill; STATE signed_in_another_way or already_signed.';
grant execute on function app_hidden.open_kiosk to app_member;

reset role;
-- end of source: functions/signatures/open_kiosk.sql

-- source: functions/signatures/signer_name.sql
-- Who signs, by name: the patient, or the caregiver who signs for them. CNS-07.

create or replace function app_private.signer_name(form app_public.forms, signer app_private.signer) returns text
language sql stable
set search_path = ''
begin atomic
  select case when signer.caregiver_id is null
    then (
      select concat_ws(' ', patient_profiles.given_name, patient_profiles.family_name)
      from app_public.patient_profiles where patient_profiles.id = form.patient_profile_id)
    else (
      select humans.display_name
      from app_public.caregivers
      join app_public.humans on humans.principal_id = caregivers.human_id
      where caregivers.id = signer.caregiver_id)
  end;
end;

comment on function app_private.signer_name is 'The name of the patient, or of the caregiver who signs on their behalf.';
grant execute on function app_private.signer_name to app_engine;
-- end of source: functions/signatures/signer_name.sql

-- source: functions/signatures/proof_of.sql
-- What a signature proves, as one canonical text whose hash stands in the signature: what was shown and answered, by hash;
-- who signed, and how that was known; when and from where, as the server saw it; and the chain of events until then. CNS-07.

create or replace function app_private.proof_of(
  form app_public.forms,
  version app_public.form_template_versions,
  signer app_private.signer,
  shown text,
  locale text,
  typed_name text,
  drawing app_private.drawing,
  location jsonb
) returns text
language sql volatile
set search_path = ''
begin atomic
  select app_private.canonical_json(jsonb_strip_nulls(jsonb_build_object(
    'format', 'restartix-signature-1',
    'level', 'simple',
    'form', jsonb_build_object(
      'id', form.id, 'amends', form.amends_form_id,
      'template', form.template_id, 'version', version.number, 'contentHash', encode(version.content_hash, 'hex')),
    'clinic', (select jsonb_build_object('id', organizations.id, 'name', organizations.name, 'timezone', organizations.timezone)
               from app_public.organizations where organizations.id = form.organization_id),
    'patient', (select jsonb_build_object('id', form.patient_id, 'person', form.patient_profile_id, 'birthDate', patient_profiles.birth_date,
                                          'name', concat_ws(' ', patient_profiles.given_name, patient_profiles.family_name))
                from app_public.patient_profiles where patient_profiles.id = form.patient_profile_id),
    'signer', jsonb_build_object(
      'name', app_private.signer_name(form, signer), 'account', signer.human_id, 'identifiedBy', signer.identified_by,
      'caregiver', signer.caregiver_id,
      'relationship', coalesce(
        (select caregivers.relationship from app_public.caregivers where caregivers.id = signer.caregiver_id), 'patient')),
    'link', (select jsonb_build_object('id', signature_links.id, 'kind', signature_links.kind, 'device', signature_links.device,
                                       'createdBy', signature_links.created_by, 'createdAt', app_private.instant_text(signature_links.created_at))
             from app_public.signature_links where signature_links.id = signer.link_id),
    'signedAt', app_private.instant_text(app_hidden.now()),
    'address', nullif(current_setting('app.ip', true), ''),
    'userAgent', nullif(current_setting('app.user_agent', true), ''),
    'location', location,
    'intent', app_private.words_in(form.snapshot -> 'intent', proof_of.locale),
    'content', jsonb_build_object('sha256', app_private.hex_digest(form.snapshot::text)),
    'text', jsonb_build_object('sha256', app_private.hex_digest(shown), 'locale', proof_of.locale),
    'answers', jsonb_build_object('sha256', app_private.hex_digest(app_private.canonical_json(form.answers))),
    'attachments', coalesce(
      (select jsonb_agg(jsonb_build_object('id', files.id, 'name', files.filename, 'contentType', files.content_type,
                                           'size', files.size_bytes, 'sha256', files.sha256) order by files.id)
       from app_public.files
       where files.organization_id = form.organization_id and files.form_id = form.id and files.status = 'confirmed'), '[]'),
    'purposes', coalesce(
      (select jsonb_agg(jsonb_build_object('id', purpose.version_id, 'code', purpose.code, 'version', purpose.version,
                                           'contentHash', encode(purpose.content_hash, 'hex')) order by purpose.code)
       from app_private.purposes_of_form(form, proof_of.locale) as purpose), '[]'),
    'signature', jsonb_build_object(
      'mode', signer.mode, 'kind', signer.signature, 'typedName', btrim(typed_name),
      'image', case when drawing.image is not null then jsonb_build_object(
        'sha256', encode(sha256(drawing.image), 'hex'), 'width', drawing.image_width, 'height', drawing.image_height) end,
      'path', case when drawing.path is not null then jsonb_build_object(
        'sha256', app_private.hex_digest(drawing.path), 'width', drawing.width, 'height', drawing.height) end),
    'events', (select jsonb_build_object(
                 'count', count(*),
                 'head', coalesce(encode((array_agg(signature_events.hash order by signature_events.position desc))[1], 'hex'), repeat('0', 64)))
               from app_public.signature_events
               where signature_events.organization_id = form.organization_id and signature_events.form_id = form.id)
  )));
end;

comment on function app_private.proof_of is 'The canonical text of what a signature proves, made in the transaction that signs.';
grant execute on function app_private.proof_of to app_engine;
-- end of source: functions/signatures/proof_of.sql

-- source: functions/signatures/record_signature_link_sent.sql
-- A message with a link has left: the chain says by which way. CNS-07.

set role app_engine;

create or replace function app_private.record_signature_link_sent(link_id uuid, channel text) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
begin
  select signature_links.* into v_link
  from app_public.signature_links
  where signature_links.id = record_signature_link_sent.link_id and signature_links.status = 'open';
  if found then
    perform app_private.record_signature_event(
      v_link.organization_id, v_link.form_id, 'link_sent', v_link.id, jsonb_build_object('channel', record_signature_link_sent.channel));
  end if;
end;
$$;

comment on function app_private.record_signature_link_sent is 'Adds to the chain of a form that its link went out over this channel.';
grant execute on function app_private.record_signature_link_sent to app_worker;

reset role;
-- end of source: functions/signatures/record_signature_link_sent.sql

-- source: functions/signatures/refuse_form.sql
-- A form that somebody does not want to sign: an event of the chain, a no for each purpose, an end to links and kiosks. The form
-- stays, and may be signed another day. CNS-07, CNS-01.

create or replace function app_private.refuse_form(
  form_id uuid,
  link_id uuid,
  human_id uuid,
  caregiver_id uuid,
  reason text
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_purposes uuid[];
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = refuse_form.form_id and forms.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_own_hand();
  if v_form.status = 'signed' then
    perform app_hidden.refuse('STATE', 'already_signed', jsonb_build_object('signedAt', v_form.signed_at));
  elsif length(refuse_form.reason) > 500 then
    perform app_hidden.refuse('VALIDATION', 'refusal_too_long', '{"field": "reason", "most": 500}');
  end if;
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'refused', refuse_form.link_id,
    jsonb_build_object('reason', nullif(btrim(refuse_form.reason), ''), 'caregiver', refuse_form.caregiver_id));
  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'refused');
  select array_agg(purpose.version_id order by purpose.version_id) into v_purposes
  from app_private.purposes_of_form(v_form, v_form.locale) as purpose;
  if v_purposes is not null then
    perform app_private.grant_by_form(
      v_form.organization_id, v_form.patient_id, v_form.id, v_purposes, 'refused', null, refuse_form.human_id,
      refuse_form.caregiver_id, app_hidden.now());
  end if;
end;
$$;

comment on function app_private.refuse_form is 'Records that somebody does not want to sign a form; STATE already_signed once it is.';
grant execute on function app_private.refuse_form to app_engine;
-- end of source: functions/signatures/refuse_form.sql

-- source: functions/signatures/refuse_at_link.sql
-- The person does not want to sign: the link or kiosk is over, the form stays as it is, and every purpose is answered with no.
-- CNS-05..07.

set role app_engine;

create or replace function app_hidden.refuse_at_link(reason text default null) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.identified_link();
begin
  perform app_private.refuse_form(v_link.form_id, v_link.id, null, v_link.caregiver_id, refuse_at_link.reason);
end;
$$;

comment on function app_hidden.refuse_at_link is 'Records that the form of this link or kiosk was refused, and ends it.';
grant execute on function app_hidden.refuse_at_link to app_link;

reset role;
-- end of source: functions/signatures/refuse_at_link.sql

-- source: functions/signatures/signer_in_portal.sql
-- Who signs as themselves in the portal: the patient of the form, or a caregiver of theirs. Staff are nobody here. CNS-04.

create or replace function app_private.signer_in_portal(form_id uuid) returns app_private.signer
language plpgsql stable
set search_path = ''
as $$
declare
  v_me constant uuid := app_hidden.current_account_id();
  v_person_id uuid;
  v_is_own boolean;
  v_signer app_private.signer;
begin
  select forms.patient_profile_id, patient_profiles.human_id = v_me into v_person_id, v_is_own
  from app_public.forms
  join app_public.patient_profiles on patient_profiles.id = forms.patient_profile_id
  where forms.id = signer_in_portal.form_id and forms.deleted_at is null
    and forms.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    and forms.organization_id = any (app_hidden.current_patient_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  if v_is_own is not true then
    select caregivers.id into strict v_signer.caregiver_id
    from app_public.caregivers
    where caregivers.patient_profile_id = v_person_id and caregivers.human_id = v_me and caregivers.revoked_at is null
    order by caregivers.created_at desc
    limit 1;
  end if;
  v_signer.mode := 'click_typed';
  v_signer.signature := 'typed';
  v_signer.human_id := v_me;
  v_signer.identified_by := 'account';
  return v_signer;
end;
$$;

comment on function app_private.signer_in_portal is 'The caller as signer of a form; NOT_FOUND for whoever is neither its patient nor cares for them.';
grant execute on function app_private.signer_in_portal to app_engine;
-- end of source: functions/signatures/signer_in_portal.sql

-- source: functions/signatures/refuse_to_sign.sql
-- Somebody says in the portal that they do not want to sign. CNS-07.

set role app_engine;

create or replace function app_public.refuse_to_sign(form_id uuid, reason text default null) returns app_public.forms
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_signer constant app_private.signer := app_private.signer_in_portal(refuse_to_sign.form_id);
  v_form app_public.forms;
begin
  perform app_private.refuse_form(
    refuse_to_sign.form_id, null, v_signer.human_id, v_signer.caregiver_id, refuse_to_sign.reason);
  select forms.* into strict v_form from app_public.forms where forms.id = refuse_to_sign.form_id;
  return v_form;
end;
$$;

comment on function app_public.refuse_to_sign is
  'Records that one does not want to sign a form of one''s own, or of somebody one cares for. The form stays; STATE already_signed once it is signed.';
grant execute on function app_public.refuse_to_sign to app_member;

reset role;
-- end of source: functions/signatures/refuse_to_sign.sql

-- source: functions/signatures/require_signature.sql
-- What a signature needs besides answers, before anything is written: the mode of the form, the word that it is meant, and a
-- name or a drawing of the kind that was asked for. CNS-04..06.

create or replace function app_private.require_signature(
  version app_public.form_template_versions,
  signer app_private.signer,
  agreed boolean,
  typed_name text,
  drawing app_private.drawing,
  location jsonb
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if version.signature_mode <> signer.mode then
    perform app_hidden.refuse(
      'STATE', 'signed_in_another_way', jsonb_build_object('mode', version.signature_mode));
  elsif agreed is not true then
    perform app_hidden.refuse('VALIDATION', 'not_agreed', '{"field": "agreed"}');
  elsif signer.signature = 'typed' and (
    btrim(coalesce(typed_name, '')) !~ '[[:alpha:]]' or typed_name ~ '[[:cntrl:]]' or length(typed_name) > 200
  ) then
    perform app_hidden.refuse('VALIDATION', 'name_not_typed', '{"field": "typedName"}');
  elsif signer.signature = 'drawn' and (drawing.image is null or drawing.path is null) then
    perform app_hidden.refuse('VALIDATION', 'signature_not_drawn', '{"field": "drawing"}');
  elsif (signer.signature = 'typed') = (drawing.image is not null or drawing.path is not null)
    or (signer.signature = 'drawn') = (typed_name is not null) then
    perform app_hidden.refuse('VALIDATION', 'signed_twice', jsonb_build_object('signature', signer.signature));
  elsif app_private.is_path_data(drawing.path) is false then
    perform app_hidden.refuse('VALIDATION', 'path_invalid', '{"field": "drawing.path", "most": 65536}');
  elsif location is not null and (
    jsonb_typeof(location) <> 'object' or location - 'latitude' - 'longitude' <> '{}'
    or jsonb_typeof(location -> 'latitude') is distinct from 'number'
    or jsonb_typeof(location -> 'longitude') is distinct from 'number'
    or (location ->> 'latitude')::numeric not between -90 and 90
    or (location ->> 'longitude')::numeric not between -180 and 180
  ) then
    perform app_hidden.refuse('VALIDATION', 'location_invalid', '{"field": "location"}');
  end if;
end;
$$;

comment on function app_private.require_signature is 'Refuses what is no signature of the kind that the form asks for.';
grant execute on function app_private.require_signature to app_engine;
-- end of source: functions/signatures/require_signature.sql

-- source: functions/signatures/revoke_signature_link.sql
-- Staff take a link back before it was used: whoever opens it then is told so. CNS-06, FND-31.

set role app_engine;

create or replace function app_public.revoke_signature_link(form_id uuid) returns app_public.signature_links
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  return app_private.take_back_link(revoke_signature_link.form_id, 'link');
end;
$$;

comment on function app_public.revoke_signature_link is
  'Takes back the link by which a form was to be signed. Needs forms.fill; STATE nothing_to_revoke where none is open.';
grant execute on function app_public.revoke_signature_link to app_member;

reset role;
-- end of source: functions/signatures/revoke_signature_link.sql

-- source: functions/signatures/save_at_link.sql
-- Keeps what somebody at a link or kiosk has filled in so far. What does not fit is told and not kept; what is still missing
-- is told, too. CNS-05, CNS-06, FRM-04.

set role app_engine;

create or replace function app_hidden.save_at_link(answers jsonb) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.identified_link();
  v_form app_public.forms;
begin
  select forms.* into strict v_form
  from app_public.forms
  where forms.organization_id = v_link.organization_id and forms.id = v_link.form_id
  for update;
  if not exists (select from app_private.form_problems(v_form.snapshot, save_at_link.answers, false)) then
    v_form := app_private.answer_form(v_form, save_at_link.answers);
  end if;
  return jsonb_build_object(
    'answers', v_form.answers,
    'problems', coalesce(
      (select jsonb_agg(jsonb_build_object('path', problem.path, 'reason', problem.reason, 'details', problem.details) order by problem.path)
       from app_private.form_problems(v_form.snapshot, save_at_link.answers, true) as problem), '[]'));
end;
$$;

comment on function app_hidden.save_at_link is 'Keeps answers that fit; answers what is kept and what is wrong or missing.';
grant execute on function app_hidden.save_at_link to app_link;

reset role;
-- end of source: functions/signatures/save_at_link.sql

-- source: functions/signatures/send_signature_link.sql
-- Makes a link and tells the person of it, by mail and SMS. What opens it comes sealed for this row and is opened once more, as
-- the message leaves. A link that was sent before is over. CNS-06, FND-15.

set role app_engine;

create or replace function app_hidden.send_signature_link(
  id uuid,
  form_id uuid,
  token_hash bytea,
  sealed_token bytea,
  code_hash bytea,
  identify_by text,
  caregiver_id uuid default null
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.locked_form_to_send(
    send_signature_link.form_id, 'remote_link', send_signature_link.caregiver_id);
  v_link app_public.signature_links;
  v_person record;
begin
  if (
    select count(*) from app_public.signature_links
    where signature_links.organization_id = v_form.organization_id and signature_links.form_id = v_form.id
      and signature_links.kind = 'link' and signature_links.created_at > app_hidden.now() - interval '1 day'
  ) >= 5 then
    perform app_hidden.refuse('RATE_LIMITED', 'link_sent_often', '{"retryAfterSeconds": 86400}');
  end if;
  select patient_profiles.birth_date, humans.principal_id as reader,
         coalesce(humans.email, case when humans.principal_id is null then patient_profiles.email end) as email,
         case when humans.principal_id is null then patient_profiles.phone end as phone
  into strict v_person
  from app_public.patient_profiles
  left join app_public.caregivers on caregivers.id = send_signature_link.caregiver_id
  left join app_public.humans on humans.principal_id = caregivers.human_id
  where patient_profiles.id = v_form.patient_profile_id;
  if v_person.email is null and v_person.phone is null then
    perform app_hidden.refuse('STATE', 'nowhere_to_send');
  elsif send_signature_link.identify_by = 'birth_date' and v_person.birth_date is null then
    perform app_hidden.refuse('VALIDATION', 'no_birth_date', '{"field": "identifyBy"}');
  end if;

  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'sent_again', 'link');
  insert into app_public.signature_links
    (id, organization_id, form_id, kind, signature, identify_by, caregiver_id, token_hash, sealed_token, code_hash, created_by,
     expires_at, created_at)
  select send_signature_link.id, v_form.organization_id, v_form.id, 'link', form_template_versions.link_inner_mode,
         send_signature_link.identify_by, send_signature_link.caregiver_id, send_signature_link.token_hash,
         send_signature_link.sealed_token, send_signature_link.code_hash, app_private.current_actor_id(),
         app_hidden.now() + make_interval(mins => form_template_versions.link_expires_minutes), app_hidden.now()
  from app_public.form_template_versions
  where form_template_versions.organization_id = v_form.organization_id and form_template_versions.id = v_form.version_id
  returning * into v_link;
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'link_created', v_link.id,
    jsonb_build_object('identifyBy', v_link.identify_by, 'expiresAt', app_private.instant_text(v_link.expires_at),
                       'caregiver', v_link.caregiver_id));
  perform app_private.notify(
    v_form.organization_id, 'form_to_sign',
    jsonb_build_object(
      'signatureLinkId', v_link.id, 'expiresAt', v_link.expires_at, 'timezone', organizations.timezone,
      'byCode', case v_link.identify_by when 'code' then 'yes' end),
    patient_profile_id => case when v_person.reader is null then v_form.patient_profile_id end,
    human_id => v_person.reader)
  from app_public.organizations
  where organizations.id = v_form.organization_id;
end;
$$;

comment on function app_hidden.send_signature_link is
  'Makes a link that was sealed for this row and queues its messages. Needs forms.fill; STATE nowhere_to_send or '
  'signed_in_another_way, RATE_LIMITED link_sent_often.';
grant execute on function app_hidden.send_signature_link to app_member;

reset role;
-- end of source: functions/signatures/send_signature_link.sql

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
  'Sets the signature that goes onto a specialist''s documents from now on: a confirmed file of the surface specialist_signatures, '
  'with its strokes as a path, or none. For the specialist, and with specialists.manage; VALIDATION no_signature_of_the_specialist, path_invalid.';
grant execute on function app_public.set_specialist_signature to app_member;

reset role;
-- end of source: functions/signatures/set_specialist_signature.sql

-- source: functions/signatures/sign.sql
-- The one way in which a form is signed, whoever signs and wherever: completes it where that is left, writes the proof, locks
-- the form, gives the consents, ends what else could sign it, and adds the last event. All of it or nothing. CNS-02, CNS-04..07.

create or replace function app_private.sign(
  form_id uuid,
  signer app_private.signer,
  answers jsonb,
  text_hash text,
  locale text,
  agreed boolean,
  typed_name text default null,
  drawing app_private.drawing default null,
  location jsonb default null
) returns app_public.form_signatures
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_version app_public.form_template_versions;
  v_text text;
  v_proof text;
  v_signature app_public.form_signatures;
  v_purposes uuid[];
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = sign.form_id and forms.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_own_hand();
  if v_form.status = 'signed' then
    perform app_hidden.refuse('STATE', 'already_signed', jsonb_build_object('signedAt', v_form.signed_at));
  end if;
  select form_template_versions.* into strict v_version
  from app_public.form_template_versions
  where form_template_versions.organization_id = v_form.organization_id and form_template_versions.id = v_form.version_id;
  perform app_private.require_signature(v_version, signer, agreed, typed_name, drawing, location);

  if v_form.status <> 'completed' then
    v_form := app_private.complete(v_form, sign.answers);
  elsif app_private.merged_answers(v_form, sign.answers) <> v_form.answers then
    v_form := app_private.answer_form(v_form, sign.answers); -- which refuses: what is complete is not answered anew
  end if;
  v_text := app_private.shown_text(v_form, sign.locale);
  if app_private.hex_digest(v_text) is distinct from sign.text_hash then
    perform app_hidden.refuse('CONFLICT', 'text_is_another', jsonb_build_object('field', 'textHash'));
  end if;

  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'signed_elsewhere');
  v_proof := app_private.proof_of(
    v_form, v_version, signer, v_text, sign.locale, typed_name, drawing, location);
  insert into app_public.form_signatures
    (organization_id, form_id, mode, signature, signer_name, typed_name, signer_human_id, caregiver_id, link_id, identified_by,
     locale, proof_sha256, signed_at)
  values
    (v_form.organization_id, v_form.id, signer.mode, signer.signature, app_private.signer_name(v_form, signer),
     btrim(typed_name), signer.human_id, signer.caregiver_id, signer.link_id, signer.identified_by, sign.locale,
     app_private.hex_digest(v_proof), app_hidden.now())
  returning * into v_signature;
  insert into app_private.signature_documents (organization_id, form_id, proof, content, shown, answers, image, path)
  values (v_form.organization_id, v_form.id, v_proof, v_form.snapshot::text, v_text, app_private.canonical_json(v_form.answers),
          drawing.image, drawing.path);
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'signed', signer.link_id, jsonb_build_object('proofHash', v_signature.proof_sha256));

  update app_public.forms
  set status = 'signed', signed_at = app_hidden.now(),
      valid_until = app_hidden.now() + make_interval(months => v_version.validity_months)
  where forms.id = v_form.id;
  perform app_private.publish(
    'form.signed', v_form.organization_id, v_form.id,
    app_private.form_event_payload(v_form) || jsonb_build_object('signatureMode', signer.mode));
  select array_agg(purpose.version_id order by purpose.version_id) into v_purposes
  from app_private.purposes_of_form(v_form, sign.locale) as purpose;
  if v_purposes is not null then
    perform app_private.grant_by_form(
      v_form.organization_id, v_form.patient_id, v_form.id, v_purposes, 'granted', decode(v_signature.proof_sha256, 'hex'),
      signer.human_id, signer.caregiver_id, app_hidden.now());
  end if;
  return v_signature;
end;
$$;

comment on function app_private.sign is
  'Signs a form: STATE already_signed or signed_in_another_way, VALIDATION for what is missing, CONFLICT text_is_another for a '
  'text that is not the present one.';
grant execute on function app_private.sign to app_engine;
-- end of source: functions/signatures/sign.sql

-- source: functions/signatures/sign_at_link.sql
-- Signs by a link or at a kiosk. The link is used up by one conditional update in the transaction that signs: of two at once
-- one signs, and a signature that is refused gives the link back. CNS-05, CNS-06.

set role app_engine;

create or replace function app_hidden.sign_at_link(
  answers jsonb,
  text_hash text,
  locale text,
  agreed boolean,
  typed_name text,
  image bytea,
  image_width int,
  image_height int,
  path text,
  width int,
  height int,
  location jsonb
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.identified_link();
  v_signature app_public.form_signatures;
begin
  update app_public.signature_links
  set status = 'used', ended_at = app_hidden.now(), sealed_token = null, session_hash = null, session_ends_at = null
  where signature_links.id = v_link.id and signature_links.status = 'open';
  if not found then
    -- Somebody was faster: what became of it is told like at the door.
    perform app_private.link_at_door();
  end if;
  v_signature := app_private.sign(
    v_link.form_id,
    row(case v_link.kind when 'link' then 'remote_link' else 'drawn_kiosk' end, v_link.signature, null, v_link.caregiver_id,
        v_link.id, coalesce(v_link.identify_by, 'staff'))::app_private.signer,
    sign_at_link.answers, sign_at_link.text_hash, sign_at_link.locale, sign_at_link.agreed, sign_at_link.typed_name,
    row(sign_at_link.image, image_width, image_height, sign_at_link.path, width, height)::app_private.drawing,
    sign_at_link.location);
  return jsonb_build_object('signedAt', v_signature.signed_at, 'proofHash', v_signature.proof_sha256);
end;
$$;

comment on function app_hidden.sign_at_link is 'Signs the form of this link or kiosk, which is used by it.';
grant execute on function app_hidden.sign_at_link to app_link;

reset role;
-- end of source: functions/signatures/sign_at_link.sql

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
  'Signs a form of one''s own, or of somebody one cares for, with the typed name. textHash is that of formText, in the language '
  'that was shown. VALIDATION for answers that are missing, a name that is none, or without agreed; CONFLICT text_is_another; '
  'STATE already_signed or signed_in_another_way; NOT_FOUND for a form of anybody else.';
grant execute on function app_public.sign_form to app_member;

reset role;
-- end of source: functions/signatures/sign_form.sql

-- source: functions/signatures/signature_bundle.sql
-- Everything that a stranger needs to verify a signed form without us: the exact texts and bytes that were hashed, and the
-- chain of events. Staff who take it are on record. CNS-07, FND-08.

set role app_engine;

create or replace function app_hidden.signature_bundle(form_id uuid) returns jsonb
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.form_of_reader(signature_bundle.form_id);
begin
  if v_form.status <> 'signed' then
    perform app_hidden.refuse('STATE', 'not_signed');
  end if;
  if v_form.patient_profile_id <> all (app_hidden.current_human_patient_profile_ids()) then
    perform audit.record_read(
      v_form.organization_id, 'app_public.forms', v_form.id::text, 'proof', v_form.patient_profile_id);
  end if;
  return (
    select jsonb_build_object(
      'format', 'restartix-signature-1',
      'proofHash', form_signatures.proof_sha256,
      'proof', kept.proof,
      'content', kept.content,
      'text', kept.shown,
      'answers', kept.answers,
      'image', replace(encode(kept.image, 'base64'), E'\n', ''),
      'path', kept.path,
      'events', (
        select jsonb_agg(signature_events.body order by signature_events.position)
        from app_public.signature_events
        where signature_events.organization_id = v_form.organization_id and signature_events.form_id = v_form.id))
    from app_public.form_signatures
    join app_private.signature_documents as kept
      on kept.organization_id = form_signatures.organization_id and kept.form_id = form_signatures.form_id
    where form_signatures.organization_id = v_form.organization_id and form_signatures.form_id = v_form.id);
end;
$$;

comment on function app_hidden.signature_bundle is
  'The proof of a signed form with every text that it names by hash. STATE not_signed; NOT_FOUND for a form that one does not see.';
grant execute on function app_hidden.signature_bundle to app_member;

reset role;
-- end of source: functions/signatures/signature_bundle.sql

-- source: functions/signatures/signature_faults.sql
-- Whether a signature still proves what it proved: every stored text and image against the hashes in the proof, the proof
-- against the signature, the form against what was signed, and the chain of events from its first to its last. Each part that
-- fails is named. CNS-07. verifier/verify.mjs says the same of an exported bundle, and shares nothing with this.

create or replace function app_private.signature_faults(organization_id uuid, form_id uuid)
returns table (part text, problem text)
language plpgsql stable rows 1
set search_path = ''
as $$
declare
  v_signature app_public.form_signatures;
  v_kept app_private.signature_documents;
  v_form app_public.forms;
  v_proof jsonb;
begin
  select form_signatures.* into v_signature
  from app_public.form_signatures
  where form_signatures.organization_id = signature_faults.organization_id and form_signatures.form_id = signature_faults.form_id;
  select signature_documents.* into v_kept
  from app_private.signature_documents
  where signature_documents.organization_id = signature_faults.organization_id and signature_documents.form_id = signature_faults.form_id;
  select forms.* into v_form
  from app_public.forms
  where forms.organization_id = signature_faults.organization_id and forms.id = signature_faults.form_id;
  if v_signature.id is null or v_kept.form_id is null then
    return query values ('proof', 'it is missing');
    return;
  end if;
  if app_private.hex_digest(v_kept.proof) <> v_signature.proof_sha256 or v_kept.proof is not json object then
    return query values ('proof', 'it is not the one that the hash of the signature was made of');
    return;
  end if;
  v_proof := v_kept.proof::jsonb;

  return query
  select checked.part, checked.problem
  from (values
    ('content', 'the questions are not those that were signed',
     app_private.hex_digest(v_kept.content) = v_proof #>> '{content,sha256}' and v_form.snapshot = v_kept.content::jsonb),
    ('text', 'the text is not the one that was shown', app_private.hex_digest(v_kept.shown) = v_proof #>> '{text,sha256}'),
    ('answers', 'the answers are not those that were signed',
     app_private.hex_digest(v_kept.answers) = v_proof #>> '{answers,sha256}' and v_form.answers = v_kept.answers::jsonb),
    ('image', 'the image is not the one that was drawn',
     encode(sha256(v_kept.image), 'hex') is not distinct from v_proof #>> '{signature,image,sha256}'),
    ('path', 'the strokes are not those that were drawn',
     app_private.hex_digest(v_kept.path) is not distinct from v_proof #>> '{signature,path,sha256}'),
    ('proof', 'it is about another form', v_proof #>> '{form,id}' = v_form.id::text)
  ) as checked (part, problem, is_whole)
  where checked.is_whole is not true;

  return query
  select 'attachment ' || (signed.file ->> 'id'), 'the file is not the one that was signed'
  from jsonb_array_elements(v_proof -> 'attachments') as signed (file)
  where not exists (
    select from app_public.files
    where files.organization_id = v_form.organization_id and files.id::text = signed.file ->> 'id'
      and files.sha256 = signed.file ->> 'sha256');

  return query
  with chain as (
    select signature_events.position, signature_events.event, signature_events.body::jsonb as body,
           encode(sha256(convert_to(signature_events.body, 'UTF8')), 'hex') as hash
    from app_public.signature_events
    where signature_events.organization_id = v_form.organization_id and signature_events.form_id = v_form.id
  ), expected as (
    select generate_series(1, (v_proof #>> '{events,count}')::int + 1) as position
  ), linked as (
    select chain.*,
           coalesce(lag(chain.hash) over (order by chain.position), repeat('0', 64)) as before_hash
    from chain
  )
  select 'events', found.problem
  from (
    (select 1 as rank, 'missing: event ' || expected.position as problem
     from expected where not exists (select from chain where chain.position = expected.position) order by expected.position limit 1)
    union all
    (select 2, 'event ' || linked.position || ' says that it is event ' || (linked.body ->> 'position')
     from linked where linked.body ->> 'position' is distinct from linked.position::text
       or linked.body ->> 'event' is distinct from linked.event or linked.body ->> 'form' is distinct from v_form.id::text
     order by linked.position limit 1)
    union all
    (select 3, 'event ' || (linked.position - 1) || ' is not the one that event ' || linked.position || ' follows'
     from linked where linked.body ->> 'previous' is distinct from linked.before_hash order by linked.position limit 1)
    union all
    select 4, 'the events before the signature are not those that the proof was made with'
    where v_proof #>> '{events,head}' is distinct from coalesce(
      (select chain.hash from chain where chain.position = (v_proof #>> '{events,count}')::int), repeat('0', 64))
    union all
    select 5, 'the last event is not the signature of this proof'
    where not exists (
      select from chain
      where chain.position = (v_proof #>> '{events,count}')::int + 1
        and chain.event = 'signed' and chain.body ->> 'proofHash' = v_signature.proof_sha256)
  ) as found
  order by found.rank
  limit 1;
end;
$$;

comment on function app_private.signature_faults is 'What of a signature does not hold any more, by part; no row where all of it does.';
grant execute on function app_private.signature_faults to app_engine;
-- end of source: functions/signatures/signature_faults.sql

-- source: functions/signatures/signature_image.sql
-- The picture of a drawn signature, where the trail of a consent shows how it was given. CNS-09.

set role app_engine;

create or replace function app_public.signature_image(form_id uuid) returns text
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.form_of_reader(signature_image.form_id);
begin
  return (
    select replace(encode(signature_documents.image, 'base64'), E'\n', '')
    from app_private.signature_documents
    where signature_documents.organization_id = v_form.organization_id and signature_documents.form_id = v_form.id);
end;
$$;

comment on function app_public.signature_image is
  E'@nullable\nThe drawn signature of a form as PNG in base64; null where it is not signed or the name was typed. NOT_FOUND for a form that one does not see.';
grant execute on function app_public.signature_image to app_member;

reset role;
-- end of source: functions/signatures/signature_image.sql

-- source: functions/signatures/signature_verification.sql
-- Whether the proof of a signed form holds, for whoever sees the form. CNS-07.

set role app_engine;

create or replace function app_public.signature_verification(form_id uuid) returns app_public.signature_check
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.form_of_reader(signature_verification.form_id);
  v_parts text[];
  v_problems text[];
begin
  if v_form.status <> 'signed' then
    perform app_hidden.refuse('STATE', 'not_signed');
  end if;
  select coalesce(array_agg(fault.part), '{}'), coalesce(array_agg(fault.problem), '{}') into v_parts, v_problems
  from app_private.signature_faults(v_form.organization_id, v_form.id) as fault;
  return row(
    v_form.id,
    (select form_signatures.proof_sha256 from app_public.form_signatures
     where form_signatures.organization_id = v_form.organization_id and form_signatures.form_id = v_form.id),
    cardinality(v_parts) = 0, v_parts, v_problems)::app_public.signature_check;
end;
$$;

comment on function app_public.signature_verification is
  'Verifies the proof of a signed form and names each part that fails. STATE not_signed; NOT_FOUND for a form that one does not see.';
grant execute on function app_public.signature_verification to app_member;

reset role;
-- end of source: functions/signatures/signature_verification.sql

-- source: functions/signatures/signing_door.sql
-- What the page of a link or kiosk is told first: whose form it is, and how to say who one is. Nothing is used up by asking,
-- since programs that look at mails ask, too. CNS-05, CNS-06.

set role app_engine;

create or replace function app_hidden.signing_door() returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.link_at_door();
begin
  if not exists (
    select from app_public.signature_events
    where signature_events.organization_id = v_link.organization_id and signature_events.link_id = v_link.id
      and signature_events.event = 'opened'
  ) then
    perform app_private.record_signature_event(v_link.organization_id, v_link.form_id, 'opened', v_link.id);
  end if;
  return (
    select jsonb_build_object(
      'kind', v_link.kind,
      'clinic', jsonb_build_object('name', organizations.name, 'slug', organizations.slug),
      'locale', forms.locale,
      'identify', case when v_link.identify_by is not null then
        jsonb_build_object('by', v_link.identify_by, 'attemptsLeft', 5 - v_link.failures) end,
      'expiresAt', v_link.expires_at)
    from app_public.forms
    join app_public.organizations on organizations.id = forms.organization_id
    where forms.organization_id = v_link.organization_id and forms.id = v_link.form_id);
end;
$$;

comment on function app_hidden.signing_door is
  'What the holder of a link or kiosk may know before they are identified; records that it was opened.';
grant execute on function app_hidden.signing_door to app_link;

reset role;
-- end of source: functions/signatures/signing_door.sql

-- source: functions/signatures/tg_files__keep_signatures.sql
-- The picture of a signature that was ever in use stays: documents carry it. SPC-04.

set role app_engine;

create or replace function app_private.tg_files__keep_signatures() returns trigger
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if exists (
    select from app_public.specialist_signatures
    where specialist_signatures.organization_id = new.organization_id and specialist_signatures.file_id = new.id
  ) then
    perform app_hidden.refuse('STATE', 'signature_is_kept');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_files__keep_signatures is
  'Refuses to delete the picture of a specialist''s signature that was in use. Trigger _300_keep_signatures.';

reset role;

create or replace trigger _300_keep_signatures before update of status on app_public.files
  for each row when (new.surface = 'specialist_signatures' and new.status = 'deleted' and old.status <> 'deleted')
  execute function app_private.tg_files__keep_signatures();
-- end of source: functions/signatures/tg_files__keep_signatures.sql

-- source: functions/signatures/tg_forms__revoke_links.sql
-- A link was for one person: when its form goes to another chart, or out of the lists, it is over. CNS-06, FND-34.

set role app_engine;

create or replace function app_private.tg_forms__revoke_links() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.end_signature_links(new.organization_id, new.id, 'form_moved');
  return null;
end;
$$;

comment on function app_private.tg_forms__revoke_links is
  'Takes back open links and kiosks of a form that changes its patient or is deleted. Trigger _700_revoke_links.';

reset role;

create or replace trigger _700_revoke_links after update of patient_id, deleted_at on app_public.forms
  for each row when (old.patient_id <> new.patient_id or (old.deleted_at is null and new.deleted_at is not null))
  execute function app_private.tg_forms__revoke_links();
-- end of source: functions/signatures/tg_forms__revoke_links.sql

-- source: functions/signatures/tg_patient_profiles__revoke_links.sql
-- A link that went to an address which is not the person's any more must not open their form. CNS-06.

set role app_engine;

create or replace function app_private.tg_patient_profiles__revoke_links() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
begin
  for v_link in
    select signature_links.*
    from app_public.forms
    join app_public.signature_links
      on signature_links.organization_id = forms.organization_id and signature_links.form_id = forms.id
    where forms.patient_profile_id = new.id and signature_links.kind = 'link' and signature_links.status = 'open'
    order by signature_links.id
  loop
    perform app_private.end_signature_link(v_link.id, 'revoked', 'contact_changed');
  end loop;
  return null;
end;
$$;

comment on function app_private.tg_patient_profiles__revoke_links is
  'Takes back open links when address, telephone or birth date of their person changes. Trigger _700_revoke_links.';

reset role;

create or replace trigger _700_revoke_links after update of email, phone, birth_date on app_public.patient_profiles
  for each row when (
    old.email is distinct from new.email or old.phone is distinct from new.phone or old.birth_date is distinct from new.birth_date)
  execute function app_private.tg_patient_profiles__revoke_links();
-- end of source: functions/signatures/tg_patient_profiles__revoke_links.sql

-- source: functions/signatures/uploader_at_link.sql
-- In whose name the holder of a link or kiosk uploads files of its form: they have no account. CNS-05, CNS-06, FND-13.

set role app_engine;

create or replace function app_hidden.uploader_at_link() returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.identified_link();
  return (select service_accounts.principal_id from app_public.service_accounts where service_accounts.name = 'links');
end;
$$;

comment on function app_hidden.uploader_at_link is
  'The account by which files come in at an open link or kiosk whose person is known; GONE, NOT_FOUND or UNAUTHENTICATED otherwise.';
grant execute on function app_hidden.uploader_at_link to app_link;

reset role;
-- end of source: functions/signatures/uploader_at_link.sql

-- source: policies/files/file_surfaces.sql
-- What may be uploaded where; changed by migrations only. FND-13, FND-12.

select app_private.classify('app_private.file_surfaces', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "prefix", "description", "owner_kind", "audience", "max_bytes", "max_files", "manage_permission",
               "uploaded_by_owner", "class", "retention", "written_anew"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.file_surfaces', engine => 'select');
-- end of source: policies/files/file_surfaces.sql

-- source: policies/forms/forms.sql
-- The patient, those who care for the patient, and staff with forms.view. Written by verbs only; what is signed is written
-- by nobody. FRM-04.

select app_private.classify('app_public.forms', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "patient_id", "locale", "completions", "created_by", "created_at", "updated_at",
                    "deleted_at"],
    "phi": ["patient_profile_id", "template_id", "version_id", "appointment_id", "amends_form_id", "snapshot", "status",
            "answers", "prefill", "completed_at", "signed_at", "valid_until", "reopen_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.forms', 'patient_id', 'on_merge_forms');
select app_private.on_merge('app_public.forms', 'patient_profile_id', 'on_merge_forms');
select app_private.allow_soft_delete('app_public.forms', 'patients.manage',
  '(select form_templates.name from app_public.form_templates where form_templates.id = r.template_id)',
  follows => 'app_public.patients');
select app_private.protect('app_public.forms', engine => 'select, insert, update', guard => true);

grant select on app_public.forms to app_member;

create policy forms_select_staff on app_public.forms for select to app_member
  using (organization_id = any ((select app_hidden.rights('forms.view'))::uuid[]) and deleted_at is null);

create policy forms_select_patient on app_public.forms for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and deleted_at is null
  );

-- The holder of a signature link or kiosk sees the one form that it leads to, once it is known who they are (CNS-06).
grant select (id, organization_id, snapshot, answers, prefill, locale, status) on app_public.forms to app_link;

create policy forms_select_link on app_public.forms for select to app_link
  using (id = (select app_hidden.current_link_form_id()) and deleted_at is null);

create or replace trigger _300_keeps_what_was_asked before update or delete on app_public.forms
  for each row execute function app_private.tg_forms__keep();

create or replace trigger _300_keeps_every_form before truncate on app_public.forms
  for each statement execute function app_private.tg_frozen();

create or replace trigger _900_record_move after insert or update of status on app_public.forms
  for each row execute function app_private.tg_forms__record_move();
-- end of source: policies/forms/forms.sql

-- source: policies/signatures/form_signatures.sql
-- Whoever sees the form sees who signed it and how. Written by app_private.sign() alone, and never again. CNS-04..07, CNS-09.

select app_private.classify('app_public.form_signatures', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "level", "link_id", "locale", "proof_sha256"],
    "pii_basic": ["signer_name", "typed_name", "signer_human_id"],
    "phi": ["form_id", "mode", "signature", "caregiver_id", "identified_by", "signed_at"]}');
select app_private.protect('app_public.form_signatures', engine => 'select, insert');

-- Of which link it came is told to staff, in the events: a patient sees no links.
grant select (id, organization_id, form_id, mode, signature, level, signer_name, typed_name, signer_human_id, caregiver_id, identified_by,
              locale, proof_sha256, signed_at)
   on app_public.form_signatures to app_member;

create policy form_signatures_select_staff on app_public.form_signatures for select to app_member
  using (organization_id = any ((select app_hidden.rights('forms.view'))::uuid[]));

create policy form_signatures_select_person on app_public.form_signatures for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and exists (
      select from app_public.forms
      where forms.organization_id = form_signatures.organization_id and forms.id = form_signatures.form_id
        and forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    )
  );

create or replace trigger _200_frozen before update or delete or truncate on app_public.form_signatures
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/signatures/form_signatures.sql

-- source: policies/signatures/link_keys.sql
-- Read and made by functions of the engine alone. CNS-06.

select app_private.classify('app_private.link_keys', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["id", "is_the_one", "created_at"], "auth_secret": ["secret"]}',
  protected => '{"ciphertext": ["secret"]}');
select app_private.protect('app_private.link_keys', engine => 'select, insert, update');

create or replace trigger _300_key_in_use before insert or update of secret on app_private.link_keys
  for each row execute function app_private.tg_ciphertext__key_in_use('secret');
-- end of source: policies/signatures/link_keys.sql

-- source: policies/signatures/signature_documents.sql
-- Handed out by signature_image() and signature_bundle(). CNS-07.

select app_private.classify('app_private.signature_documents', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id"], "phi": ["form_id", "proof", "content", "shown", "answers", "image", "path"]}',
  unaudited => 'Written once with its signature, which is audited and holds the hash of the proof.');
select app_private.protect('app_private.signature_documents', engine => 'select, insert');

create or replace trigger _200_frozen before update or delete or truncate on app_private.signature_documents
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/signatures/signature_documents.sql

-- source: policies/signatures/signature_events.sql
-- Staff with forms.view see what happened and when; addresses and devices stand in the proof alone. CNS-07.

select app_private.classify('app_public.signature_events', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "position", "link_id", "occurred_at", "hash"],
    "phi": ["form_id", "event", "body"]}',
  unaudited => 'A log of its own, chained, which nobody changes.');
select app_private.protect('app_public.signature_events', engine => 'select, insert');

grant select (id, organization_id, form_id, position, event, link_id, occurred_at) on app_public.signature_events to app_member;

create policy signature_events_select_staff on app_public.signature_events for select to app_member
  using (organization_id = any ((select app_hidden.rights('forms.view'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.signature_events
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/signatures/signature_events.sql

-- source: policies/signatures/signature_links.sql
-- Staff with forms.view see which links and kiosks there were; nobody sees a token, a code or a session. Written by verbs
-- and by the doors of link and kiosk. CNS-05, CNS-06.

select app_private.classify('app_public.signature_links', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "kind", "status", "ended_because", "signature", "identify_by", "session_ends_at",
                    "failures", "device", "created_by", "expires_at", "ended_at", "created_at", "updated_at"],
    "phi": ["form_id", "caregiver_id"],
    "auth_secret": ["token_hash", "sealed_token", "code_hash", "session_hash"]}',
  protected => '{"digest": ["token_hash", "code_hash", "session_hash"], "ciphertext": ["sealed_token"]}');
select app_private.protect('app_public.signature_links', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, form_id, kind, status, ended_because, signature, identify_by, caregiver_id, failures, device,
              created_by, expires_at, ended_at, created_at, updated_at)
   on app_public.signature_links to app_member;

create policy signature_links_select_staff on app_public.signature_links for select to app_member
  using (organization_id = any ((select app_hidden.rights('forms.view'))::uuid[]));

create or replace trigger _300_key_in_use before insert or update of sealed_token on app_public.signature_links
  for each row execute function app_private.tg_ciphertext__key_in_use('sealed_token');
-- end of source: policies/signatures/signature_links.sql

-- source: policies/signatures/specialist_signatures.sql
-- Staff see the signatures of their colleagues; patients and guests never do. Written by set_specialist_signature alone, and
-- never again, so that a document keeps the one that it was made with. SPC-04, SPC-05.

select app_private.classify('app_public.specialist_signatures', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "file_id", "created_by", "created_at"], "pii_basic": ["path"]}');
select app_private.protect('app_public.specialist_signatures', engine => 'select, insert');

grant select on app_public.specialist_signatures to app_member;

create policy specialist_signatures_select_staff on app_public.specialist_signatures for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.specialist_signatures
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/signatures/specialist_signatures.sql

-- source: reference/files/file_surfaces.sql
-- Where files may be attached: to what, by whom, how many, how large, what they hold and for how long; and which types
-- each takes. FND-13.

select app_private.own_rows('app_private.file_surfaces', rows => '
key: appointment_files
description: Findings, letters and pictures that belong to an appointment.
owner_kind: appointment
audience: owner_readers
uploaded_by_owner: true
manage_permission: appointments.conduct
prefix: appointments
max_bytes: 26214400
max_files: 100
class: phi
retention: medical_record
written_anew: false
==========
key: forms
description: What a form''s fields for files are answered with.
owner_kind: form
audience: owner_readers
uploaded_by_owner: true
manage_permission: forms.fill
prefix: forms
max_bytes: 26214400
max_files: 50
class: phi
retention: medical_record
written_anew: false
==========
key: organization_logo
description: The clinic''s logo.
owner_kind: organization
audience: owner_readers
uploaded_by_owner: false
manage_permission: organization.manage
prefix: logo
max_bytes: 1048576
max_files: 1
class: public
retention: clinic
written_anew: false
==========
key: service_attachments
description: What helps to choose or prepare: leaflets, pictures.
owner_kind: service
audience: owner_readers
uploaded_by_owner: false
manage_permission: services.manage
prefix: services
max_bytes: 10485760
max_files: 20
class: public
retention: clinic
written_anew: false
==========
key: specialist_signatures
description: The signature that goes onto documents.
owner_kind: specialist
audience: staff
uploaded_by_owner: true
manage_permission: specialists.manage
prefix: signatures
max_bytes: 524288
max_files: 100
class: pii_basic
retention: clinic
written_anew: true
');

select app_private.own_rows('app_private.file_surface_types', rows => '
  surface               | content_type
  ----------------------+----------------
  appointment_files     | application/pdf
  appointment_files     | image/jpeg
  appointment_files     | image/png
  appointment_files     | image/webp
  forms                 | application/pdf
  forms                 | image/jpeg
  forms                 | image/png
  forms                 | image/webp
  organization_logo     | image/jpeg
  organization_logo     | image/png
  organization_logo     | image/webp
  service_attachments   | application/pdf
  service_attachments   | image/jpeg
  service_attachments   | image/png
  service_attachments   | image/webp
  specialist_signatures | image/png
');
-- end of source: reference/files/file_surfaces.sql

-- source: reference/identity/system_roles.sql
-- The roles that every clinic has, and what each allows in a clinic that is new. FND-04.
-- A clinic that is there already keeps what its roles have: give it more in a file of db/migrations/current that is
-- numbered above 900, under set role app_engine; take away before, in one that is numbered below.

select app_private.own_rows('app_public.system_roles', rows => '
  key        | name          | name_ro
  -----------+---------------+--------------
  owner      | Owner         | Proprietar
  admin      | Administrator | Administrator
  specialist | Specialist    | Specialist
  front_desk | Front desk    | Recepție
  billing    | Billing       | Facturare
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "owner"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  owners.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.manage
  patients.merge
  patients.view
  roles.manage
  schedules.manage
  schedules.manage_own
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "admin"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.manage
  patients.merge
  patients.view
  roles.manage
  schedules.manage
  schedules.manage_own
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "specialist"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.view
  consents.override
  consents.record
  forms.fill
  forms.view
  patient_plans.view
  patients.view
  schedules.manage_own
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "front_desk"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.manage
  appointments.view
  consents.record
  forms.fill
  forms.view
  messages.view
  patient_plans.manage
  patient_plans.view
  patients.manage
  patients.view
  schedules.manage
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "billing"}', rows => '
  permission
  --------------------
  patient_plans.manage
  patient_plans.view
  specialists.view_org
');
-- end of source: reference/identity/system_roles.sql
reset role;

-- source: reference/notify/message_form_to_sign.sql
-- The message form_to_sign: what it needs, by which ways it goes, and its words on each. FND-15, CNS-06.
-- It says nothing of what the form is about: the link asks who opens it before it shows that. In an SMS the link stands before
-- the clinic's name, so that a long name cannot cut it off.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "form_to_sign"}', rows => '
topic: forms
lasts: 30 days
expires_with: expiresAt
variables: {signatureLinkId,expiresAt,timezone,byCode}
sample: {"signatureLinkId": "0195f3c0-0000-7000-8000-000000000000", "expiresAt": "2027-03-08T09:00:00+02:00", "timezone": "Europe/Bucharest", "byCode": null}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "form_to_sign"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  sms     | alert  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "form_to_sign"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: un formular de semnat
body:
Bună ziua, {{recipientName}},

{{clinicName}} vă roagă să completați și să semnați un formular. Îl găsiți aici:

{{signingUrl}}

Linkul este numai pentru dumneavoastră, poate fi folosit o singură dată și este valabil până {{expiresWhen}}. La deschidere vă cerem {{#byCode}}codul primit de la clinică{{/byCode}}{{^byCode}}data nașterii pacientului{{/byCode}}.

Dacă nu cunoașteți clinica, nu faceți nimic.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: a form to sign
body:
Hello {{recipientName}},

{{clinicName}} asks you to fill in and sign a form. You find it here:

{{signingUrl}}

The link is for you alone, works once, and is good until {{expiresWhen}}. When you open it we ask for {{#byCode}}the code that the clinic gave you{{/byCode}}{{^byCode}}the patient''s date of birth{{/byCode}}.

If you do not know the clinic, you need not do anything.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: sms
locale: ro
version: 1
body: Formular de semnat, valabil până {{expiresWhen}}: {{signingUrl}} {{clinicName}}
==========
channel: sms
locale: en
version: 1
body: A form to sign, good until {{expiresWhen}}: {{signingUrl}} {{clinicName}}
');
-- end of source: reference/notify/message_form_to_sign.sql

-- source: reference/notify/message_topics.sql
-- What people may choose to hear about. FND-15.

select app_private.own_rows('app_public.message_topics', rows => '
  key          | kind          | name                              | name_ro
  -------------+---------------+-----------------------------------+-----------------------------------
  appointments | transactional | Appointments and booking requests | Programări și cereri de programare
  clinic       | transactional | Work at the clinic                | Activitatea clinicii
  forms        | transactional | Forms to fill in and sign         | Formulare de completat și semnat
  news         | marketing     | News and offers                   | Noutăți și oferte
  terms        | transactional | Terms and privacy notices         | Termeni și note de informare
');
-- end of source: reference/notify/message_topics.sql

-- source: reference/signatures/signature_link_transitions.sql
-- What becomes of a signature link or a kiosk: each end is the last. CNS-05, CNS-06.
-- An empty from_state is creation. docs/state-machines/signature_links.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "signature_links"}', rows => '
  from_state | to_state | actor
  -----------+----------+-------
             | open     | system
  open       | used     | system
  open       | expired  | system
  open       | revoked  | system
  open       | locked   | system
');
-- end of source: reference/signatures/signature_link_transitions.sql

select app_private.write_owned_rows();
