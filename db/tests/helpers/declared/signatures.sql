-- Allowed in signatures, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.expire_signature_links()',
  'app_private.keep_link_for_message(uuid,uuid,bytea,bytea)',
  'app_private.link_for_message(uuid)',
  'app_private.record_signature_link_sent(uuid,text)',
  'app_private.sealed_signature_link(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A trigger that reads or writes beyond the grants of whoever caused it.', unnest(array[
  'app_private.tg_files__keep_signatures()',
  'app_private.tg_forms__revoke_links()',
  'app_private.tg_patient_profiles__revoke_links()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_hidden.link_to_send(uuid,text,uuid,text,jsonb)',
  'app_hidden.open_kiosk(uuid,uuid,bytea,text,uuid,jsonb,text)',
  'app_hidden.send_signature_link(uuid,uuid,bytea,bytea,bytea,text,uuid,jsonb,text)',
  'app_hidden.signature_bundle(uuid)',
  'app_public.end_kiosk(uuid)',
  'app_public.form_text(uuid,text)',
  'app_public.refuse_to_sign(uuid,text)',
  'app_public.revoke_signature_link(uuid)',
  'app_public.set_specialist_signature(uuid,uuid,text)',
  'app_public.sign_form(uuid,text,text,text,boolean,jsonb)',
  'app_public.signature_image(uuid)',
  'app_public.signature_verification(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'The holder of a link or kiosk may call it: it works on the one form of the token that came with the request.', unnest(array[
  'app_hidden.current_link_form_id()',
  'app_hidden.identify_at_link(date,bytea,bytea)',
  'app_hidden.link_patient_id()',
  'app_hidden.refuse_at_link(text)',
  'app_hidden.require_identified()',
  'app_hidden.save_at_link(jsonb)',
  'app_hidden.sign_at_link(jsonb,text,text,boolean,text,bytea,integer,integer,text,integer,integer,jsonb)',
  'app_hidden.signing_door()',
  'app_hidden.uploader_at_link()',
  'app_hidden.words_to_sign(text)',
  'app_private.link_at_door()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'What the login role of the API asks by itself: the sealed key of links, which it alone can open.', unnest(array[
  'app_hidden.keep_link_key(uuid,bytea)',
  'app_hidden.link_key()'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_private.expire_signature_links()', 'A sweep of the worker over whatever is due on its server.'),
  ('across_clinics', 'app_hidden.link_key()', 'The one key of this server.'),
  ('facts', 'app_public.form_signatures.signer_name', 'Copied from a profile or an account, which were read.'),
  ('facts', 'app_public.form_signatures.typed_name', 'Kept as it was typed: it is what was signed with.'),
  ('growth', 'app_private.link_keys', 'One row.'),
  ('policies_run_once', 'app_public.form_signatures.form_signatures_select_person',
   'One index look-up a row: a signature belongs to its form, and a form to its patient.'),
  ('tenant_uniques', 'app_public.signature_links_token_is_unique', 'A digest of 256 random bits: it tells nobody anything.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'Names the token that came with the request, by its digest, and works on the one form that it leads to.', unnest(array[
  'app_hidden.current_link_form_id()',
  'app_hidden.identify_at_link(date,bytea,bytea)',
  'app_hidden.link_patient_id()',
  'app_hidden.refuse_at_link(text)',
  'app_hidden.require_identified()',
  'app_hidden.save_at_link(jsonb)',
  'app_hidden.sign_at_link(jsonb,text,text,boolean,text,bytea,integer,integer,text,integer,integer,jsonb)',
  'app_hidden.signing_door()',
  'app_hidden.uploader_at_link()',
  'app_hidden.words_to_sign(text)'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'The patient''s file: what proves that a form was signed is kept as long as the form.', unnest(array[
  'app_private.signature_documents',
  'app_public.form_signatures',
  'app_public.signature_events',
  'app_public.signature_links',
  'app_public.specialist_signatures'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.link_keys', 'is_the_one', 'There is one key of links.'),
  ('app_public.form_signatures', 'organization_id, form_id', 'A form is signed once (CNS-02).'),
  ('app_public.signature_events', 'organization_id, form_id, position', 'Events of a form are counted.'),
  ('app_public.signature_links', 'organization_id, form_id, kind', 'A form has one open link, and one open kiosk.'),
  ('app_public.signature_links', 'token_hash', 'A token is one link or kiosk.');

select tests.freezes('update, delete, truncate',
  'app_private.signature_documents',
  'app_public.form_signatures',
  'app_public.signature_events',
  'app_public.specialist_signatures');
