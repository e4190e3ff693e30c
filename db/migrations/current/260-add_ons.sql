-- What was added to an appointment: services and products. APT-02.
-- squawk-ignore ban-drop-table
drop table if exists app_public.appointment_add_ons;

create table app_public.appointment_add_ons (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  appointment_id uuid not null,
  service_id uuid,
  product_id uuid,
  quantity int not null,
  price_amount bigint not null,
  currency char(3) not null,
  added_minutes int not null default 0,
  created_by uuid not null references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint appointment_add_ons_identity unique (organization_id, id),
  constraint appointment_add_ons_appointment_fkey foreign key (organization_id, appointment_id)
    references app_public.appointments (organization_id, id) on delete restrict,
  constraint appointment_add_ons_service_fkey foreign key (organization_id, service_id)
    references app_public.services (organization_id, id) on delete restrict,
  constraint appointment_add_ons_product_fkey foreign key (organization_id, product_id)
    references app_public.products (organization_id, id) on delete restrict,
  constraint appointment_add_ons_are_a_service_or_a_product check (num_nonnulls(service_id, product_id) = 1),
  constraint appointment_add_ons_quantity_is_sensible check (quantity between 1 and 100),
  constraint appointment_add_ons_price_amount_is_not_negative check (price_amount >= 0),
  constraint appointment_add_ons_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint appointment_add_ons_added_minutes_is_sensible check (added_minutes between 0 and 1440),
  constraint appointment_add_ons_products_take_no_time check (product_id is null or added_minutes = 0)
);
create index appointment_add_ons_appointment_idx on app_public.appointment_add_ons (organization_id, appointment_id, created_at, id);
create index appointment_add_ons_service_idx on app_public.appointment_add_ons (organization_id, service_id);
create index appointment_add_ons_product_idx on app_public.appointment_add_ons (organization_id, product_id);
create index appointment_add_ons_created_by_idx on app_public.appointment_add_ons (created_by);
comment on table app_public.appointment_add_ons is 'A service or a product that was added to an appointment, at the price of that moment.';
comment on column app_public.appointment_add_ons.service_id is 'The service, by its id; null where it is a product.';
comment on column app_public.appointment_add_ons.product_id is 'The product, by its id; null where it is a service.';
comment on column app_public.appointment_add_ons.quantity is 'How many.';
comment on column app_public.appointment_add_ons.price_amount is 'The price of one, frozen when it was added, in minor units of currency.';
comment on column app_public.appointment_add_ons.added_minutes is 'By how much the appointment became longer.';
comment on column app_public.appointment_add_ons.created_by is 'Who added it, by the id of their account.';
comment on constraint appointment_add_ons_appointment_fkey on app_public.appointment_add_ons is E'@foreignFieldName addOns';

-- What an appointment costs with all of it.
alter table app_public.appointments add column if not exists add_ons_amount bigint not null default 0;
-- Virtual: nothing is rewritten.
-- squawk-ignore adding-field-with-default
alter table app_public.appointments add column if not exists total_amount bigint generated always as (price_amount + add_ons_amount) virtual;
alter table app_public.appointments drop constraint if exists appointments_add_ons_amount_is_not_negative;
alter table app_public.appointments
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointments_add_ons_amount_is_not_negative check (add_ons_amount >= 0);
comment on column app_public.appointments.add_ons_amount is 'What was added to it, in minor units of currency.';
comment on column app_public.appointments.total_amount is 'The price with all that was added, in minor units of currency.';

