-- Allowed in organizations, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (function, reason) values
  ('app_public.appoint_owner(uuid,text,text)',
   'The audit log: nobody has a grant on what it writes and reads; each says in its file who may ask for what.'),
  ('app_public.clinic_by_slug(text)',
   'A visitor may call it; it hands out or takes what its comment says, and the visitor has no grant on the tables.'),
  ('app_hidden.embedding_origins_of(text)',
   'A visitor may call it; it hands out or takes what its comment says, and the visitor has no grant on the tables.');

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.activate_organization(uuid)',
  'app_public.create_organization(text,text,text,text,text,text,text,text,text,boolean)',
  'app_public.remove_organization(uuid)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('class_names', 'app_public.organizations.contact_email', 'The clinic''s own address, on its booking page.'),
  ('class_names', 'app_public.organizations.contact_phone', 'The clinic''s own number, on its booking page.'),
  ('growth', 'app_public.organizations',
   'A clinic''s own list, written by verbs: it grows with the clinic, and not with its appointments.'),
  ('soft_delete', 'app_public.organizations_slug_is_unique',
   'A link to a clinic that closed must never lead to another one.');

insert into tests.lint_exceptions (rule, reason, object)
select 'class_names', 'Where the clinic is.', unnest(array[
  'app_public.organizations.city',
  'app_public.organizations.street'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.organizations', 'slug', 'A slug leads to one clinic.');
