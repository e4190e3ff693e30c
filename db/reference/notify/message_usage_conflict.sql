-- The message usage_conflict: what it needs, by which ways it goes, and its words on each. FND-24, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "usage_conflict"}', rows => '
topic: clinic
lasts: 7 days
variables: {usageSource,usageKey}
sample: {"usageSource": "video_rooms", "usageKey": "mtg-7f2a"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "usage_conflict"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "usage_conflict"}', rows => '
channel: email
locale: ro
version: 1
title: Consum raportat diferit: {{clinicName}}
body:
Bună ziua, {{recipientName}},

Sursa {{usageSource}} a raportat consumul {{usageKey}} al clinicii {{clinicName}} de două ori, cu date diferite. Prima raportare se facturează; a doua a fost păstrată și nu se numără.

Verificați la sursă care este cea corectă. În următoarele 24 de ore nu mai scriem despre alte diferențe de la aceeași sursă pentru această clinică.

==========
channel: email
locale: en
version: 1
title: Usage reported in two ways: {{clinicName}}
body:
Hello {{recipientName}},

The source {{usageSource}} reported the use {{usageKey}} of {{clinicName}} twice, with different data. The first report is billed; the second was kept and is not counted.

Check at the source which of them is right. For the next 24 hours we do not write about other differences from this source for this clinic.

==========
channel: in_app
locale: ro
version: 1
title: Consum raportat diferit: {{clinicName}}
body:
Sursa {{usageSource}} a raportat consumul {{usageKey}} de două ori, cu date diferite.
==========
channel: in_app
locale: en
version: 1
title: Usage reported in two ways: {{clinicName}}
body:
The source {{usageSource}} reported the use {{usageKey}} twice, with different data.
');
