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
