-- Whoever sees the entry sees what it was offered. Rows are added, and say once what became of them. SCH-10.

select app_private.classify('app_public.waitlist_offers', home => 'clinic', retention => 'waitlist', classes =>
  '{"operational": ["id", "organization_id", "waitlist_entry_id", "claim_id", "expires_at", "created_by", "created_at", "ended_at"],
    "phi": ["specialist_id", "starts_at", "ends_at", "outcome"]}');
select app_private.protect('app_public.waitlist_offers', engine => 'select, insert, update (outcome, ended_at), delete');
select app_private.retain('app_public.waitlist_offers', 'waitlist', 'delete', kept_from => 'ended_at');

grant select (id, organization_id, waitlist_entry_id, specialist_id, starts_at, ends_at, expires_at, created_by, created_at, outcome,
              ended_at)
   on app_public.waitlist_offers to app_member;

create policy waitlist_offers_select_staff on app_public.waitlist_offers for select to app_member
  using (organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[]));

create policy waitlist_offers_select_patient on app_public.waitlist_offers for select to app_member
  using (
    waitlist_entry_id in (
      select waitlist_entries.id from app_public.waitlist_entries
      where waitlist_entries.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])));
