-- The message webhook_disabled: what it needs, by which ways it goes, and its words on each. WHK-02, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "webhook_disabled"}', rows => '
topic: clinic
lasts: 7 days
variables: {webhookName}
sample: {"webhookName": "CRM"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "webhook_disabled"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "webhook_disabled"}', rows => '
channel: email
locale: ro
version: 1
title: Webhook oprit: {{webhookName}}
body:
Bună ziua, {{recipientName}},

Nu mai trimitem evenimente către webhookul {{webhookName}}: adresa a răspuns că nu mai există (410) sau nu a primit nimic timp de cinci zile.

Jurnalul livrărilor arată ce a răspuns. După ce adresa funcționează din nou, activați webhookul și retrimiteți ce lipsește.

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: Webhook switched off: {{webhookName}}
body:
Hello {{recipientName}},

We send no more events to the webhook {{webhookName}}: its address answered that it is gone (410), or took nothing for five days.

The log of deliveries shows what it answered. Once the address works again, enable the webhook and replay what is missing.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Webhook oprit: {{webhookName}}
body:
Jurnalul livrărilor arată de ce.
==========
channel: in_app
locale: en
version: 1
title: Webhook switched off: {{webhookName}}
body:
The log of deliveries shows why.
');
