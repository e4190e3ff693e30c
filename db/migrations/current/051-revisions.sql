-- What several people edit says which revision it is, so that whoever saves says which they read. SEG-01, AUT-01, DOC-01.

alter table app_public.segments add column if not exists revision int not null default 1;
comment on column app_public.segments.revision is 'Counts what was saved of its name, description and rule, from 1.';
alter table app_public.automation_rules add column if not exists revision int not null default 1;
comment on column app_public.automation_rules.revision is 'Counts what was saved of its name, conditions, actions and limits, from 1.';
alter table app_public.pdf_templates add column if not exists revision int not null default 1;
comment on column app_public.pdf_templates.revision is
  'Counts the saves of the draft, from 1. In a patch the one that was read: where somebody has saved since, CONFLICT changed_meanwhile.';
alter table app_public.pdf_template_components add column if not exists revision int not null default 1;
comment on column app_public.pdf_template_components.revision is
  'Counts the saves, from 1. In a patch the one that was read: where somebody has saved since, CONFLICT changed_meanwhile.';

drop function if exists app_public.edit_segment(uuid, text, text, jsonb);
drop function if exists app_public.edit_automation(uuid, text, jsonb, jsonb, int, int);
