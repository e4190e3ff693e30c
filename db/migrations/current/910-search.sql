-- Everybody can be found by words. FND-07.
set local role app_engine;
select app_private.keep_search_words(patients.organization_id, patient_profiles)
from app_public.patients
join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id;
reset role;
