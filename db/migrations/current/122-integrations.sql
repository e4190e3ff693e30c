-- A clinic's own accounts at vendors, and which of them serves what. FND-22, FND-23.

create table app_public.organization_integrations (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  provider text not null references app_public.service_providers on delete restrict,
  label text not null,
  settings jsonb not null default '{}',
  credentials app_private.ciphertext not null,
  credentials_version int not null default 1,
  last_four jsonb not null,
  status text not null default 'active',
  disabled_reason text,
  disabled_at timestamptz,
  consecutive_auth_failures int not null default 0,
  last_tested_at timestamptz,
  last_test_passed boolean,
  last_test_reason text,
  last_used_at timestamptz,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organization_integrations_identity unique (organization_id, id),
  constraint organization_integrations_provider_identity unique (organization_id, id, provider),
  constraint organization_integrations_label_is_one_line check (label ~ '[[:alnum:]]' and label !~ '[[:cntrl:]]' and length(label) <= 100),
  constraint organization_integrations_settings_is_an_object check (jsonb_typeof(settings) = 'object'),
  -- Four characters of each key: a whole one does not fit.
  constraint organization_integrations_last_four_are_four check (
    jsonb_typeof(last_four) = 'object'
    and not jsonb_path_exists(last_four, '$.* ? (!(@ like_regex "^.{4}$"))')),
  constraint organization_integrations_status_is_known check (status in ('active', 'disabled')),
  constraint organization_integrations_disabled_says_why check (
    (status = 'disabled') = (disabled_reason is not null) and (status = 'disabled') = (disabled_at is not null)),
  constraint organization_integrations_disabled_reason_is_known check (disabled_reason in ('credentials_refused', 'by_staff')),
  constraint organization_integrations_failures_are_counted check (consecutive_auth_failures >= 0),
  constraint organization_integrations_test_has_an_outcome check ((last_tested_at is null) = (last_test_passed is null)),
  constraint organization_integrations_failed_test_says_why check (coalesce(not last_test_passed, false) = (last_test_reason is not null)),
  constraint organization_integrations_test_reason_is_a_word check (last_test_reason ~ '^[a-z]+(_[a-z]+)*$')
);
create unique index organization_integrations_label_is_unique on app_public.organization_integrations (organization_id, lower(label));
create index organization_integrations_provider_idx on app_public.organization_integrations (provider);
create index organization_integrations_created_by_idx on app_public.organization_integrations (created_by);
comment on table app_public.organization_integrations is
  'A clinic''s own account at a vendor. Its keys are sealed before they reach the database and never shown again.';
comment on column app_public.organization_integrations.credentials is
  E'@behavior -*\nAn envelope: a JSON object by the provider''s credential fields.';
comment on column app_public.organization_integrations.credentials_version is
  'Counts how often the keys were entered, so that the outcome of a test belongs to the keys that were tested.';
comment on column app_public.organization_integrations.last_four is
  'The last four characters of each key that is long enough to show some, by field.';
comment on column app_public.organization_integrations.consecutive_auth_failures is
  'How often in a row the vendor has refused the keys; at five the integration is disabled.';
comment on column app_public.organization_integrations.disabled_reason is
  'credentials_refused: the vendor refused the keys five times in a row; by_staff: somebody switched it off.';

create table app_public.organization_service_providers (
  organization_id uuid not null references app_public.organizations on delete restrict,
  capability text not null,
  provider text not null,
  integration_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, capability),
  foreign key (capability, provider) references app_public.platform_service_providers on delete restrict,
  -- The integration is this clinic's, and of this provider.
  constraint organization_service_providers_integration_fits
    foreign key (organization_id, integration_id, provider)
    references app_public.organization_integrations (organization_id, id, provider) on delete restrict
);
create index organization_service_providers_offer_idx on app_public.organization_service_providers (capability, provider);
create index organization_service_providers_integration_idx
  on app_public.organization_service_providers (organization_id, integration_id, provider);
comment on table app_public.organization_service_providers is
  'What a clinic chose for a capability; where it chose nothing, the platform''s default serves.';
comment on column app_public.organization_service_providers.integration_id is
  'The clinic''s own account; without one, the platform''s.';

insert into app_public.permissions (name, description) values
  ('integrations.manage', 'Choose vendors and enter the keys of the clinic''s own accounts')
on conflict do nothing;
insert into app_public.system_role_permissions (role_key, permission) values
  ('owner', 'integrations.manage'),
  ('admin', 'integrations.manage')
on conflict do nothing;
-- Clinics that are there already: their roles are theirs, so only the system roles gain it.
set role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select organization_id, id, 'integrations.manage'
from app_public.roles
where system_role_key in ('owner', 'admin')
on conflict do nothing;
reset role;

insert into app_private.state_transitions (entity, from_state, to_state, actor, permission, event) values
  ('organization_integrations', '', 'active', 'staff', 'integrations.manage', 'integration.added'),
  ('organization_integrations', 'active', 'disabled', 'staff', 'integrations.manage', 'integration.disabled'),
  ('organization_integrations', 'active', 'disabled', 'system', null, 'integration.disabled'),
  ('organization_integrations', 'disabled', 'active', 'staff', 'integrations.manage', 'integration.enabled')
on conflict do nothing;

-- The catalog has no policy for the migrator; the engine has one, and the grant for as long as this takes.
grant insert on app_private.event_types to app_engine;
set role app_engine;
insert into app_private.event_types (name, version, description, subject_type, payload_schema) values
  ('integration.added', 1, 'A clinic entered an account of its own at a vendor.', 'organization_integration',
   '{"type": "object", "additionalProperties": false, "required": [], "properties": {}}'),
  ('integration.changed', 1, 'Name, settings or keys of an integration were changed.', 'organization_integration',
   '{"type": "object", "additionalProperties": false, "required": ["credentialsChanged"],
     "properties": {"credentialsChanged": {"type": "boolean"}}}'),
  ('integration.disabled', 1, 'An integration is not used any more: the vendor refuses its keys, or somebody switched it off.',
   'organization_integration',
   '{"type": "object", "additionalProperties": false, "required": ["reason"],
     "properties": {"reason": {"type": "string", "enum": ["credentials_refused", "by_staff"]}}}'),
  ('integration.enabled', 1, 'An integration is used again.', 'organization_integration',
   '{"type": "object", "additionalProperties": false, "required": [], "properties": {}}'),
  ('integration.removed', 1, 'A clinic took an account out; its keys are gone.', 'organization_integration',
   '{"type": "object", "additionalProperties": false, "required": [], "properties": {}}')
on conflict do nothing;
reset role;
revoke insert on app_private.event_types from app_engine;
