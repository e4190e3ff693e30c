-- Rows of the platform that clinics point at get the same id on every server, so that a clinic can move to another
-- one. SCA-01, 0064. The id is made of table and name, as app_private.tg_fixed_id() makes it for rows to come. What
-- points at them follows; two rows of one slug (one of them deleted) cannot have one id: the living one has the fixed id.
-- What clinics' rows go through is on record; the platform's rows are the migrations' own, and a new database has no past.

alter table app_public.specialist_specialties
  drop constraint if exists specialist_specialties_specialty_id_fkey,
  drop constraint if exists specialist_specialties_specialty_is_in_scope;
alter table app_public.specialties no force row level security;
alter table app_public.specialist_specialties no force row level security;
alter table app_public.specialties disable trigger _500_audit;

with named as (
  select specialties.id as old_id,
         'app_public.specialties/' || specialties.slug || case
           when row_number() over (partition by specialties.slug order by specialties.deleted_at desc nulls first, specialties.id) > 1
           then '/' || specialties.id else '' end as name
  from app_public.specialties
  where specialties.organization_id is null
), fixed as (
  select named.old_id,
         overlay(overlay(left(encode(sha256(convert_to(named.name, 'UTF8')), 'hex'), 32)
           placing '8' from 13) placing '8' from 17)::uuid as new_id
  from named
  join app_public.specialties on specialties.id = named.old_id
  where uuid_extract_version(named.old_id) is distinct from 8
), followed as (
  update app_public.specialist_specialties set specialty_id = fixed.new_id
  from fixed where specialist_specialties.specialty_id = fixed.old_id
)
update app_public.specialties set id = fixed.new_id
from fixed where specialties.id = fixed.old_id;

alter table app_public.specialties enable trigger _500_audit;
alter table app_public.specialties force row level security;
alter table app_public.specialist_specialties force row level security;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
alter table app_public.specialist_specialties add constraint specialist_specialties_specialty_is_in_scope
  foreign key (specialty_scope_id, specialty_id) references app_public.specialties (scope_id, id) on delete restrict;
comment on constraint specialist_specialties_specialty_is_in_scope on app_public.specialist_specialties is
  E'@behavior -*\nKeeps the link inside the clinic; the API follows specialty_id alone.';
-- The API reads a specialty by its id. In the database the key above is the one that holds.
comment on table app_public.specialist_specialties is
  E'@foreignKey (specialty_id) references app_public.specialties (id)\nWhich specialties a specialist practises.';

alter table app_public.specialties drop constraint if exists specialties_of_the_platform_have_fixed_ids;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.specialties add constraint specialties_of_the_platform_have_fixed_ids
  check (organization_id is not null or uuid_extract_version(id) is not distinct from 8);

-- What service accounts wrote stays written by whom it was: events and audit entries are never changed, so the
-- principals of before stay, and from now on the accounts write in the name of a fixed one.
alter table app_public.principals no force row level security;
alter table app_public.principals disable trigger _500_audit;
insert into app_public.principals (id, kind)
select overlay(overlay(left(encode(sha256(convert_to('app_public.service_accounts/' || service_accounts.name, 'UTF8')), 'hex'), 32)
         placing '8' from 13) placing '8' from 17)::uuid,
       'service_account'
from app_public.service_accounts
where uuid_extract_version(service_accounts.principal_id) is distinct from 8
on conflict (id) do nothing;
update app_public.service_accounts
set principal_id = overlay(overlay(left(encode(sha256(convert_to('app_public.service_accounts/' || service_accounts.name, 'UTF8')), 'hex'), 32)
      placing '8' from 13) placing '8' from 17)::uuid
where uuid_extract_version(service_accounts.principal_id) is distinct from 8;
alter table app_public.principals enable trigger _500_audit;
alter table app_public.principals force row level security;

alter table app_public.service_accounts drop constraint if exists service_accounts_have_fixed_ids;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.service_accounts add constraint service_accounts_have_fixed_ids
  check (uuid_extract_version(principal_id) is not distinct from 8);
