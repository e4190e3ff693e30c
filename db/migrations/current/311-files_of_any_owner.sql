-- Files name their owner in one way, whatever it is. FND-13.

-- Generated once from what is there, and given by whoever writes from now on: no row is updated for it.
alter table app_public.files add column if not exists owner_id uuid not null
  -- squawk-ignore adding-field-with-default
  generated always as (coalesce(service_id, specialist_id, appointment_id, organization_id)) stored;
comment on column app_public.files.owner_id is
  E'@behavior -*\nThe row the file belongs to; the column of its kind refers to it.';
alter table app_public.files alter column owner_id drop expression if exists;
alter table app_public.files alter column owner_kind drop expression if exists;
alter table app_public.files alter column owner_organization_id drop expression if exists;

-- A trigger fills the column of the kind and empties the others; the key of the surface knows the kinds.
alter table app_public.files drop constraint if exists files_has_one_owner;
alter table app_public.files drop constraint if exists files_owner_kind_is_known;
-- A clinic's own files are of the clinic that they are at.
alter table app_public.files drop constraint if exists files_clinic_is_its_own_owner;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.files add constraint files_clinic_is_its_own_owner check (owner_organization_id = organization_id);
-- squawk-ignore require-concurrent-index-creation
create index if not exists files_owner_idx on app_public.files (organization_id, owner_id, surface);
