/** What the list of 20 appointments shows: the joins that PostGraphile writes, with the JSON made by the database. */
const shown = `
  appointments.id as "id", appointments.starts_at as "startsAt", appointments.status,
  json_build_object('name', services.name) as service,
  json_build_object('givenName', specialists.given_name, 'familyName', specialists.family_name) as specialist,
  json_build_object('patientProfile', json_build_object(
    'givenName', patient_profiles.given_name, 'familyName', patient_profiles.family_name)) as patient`;

const joins = `
  left join app_public.services
    on services.organization_id = appointments.organization_id and services.id = appointments.service_id
  left join app_public.specialists
    on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
  left join app_public.patients
    on patients.organization_id = appointments.organization_id
   and patients.patient_profile_id = appointments.patient_profile_id
  left join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  order by appointments.starts_at, appointments.id`;

/** As one writes it by hand: the clinic is named, and the page is taken before anything is joined to it. */
export const namedList = `
  select coalesce(json_agg(row), '[]')::text as json
  from (
    select ${shown}
    from (
      select id, organization_id, patient_profile_id, service_id, specialist_id, starts_at, status
      from app_public.appointments where organization_id = $1 order by starts_at, id limit 20
    ) as appointments
    ${joins}
  ) as row`;

/** The same where nobody says which clinic: row security alone decides, and every row is read and sorted. */
export const unnamedList = `
  select coalesce(json_agg(row), '[]')::text as json
  from (select ${shown} from app_public.appointments ${joins} limit 20) as row`;
