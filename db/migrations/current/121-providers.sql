-- Which vendors there are, for what, and which of them the platform offers. FND-22.

-- squawk-ignore ban-drop-table
drop table if exists app_public.organization_service_providers;
-- squawk-ignore ban-drop-table
drop table if exists app_public.organization_integrations;
-- squawk-ignore ban-drop-table
drop table if exists app_public.platform_service_providers;
-- squawk-ignore ban-drop-table
drop table if exists app_public.service_providers;
-- squawk-ignore ban-drop-table
drop table if exists app_public.service_capabilities;

insert into app_hidden.error_codes (code, sqlstate, http_status, meaning) values
  ('CAPABILITY_NOT_BUILT', 'RX424', 409, 'The capability is declared and nothing implements it yet; details.capability names it.')
on conflict do nothing;

create table app_public.service_capabilities (
  key text primary key,
  description text not null,
  is_built boolean not null,
  constraint service_capabilities_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$')
);
comment on table app_public.service_capabilities is
  'What a clinic can choose a vendor for. What is not built is declared only: resolving it is refused.';
insert into app_public.service_capabilities (key, description, is_built) values
  ('email', 'Mails to patients and staff', true),
  ('sms', 'Text messages', true),
  ('whatsapp', 'WhatsApp messages by approved templates', true),
  ('push', 'Notices in the browser', true),
  ('video', 'Video appointments', true),
  ('exercise_video', 'Exercise videos', true),
  ('storage', 'Files', true),
  ('payment', 'What the clinic pays the platform', true),
  ('invoicing', 'Invoices to the clinic', true),
  ('patient_payment', 'What patients pay the clinic', false),
  ('clinic_payout', 'What the platform passes on to the clinic', false);

create table app_public.service_providers (
  key text primary key,
  name text not null,
  credential_fields jsonb not null,
  settings_fields jsonb not null,
  constraint service_providers_key_is_a_slug check (key ~ '^[a-z][a-z0-9]*(_[a-z0-9]+)*$'),
  constraint service_providers_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint service_providers_credential_fields_are_declared check (
    jsonb_typeof(credential_fields) = 'array'
    and not jsonb_path_exists(credential_fields, '$[*] ? (!(
      @.name like_regex "^[a-z][A-Za-z0-9]*$" && (@.kind == "secret" || @.kind == "text")
      && @.label.type() == "string" && @.labelRo.type() == "string" && @.required.type() == "boolean"))')),
  constraint service_providers_settings_fields_are_declared check (
    jsonb_typeof(settings_fields) = 'array'
    and not jsonb_path_exists(settings_fields, '$[*] ? (!(
      @.name like_regex "^[a-z][A-Za-z0-9]*$"
      && (@.kind == "text" || @.kind == "url" || @.kind == "email" || @.kind == "phone" || @.kind == "integer" || @.kind == "boolean")
      && @.label.type() == "string" && @.labelRo.type() == "string" && @.required.type() == "boolean"))'))
);
comment on table app_public.service_providers is
  'The vendors. A frontend builds the form of an integration from the fields: [{"name", "kind", "label", "labelRo", "required"}].';
comment on column app_public.service_providers.credential_fields is
  'What is sealed: kind secret or text. Never readable again; the last four characters of each are shown.';
comment on column app_public.service_providers.settings_fields is
  'What is no secret: kind text, url, email, phone, integer or boolean.';

