-- Allowed in catalog, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.remove_service(uuid)',
  'app_public.remove_specialist(uuid,uuid)',
  'app_public.remove_specialty(uuid)',
  'app_public.specialist_details(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('A visitor may call it; it hands out what its comment says, and the visitor has no grant on the tables.', 'app_public.service_attachments(uuid)');

insert into tests.lint_exceptions (rule, object, reason) values
  ('folding', 'app_public.services_name_is_unique_per_organization: name',
   'Names that people read: alike but for capitals is alike.'),
  ('json_columns', 'app_public.services.translations',
   'Names and descriptions of what a clinic offers, written for the public.'),
  ('json_columns', 'app_public.specialties.translations', 'Names of specialties, written for the public.'),
  ('references', 'app_public.specialties.scope_id', 'Generated from organization_id, which has its key.'),
  ('tenant_identity', 'app_public.specialties',
   'Platform rows have no clinic: scope_id stands for it in the key.'),
  ('tenant_rows', 'app_public.specialties', 'The platform''s specialties, which every clinic may use.'),
  ('tenant_uniques', 'app_public.specialties_identity', 'scope_id is the clinic, or zero for the platform.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.services', 'organization_id, (expression)', 'A clinic''s services differ in name, in whatever case.'),
  ('app_public.specialists', 'organization_id, human_id', 'A human is one specialist of a clinic (SPC-02).'),
  ('app_public.specialties', 'organization_id, slug', 'A clinic, or the platform, has a specialty once.'),
  ('app_public.specialties', 'scope_id, id', 'What specialist_specialties refers to.');
