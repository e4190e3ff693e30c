-- The message subscription_active_again: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_active_again"}', rows => '
topic: clinic
lasts: 7 days
variables: {}
sample: {}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_active_again"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_active_again"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: abonamentul este din nou activ
body:
Bună ziua, {{recipientName}},

Vă mulțumim: tot ce era scadent este plătit, iar abonamentul clinicii {{clinicName}} este din nou activ.

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: the subscription is active again
body:
Hello {{recipientName}},

Thank you: everything that was due is paid, and the subscription of {{clinicName}} is active again.

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: abonamentul este din nou activ
body:
Tot ce era scadent este plătit.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: the subscription is active again
body:
Everything that was due is paid.
');
