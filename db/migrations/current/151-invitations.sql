-- A clinic invites, the person accepts: nothing is told before. FND-04, FND-07, FND-02.

-- squawk-ignore ban-drop-table
drop table if exists app_public.invitation_roles cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.invitations cascade;

create table app_public.invitations (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  kind text not null,
  email text not null,
  name text not null,
  patient_profile_id uuid,
  status text not null default 'open',
  invited_by uuid not null references app_public.principals on delete restrict,
  sent_times timestamptz[] not null default '{}',
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint invitations_identity unique (organization_id, id),
  foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint invitations_kind_is_known check (kind in ('member', 'patient')),
  constraint invitations_status_is_known check (status in ('open', 'accepted', 'declined', 'revoked', 'expired')),
  constraint invitations_email_is_valid check (email ~ '^[a-z0-9.!#$%&''*+/=?^_`{|}~-]+@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$' and length(email) <= 254),
  constraint invitations_name_is_not_blank check (name ~ '[[:alnum:]]' and length(name) <= 200),
  constraint invitations_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint invitations_name_holds_no_link check (name !~ '://|www\.'),
  constraint invitations_patient_has_a_profile check ((kind = 'patient') = (patient_profile_id is not null))
);
create unique index invitations_open_once on app_public.invitations (organization_id, kind, email, patient_profile_id)
  nulls not distinct where status = 'open';
create index invitations_email_idx on app_public.invitations (email) where status = 'open';
create index invitations_recipient_idx on app_public.invitations (organization_id, email);
create index invitations_created_idx on app_public.invitations (organization_id, created_at);
create index invitations_patient_idx on app_public.invitations (organization_id, patient_profile_id);
create index invitations_invited_by_idx on app_public.invitations (invited_by);
comment on table app_public.invitations is
  'Whom the clinic asked to join as staff, or to take over their patient profile. Holds what the clinic typed and what '
  'became of it; whether the person has an account is told by nothing here.';
comment on column app_public.invitations.email is 'Where the mail went. Only an account that proved this address may accept.';
comment on column app_public.invitations.name is 'How the clinic calls the person. The name of an account is never taken from here.';
comment on column app_public.invitations.sent_times is 'When a mail was sent.';

create table app_public.invitation_roles (
  organization_id uuid not null,
  invitation_id uuid not null,
  role_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, invitation_id, role_id),
  foreign key (organization_id, invitation_id) references app_public.invitations (organization_id, id) on delete cascade,
  foreign key (organization_id, role_id) references app_public.roles (organization_id, id) on delete cascade
);
create index invitation_roles_role_idx on app_public.invitation_roles (organization_id, role_id);
comment on table app_public.invitation_roles is 'The roles that a colleague gets by accepting.';

drop type if exists app_public.received_invitation cascade;
create type app_public.received_invitation as (
  id uuid,
  kind text,
  clinic_name text,
  clinic_city text,
  role_names text[],
  status text,
  expires_at timestamptz
);
comment on type app_public.received_invitation is 'An invitation as the invited person sees it.';

delete from app_private.state_transitions where entity = 'invitations';
insert into app_private.state_transitions (entity, from_state, to_state, actor) values
  -- Who may is a matter of the kind, and of the address, so the verbs decide it.
  ('invitations', '', 'open', 'system'),
  ('invitations', 'open', 'accepted', 'system'),
  ('invitations', 'open', 'declined', 'system'),
  ('invitations', 'open', 'revoked', 'system'),
  ('invitations', 'open', 'expired', 'system');

insert into app_private.message_types (key, topic, variables, sample, lasts) values
  ('member_invited', 'clinic', '{invitedAddress}', '{"invitedAddress": "ana.ionescu@example.com"}', '14 days'),
  ('patient_invited', 'appointments', '{invitedAddress}', '{"invitedAddress": "maria.ionescu@example.com"}', '14 days')
on conflict (key) do update
  set topic = excluded.topic, variables = excluded.variables, sample = excluded.sample, lasts = excluded.lasts;
insert into app_private.message_channels (template_key, channel, route, rank, is_default) values
  ('member_invited', 'email', 'letter', 1, true),
  ('patient_invited', 'email', 'letter', 1, true)
on conflict (template_key, channel) do nothing;
insert into app_private.message_templates (template_key, channel, locale, version, title, body) values
  ('member_invited', 'email', 'ro', 1, '{{clinicName}} vă invită în echipă', $text$Bună ziua, {{recipientName}},

{{clinicName}} vă invită să lucrați împreună pe RestartiX.

Intrați în cont, sau faceți-vă unul, cu adresa {{invitedAddress}} și acceptați invitația. Ea este valabilă 14 zile și numai pentru această adresă.

Până când o acceptați, clinica nu află nimic despre dumneavoastră. Dacă nu cunoașteți clinica, puteți refuza invitația sau o puteți lăsa să expire.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}
$text$),
  ('member_invited', 'email', 'en', 1, '{{clinicName}} invites you to its team', $text$Hello {{recipientName}},

{{clinicName}} invites you to work together on RestartiX.

Sign in, or make an account, with the address {{invitedAddress}} and accept the invitation. It is good for 14 days, and for this address only.

Until you accept it, the clinic learns nothing about you. If you do not know the clinic, you may decline the invitation or let it expire.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}
$text$),
  ('patient_invited', 'email', 'ro', 1, '{{clinicName}}: contul dumneavoastră de pacient', $text$Bună ziua, {{recipientName}},

{{clinicName}} vă invită să vă vedeți programările în propriul cont.

Intrați în cont, sau faceți-vă unul, cu adresa {{invitedAddress}} și acceptați invitația. Ea este valabilă 14 zile și numai pentru această adresă.

Până când o acceptați, clinica nu află nimic nou despre dumneavoastră. Dacă nu cunoașteți clinica, puteți refuza invitația sau o puteți lăsa să expire.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}
$text$),
  ('patient_invited', 'email', 'en', 1, '{{clinicName}}: your patient account', $text$Hello {{recipientName}},

{{clinicName}} invites you to see your appointments in an account of your own.

Sign in, or make an account, with the address {{invitedAddress}} and accept the invitation. It is good for 14 days, and for this address only.

Until you accept it, the clinic learns nothing new about you. If you do not know the clinic, you may decline the invitation or let it expire.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}
$text$)
on conflict (template_key, channel, locale, version) do update set title = excluded.title, body = excluded.body;