-- A vendor is its adapter, a row here, and a row below for each capability it serves.
insert into app_public.service_providers (key, name, credential_fields, settings_fields) values
  ('twilio', 'Twilio',
   '[{"name": "accountSid", "kind": "text", "label": "Account SID", "labelRo": "Account SID", "required": true},
     {"name": "authToken", "kind": "secret", "label": "Auth token", "labelRo": "Auth token", "required": true}]',
   '[{"name": "smsSender", "kind": "text", "label": "SMS sender (number or name)", "labelRo": "Expeditor SMS (număr sau nume)", "required": false},
     {"name": "whatsappSender", "kind": "phone", "label": "WhatsApp number", "labelRo": "Număr WhatsApp", "required": false},
     {"name": "messagingServiceSid", "kind": "text", "label": "Messaging service SID", "labelRo": "SID serviciu de mesaje", "required": false}]'),
  ('ses', 'Amazon SES',
   '[{"name": "accessKeyId", "kind": "text", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
     {"name": "secretAccessKey", "kind": "secret", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]',
   '[{"name": "region", "kind": "text", "label": "Region", "labelRo": "Regiune", "required": true},
     {"name": "sender", "kind": "email", "label": "Verified sender", "labelRo": "Expeditor verificat", "required": true},
     {"name": "configurationSet", "kind": "text", "label": "Configuration set", "labelRo": "Set de configurare", "required": false}]'),
  ('smtp', 'SMTP',
   '[{"name": "username", "kind": "text", "label": "User name", "labelRo": "Utilizator", "required": true},
     {"name": "password", "kind": "secret", "label": "Password", "labelRo": "Parolă", "required": true}]',
   '[{"name": "host", "kind": "text", "label": "Server", "labelRo": "Server", "required": true},
     {"name": "port", "kind": "integer", "label": "Port", "labelRo": "Port", "required": true},
     {"name": "sender", "kind": "email", "label": "Sender", "labelRo": "Expeditor", "required": true}]'),
  ('s3', 'Amazon S3 or compatible',
   '[{"name": "accessKeyId", "kind": "text", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
     {"name": "secretAccessKey", "kind": "secret", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]',
   '[{"name": "bucket", "kind": "text", "label": "Bucket", "labelRo": "Bucket", "required": true},
     {"name": "region", "kind": "text", "label": "Region", "labelRo": "Regiune", "required": true},
     {"name": "endpoint", "kind": "url", "label": "Endpoint, if not Amazon", "labelRo": "Adresa serviciului, dacă nu este Amazon", "required": false}]'),
  ('web_push', 'Web Push',
   '[{"name": "vapidPrivateKey", "kind": "secret", "label": "VAPID private key", "labelRo": "Cheie VAPID privată", "required": true}]',
   '[{"name": "vapidPublicKey", "kind": "text", "label": "VAPID public key", "labelRo": "Cheie VAPID publică", "required": true}]'),
  ('daily', 'Daily.co',
   '[{"name": "apiKey", "kind": "secret", "label": "API key", "labelRo": "Cheie API", "required": true}]',
   '[{"name": "domain", "kind": "text", "label": "Domain", "labelRo": "Domeniu", "required": true}]'),
  ('bunny', 'Bunny Stream',
   '[{"name": "apiKey", "kind": "secret", "label": "Library API key", "labelRo": "Cheie API a bibliotecii", "required": true},
     {"name": "tokenKey", "kind": "secret", "label": "Token authentication key", "labelRo": "Cheie de autentificare", "required": true}]',
   '[{"name": "libraryId", "kind": "text", "label": "Library ID", "labelRo": "ID bibliotecă", "required": true},
     {"name": "pullZone", "kind": "text", "label": "Pull zone", "labelRo": "Zonă de distribuție", "required": true}]'),
  ('stripe', 'Stripe',
   '[{"name": "secretKey", "kind": "secret", "label": "Secret key", "labelRo": "Cheie secretă", "required": true},
     {"name": "webhookSecret", "kind": "secret", "label": "Webhook signing secret", "labelRo": "Secret de semnare webhook", "required": true}]',
   '[]'),
  ('fgo', 'FGO',
   '[{"name": "privateKey", "kind": "secret", "label": "Private key", "labelRo": "Cheie privată", "required": true}]',
   '[{"name": "companyCode", "kind": "text", "label": "Tax code of the company", "labelRo": "Cod unic de înregistrare", "required": true},
     {"name": "invoiceSeries", "kind": "text", "label": "Invoice series", "labelRo": "Serie facturi", "required": true}]'),
  ('manual', 'By hand', '[]', '[]');

create table app_public.platform_service_providers (
  capability text not null references app_public.service_capabilities on delete restrict,
  provider text not null references app_public.service_providers on delete restrict,
  is_default boolean not null default false,
  is_offered boolean not null default true,
  has_platform_account boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (capability, provider),
  constraint platform_service_providers_default_has_an_account check (has_platform_account or not is_default)
);
create unique index platform_service_providers_one_is_default on app_public.platform_service_providers (capability) where is_default;
create index platform_service_providers_provider_idx on app_public.platform_service_providers (provider);
comment on table app_public.platform_service_providers is
  'Which vendor can serve which capability, which serves clinics that chose none, and which a clinic may choose.';
comment on column app_public.platform_service_providers.has_platform_account is
  'Whether the platform has an account there (or none is needed): without one, a clinic brings its own integration.';
insert into app_public.platform_service_providers (capability, provider, is_default, is_offered, has_platform_account) values
  ('email', 'smtp', true, true, true),
  ('email', 'ses', false, true, false),
  ('sms', 'twilio', true, true, true),
  ('whatsapp', 'twilio', true, true, true),
  ('push', 'web_push', true, false, true),
  ('video', 'daily', true, true, true),
  ('exercise_video', 'bunny', true, false, true),
  ('storage', 's3', true, false, true),
  ('payment', 'stripe', false, true, false),
  ('payment', 'manual', true, true, true),
  ('invoicing', 'fgo', false, true, false),
  ('invoicing', 'manual', true, true, true);
