-- What the identity provider tells of people and clinics after they signed in. FND-25, FND-03.

-- squawk-ignore ban-drop-not-null
alter table app_private.identities alter column principal_id drop not null;
alter table app_private.identities add column if not exists provider_name text;
alter table app_private.identities add column if not exists provider_locale text;
alter table app_private.identities add column if not exists provider_changed_at timestamptz;
alter table app_private.identities add column if not exists banned_at timestamptz;
alter table app_private.identities add column if not exists ended_at timestamptz;
alter table app_private.identities drop constraint if exists identities_without_a_human_have_ended;
alter table app_private.identities
  -- squawk-ignore constraint-missing-not-valid
  add constraint identities_without_a_human_have_ended check (principal_id is not null or ended_at is not null);
comment on column app_private.identities.principal_id is
  'The human; null where the sign-in was deleted before it ever came here, so that a late token opens nothing.';
comment on column app_private.identities.provider_name is
  'The name the provider gave last: ours follows when that changes, and stays what the person made of it otherwise.';
comment on column app_private.identities.provider_locale is 'The language the provider gave last.';
comment on column app_private.identities.provider_changed_at is
  'The provider''s own time of the newest change that was applied; older ones come too late.';
comment on column app_private.identities.banned_at is 'Since when the provider lets this sign-in in no more; it may come back.';
comment on column app_private.identities.ended_at is 'When the provider deleted this sign-in; it never comes back.';

-- squawk-ignore ban-drop-table
drop table if exists app_private.provider_organizations;

create table app_private.provider_organizations (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  issuer text not null,
  provider_org_id text not null,
  mapped_at timestamptz not null default now(),
  constraint provider_organizations_identity unique (organization_id, id),
  constraint provider_organizations_clinic_is_mapped_once unique (organization_id),
  constraint provider_organizations_stands_for_one_clinic unique (issuer, provider_org_id),
  constraint provider_organizations_provider_org_id_is_short check (length(provider_org_id) between 1 and 255),
  constraint provider_organizations_issuer_is_short check (length(issuer) between 1 and 255)
);
comment on table app_private.provider_organizations is
  'Clinics that are an organization at the identity provider too: who leaves it there leaves the clinic here.';
