-- Vendors, and what a clinic enters to use an account of its own there. FND-22, FND-23.
-- kind: how a value is read; secret and password are sealed. destination: a change of it makes the keys be entered anew.

select app_private.own_rows('app_public.service_providers', rows => '
key: bunny
name: Bunny Stream
credential_fields: [
  {"kind": "secret", "name": "apiKey", "label": "Library API key", "labelRo": "Cheie API a bibliotecii", "required": true},
  {"kind": "secret", "name": "tokenKey", "label": "Token authentication key", "labelRo": "Cheie de autentificare", "required": true}]
settings_fields: [
  {"kind": "text", "name": "libraryId", "label": "Library ID", "labelRo": "ID bibliotecă", "required": true, "destination": true},
  {"kind": "text", "name": "pullZone", "label": "Pull zone", "labelRo": "Zonă de distribuție", "required": true, "destination": true}]
==========
key: daily
name: Daily.co
credential_fields: [
  {"kind": "secret", "name": "apiKey", "label": "API key", "labelRo": "Cheie API", "required": true},
  {"kind": "secret", "name": "webhookSecret", "label": "Webhook signing secret", "labelRo": "Secret de semnare webhook", "required": false}]
settings_fields: [
  {"kind": "text", "name": "domain", "label": "Domain", "labelRo": "Domeniu", "required": true, "destination": true}]
==========
key: fgo
name: FGO
credential_fields: [
  {"kind": "secret", "name": "privateKey", "label": "Private key", "labelRo": "Cheie privată", "required": true}]
settings_fields: [
  {"kind": "text", "name": "companyCode", "label": "Tax code of the company", "labelRo": "Cod unic de înregistrare", "required": true, "destination": true},
  {"kind": "text", "name": "invoiceSeries", "label": "Invoice series", "labelRo": "Serie facturi", "required": true, "destination": false}]
==========
key: manual
name: By hand
credential_fields: []
settings_fields: []
==========
key: s3
name: Amazon S3 or compatible
credential_fields: [
  {"kind": "text", "name": "accessKeyId", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
  {"kind": "secret", "name": "secretAccessKey", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]
settings_fields: [
  {"kind": "text", "name": "bucket", "label": "Bucket", "labelRo": "Bucket", "required": true, "destination": true},
  {"kind": "text", "name": "region", "label": "Region", "labelRo": "Regiune", "required": true, "destination": true},
  {"kind": "url", "name": "endpoint", "label": "Endpoint, if not Amazon", "labelRo": "Adresa serviciului, dacă nu este Amazon", "required": false, "destination": true}]
==========
key: ses
name: Amazon SES
credential_fields: [
  {"kind": "text", "name": "accessKeyId", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
  {"kind": "secret", "name": "secretAccessKey", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]
settings_fields: [
  {"kind": "text", "name": "region", "label": "Region", "labelRo": "Regiune", "required": true, "destination": true},
  {"kind": "email", "name": "sender", "label": "Verified sender", "labelRo": "Expeditor verificat", "required": true, "destination": true},
  {"kind": "text", "name": "configurationSet", "label": "Configuration set", "labelRo": "Set de configurare", "required": false, "destination": false}]
==========
key: smtp
name: SMTP
credential_fields: [
  {"kind": "text", "name": "username", "label": "User name", "labelRo": "Utilizator", "required": true},
  {"kind": "password", "name": "password", "label": "Password", "labelRo": "Parolă", "required": true}]
settings_fields: [
  {"kind": "text", "name": "host", "label": "Server", "labelRo": "Server", "required": true, "destination": true},
  {"kind": "integer", "name": "port", "label": "Port", "labelRo": "Port", "required": true, "destination": true},
  {"kind": "email", "name": "sender", "label": "Sender", "labelRo": "Expeditor", "required": true, "destination": true}]
==========
key: stripe
name: Stripe
credential_fields: [
  {"kind": "secret", "name": "secretKey", "label": "Secret key", "labelRo": "Cheie secretă", "required": false},
  {"kind": "secret", "name": "webhookSecret", "label": "Webhook signing secret", "labelRo": "Secret de semnare webhook", "required": true}]
settings_fields: []
==========
key: twilio
name: Twilio
credential_fields: [
  {"kind": "text", "name": "accountSid", "label": "Account SID", "labelRo": "Account SID", "required": true},
  {"kind": "secret", "name": "authToken", "label": "Auth token", "labelRo": "Auth token", "required": true}]
settings_fields: [
  {"kind": "text", "name": "smsSender", "label": "SMS sender (number or name)", "labelRo": "Expeditor SMS (număr sau nume)", "required": false, "destination": true},
  {"kind": "phone", "name": "whatsappSender", "label": "WhatsApp number", "labelRo": "Număr WhatsApp", "required": false, "destination": true},
  {"kind": "text", "name": "messagingServiceSid", "label": "Messaging service SID", "labelRo": "SID serviciu de mesaje", "required": false, "destination": true}]
==========
key: web_push
name: Web Push
credential_fields: [
  {"kind": "secret", "name": "vapidPrivateKey", "label": "VAPID private key", "labelRo": "Cheie VAPID privată", "required": true}]
settings_fields: [
  {"kind": "text", "name": "vapidPublicKey", "label": "VAPID public key", "labelRo": "Cheie VAPID publică", "required": true, "destination": true}]
');
