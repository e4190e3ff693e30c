-- Staff with appointments.view; the guest only through the token of the request. APT-09.

select app_private.classify('app_public.booking_requests', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "claim_id", "locale", "respond_by", "decided_at", "decided_by",
                    "created_at", "updated_at"],
    "pii_basic": ["given_name", "family_name", "email", "phone"],
    "public": ["organizer_email"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "message", "starts_at", "ends_at",
            "price_amount", "currency", "rejection_reason", "withdrawal_reason"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.booking_requests', 'patient_profile_id', 'on_merge_booking_requests');
select app_private.protect('app_public.booking_requests',
  engine => 'select, insert, update',
  guard => true,
  facts => '{person given_name, person family_name, email email, phone phone}');

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, status, given_name, family_name,
              email, phone, message, locale, starts_at, ends_at, price_amount, currency, respond_by, decided_at, decided_by,
              rejection_reason, withdrawal_reason, created_at, updated_at)
   on app_public.booking_requests to app_member;

create policy booking_requests_select_staff on app_public.booking_requests for select to app_member
  using (organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[]));
