-- The message privacy_notice_changed: what it needs, by which ways it goes, and its words on each. FND-15, FND-19.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "privacy_notice_changed"}', rows => '
topic: terms
lasts: 7 days
variables: {}
sample: {}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "privacy_notice_changed"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "privacy_notice_changed"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}} are o nouă notă de informare
body:
Bună ziua, {{recipientName}},

{{clinicName}} a publicat o nouă notă de informare despre datele dumneavoastră personale. O găsiți în contul dumneavoastră, la acorduri.

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}} has a new privacy notice
body:
Hello {{recipientName}},

{{clinicName}} has published a new notice about your personal data. You find it in your account, under consents.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}} are o nouă notă de informare
body: O găsiți la acordurile dumneavoastră.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}} has a new privacy notice
body: You find it under your consents.
');
