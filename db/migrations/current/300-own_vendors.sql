-- What a clinic's own vendor says counts at that clinic; what the platform's says, at all that use it. FND-35, FND-15.

-- By whose account a message went ---------------------------------------------------------------

alter table app_public.messages add column if not exists integration_id uuid;
comment on column app_public.messages.integration_id is
  E'@behavior -*\nThe clinic''s own account that carried it; null: the platform''s. Kept when the integration is gone.';

-- Until now only the vendor was noted: what a clinic with an account of its own sent went by it.
alter table app_public.messages no force row level security;
alter table app_public.organization_service_providers no force row level security;
alter table app_public.messages disable trigger user;
update app_public.messages
set integration_id = choice.integration_id
from app_public.organization_service_providers as choice
where choice.organization_id = messages.organization_id
  and choice.capability = messages.channel
  and choice.integration_id is not null
  and messages.integration_id is null
  and messages.vendor_id is not null;
alter table app_public.messages enable trigger user;
alter table app_public.organization_service_providers force row level security;
alter table app_public.messages force row level security;

-- Addresses that are not written to ------------------------------------------------------------

comment on table app_private.suppressed_addresses is
  'Addresses that the platform''s own vendors reported as dead, or whose owner complained there: no clinic that sends '
  'through the platform''s account writes to them. What a clinic''s own vendor reports is in clinic_suppressed_addresses.';

-- squawk-ignore ban-drop-table
drop table if exists app_private.clinic_suppressed_addresses;
create table app_private.clinic_suppressed_addresses (
  organization_id uuid not null references app_public.organizations on delete cascade,
  channel text not null references app_private.channels on delete restrict,
  address text not null,
  reason text not null,
  since timestamptz not null default now(),
  primary key (organization_id, channel, address),
  constraint clinic_suppressed_addresses_address_is_lower_case check (address = app_hidden.ascii_lower(address)),
  constraint clinic_suppressed_addresses_reason_is_known check (reason in ('bounce', 'complaint'))
);
create index clinic_suppressed_addresses_channel_idx on app_private.clinic_suppressed_addresses (channel);
comment on table app_private.clinic_suppressed_addresses is
  'Addresses that a clinic''s own vendor reported as dead, or whose owner complained there: this clinic alone does not '
  'write to them.';

-- squawk-ignore ban-drop-table
drop table if exists app_private.lifted_suppressions;
create table app_private.lifted_suppressions (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete cascade,
  channel text not null references app_private.channels on delete restrict,
  address text not null,
  reason text not null,
  since timestamptz not null,
  lifted_by text not null,
  because text,
  lifted_at timestamptz not null,
  constraint lifted_suppressions_address_is_lower_case check (address = app_hidden.ascii_lower(address)),
  constraint lifted_suppressions_reason_is_known check (reason in ('bounce', 'complaint', 'request')),
  constraint lifted_suppressions_lifted_by_is_known check (lifted_by in ('start', 'verified_address', 'permission')),
  constraint lifted_suppressions_permission_says_why check (
    (lifted_by = 'permission') = (because is not null) and because ~ '[[:alnum:]]' and length(because) <= 500)
);
create index lifted_suppressions_organization_idx on app_private.lifted_suppressions (organization_id, lifted_at);
create index lifted_suppressions_channel_idx on app_private.lifted_suppressions (channel);
comment on table app_private.lifted_suppressions is
  'Suppressions that were taken back: by a START, by a mailbox whose owner proved it, or by somebody with the permission '
  'and a reason. organization_id: where it counted; null for the platform''s.';
comment on column app_private.lifted_suppressions.since is 'When it had begun.';

-- A STOP to a clinic's own number is not taken back by a START to the number that clinics share.
alter table app_private.opt_outs add column if not exists to_own_account boolean not null default false;
comment on column app_private.opt_outs.to_own_account is
  'Said to the clinic''s own account; otherwise to the platform''s, whose number clinics share.';

-- What vendors reported --------------------------------------------------------------------------

