-- Ages that the law sets. confirmed_by: who confirmed it as counsel. FND-07, CNS-01.

select app_private.own_rows('app_private.legal_ages', rows => '
  rule            | years | confirmed_by | citation
  ----------------+-------+--------------+-------------------------------------------------------------
  caregiver_ends  | 18    |              | Law 95/2006: medical consent in one''s own name from 18
  medical_consent | 18    |              | Law 95/2006: under 18 a parent or guardian consents to treatment, with narrow exceptions
  own_account     | 16    |              | GDPR art. 8 as applied in Romania: consent to online services from 16
');
