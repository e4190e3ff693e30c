-- What everybody accepts who becomes a patient of a clinic, as they read it before they sign up. FND-32, FND-16.

set role app_engine;

create or replace function app_public.clinic_terms(organization_id uuid) returns setof app_public.consent_purpose_versions
language sql stable security definer
set search_path = ''
as $$
  select version.*
  from app_public.organizations
  join app_public.consent_purposes
    on consent_purposes.scope_id in (organizations.id, '00000000-0000-0000-0000-000000000000')
  cross join lateral app_private.current_consent_version(
    case consent_purposes.scope when 'organization' then organizations.id end, consent_purposes.code) as version
  where organizations.id = clinic_terms.organization_id
    and organizations.activated_at is not null
    and organizations.deleted_at is null
    and version.is_required
  order by consent_purposes.scope desc, consent_purposes.code
$$;

comment on function app_public.clinic_terms is
  'The versions that joinClinic, enrollChild, acceptInvitation and confirmProfileClaim ask to accept, of the platform and of the clinic. '
  'None for a clinic that is not open.';
grant execute on function app_public.clinic_terms to app_anonymous, app_member;

reset role;
