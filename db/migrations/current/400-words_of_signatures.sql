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
