-- The message subscription_trial_ending: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_trial_ending"}', rows => '
topic: clinic
lasts: 7 days
variables: {expiresAt,timezone}
sample: {"expiresAt": "2027-03-30T21:00:00Z", "timezone": "Europe/Bucharest"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_trial_ending"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_trial_ending"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: perioada de probă se încheie curând
body:
Bună ziua, {{recipientName}},

Perioada de probă a clinicii {{clinicName}} se încheie {{expiresWhen}}. De atunci abonamentul continuă cu plată, în planul ales.

Dacă doriți alt plan sau nu continuați, schimbați ori anulați abonamentul până atunci, la Abonament și facturare.

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: the trial ends soon
body:
Hello {{recipientName}},

The trial of {{clinicName}} ends on {{expiresWhen}}. From then on the subscription goes on, paid, in the plan you chose.

If you want another plan or do not want to go on, change or cancel the subscription before, under billing.

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: perioada de probă se încheie curând
body:
Se încheie {{expiresWhen}}. De atunci abonamentul continuă cu plată.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: the trial ends soon
body:
It ends on {{expiresWhen}}. From then on the subscription is paid.
');
