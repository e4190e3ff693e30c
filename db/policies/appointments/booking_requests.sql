-- Staff with appointments.view; the guest only through the token of the request. APT-09.

alter table app_public.booking_requests enable row level security;
alter table app_public.booking_requests force row level security;

grant select (id, organization_id, calendar_id, service_id, specialist_id, status, given_name, family_name, email, phone, message,
              locale, starts_at, ends_at, price_amount, currency, respond_by, decided_at, decided_by, rejection_reason,
              created_at, updated_at)
   on app_public.booking_requests to app_member;

drop policy if exists booking_requests_select_staff on app_public.booking_requests;
create policy booking_requests_select_staff on app_public.booking_requests
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[]));

grant select, insert, update on app_public.booking_requests to app_engine;
drop policy if exists booking_requests_all_engine on app_public.booking_requests;
create policy booking_requests_all_engine on app_public.booking_requests
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _200_guard_state before insert or update of status on app_public.booking_requests
  for each row execute function app_private.tg_guard_state();

create or replace trigger _050_read_facts before insert or update of given_name, family_name, email, phone on app_public.booking_requests
  for each row execute function app_private.tg_read_facts('person given_name', 'person family_name', 'email email', 'phone phone');

create or replace trigger _100_stamp before insert or update on app_public.booking_requests
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.booking_requests', 'clinic',
  '{"operational": ["id", "organization_id", "claim_id", "locale", "respond_by", "decided_at", "decided_by",
                    "created_at", "updated_at"],
    "pii_basic": ["given_name", "family_name", "email", "phone"],
    "public": ["organizer_email"],
    "phi": ["calendar_id", "service_id", "specialist_id", "status", "message", "starts_at", "ends_at",
            "price_amount", "currency", "rejection_reason"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}');
