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