do $$
begin
  if not exists (select from pg_attribute where attrelid = 'app_private.message_reports'::regclass and attname = 'integration_id') then
    alter table app_private.message_reports drop constraint message_reports_pkey;
    alter table app_private.message_reports add column id uuid primary key default uuidv7();
    alter table app_private.message_reports add column integration_id uuid;
    alter table app_private.message_reports add column counted_at timestamptz;
    alter table app_private.message_reports
      add constraint message_reports_are_kept_once unique nulls not distinct (integration_id, vendor, vendor_id, status);
    -- The reports of a message that went by a clinic's own account came by that account.
    alter table app_private.message_reports no force row level security;
    alter table app_public.messages no force row level security;
    update app_private.message_reports set counted_at = received_at where address_is_dead or status = 'complained';
    update app_private.message_reports
    set integration_id = messages.integration_id
    from app_public.messages
    where messages.vendor_id = message_reports.vendor_id
      and messages.vendor = message_reports.vendor
      and messages.integration_id is not null;
    alter table app_public.messages force row level security;
    alter table app_private.message_reports force row level security;
  end if;
end;
$$;
comment on column app_private.message_reports.integration_id is
  'The clinic''s integration whose vendor reported; null for the platform''s own. It concerns only what went by that account.';
comment on column app_private.message_reports.counted_at is
  'When it ended writing to the address. It does so once: what is lifted afterwards stays lifted.';

alter table app_private.message_reports drop constraint if exists message_reports_status_is_known;
alter table app_private.message_reports
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_reports_status_is_known check (
    status in ('sent', 'delivered', 'read', 'failed', 'bounced', 'bounced_for_now', 'complained'));

-- squawk-ignore ban-drop-table
drop table if exists app_private.message_moves;
create table app_private.message_moves (
  report text not null,
  from_state text not null,
  to_state text not null,
  unless_reported text,
  primary key (report, from_state),
  constraint message_moves_report_is_known check (
    report in ('sent', 'delivered', 'read', 'failed', 'bounced', 'bounced_for_now')),
  constraint message_moves_unless_reported_is_known check (unless_reported in ('bounced', 'delivered', 'read'))
);
comment on table app_private.message_moves is
  'Which report moves a message from where to where. A report without a move from the present state changes nothing: it '
  'came late, or says less than is known. A complaint moves nothing.';
comment on column app_private.message_moves.unless_reported is 'The report counts for nothing once this was reported, too, in whichever order they came.';
insert into app_private.message_moves (report, from_state, to_state, unless_reported) values
  ('delivered', 'sent', 'delivered', null),
  ('read', 'sent', 'read', null),
  ('read', 'delivered', 'read', null),
  ('failed', 'sent', 'failed', null),
  ('bounced', 'sent', 'bounced', null),
  ('bounced', 'delivered', 'bounced', null),
  -- An answer that somebody is out of office, or a server that gave no reason: whatever arrived has arrived.
  ('bounced_for_now', 'sent', 'bounced', 'delivered'),
  ('delivered', 'bounced', 'delivered', 'bounced');

insert into app_private.state_transitions (entity, from_state, to_state, actor) values
  ('messages', 'bounced', 'delivered', 'system')
on conflict do nothing;

-- Who may ---------------------------------------------------------------------------------------

insert into app_public.permissions (name, description) values
  ('suppressions.lift', 'Let the clinic write again to an address that was reported as dead')
on conflict (name) do nothing;
insert into app_public.system_role_permissions (role_key, permission) values
  ('owner', 'suppressions.lift'), ('admin', 'suppressions.lift')
on conflict do nothing;

set role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission = 'suppressions.lift'
on conflict do nothing;
reset role;

-- What a function is called with has changed ------------------------------------------------------

drop function if exists app_private.suppress_address(uuid, text, text, text);
drop function if exists app_private.apply_message_reports(text);
drop function if exists app_private.record_message_accepted(uuid, text, text);
drop function if exists app_private.record_message_refused(uuid, text, boolean);
drop function if exists app_private.record_message_status(text, text, text, timestamptz, text, boolean);

-- A queue is searched for what waits ---------------------------------------------------------------

-- squawk-ignore require-concurrent-index-creation
create index if not exists messages_waiting_idx on app_public.messages (expires_at) where status = 'queued';
