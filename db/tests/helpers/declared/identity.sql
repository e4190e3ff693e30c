-- Allowed in identity, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'Policies ask it about the caller; the tables it reads are under such policies themselves.', unnest(array[
  'app_hidden.current_account_id()',
  'app_hidden.current_colleague_ids()',
  'app_hidden.current_specialist_ids()',
  'app_hidden.current_staff_organization_ids()',
  'app_hidden.is_superadmin()',
  'app_hidden.organization_ids_where(text)',
  'app_hidden.keep_rights(text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'What a verified webhook does, at the door or in the worker, neither of which has a grant on any table.', unnest(array[
  'app_hidden.end_identity(text,text)',
  'app_hidden.end_provider_membership(text,text,text,timestamp with time zone)',
  'app_hidden.end_session(text)',
  'app_hidden.update_identity(text,text,timestamp with time zone,text,boolean,text,text,boolean)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'The session check: before it nobody is anybody, so nobody could read what it reads.', unnest(array[
  'app_hidden.language_of(uuid)',
  'app_hidden.reach_of(uuid,uuid)',
  'app_hidden.listeners_over(uuid[],uuid[],uuid[],text[])',
  'app_hidden.sessions_over(text[],text[],text[],uuid[])',
  'app_hidden.sign_in(text,text,text,text,boolean,text,text,uuid)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A trigger that reads or writes beyond the grants of whoever caused it.', unnest(array[
  'app_private.tg_memberships__name()',
  'app_private.tg_organizations__roles()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.accept_invitation(uuid,text,text,date,uuid[])',
  'app_public.decline_invitation(uuid)',
  'app_public.define_role(uuid,text,text,text[])',
  'app_public.end_membership(uuid)',
  'app_public.grant_role(uuid,uuid)',
  'app_public.invite_member(uuid,text,text,uuid[],text)',
  'app_public.map_provider_organization(uuid,text,text)',
  'app_public.me()',
  'app_public.my_invitations()',
  'app_public.resend_invitation(uuid)',
  'app_public.revoke_invitation(uuid)',
  'app_public.revoke_role(uuid,uuid)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('facts', 'app_private.identities.provider_name',
   'What the provider said, kept to see whether it says something else.'),
  ('facts', 'app_public.humans.email', 'Folded by the functions that look for it before they write it.'),
  ('facts', 'app_public.memberships.member_name', 'Copied from the account, which was read.'),
  ('homes', 'app_public.service_accounts (service_accounts_principal_id_fkey)',
   'The principals of the platform''s processes come with it.'),
  ('owned_rows', 'app_public.service_accounts',
   'Accounts of processes: each is the child of a principal that a migration makes.'),
  ('tenant_uniques', 'app_private.provider_organizations_stands_for_one_clinic',
   'Written by the platform alone, which sees every clinic.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'A person''s own clinics, profiles, appointments and rights: asked of each server that knows the person.', unnest(array[
  'app_hidden.current_account_id()',
  'app_hidden.current_colleague_ids()',
  'app_hidden.current_specialist_ids()',
  'app_hidden.current_staff_organization_ids()',
  'app_hidden.is_superadmin()',
  'app_hidden.keep_rights(text)',
  'app_hidden.organization_ids_where(text)',
  'app_public.me()',
  'app_public.my_invitations()'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'What the identity provider tells of one person or organization: told to each server.', unnest(array[
  'app_hidden.end_identity(text,text)',
  'app_hidden.end_provider_membership(text,text,text,timestamp with time zone)',
  'app_hidden.end_session(text)',
  'app_hidden.update_identity(text,text,timestamp with time zone,text,boolean,text,text,boolean)'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'A few a person, as long as the account exists.', unnest(array[
  'app_private.identities',
  'app_public.humans',
  'app_public.principals'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'A clinic''s own list, written by verbs: it grows with the clinic, and not with its appointments.', unnest(array[
  'app_private.provider_organizations',
  'app_public.membership_roles',
  'app_public.memberships',
  'app_public.role_permissions',
  'app_public.roles'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'Says who asked for which treatment, or whom a clinic invited: three years for claims, which counsel has not confirmed.', unnest(array[
  'app_public.invitation_roles',
  'app_public.invitations'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.provider_organizations', 'issuer, provider_org_id', 'An organization of the provider stands for one clinic.'),
  ('app_private.provider_organizations', 'organization_id', 'A clinic is one organization of the provider.'),
  ('app_public.humans', 'email, provider_org_id', 'An address is one human within an identity provider''s organization, or outside any (FND-02).'),
  ('app_public.invitations', 'organization_id, kind, email, patient_profile_id', 'Nobody is invited twice for the same at a time.'),
  ('app_public.memberships', 'organization_id, human_id', 'A human is a member of a clinic once.'),
  ('app_public.roles', 'organization_id, key', 'A clinic has a role once.'),
  ('app_public.service_accounts', 'name', 'A process has one account.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('kept_rights', 'app_hidden.keep_rights(text)', 'The one that keeps them, as it found them.'),
  ('kept_rights', 'app_private.tg_forget_rights()', 'The one that forgets them.'),
  ('kept_rights', 'audit.set_aside(text,uuid,text)', 'Every name that it computes begins with audit.open_.'),
  ('kept_rights', 'audit.take_seals(text)', 'It empties what audit.set_aside() wrote, under the names that it kept.');
