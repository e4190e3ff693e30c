-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.

-- How to reach a clinic stands on its booking page.
select app_private.classify('app_public.organizations', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "slug", "name", "locale", "timezone", "currency", "country", "calling_code",
               "contact_email", "contact_phone", "street", "city", "embedding_origins"],
    "operational": ["tenancy_mode", "activated_at", "booking_response_hours", "response_lead_hours",
                    "start_lead_minutes", "hold_minutes", "low_rating_below",
                    "holds_per_visitor", "holds_per_address", "library_access_is_free", "telerehab_access_is_free", "required_profile_fields", "reminder_minutes",
                    "reminders_from", "reminders_until", "no_show_after_minutes", "waitlist_offer_minutes", "invites_guests",
                    "treatment_plans_need_approval", "low_adherence_below",
                    "replay_infrequent_after_days", "replay_archive_after_days", "replay_remove_after_days",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.organizations', null, 'r.name');
select app_private.protect('app_public.organizations',
  engine => 'select, insert, update',
  facts => '{name name, name street, name city, email contact_email, phone contact_phone}');

grant select on app_public.organizations to app_member;
grant update (name, locale, timezone, contact_email, contact_phone, street, city, booking_response_hours,
              response_lead_hours, start_lead_minutes, hold_minutes, low_rating_below, holds_per_visitor, holds_per_address,
              library_access_is_free, telerehab_access_is_free, required_profile_fields, reminder_minutes, reminders_from,
              reminders_until, no_show_after_minutes, embedding_origins, waitlist_offer_minutes, invites_guests,
              treatment_plans_need_approval, low_adherence_below, replay_infrequent_after_days, replay_archive_after_days,
              replay_remove_after_days)
   on app_public.organizations to app_member;

create policy organizations_select_staff on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy organizations_select_patient on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('patient'))::uuid[]) and activated_at is not null and deleted_at is null);

create policy organizations_select_superadmin on app_public.organizations for select to app_member
  using ((select app_hidden.is_superadmin()) and deleted_at is null);

create policy organizations_update_manager on app_public.organizations for update to app_member
  using (id = any ((select app_hidden.rights('organization.manage'))::uuid[]) and deleted_at is null)
  with check (id = any ((select app_hidden.rights('organization.manage'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.organizations
  for each statement execute function app_private.tg_forget_rights();
