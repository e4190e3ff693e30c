-- Staff with appointments.view, and the patient who waits. Nobody else learns who waits, nor how many; a guest has a token.
-- Written by verbs and the worker. SCH-10.

select app_private.classify('app_public.waitlist_entries', home => 'clinic', retention => 'waitlist', classes =>
  '{"operational": ["id", "organization_id", "locale", "created_by", "created_at", "updated_at", "ended_at"],
    "pii_basic": ["given_name", "family_name", "email", "phone", "visitor_id", "address"],
    "phi": ["patient_profile_id", "calendar_id", "specialist_id", "status", "starts_on", "ends_on", "weekdays", "earliest", "latest"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.waitlist_entries', 'patient_profile_id', 'moves');
select app_private.protect('app_public.waitlist_entries',
  engine => 'select, insert, update, delete',
  guard => true,
  facts => '{person given_name, person family_name, email email, phone phone}');
select app_private.retain('app_public.waitlist_entries', 'waitlist', 'delete', kept_from => 'ended_at');

grant select (id, organization_id, calendar_id, specialist_id, patient_profile_id, status, starts_on, ends_on, weekdays, earliest,
              latest, given_name, family_name, email, phone, locale, created_by, created_at, updated_at, ended_at)
   on app_public.waitlist_entries to app_member;

create policy waitlist_entries_select_staff on app_public.waitlist_entries for select to app_member
  using (organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[]));

create policy waitlist_entries_select_patient on app_public.waitlist_entries for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
         and organization_id = any ((select app_hidden.rights('patient'))::uuid[]));
